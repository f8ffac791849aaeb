"""The notebook: sessions, meetings, and the link and codename that open it."""
