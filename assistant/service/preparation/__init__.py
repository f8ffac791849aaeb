"""Preparation: turns and drafts."""
