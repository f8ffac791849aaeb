"""Tools for dialogue authors: hold a conversation in the terminal, read it, draw it."""
