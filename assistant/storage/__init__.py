"""The only SQL. What a person wrote comes in sealed and goes out sealed; no key is ever here."""
