"""Pages that anyone can read."""
