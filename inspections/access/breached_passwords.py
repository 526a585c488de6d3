"""Refuses passwords that are known from breaches elsewhere, by a file that the operator keeps.

The file is the list of Have I Been Pwned, ordered by hash: each line has the SHA-1 of a password in
capital hexadecimal digits, and may have a colon and a number after it. It is searched by halves
where it lies, so it may have tens of gigabytes. Nothing of a password leaves the machine.
"""

from __future__ import annotations

import os
from hashlib import sha1
from typing import IO

from django.core.exceptions import ValidationError

DIGITS = 40


class BreachedPasswordValidator:
    """For ``AUTH_PASSWORD_VALIDATORS``; an empty ``path`` refuses nothing."""

    def __init__(self, path: str = "") -> None:
        self.path = path

    def validate(self, password: str, user: object = None) -> None:
        if not self.path:
            return
        digest = sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        with open(self.path, "rb") as file:
            if stands_in(file, digest.encode()):
                raise ValidationError(
                    "This password is known from a breach of another service. Choose another one.",
                    code="password_breached",
                )

    def get_help_text(self) -> str:
        return "Your password can’t be one that is known from a breach of another service."


def stands_in(file: IO[bytes], digest: bytes) -> bool:
    """Whether a line of ``file``, whose lines are sorted, begins with ``digest``."""
    # The line begins at ``low`` or later, and before ``high``.
    low, high = 0, os.fstat(file.fileno()).st_size
    while low < high:
        middle = (low + high) // 2
        begin_line_from(file, middle)
        if file.tell() >= high:
            high = middle
            continue
        found = file.readline()[:DIGITS]
        if found == digest:
            return True
        if found < digest:
            low = file.tell()
        else:
            high = middle
    return False


def begin_line_from(file: IO[bytes], place: int) -> None:
    """Go to the first line that begins at ``place`` or later."""
    file.seek(max(place - 1, 0))
    if place:
        file.readline()
