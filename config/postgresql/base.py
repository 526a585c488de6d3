"""The database engine used when ``DATABASE_URL`` is unset (Django looks for it under this name)."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.postgresql import base

from config.postgresql import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL backend; the first connection starts the server.

    A command that never connects (`check`, `collectstatic`) starts nothing.
    """

    def __init__(self, settings_dict: dict[str, Any], alias: str = DEFAULT_DB_ALIAS) -> None:
        super().__init__(settings_dict | embedded.address(), alias)

    def get_connection_params(self) -> dict[str, Any]:
        embedded.attach()
        return super().get_connection_params()
