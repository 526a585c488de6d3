"""Administrators search and export who did, read and changed what, and see nothing written."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import CaseRead
from config.demonstration import builder
from config.site.history import views
from config.site.history.search import Asked, Place, search, statement_of
from config.site.history.sources import What, recorded
from inspections.models import HistoryExport, SignInRecord, User
from ratings.results.tables import event_tables
from tests.integration.access.everything import everything
from tests.integration.access.test_reads import COMMENT, NOTE, with_texts
from tests.pages import read, signed_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

ALL = 100_000


@pytest.fixture
def alex(db: None) -> User:
    return builder.user("Alex Administrator", is_staff=True)


def read_at(
    scene: Scene, minutes_ago: float, reader: User | None = None, page: str = "case"
) -> None:
    """A case was read then."""
    at = timezone.now() - timedelta(minutes=minutes_ago)
    CaseRead.objects.create(
        reader=reader or scene.inspector,
        case_id=scene.case.pk,
        inspection_id=scene.inspection.pk,
        page=page,
        read_at=at,
        quarter=at,
    )


def found_by(alex: User, **asked: Any) -> str:
    return read(alex, "/history/", asked)


def exported(alex: User, **asked: Any) -> list[list[str]]:
    response = signed_in(alex).get("/history/export/", asked)
    assert response.status_code == 200
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.reader(text.splitlines()))


def test_it_is_for_administrators_alone(scene: Scene) -> None:
    for address in ("/history/", "/history/export/"):
        for person in (scene.lead, scene.inspector, scene.panel):
            assert "Only administrators search" in read(person, address, expect=403)
    assert not HistoryExport.objects.exists()


def test_every_history_and_every_table_that_is_only_added_to_is_searched() -> None:
    tables = {source.table for source in recorded().values()}
    assert set(event_tables()) < tables
    assert {
        "cases_answersave",
        "cases_detailsave",
        "cases_comment",
        "cases_commentreply",
        "cases_caseread",
        "inspections_historyexport",
        "inspections_signinrecord",
        "ratings_reopening",
        "ratings_sealagreement",
        "ratings_sealedresult",
    } < tables


def test_it_shows_all_kinds_with_who_and_which_record(alex: User) -> None:
    own = everything()
    own.submit()
    own.seal()
    case = own.made.inspection.cases.get(pk=own.ids["case_id"])
    read(own.made.lead, case.get_absolute_url())
    found = search(Asked(), most=ALL).entries
    whats = {entry.what for entry in found}
    assert {
        "Save of an answer",
        "Case changed",
        "Comment",
        "Seal",
        "Confirmation of the result",
        "Read: the case",
        "Signed in",
        "Evidence added",
    } <= whats
    [was_read] = [entry for entry in found if entry.what == "Read: the case"]
    assert (was_read.who, was_read.inspection, was_read.case) == (
        str(own.made.lead),
        str(own.inspection.service),
        case.reference,
    )
    of_parents = [entry for entry in found if entry.what == "Evidence use added"]
    assert {entry.inspection_id for entry in of_parents} <= {own.inspection.pk}
    page = found_by(alex)
    assert "Read: the case" in page and str(own.made.lead) in page


def test_an_administrator_sees_nothing_that_was_written(alex: User) -> None:
    own = with_texts()
    scope = {"inspection": own.inspection.pk}
    rows = exported(alex, **scope)
    assert len(rows) > 50
    shown = found_by(alex, **scope) + str(rows) + str(search(Asked(), most=ALL))
    case = own.inspection.cases.get(pk=own.ids["case_id"])
    texts = {NOTE, COMMENT, "Why?", own.made.inspection.evidence.get().title}
    texts |= {note for note in case.answers.values_list("note", flat=True) if note}
    assert not [text for text in texts if text in shown]


def test_the_latest_is_first(scene: Scene, alex: User) -> None:
    read_at(scene, 60)
    read_at(scene, 5, scene.lead)
    found = search(Asked(what=What.READS), most=ALL).entries
    assert [entry.who for entry in found] == [str(scene.lead), str(scene.inspector)]


# --- Each filter


def test_it_is_searched_by_the_name_or_the_address_of_whoever_did_it(
    scene: Scene, alex: User
) -> None:
    read_at(scene, 5, scene.lead)
    read_at(scene, 5, scene.colleague)
    for typed in (scene.colleague.email.upper(), "grace", "  Grace  Inspector "):
        page = found_by(alex, person=typed, what=What.READS)
        assert str(scene.colleague) in page
        assert f"{scene.lead} Read" not in page


def test_changes_are_found_by_who_made_them(scene: Scene, alex: User) -> None:
    builder.answers(scene.case, scene.inspector, **{"2.1.1": "YES"})
    asked = Asked(people=[scene.inspector.pk])
    whats = [entry.what for entry in search(asked, most=ALL).entries]
    assert {"Save of an answer", "Case changed"} <= set(whats)
    assert {entry.who for entry in search(asked, most=ALL).entries} == {str(scene.inspector)}


def test_it_is_searched_by_inspection(scene: Scene, alex: User) -> None:
    other = everything()
    read_at(scene, 5)
    asked = Asked(inspection=scene.inspection.pk)
    found = search(asked, most=ALL).entries
    assert {entry.inspection_id for entry in found} == {scene.inspection.pk}
    others = search(Asked(inspection=other.inspection.pk), most=ALL).entries
    assert {entry.inspection_id for entry in others} == {other.inspection.pk}
    assert len(found) + len(others) <= len(search(Asked(), most=ALL).entries)


def test_it_is_searched_by_the_reference_of_a_case(scene: Scene, alex: User) -> None:
    for case in (scene.case, scene.second_case):
        builder.answers(case, scene.inspector, **{"2.1.1": "YES"})
    read_at(scene, 5)
    rows = exported(alex, case="c-001")
    assert len(rows) > 3
    assert {row[5] for row in rows[1:]} == {"C-001"}


def test_it_is_searched_by_day(scene: Scene, alex: User) -> None:
    read_at(scene, 3 * 24 * 60)
    day = timezone.localtime(CaseRead.objects.get().read_at)
    for typed in (f"{day:%d/%m/%Y}", f"{day:%-d %B %Y}", f"{day:%Y-%m-%d}"):
        rows = exported(alex, since=typed, until=typed)
        assert [row[2] for row in rows[1:]] == ["Read: the case"], typed
    assert len(exported(alex, until=f"{day - timedelta(days=1):%d/%m/%Y}")) == 1


@pytest.mark.parametrize("what", What)
def test_it_is_searched_by_kind(what: What, alex: User) -> None:
    own = everything()
    own.submit()
    own.seal()
    read(own.made.lead, own.inspection.cases.all()[0].get_absolute_url())
    exported(alex)
    of_kind = [one.called.values() for one in recorded().values() if one.what == what]
    found = search(Asked(what=what), most=ALL).entries
    assert found
    assert {entry.what.partition(": ")[0] for entry in found} <= {
        words.partition(": ")[0] for called in of_kind for words in called
    }


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({"person": "Nobody Known"}, "person", "No account has this name or email address."),
        ({"case": "X-999"}, "case", "No case has this reference."),
        ({"since": "31/2/2026"}, "since", "Enter a real date, such as 14/3/2026."),
        ({"since": "1/1/0001"}, "since", "Enter a real date, such as 14/3/2026."),
        (
            {"since": "2/3/2026", "until": "1/3/2026"},
            "until",
            "Enter a date that is not before the first one.",
        ),
        ({"inspection": "999999"}, "inspection", "Choose one of the inspections."),
        ({"what": "SECRETS"}, "what", "Choose one of these."),
    ],
)
def test_what_cannot_be_searched_for_is_said_beside_its_field_and_the_rest_stays(
    alex: User, asked: dict[str, str], field: str, words: str
) -> None:
    page = signed_in(alex).get("/history/", {"person": alex.email} | asked).content.decode()
    assert f'href="#id_{field}"' in page
    assert f'id="id_{field}_error"' in page
    assert words in page
    for value in asked.values():
        assert value in page or field in ("inspection", "what")
    assert "<table" not in page
    assert signed_in(alex).get("/history/export/", asked).status_code == 400


def test_many_people_of_one_name_are_asked_for_more(alex: User) -> None:
    for _ in range(21):
        builder.user("Sam Same")
    assert "More than 20 people are called this." in found_by(alex, person="same")


def test_nothing_found_says_so(scene: Scene, alex: User) -> None:
    assert "Nothing like this is recorded." in found_by(alex, until="1/1/1990")


# --- Pages


def test_each_entry_is_on_one_page_also_where_many_are_of_the_same_moment(scene: Scene) -> None:
    own = everything()
    moment = timezone.now()
    for number in range(7):
        SignInRecord.objects.create(kind="SIGNED_IN", user=own.made.lead, recorded_at=moment)
        CaseRead.objects.create(
            reader=own.made.lead,
            case_id=number,
            inspection_id=own.inspection.pk,
            page="case",
            read_at=moment,
            quarter=moment,
        )
    whole = search(Asked(), most=ALL).entries
    for size in (3, 20):
        parts, after = [], None
        while True:
            found = search(Asked(), after, most=size)
            parts += found.entries
            if found.further is None:
                break
            after = Place.read(str(found.further))
            assert after == found.further
        assert parts == whole


def test_pages_keep_what_was_searched_for(
    scene: Scene, alex: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "A_PAGE", 2)
    for number in range(5):
        read_at(scene, number, page=f"p{number}")
    page = signed_in(alex).get("/history/", {"what": "READS", "person": scene.inspector.email})
    further = page.context["further"]
    assert "what=READS" in further and "person=" in further
    second = signed_in(alex).get(f"/history/?{further}")
    assert len(second.context["entries"]) == 2
    assert second.context["is_later_page"]


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "~~~",
        "x~cases_caseread~1",
        "2026-01-01T00:00:00~cases_caseread~1",
        "2026-01-01T00:00:00+00:00~nowhere~1",
        "2026-01-01T00:00:00+00:00~cases_caseread~1'--",
    ],
)
def test_a_place_that_no_page_names_leads_to_the_latest(alex: User, after: str) -> None:
    page = signed_in(alex).get("/history/", {"after": after})
    assert page.status_code == 200
    assert not page.context["is_later_page"]


def test_a_page_takes_a_fixed_number_of_queries(scene: Scene, alex: User) -> None:
    client = signed_in(alex)
    asked = {"person": scene.inspector.email, "inspection": scene.inspection.pk, "case": "C-001"}
    filters_of: list[dict[str, Any]] = [{}, asked]
    counts: dict[int, set[int]] = {0: set(), 1: set()}
    for number in range(3):
        read_at(scene, number)
        builder.case(scene.inspection, to=scene.colleague)
        for which, filters in enumerate(filters_of):
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/history/", filters).status_code == 200
            counts[which].add(len(queries))
    assert [len(found) for found in counts.values()] == [1, 1]
    assert max(counts[1]) <= 12


def test_nothing_is_counted_and_each_table_is_read_by_an_index_on_its_time() -> None:
    statement, values = statement_of(Asked(), None, 51)
    assert "count(" not in statement.lower()
    with connection.cursor() as cursor:
        # Tables of tests are small: PostgreSQL would read them whole.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {statement}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    others = ("cases_answersave", "cases_detailsave", "cases_caseread", "inspections_signinrecord")
    for table in (*event_tables(), *others):
        assert re.search(rf"Backward using \w+_when on {table}\b", plan), (table, plan)


# --- Export


def test_an_export_is_recorded_with_what_was_searched_for(scene: Scene, alex: User) -> None:
    read_at(scene, 5)
    rows = exported(alex, what="READS", person=scene.inspector.email)
    assert rows[0][:3] == ["When", "Who", "What"]
    assert [row[1] for row in rows[1:]] == [str(scene.inspector)]
    [export] = HistoryExport.objects.all()
    assert export.exported_by == alex
    assert export.asked == {"what": "READS", "person": scene.inspector.email}
    assert "Exported this record" in found_by(alex, what="EXPORTS")


def test_an_export_has_all_that_is_found_in_parts(
    scene: Scene, alex: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "A_PART", 2)
    for number in range(5):
        read_at(scene, number, page=f"p{number}")
    assert len(exported(alex, what="READS")) == 1 + 5


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " ="])
def test_no_cell_begins_a_formula(scene: Scene, alex: User, start: str) -> None:
    builder.case(scene.inspection, reference=f"{start}1+1")
    cells = [cell for row in exported(alex, inspection=scene.inspection.pk) for cell in row]
    assert not [cell for cell in cells if cell.strip().startswith(("=", "+", "-", "@"))]


def test_what_is_recorded_cannot_be_changed_by_anybody() -> None:
    SignInRecord.objects.create(kind="SIGNED_OUT")
    for statement in (
        "UPDATE inspections_signinrecord SET kind = 'SIGNED_IN'",
        "DELETE FROM inspections_signinrecord",
        "TRUNCATE inspections_signinrecord",
    ):
        with pytest.raises(Exception, match=r"for ever|can't be emptied"):
            with connection.cursor() as cursor:
                cursor.execute("SAVEPOINT before")
                try:
                    cursor.execute(statement)
                finally:
                    cursor.execute("ROLLBACK TO SAVEPOINT before")
