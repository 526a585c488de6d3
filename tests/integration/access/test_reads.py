"""Whoever is shown a case is recorded: which case, what kind of page, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions import Save, comment_on, record_answers
from cases.actions import reads as recorded_reads
from cases.models import Case, CaseRead
from cases.words import READ_PAGES
from config.demonstration import builder
from inspections.models import Inspection, Membership, User
from tests import scenes
from tests.every_address import Address, every_address
from tests.integration.access.everything import Everything, everything
from tests.integration.access.test_every_role import no_log, values_of
from tests.pages import post, read, signed_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

__all__ = ["no_log"]

Role = Membership.Role
NOTE, COMMENT = "a note that nobody else wrote", "a comment that nobody else made"


@pytest.fixture(autouse=True)
def within_a_quarter_of_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test reads is read at the moment at which it began, as one line may be for many."""
    now = f"'{timezone.now().isoformat()}'::timestamptz"
    record = recorded_reads.RECORD.replace("statement_timestamp()", now)
    assert now in record
    monkeypatch.setattr(recorded_reads, "RECORD", record)


def reads(case: Case | None = None) -> list[tuple[str, str]]:
    """Who read it, and which kind of page."""
    found = CaseRead.objects.order_by("pk").select_related("reader")
    if case is not None:
        found = found.filter(case_id=case.pk)
    return [(str(one.reader), one.page) for one in found]


def with_texts() -> Everything:
    """Everything, and in its case a note and a comment that no page has from elsewhere."""
    own = everything()
    case = Case.objects.get(pk=own.ids["case_id"])
    question = next(iter(own.inspection.framework.case_questions(case.group)))
    standing = case.answers.filter(question=question).first()
    base = 0 if standing is None else standing.version
    save = Save(question, "NO", NOTE, base_version=base)
    record_answers(case_id=case.pk, saves=[save], by=own.made.inspector)
    comment_on(case=case, text=COMMENT, by=own.made.lead)
    return own


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that is run, the prepared ones too."""
    run: list[str] = []

    def note(execute: Any, sql: Any, *arguments: Any) -> Any:
        run.append(str(sql))
        return execute(sql, *arguments)

    with connection.execute_wrapper(note):
        yield run


Shown = tuple[int, str, bool, list[tuple[int, int, str]]]


def opened(client: Client, method: str, path: str) -> Shown:
    """The status, the text, whether it is a page, and the reads that it was recorded with; all
    is taken back."""
    with transaction.atomic():
        before = CaseRead.objects.count()
        response = getattr(client, method)(path)
        text = "" if response.streaming else response.content.decode(errors="replace")
        if response.headers.get("Content-Type") == "application/zip":
            # Read to its end, it is closed.
            list(response.streaming_content)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        found = CaseRead.objects.order_by("pk").values_list("case_id", "reader_id", "page")
        recorded = list(found)[before:]
        transaction.set_rollback(True)
    return response.status_code, text, is_page, recorded


def every_page(own: Everything, method: str) -> Iterator[tuple[Address, str, User, Shown]]:
    for role in (Role.LEAD_INSPECTOR, Role.INSPECTOR, Role.REVIEWER, Role.PANEL_MEMBER):
        person = own.people[role]
        client = signed_in(person)
        for address in every_address():
            if not address.name.startswith("admin"):
                path = address.filled(values_of(address, own.ids))
                yield address, role, person, opened(client, method, path)


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_page_that_shows_a_case_records_who_read_it(method: str) -> None:
    own = with_texts()
    case = own.ids["case_id"]
    shown = set()
    for address, role, person, (status, text, is_page, recorded) in every_page(own, method):
        place = f"{method} {address} by {role}: {status}"
        of_this_case = "case_id" in address.takes and is_page and status in (200, 409)
        if of_this_case or NOTE in text or COMMENT in text:
            assert any(one[:2] == (case, person.pk) for one in recorded), place
            shown.add(address.name)
        for read_case, reader, page in recorded:
            assert (reader == person.pk, page in READ_PAGES) == (True, True), place
            assert read_case == case or "case_id" not in address.takes, place
        if status >= 400 and status not in (403, 409):
            assert not recorded, place
        if status == 403 and method == "get":
            assert not recorded, place
    if method == "get":
        assert {"cases:case", "cases:record", "cases:details", "cases:history"} <= shown


def test_a_sealed_case_is_read_and_recorded_too() -> None:
    own = everything()
    own.submit()
    own.seal()
    case = Case.objects.get(pk=own.ids["case_id"])
    assert Inspection.objects.get(pk=own.inspection.pk).state == Inspection.State.SEALED
    read(own.made.member, case.get_absolute_url())
    assert reads(case) == [(str(own.made.member), "case")]


def test_one_line_for_a_person_a_case_and_a_kind_of_page_in_a_quarter_of_an_hour(
    scene: Scene,
) -> None:
    for _ in range(3):
        read(scene.inspector, scene.case_page)
    read(scene.inspector, f"{scene.case_page}2.1/")
    read(scene.inspector, f"{scene.case_page}2.2/")
    read(scene.lead, scene.case_page)
    who, lead = str(scene.inspector), str(scene.lead)
    assert reads(scene.case) == [(who, "case"), (who, "record"), (lead, "case")]


def test_a_later_quarter_of_an_hour_has_a_line_of_its_own(scene: Scene) -> None:
    earlier = timezone.now() - timedelta(minutes=15)
    CaseRead.objects.create(
        reader=scene.inspector,
        case_id=scene.case.pk,
        inspection_id=scene.inspection.pk,
        page="case",
        read_at=earlier,
        quarter=earlier,
    )
    read(scene.inspector, scene.case_page)
    assert len(reads(scene.case)) == 2
    latest = CaseRead.objects.latest("read_at")
    assert latest.quarter <= latest.read_at < latest.quarter + timedelta(minutes=15)
    assert latest.quarter.minute % 15 == 0


def test_a_copy_for_work_offline_is_recorded_as_one(scene: Scene) -> None:
    signed_in(scene.inspector).get(scene.case_page, headers={"X-Kept-Offline": "1"})
    assert reads(scene.case) == [(str(scene.inspector), CaseRead.OFFLINE)]


def test_nothing_is_recorded_of_who_is_refused(scene: Scene) -> None:
    read(scene.outsider, scene.case_page, expect=404)
    observer = builder.member(scene.inspection, Role.OBSERVER)
    read(observer, scene.case_page, expect=403)
    read(scene.colleague, f"{scene.case_page}history/", expect=403)
    read(scene.lead, f"{scene.case_page}details/", expect=403)
    assert reads() == []


def test_whoever_is_led_elsewhere_is_shown_nothing(scene: Scene) -> None:
    sent = {"to": scene.colleague.pk, "instead_of": scene.inspector.pk}
    post(scene.lead, f"{scene.case_page}allocate/", sent)
    assert all(page != "allocate" for _, page in reads(scene.case))


def test_saving_an_answer_or_a_detail_reads_nothing_and_makes_no_further_statement(
    scene: Scene,
) -> None:
    client = signed_in(scene.inspector)
    client.get(f"{scene.case_page}2.1/")
    save = {"id": str(uuid4()), "question": "2.1.1", "value": "YES", "note": "", "base_version": 0}
    with statements() as run:
        response = client.post(
            f"{scene.case_page}saves/", {"saves": [save]}, content_type="application/json"
        )
    assert response.json()["results"][0]["outcome"] == "saved", response.json()
    # The session, the account, the questions of the case, and the save.
    assert not [one for one in run if "caseread" in one or "signinrecord" in one]
    assert len([one for one in run if "SAVEPOINT" not in one]) == 4, run
    assert len(reads()) == 1


def test_reading_costs_one_statement(scene: Scene) -> None:
    client = signed_in(scene.lead)
    for _ in range(2):
        with statements() as run:
            client.get(scene.case_page)
        assert len([one for one in run if "caseread" in one]) == 1


def test_the_lead_sees_on_the_history_of_a_case_who_read_it(scene: Scene) -> None:
    read(scene.panel, scene.case_page)
    page = read(scene.lead, f"{scene.case_page}history/", {"part": "reads"})
    assert re.search(f"{scene.panel} The case", page)
    deputy = builder.member(scene.inspection, Role.DEPUTY_LEAD)
    assert str(scene.panel) in read(deputy, f"{scene.case_page}history/", {"part": "reads"})


@pytest.mark.parametrize("who", ["inspector", "panel"])
def test_others_do_not_see_who_read_it(scene: Scene, who: str) -> None:
    read(scene.colleague, scene.case_page)
    page = read(getattr(scene, who), f"{scene.case_page}history/", {"part": "reads"})
    assert "Who read the case" not in page
    assert str(scene.colleague) not in page


def test_the_page_of_who_read_it_takes_the_same_few_queries(scene: Scene) -> None:
    client = signed_in(scene.lead)
    counts = set()
    for _ in range(2):
        for person in (builder.inspector(scene.inspection) for _ in range(5)):
            read(person, scene.case_page)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{scene.case_page}history/", {"part": "reads"})
        counts.add(len(asked))
    assert len(counts) == 1


def test_a_page_whose_reading_cannot_be_recorded_is_not_shown(scene: Scene) -> None:
    client = signed_in(scene.lead)
    client.raise_request_exception = False
    assert client.get(scene.case_page).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_caseread ADD CONSTRAINT no CHECK (false) NOT VALID")
    page = signed_in(scene.lead)
    page.raise_request_exception = False
    with transaction.atomic():
        response: Any = page.get(f"{scene.case_page}2.1/")
        transaction.set_rollback(True)
    assert response.status_code == 500
    assert scene.case.reference not in response.content.decode()


def test_numbers_are_of_the_scene(scene: Scene) -> None:
    scenes.move_to(scene.inspection, Inspection.State.REVIEW)
    read(scene.inspector, scene.case_page)
    [one] = CaseRead.objects.all()
    assert (one.case_id, one.inspection_id) == (scene.case.pk, scene.inspection.pk)
