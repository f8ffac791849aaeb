"""What several roles are shown."""
