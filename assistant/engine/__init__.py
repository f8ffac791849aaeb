"""What happens when a person replies. Pure: no clock, no chance, no files, no waiting."""
