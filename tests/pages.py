"""Pages as a person opens, sends and reads them."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from inspections.models import User


def signed_in(person: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def words(page: Any) -> str:
    """The words of a page, a response or its HTML, without tags and with single spaces."""
    html = page if isinstance(page, str) else page.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def read(person: User, address: str, data: Any = None, *, expect: int = 200) -> str:
    """The words of the page that this person opens."""
    response = signed_in(person).get(address, data)
    assert response.status_code == expect, address
    return words(response)


def post(person: User, address: str, data: Any = None, *, expect: int = 302) -> str:
    """The words that this person is answered with."""
    response = signed_in(person).post(address, data or {})
    assert response.status_code == expect, address
    return words(response)
