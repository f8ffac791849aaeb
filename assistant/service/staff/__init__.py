"""Accounts and sign-in for staff."""
