"""A review on paper and as text."""
