"""Pages for those who write dialogues, on this machine only."""
