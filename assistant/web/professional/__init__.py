"""What professionals meet: their desk."""
