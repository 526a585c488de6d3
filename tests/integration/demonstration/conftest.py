"""A database with the demonstration, loaded once for all that is asked of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from tests import template


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None) -> Iterator[None]:
    """The tests of a module find the demonstration as it was loaded, in place of nothing."""
    empty = connection.settings_dict["NAME"]
    copied = f"{empty}_demonstration"
    template.copy_demonstrated(copied)
    _use(copied)
    yield
    _use(empty)
    with template.server() as server:
        template.drop(server, copied)


def _use(database: str) -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["NAME"] = database
