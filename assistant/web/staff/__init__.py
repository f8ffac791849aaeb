"""Pages for all staff: sign-in, and their own account."""
