"""Twenty inspectors saving, as fast as they can or evenly, through the service as it is served."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from itertools import cycle
from statistics import median

from django.conf import settings
from django.db import connection

from cases.models import Case
from config.demonstration import builder
from inspections.models import User
from tests.benchmarks.load import Visitor, joined, load, post
from tests.benchmarks.server import HOST, addresses_of, serving, url_of
from tests.pages import signed_in

INSPECTORS = 20
SECONDS = float(os.environ.get("BENCH_SECONDS", "30"))
RATE = 200
TURNS = 10
WHOLE_CASE = 60
MINIMAL = "tests.benchmarks.minimal:application"
TABLE = "CREATE TABLE minimal_row (id bigserial PRIMARY KEY, body text NOT NULL)"
TOKEN = "t" * 32
"""What a browser's cross-site token looks like; cookie and header need only agree."""
TOKEN_HEADER = f"X-CSRFToken: {TOKEN}\r\n"


def saving() -> Iterator[str]:
    """Rows: single saves, a minimal view's writes, their ratio, and whole cases at once.

    Saves and the minimal view take turns of a few seconds, as a machine that others use too
    is faster at one moment than at the next; each turn's ratio is of the same moment.
    """
    database = addresses_of(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    with serving(**database) as service:
        # The application has no right to this table, so its owner writes it.
        owned = url_of(connection.settings_dict["NAME"])
        with serving(DATABASE_URL=owned, APPLICATION=MINIMAL) as minimal:
            savers = [_Saver(*who, at_once=1).visitor for who in _inspectors()]
            turns = [
                (
                    load(HOST, service.port, savers, SECONDS / TURNS),
                    load(HOST, minimal.port, [_writer()] * INSPECTORS, SECONDS / TURNS),
                )
                for _ in range(1 + TURNS)
            ][1:]  # the first only warms up
        whole = load(
            HOST,
            service.port,
            [_Saver(*who, at_once=WHOLE_CASE).visitor for who in _inspectors()],
            SECONDS / 3,
        )
    saved, written = (joined(loads) for loads in zip(*turns, strict=True))
    ratios = sorted(save.rate / write.rate for save, write in turns)
    yield saved.line(f"save: one answer, {INSPECTORS} inspectors, {SECONDS:.0f} s (bar p95 50 ms)")
    yield written.line("minimal Django view that writes one row")
    yield (
        f"{'save, as a share of the minimal view’s rate (bar 0.28)':<58} {median(ratios):7.2f}   "
        f"median of {TURNS} turns, {ratios[0]:.2f} to {ratios[-1]:.2f}; "
        f"of all together {saved.rate / written.rate:.2f}"
    )
    yield whole.line(f"save: a whole case of {WHOLE_CASE} answers in one request")


def evenly() -> Iterator[str]:
    """One row: saves that arrive evenly, many more than an inspection's inspectors make."""
    with serving(**addresses_of(connection.settings_dict["NAME"])) as service:
        savers = [_Saver(*who, at_once=1).visitor for who in _inspectors()]
        found = load(HOST, service.port, savers, SECONDS, rate=RATE)
    yield found.line(f"save: {RATE} a second arriving evenly (bar p95 25 ms, no error)")


def _inspectors() -> list[tuple[Case, User, str]]:
    """Inspectors of one inspection, each with a case of their own and a session's cookie."""
    inspection = builder.inspection()
    people = [builder.inspector(inspection) for _ in range(INSPECTORS)]
    return [(builder.case(inspection, to=one), one, session_of(one)) for one in people]


def session_of(user: User) -> str:
    """The key of a new session in which ``user`` is signed in."""
    client = signed_in(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class _Saver:
    """One inspector going round the questions of a case, each save from the version before."""

    def __init__(self, case: Case, user: User, session: str, at_once: int) -> None:
        questions = case.inspection.framework.case_questions(case.group)
        self.path = f"/inspections/{case.inspection_id}/cases/{case.pk}/saves/"
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={TOKEN}"
        self.versions = dict.fromkeys(questions, 0)
        batches: Sequence[Sequence[str]] = (
            [questions[:at_once]] if at_once > 1 else [[question] for question in questions]
        )
        self.round = cycle(batches)
        self.sent: Sequence[str] = ()
        self.visitor = Visitor(self.ask, self.hear)

    def ask(self) -> bytes:
        self.sent = next(self.round)
        # Written out: what composes JSON takes of the time of what is measured.
        saves = ",".join(
            f'{{"id":"{uuid.uuid4()}","question":"{question}","note":"Seen in the case record.",'
            f'"value":"{"YES" if self.versions[question] % 2 else "NO"}",'
            f'"base_version":{self.versions[question]},"made_at":null}}'
            for question in self.sent
        )
        return post(self.path, f'{{"saves":[{saves}]}}'.encode(), self.cookies, TOKEN_HEADER)

    def hear(self, status: int, body: bytes) -> str | None:
        if status != HTTPStatus.OK or body.count(b'"outcome": "saved"') != len(self.sent):
            return f"{status}: {body[:300]!r}"
        for question in self.sent:
            self.versions[question] += 1
        return None


def _writer() -> Visitor:
    request = post("/", b'{"question": "2.1.1", "value": "YES"}')

    def hear(status: int, body: bytes) -> str | None:
        return None if status == HTTPStatus.OK else f"{status}: {body[:300]!r}"

    return Visitor(lambda: request, hear)
