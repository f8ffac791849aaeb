"""Keys and encryption. Nothing here reads or writes anything but the key files."""
