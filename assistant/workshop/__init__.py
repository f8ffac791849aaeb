"""The workshop of those who write dialogues: have one in the terminal, read it, look at it."""
