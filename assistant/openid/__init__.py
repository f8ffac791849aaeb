"""OpenID Connect, as a client of one identity provider. Imported only if a provider is configured."""
