"""Exports: the summary as PDF, plain text and data, and the meeting as a calendar entry."""
