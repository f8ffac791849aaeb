"""The workshop of those who write dialogues: to check what they wrote."""
