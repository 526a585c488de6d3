"""Requests of every address by everybody, and what becomes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import mail
from django.core.signals import request_finished
from django.db import close_old_connections, connection, transaction
from django.test import Client
from hypothesis import strategies as st

from inspections.access.sent_forms import FIELD
from tests.every_address import NO_RECORDS, Address, every_address
from tests.integration.access.random_requests import bodies
from tests.integration.access.random_requests.bodies import Body, Fields
from tests.integration.access.random_requests.values import encoded, in_an_address, texts
from tests.integration.access.test_every_role import FOR_SINGLE

ADDRESSES = sorted(every_address(), key=lambda address: (address.name, address.route))

METHODS = [
    *12 * ["POST"],
    *8 * ["GET"],
    "HEAD",
    "OPTIONS",
    "PUT",
    "PATCH",
    "DELETE",
    "TRACE",
    "QUERY",
    "post",
]
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
"""Methods that store nothing, says HTTP."""

QUERY_NAMES = [
    *("after", "case", "comment", "group", "id", "inspection", "key_question", "meeting", "next"),
    *("of", "page", "person", "q", "query", "service", "since", "state", "until", "what", "who"),
    *("name__regex", "is_active__exact", "o", "p", "e", "all", "_popup", "_to_field"),
    *("app_label", "model_name", "field_name", "term", "code", "error", "process"),
]

HEADERS = {
    "Accept": ["text/event-stream", "application/json", "text/html;q=x", "*", ""],
    "Accept-Encoding": ["gzip", "identity;q=0, *;q=0", "\xff"],
    "Accept-Language": ["cy", "x" * 600, "en;q=2", "\xe9"],
    "Host": ["testserver:443", "elsewhere.example", "a b", "[::1", "testserver:x", ""],
    "If-Match": ["*", '"a"', "a"],
    "If-Modified-Since": ["Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 99 Foo 99999", "0"],
    "If-None-Match": ["*", 'W/"a", "b"', '"', "\xff"],
    "If-Range": ['"a"', "x"],
    "Last-Event-ID": ["20260302T100000.000000", "-1", "\xff", "x" * 600],
    "Origin": ["http://testserver", "null", "https://elsewhere.example", "http://[", "\xff"],
    "Range": ["bytes=0-0", "bytes=9-1", "bytes=-", "x"],
    "Referer": ["http://testserver/", "http://[", "\xff", "javascript:1"],
    "X-CSRFToken": ["x" * 32, "\xe9", ""],
    "X-Forwarded-For": ["198.51.100.7", "x", "1, 2, 3", "::ffff:0:0%eth0", "\xff", ""],
    "X-Forwarded-Proto": ["https", "gopher"],
    "X-HTTP-Method-Override": ["DELETE"],
    "X-Kept-Offline": ["1"],
    "X-Recorded-By": ["0", "-1", "٣", "9" * 30, "\xff"],
    "X-Requested-With": ["XMLHttpRequest"],
}
COOKIES = {
    "csrftoken": ["x" * 32, "\xe9", '"', '"\\000"'],
    "messages": ["x", "[[", "W10:1:x", "a:b:c", '"\\000"'],
    "sessionid": ["x", '"\\000"', "x" * 300, "\xe9"],
    "unknown": ['"\\377', "", "\x00"],
}

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    """``checks`` is whether the token against forgery is asked for."""

    role: str
    name: str
    method: str
    path: str
    content_type: str = ""
    body: bytes = b""
    headers: Pairs = ()
    cookies: Pairs = ()
    checks: bool = False


def _from(choices: Mapping[str, Sequence[str]]) -> st.SearchStrategy[list[tuple[str, str]]]:
    pairs = [(name, value) for name, values in choices.items() for value in values]
    return st.lists(st.sampled_from(pairs), max_size=2, unique_by=lambda pair: pair[0])


def path_of(address: Address, values: Mapping[str, str]) -> str:
    """``values`` stand as they are, encoded, whether the address takes such or not."""

    def value(match: re.Match[str]) -> str:
        return values.get(match[1] or match[2], "nowhere")

    route = re.sub(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^()]*\)", value, _without_marks(address.route))
    return f"/{route}"


def _without_marks(route: str) -> str:
    """A route without the marks of regular expressions for its start and end."""
    return re.sub(r"(^|/)\^", r"\1", route).removesuffix("$")


@dataclass(frozen=True)
class World:
    """Everybody's browser, and the number that a form has which was opened in it. ``values`` are
    what addresses take, in one's own inspection and in another; ``forms`` what pages send to each
    address."""

    browsers: Mapping[str, Client]
    form_ids: Mapping[str, str]
    values: Sequence[Mapping[str, Any]]
    forms: Mapping[str, Sequence[Fields]]


SAVE = {"id": str(UUID(int=7)), "base_version": 0, "made_at": "2026-03-02T10:00:00Z"}
ANSWER = {"question": "2.1.1", "value": "YES", "note": "Why"}
DETAIL = {"field": "gender", "value": "FEMALE"}
COMMENT = {"action": "comment", "question": "", "comment": 1, "text": "Why?"}
DOCUMENTS = {
    "cases:saves": {"saves": [SAVE | ANSWER]},
    "cases:details-saves": {"saves": [SAVE | DETAIL]},
    "cases:comments-saves": {"saves": [SAVE | COMMENT]},
}
"""What scripts send."""
ANY_DOCUMENT = {"saves": [SAVE], "credential": {"id": "a", "type": "public-key"}}


@st.composite
def requests(draw: st.DrawFn, world: World, address: Address) -> Request:
    role = draw(st.sampled_from(sorted(world.browsers)))
    method = draw(st.sampled_from(METHODS))
    values = dict(draw(st.sampled_from(world.values)))
    values |= FOR_SINGLE.get(address.name, {})
    values = {name: encoded(str(value)) for name, value in values.items()}
    if draw(st.integers(0, 5)) == 5:
        for name in address.takes:
            if draw(st.booleans()):
                values[name] = draw(in_an_address)
    path = path_of(address, values)
    if draw(st.integers(0, 2)) == 2:
        names = st.sampled_from(QUERY_NAMES) | texts.map(encoded)
        known = st.sampled_from(sorted(set(values.values())))
        asked = draw(st.lists(st.tuples(names, in_an_address | known), max_size=4))
        path += "?" + "&".join("=".join(pair) for pair in asked)
    content_type, body = "", b""
    if method not in SAFE or draw(st.integers(0, 9)) == 9:
        content_type, body = draw(_bodies(world, address, role))
    odd = draw(st.integers(0, 3)) == 3
    return Request(
        role,
        address.name,
        method,
        path,
        content_type,
        body,
        tuple(draw(_from(HEADERS))) if odd else (),
        tuple(draw(_from(COOKIES))) if odd else (),
        checks=odd and draw(st.booleans()),
    )


@st.composite
def _bodies(draw: st.DrawFn, world: World, address: Address, role: str) -> Body:
    document = DOCUMENTS.get(address.name)
    is_usual = draw(st.integers(0, 4)) < 4
    if is_usual == (document is not None):
        return draw(bodies.documents(document or ANY_DOCUMENT))
    fields = draw(st.sampled_from(world.forms.get(address.name, NO_FORM)))
    return draw(bodies.forms({**fields, FIELD: [world.form_ids[role]]}))


NO_FORM: Sequence[Fields] = [{}]


# --- What becomes of a request

SIGN_IN_PAGES = ("/accounts/login/", "/admin/login/")
TABLES = """
    SELECT oid, relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
WRITES = """
    SELECT oid, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
        + pg_stat_get_xact_tuples_deleted(oid)
    FROM unnest(%s::oid[]) AS oid
"""


class Records:
    """What is stored, and whether a request changed it. Each request is taken back, so what was
    stored at first is what is stored before each."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(TABLES)
            self.tables = {oid: name for oid, name in cursor.fetchall() if name not in NO_RECORDS}
        self.stored = {name: self.digest(name) for name in self.tables.values()}
        self.written = self.writes()

    def digest(self, table: str) -> str:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT md5(string_agg(row::text, '' ORDER BY row::text)) FROM \"{table}\" AS row"
            )
            (digest,) = cursor.fetchone()
        return str(digest)

    def writes(self) -> dict[int, int]:
        """How many rows were written in each table, also by what was taken back since."""
        with connection.cursor() as cursor:
            cursor.execute(WRITES, [list(self.tables)])
            return dict(cursor.fetchall())

    def changed(self) -> Iterator[str]:
        """The tables that are no longer as they were."""
        before, self.written = self.written, self.writes()
        for oid, name in self.tables.items():
            if self.written[oid] != before[oid] and self.digest(name) != self.stored[name]:
                yield name


def send(world: World, request: Request) -> Any:
    """The response of the service, whose errors are raised."""
    client = world.browsers[request.role]
    headers = dict(request.headers)
    if request.cookies:
        known = [(name, morsel.value) for name, morsel in client.cookies.items()]
        headers["Cookie"] = "; ".join("=".join(pair) for pair in (*known, *request.cookies))
    client.handler.enforce_csrf_checks = request.checks
    # An error whose page failed too would be raised once more with the next request.
    client.exc_info = None
    response: Any = client.generic(
        request.method, request.path, request.body, request.content_type, headers=headers
    )
    if response.headers.get("Content-Type", "").startswith("text/event-stream"):
        # It would go on for ever. Closing it must not close the connection of the test.
        request_finished.disconnect(close_old_connections)
        response.close()
        request_finished.connect(close_old_connections)
    elif response.streaming:
        list(response.streaming_content)
    return response


RECORDED_BY_READING = {"site:export-history": {"inspections_historyexport"}}
"""What an address that only reads records of being read."""


def problem(world: World, records: Records, request: Request) -> str:
    """What is wrong with how ``request`` was answered, or nothing. All that it did is taken back.
    An error of the service is raised."""
    client = world.browsers[request.role]
    cookies = SimpleCookie()
    cookies.update(client.cookies)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'SET LOCAL ROLE "{settings.APPLICATION_ROLE}"')
            response = send(world, request)
            cursor.execute("RESET ROLE")
            found = _problem(records, response, request)
            transaction.set_rollback(True)
            return found
    finally:
        client.cookies = cookies
        mail.outbox.clear()


def _problem(records: Records, response: Any, request: Request) -> str:
    if response.status_code >= 500:
        return f"It answers {response.status_code}"
    changed = list(records.changed())
    leads_to_sign_in = response.headers.get("Location", "").startswith(SIGN_IN_PAGES)
    if changed and (response.status_code >= 400 or leads_to_sign_in):
        return f"It is refused with {response.status_code}, and changed {', '.join(changed)}"
    changed = [one for one in changed if one not in RECORDED_BY_READING.get(request.name, ())]
    if changed and request.method in SAFE:
        return f"It only reads, and changed {', '.join(changed)}"
    with connection.cursor() as cursor:
        # What is checked at the end of a transaction would be an error then.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return ""
