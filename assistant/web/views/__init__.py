"""Views that several roles are shown."""
