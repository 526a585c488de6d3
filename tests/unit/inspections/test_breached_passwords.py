"""Passwords of a file of breaches are refused, wherever they stand in it."""

from __future__ import annotations

from hashlib import sha1
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from config import environment
from inspections.access.breached_passwords import BreachedPasswordValidator, stands_in


def digest_of(password: str) -> str:
    return sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def test_a_breached_password_is_refused_and_another_is_not(tmp_path: Path) -> None:
    breached = ["quiet harbour lantern", "a long old password", "ünïcode pässword"]
    lines = sorted(f"{digest_of(one)}:{number}" for number, one in enumerate(breached, start=9))
    (tmp_path / "list.txt").write_text("\r\n".join(lines))
    validator = BreachedPasswordValidator(str(tmp_path / "list.txt"))
    for one in breached:
        with pytest.raises(ValidationError, match="known from a breach"):
            validator.validate(one)
    validator.validate("a long new password")


def test_without_a_list_nothing_is_refused() -> None:
    BreachedPasswordValidator().validate("password1234")


@given(st.sets(st.integers(0, 2**160 - 1)), st.integers(0, 2**160 - 1), st.booleans())
def test_each_digest_of_a_list_is_found_and_no_other(
    listed: set[int], other: int, has_numbers: bool
) -> None:
    def written(number: int) -> bytes:
        return f"{number:040X}".encode()

    with TemporaryFile() as file:
        for number in sorted(listed):
            end = f":{number % 100_003}\n" if has_numbers else "\n"
            file.write(written(number) + end.encode())
        file.flush()
        assert all(stands_in(file, written(number)) for number in listed)
        assert stands_in(file, written(other)) == (other in listed)


def test_a_list_that_cannot_be_read_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BREACHED_PASSWORDS", "/nowhere/list.txt")
    with pytest.raises(ImproperlyConfigured, match="BREACHED_PASSWORDS is “/nowhere/list.txt”"):
        environment.readable_file("BREACHED_PASSWORDS")
