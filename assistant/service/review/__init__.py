"""A review, and the text for the medical record."""
