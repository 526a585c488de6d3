"""Every address of the service, found by walking its resolver, and what requests of it come to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

REGEX_GROUPS = {
    "admin:app_list": ("app_label",),
    "account_confirm_email": ("key",),
    "account_reset_password_from_key": ("uidb36", "key"),
    "openid_connect_login": ("provider_id",),
    "openid_connect_callback": ("provider_id",),
}
"""What addresses of others take, whose patterns are regular expressions."""

WITHOUT_A_NAME = {
    "admin/inspections/user/<path:object_id>/": "/admin/inspections/user/{object_id}/",
    "admin/(?P<url>.*)$": "/admin/nowhere",
    "accounts/social/login/cancelled/": "/accounts/social/login/cancelled/",
    "accounts/social/login/error/": "/accounts/social/login/error/",
    "accounts/social/signup/": "/accounts/social/signup/",
    "accounts/social/connections/": "/accounts/social/connections/",
}
"""Addresses of others that have no name, by their route."""


@dataclass(frozen=True, slots=True)
class Address:
    """``takes`` names what has to be filled in."""

    name: str
    takes: tuple[str, ...]
    route: str

    def __str__(self) -> str:
        return self.name

    def filled(self, values: Mapping[str, Any]) -> str:
        """Raises ``KeyError`` for an address that takes what ``values`` don't have."""
        taken = {one: values[one] for one in self.takes}
        if self.name == self.route:
            return WITHOUT_A_NAME[self.route].format(**taken)
        return reverse(self.name, kwargs=taken)


def every_address() -> list[Address]:
    return list(_walk(get_resolver()))


def _walk(
    resolver: URLResolver, space: str = "", above: str = "", taken: tuple[str, ...] = ()
) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = above + str(pattern.pattern)
        takes = (*taken, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern, inner, route, takes)
        else:
            name = f"{space}{pattern.name}" if pattern.name else route
            yield Address(name, REGEX_GROUPS.get(name, takes), route)


NO_RECORDS = {
    "cases_caseread",
    "django_session",
    "fieldwork_cache",
    "inspections_keptform",
    "inspections_sentform",
    "inspections_signinrecord",
    "usersessions_usersession",
}
"""Tables of what a request itself leaves, whatever becomes of it."""


def _writes() -> dict[str, int]:
    """How many rows this transaction wrote in each table, those taken back again included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables "
            "WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a request came to: the status, where it leads if elsewhere, and which tables of records
    it wrote in."""

    status: int
    location: str
    text: str
    wrote: Collection[str]

    @property
    def is_refused(self) -> bool:
        return self.status >= 400 or self.leads_to_sign_in

    @property
    def leads_to_sign_in(self) -> bool:
        return self.location.startswith(("/accounts/login/", "/admin/login/"))

    @property
    def word(self) -> str:
        """``302`` is followed by ``+`` where something was stored."""
        status = "sign in" if self.leads_to_sign_in else str(self.status)
        return f"{status}+" if self.wrote else status


def request(client: Client, method: str, address: str, *, counts: bool = True) -> Outcome:
    """Request ``address`` with nothing in it, and take back all that it did."""
    cookies = SimpleCookie()
    cookies.update(client.cookies)
    with transaction.atomic():
        before = _writes() if counts else {}
        response = getattr(client, method)(address)
        after = _writes() if counts else {}
        transaction.set_rollback(True)
    client.cookies = cookies
    wrote = {one for one, rows in after.items() if rows != before.get(one, 0)} - NO_RECORDS
    is_page = not response.streaming
    if response.headers.get("Content-Type") == "application/zip":
        # Read to its end, it is closed.
        list(response.streaming_content)
    text = response.content.decode(errors="replace") if is_page else ""
    return Outcome(response.status_code, response.headers.get("Location", ""), text, wrote)
