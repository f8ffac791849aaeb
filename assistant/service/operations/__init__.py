"""What keeps the server running: health, clock, backups, keys, the security log."""
