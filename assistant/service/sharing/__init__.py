"""Sharing: shares, who opened them, and invitations."""
