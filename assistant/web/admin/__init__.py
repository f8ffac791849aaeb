"""Pages for administrators: accounts, and no words of users."""
