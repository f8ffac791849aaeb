"""Checks that run on a dialogue before it is used."""
