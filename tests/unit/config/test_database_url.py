"""DATABASE_URL, as people write it."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.database import from_url


def test_every_part_of_the_address_is_read() -> None:
    settings = from_url("postgresql://inspector:p%40ss%2Fword@db.example:5433/field%20work")
    assert settings["ENGINE"] == "config.postgresql"
    assert settings["USER"] == "inspector"
    assert settings["PASSWORD"] == "p@ss/word"
    assert (settings["HOST"], settings["PORT"]) == ("db.example", "5433")
    assert settings["NAME"] == "field work"


def test_the_name_alone_is_enough() -> None:
    settings = from_url("postgres:///fieldwork")
    assert settings["NAME"] == "fieldwork"
    assert (settings["HOST"], settings["PORT"], settings["USER"]) == ("", "", "")


def test_options_are_passed_on_and_a_socket_is_a_host() -> None:
    settings = from_url("postgresql:///fieldwork?host=/run/postgresql&sslmode=require")
    assert settings["HOST"] == "/run/postgresql"
    assert settings["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://u:secret@host/name", "PostgreSQL is the only database"),
        ("fieldwork", "PostgreSQL is the only database"),
        ("postgresql://u:secret@host", "names no database"),
        ("postgresql://u:secret@host/a/b", "names no database"),
        ("postgresql://u:secret@host:port/name", "cannot be read"),
        ("postgresql://u:secret@host:99999/name", "cannot be read"),
    ],
)
def test_a_wrong_address_is_said_in_words_without_the_password(url: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said) as raised:
        from_url(url)
    assert "postgresql://user:password@host:5432/name" in str(raised.value)
    assert "secret" not in str(raised.value)
