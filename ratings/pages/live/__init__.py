"""Open ratings pages hear of changes: PostgreSQL ``LISTEN`` in, server-sent events out."""
