"""Where something is in an author's file."""

Path = tuple[str | int, ...]
"""The keys and list indexes that lead to a value."""
Mark = tuple[int, int]
"""Line and column, both from 1."""
