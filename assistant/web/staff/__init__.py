"""What all staff meet: the door, and their own account."""
