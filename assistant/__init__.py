"""Før møtet: a guided conversation before a treatment meeting, in the person's own words."""
