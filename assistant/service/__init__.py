"""Use cases: each reads the sealed documents, acts, and writes them again."""
