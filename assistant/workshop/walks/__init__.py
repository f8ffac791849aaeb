"""Walks: golden conversations as plain text."""
