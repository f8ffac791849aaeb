"""What a user can reach: the first page, the preparation, the way back, the summary."""
