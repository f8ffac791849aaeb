"""The keys: who can open what. Nothing here reads or writes anything but the pepper file."""
