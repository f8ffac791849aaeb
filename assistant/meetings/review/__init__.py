"""A summary that a user and a professional go through together."""
