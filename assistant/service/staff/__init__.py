"""Accounts and sign-in of staff."""
