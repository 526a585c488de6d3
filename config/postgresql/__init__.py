"""The embedded PostgreSQL, used when ``DATABASE_URL`` is unset; ``base`` is its Django backend."""
