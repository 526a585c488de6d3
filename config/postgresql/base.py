"""The database engine used with `DATABASE_URL` (Django looks for it under this name)."""

from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base

from config.postgresql.pool import LastUsedFirst


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL through a pool that keeps few connections busy, not many a little."""

    @property
    def pool(self) -> LastUsedFirst | None:
        """The alias's pool, made as Django makes it but of our class."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        pools: dict[str, LastUsedFirst] = self._connection_pools  # type: ignore[attr-defined]
        if self.alias not in pools:
            made = LastUsedFirst(
                kwargs=self.get_connection_params() | {"autocommit": True},
                open=False,
                configure=self._configure_connection,  # type: ignore[attr-defined]
                **options,
            )
            pools.setdefault(self.alias, made)
        return pools[self.alias]
