"""What a person takes with them: the summary on paper, as plain text, as data, and the day in a calendar."""
