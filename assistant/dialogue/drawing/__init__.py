"""Drawings of a dialogue."""
