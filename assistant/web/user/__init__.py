"""Pages for users: first page, preparation, link and codename, summary, sharing."""
