"""The database engine used when `DATABASE_URL` is unset (Django looks for it under this name)."""

from typing import Any

from config import database
from config.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL that is started by whoever first needs it.

    A command that never asks the database anything (`check`, `collectstatic`) starts nothing.
    """

    def get_connection_params(self) -> dict[str, Any]:
        database.attach()
        return super().get_connection_params()
