"""DATABASE_URL, as people write it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment

FromUrl = Callable[[str], dict[str, Any]]


@pytest.fixture
def from_url(monkeypatch: pytest.MonkeyPatch) -> FromUrl:
    def read(url: str) -> dict[str, Any]:
        monkeypatch.setenv("DATABASE_URL", url)
        return environment.database("DATABASE_URL")

    return read


def test_every_part_of_the_address_is_read(from_url: FromUrl) -> None:
    settings = from_url("postgresql://inspector:p%40ss%2Fword@db.example:5433/field%20work")
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert settings["USER"] == "inspector"
    assert settings["PASSWORD"] == "p@ss/word"
    assert (settings["HOST"], settings["PORT"]) == ("db.example", 5433)
    assert settings["NAME"] == "field work"


def test_the_name_alone_is_enough(from_url: FromUrl) -> None:
    settings = from_url("postgres:///fieldwork")
    assert settings["NAME"] == "fieldwork"
    assert (settings["HOST"], settings["PORT"], settings["USER"]) == ("", "", "")


def test_options_are_passed_on_and_a_socket_is_a_host(from_url: FromUrl) -> None:
    settings = from_url("postgresql:///fieldwork?host=/run/postgresql&sslmode=require")
    assert settings["HOST"] == "/run/postgresql"
    assert settings["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://u:secret@host/name", "another database than PostgreSQL"),
        ("fieldwork", "another database than PostgreSQL"),
        ("postgresql://u:secret@host", "names no database"),
        ("postgresql://u:secret@host/a/b", "names no database"),
        ("postgresql://u:secret@host:port/name", "cannot be read"),
        ("postgresql://u:secret@host:99999/name", "cannot be read"),
    ],
)
def test_a_wrong_address_is_said_in_words_without_the_password(
    from_url: FromUrl, url: str, said: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=said) as raised:
        from_url(url)
    assert "postgresql://user:password@host:5432/name" in str(raised.value)
    assert "secret" not in str(raised.value)
