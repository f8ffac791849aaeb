"""What administrators meet: accounts, and no one's words."""
