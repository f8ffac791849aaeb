"""Guided sessions: the room that everybody in one reads, and what one user shows the facilitator."""
