"""Passwords are hashed with Argon2id, those of before at the next sign-in."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from config import settings as service
from config.demonstration import builder


@pytest.fixture(autouse=True)
def as_served(settings: Any) -> None:
    """The tests' own settings hash faster."""
    settings.PASSWORD_HASHERS = service.PASSWORD_HASHERS


def test_a_password_is_hashed_with_argon2id_and_as_much_memory_as_owasp_advises() -> None:
    assert make_password("seven-otters-in-a-boat").startswith(
        "argon2$argon2id$v=19$m=19456,t=2,p=1$"
    )


def test_a_password_of_before_is_hashed_anew_when_its_person_signs_in(db: None) -> None:
    person = builder.user()
    person.password = make_password(builder.PASSWORD, hasher="pbkdf2_sha256")
    person.save()
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": builder.PASSWORD})
    assert client.get("/").status_code == 200
    person.refresh_from_db()
    assert person.password.startswith("argon2$argon2id$")
    # What was hashed anew keeps nobody out, and other passwords stay wrong.
    assert person.check_password(builder.PASSWORD)
    assert not person.check_password("not the password")
