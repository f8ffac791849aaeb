"""Operations: health, clock, backups, keys, the security log."""
