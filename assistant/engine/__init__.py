"""Turns of a conversation. Pure: no clock, no randomness, no files, no waiting."""
