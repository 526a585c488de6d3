"""Django's PostgreSQL backend, using the connection that was used last."""
