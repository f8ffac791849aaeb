"""Pages for professionals."""
