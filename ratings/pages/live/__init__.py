"""Live updates of open ratings pages: PostgreSQL ``LISTEN`` in, server-sent events out."""
