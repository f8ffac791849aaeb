"""The people and their agreements. Pure: time and ids come in as arguments."""
