"""What is checked in a dialogue before anyone meets it."""
