"""OpenID Connect, as a client of one identity provider: no page, no database, and imported only if one is set."""
