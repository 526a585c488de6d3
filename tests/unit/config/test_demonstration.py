"""Which database gets the demonstration, whose people have a published password."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

GIVEN = "postgresql://u:p@db.example/fieldwork"
PRODUCTION = {
    "FIELDWORK_ENV": "production",
    "SECRET_KEY": "not secret: nothing is signed here",
    "ALLOWED_HOSTS": "localhost",
}


def settings_say(**environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "from config.settings import *; print(LOADS_DEMONSTRATION)"],
        env=os.environ | {"DATABASE_URL": "", "DEMONSTRATION": ""} | environment,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "True"),
        ({"DATABASE_URL": GIVEN}, "False"),
        ({"DATABASE_URL": GIVEN, "DEMONSTRATION": "1"}, "True"),
        ({"DEMONSTRATION": "0"}, "False"),
        ({"DATABASE_URL": GIVEN, **PRODUCTION}, "False"),
    ],
)
def test_only_the_embedded_database_gets_it_unless_it_is_asked_for(
    environment: dict[str, str], said: str
) -> None:
    assert settings_say(**environment) == said


def test_it_is_refused_in_production() -> None:
    said = settings_say(DATABASE_URL=GIVEN, DEMONSTRATION="1", **PRODUCTION)
    assert "it is not loaded in production" in said
