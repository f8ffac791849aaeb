"""Pages for dialogue authors, on this machine only."""
