"""The only SQL. Words arrive sealed and leave sealed; no key is ever here."""
