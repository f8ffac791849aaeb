"""Sharing: shares, openings by professionals, and invitations."""
