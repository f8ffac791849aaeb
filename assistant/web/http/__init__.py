"""HTTP: requests, forms, sessions, limits and streams. Knows no role."""
