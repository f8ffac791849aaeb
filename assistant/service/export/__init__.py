"""Files a user downloads."""
