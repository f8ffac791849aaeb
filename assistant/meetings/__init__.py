"""The people and what they agree. Pure: time and ids come in as arguments."""
