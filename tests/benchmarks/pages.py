"""The time of rating an inspection, and of a page over HTTP from the service as it is served."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection

from config.demonstration.builder import answered_inspection
from config.staticfiles import collect_if_changed
from inspections.framework import Group, Rating, load_edition
from inspections.models import Inspection, User
from ratings.engine import Outcome, Tally, caseload_likelihoods, closest_first, rate
from ratings.service import rate_inspection
from tests.benchmarks.lists import SIZES, write_list
from tests.benchmarks.load import times
from tests.benchmarks.saving import session_of
from tests.benchmarks.server import HOST, Service, addresses_of, serving
from tests.pages import signed_in, words
from tests.scenes import scene

CASES = 100


def engine() -> Iterator[str]:
    """Rows: the counts of 40 court and 60 out-of-court cases, in memory; the likelihoods across
    three times as many eligible cases."""
    edition = load_edition("2021")
    inspected = {Group.COURT: 40, Group.OUT_OF_COURT: 60, Group.RESETTLEMENT: 0}
    tallies = {
        question: Tally(yes=inspected[group] - 10, no=10)
        for group in (Group.COURT, Group.OUT_OF_COURT)
        for question in edition.case_questions(group)
    }
    judgements = {s.code: Rating.GOOD for s in edition.standards if s.is_qualitative}
    measured = times(lambda: rate(edition, tallies, inspected, judgements, []), runs=500)
    yield measured.line("engine: the counts of an inspection")
    outcome = rate(edition, tallies, inspected, judgements, [])
    eligible = {group: 3 * number for group, number in inspected.items()}
    measured = times(lambda: _likelihoods(outcome, eligible), runs=200)
    yield measured.line("engine: likelihoods across 300 eligible cases, ranked")


def _likelihoods(outcome: Outcome, eligible: Mapping[Group, int | None]) -> None:
    found = caseload_likelihoods(outcome, eligible)
    closest_first({**found.standards, **found.key_questions})


def service() -> Iterator[str]:
    """One row: the same size of inspection, from the rows of 100 cases fully answered."""
    inspection = answered_inspection(CASES)
    measured = times(lambda: rate_inspection(inspection), runs=100)
    yield measured.line(f"service: {CASES} cases fully answered, from the database")


def case_page() -> Iterator[str]:
    """Rows: the record page of the largest standard, every question answered; its size."""
    inspection = answered_inspection(1)
    case = inspection.cases.get()
    largest = max(
        inspection.framework.case_standards(case.group),
        key=lambda standard: sum(1 + len(q.prompts) for q in standard.key_questions),
    )
    inspector = User.objects.get(memberships__inspection=inspection)
    path = f"/inspections/{inspection.pk}/cases/{case.pk}/{largest.code}/"
    with serving(**addresses_of(connection.settings_dict["NAME"])) as service:
        get = _getter(service, path, session_of(inspector))
        measured = times(get, runs=100)
        size = get()
    yield measured.line(f"page: standard {largest.code} of a case, fully answered")
    yield f"{'      compressed, assets apart':<58}        {size / 1024:8.1f} KB"


def list_page() -> Iterator[str]:
    """Rows: from sending lists of cases as XLSX to the page that shows what was read."""
    collect_if_changed()
    for size, bar in SIZES.items():
        made = scene(state=Inspection.State.PREPARATION)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "list.xlsx"
            write_list(path, size)
            client = signed_in(made.lead)
            client.get(f"{made.home}lists/", headers={"Host": "localhost"})
            started = time.perf_counter()
            with path.open("rb") as file:
                page = client.post(
                    f"{made.home}lists/", {"file": file}, follow=True, headers={"Host": "localhost"}
                )
            seconds = time.perf_counter() - started
        if f"{size} rows read" not in words(page):
            raise RuntimeError("the list was not stored")
        name = f"list: {size:,} cases as XLSX, sent, stored and shown (bar {bar} s)"
        yield f"{name:<58}        {seconds:8.2f} s"


def _getter(service: Service, path: str, session: str) -> Callable[[], int]:
    headers = {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}",
        "Accept-Encoding": "gzip",
    }

    def get() -> int:
        with closing(HTTPConnection(HOST, service.port)) as http:
            http.request("GET", path, headers=headers)
            answer = http.getresponse()
            body = answer.read()
        if answer.status != 200 or answer.headers["Content-Encoding"] != "gzip":
            raise RuntimeError(f"{path} was answered with {answer.status}")
        return len(body)

    return get
