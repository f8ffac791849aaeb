"""Files a user takes along."""
