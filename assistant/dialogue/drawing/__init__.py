"""A dialogue as a drawing."""
