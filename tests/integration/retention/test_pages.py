"""Recording a publication, changing the months, and what pages say after a purge."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cases.models import Case, CaseRead
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.models import User
from ratings.models import Publication, RetentionPeriod, months_after
from ratings.results.document import digest
from ratings.results.retention.actions import purge, set_months
from ratings.results.retention.standing import standing_of
from tests.every_address import every_address
from tests.integration.access.everything import Everything, everything
from tests.integration.access.test_every_role import values_of
from tests.integration.results.test_database_holds_the_seal import check_deferred
from tests.integration.retention.scenes import due_on
from tests.pages import signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Everything:
    """Sealed."""
    own = everything()
    own.submit()
    own.seal()
    return own


@pytest.fixture
def administrator() -> User:
    return builder.user("Alex Administrator", is_staff=True)


def in_boxes(day: date) -> dict[str, Any]:
    return {
        "published_date_0": day.day,
        "published_date_1": day.month,
        "published_date_2": day.year,
    }


def test_months_after_a_day_are_counted_as_postgresql_does() -> None:
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert months_after(date(2026, 12, 15), 12) == date(2027, 12, 15)
    assert months_after(date(2026, 11, 30), 1) == date(2026, 12, 30)


def test_lead_deputy_and_publisher_record_when_the_result_was_published(own: Everything) -> None:
    address, today = f"{own.made.home}retention/publication/", timezone.localdate()
    for role in ("LEAD_INSPECTOR", "DEPUTY_LEAD", "PUBLISHER"):
        sent = signed_in(own.people[role]).post(address, in_boxes(today))
        assert sent.status_code == 302
    assert Publication.objects.count() == 3
    page = signed_in(own.made.lead).get(f"{own.made.home}retention/")
    due = months_after(today, 12)
    assert f"From {due.day} {due:%B %Y}" in words(page.text)
    assert "12 months after publication" in words(page.text)


def test_a_result_is_not_published_before_its_seal_nor_in_the_future(own: Everything) -> None:
    address, today = f"{own.made.home}retention/publication/", timezone.localdate()
    lead = signed_in(own.made.lead)
    before = lead.post(address, in_boxes(today - timedelta(days=1)))
    assert "The result was sealed on" in before.text
    later = lead.post(address, in_boxes(today + timedelta(days=1)))
    assert "Enter a date that is today or in the past." in later.text
    assert not Publication.objects.exists()


def test_an_administrator_changes_the_months_with_a_reason(
    own: Everything, administrator: User
) -> None:
    address = f"{own.made.home}retention/months/"
    client = signed_in(administrator)
    assert "Enter why it is kept for so long" in client.post(address, {"months": 24}).text
    assert "from 3 to 240" in client.post(address, {"months": 2, "reason": "Soon."}).text
    assert client.post(address, {"months": 24, "reason": "A court’s order."}).status_code == 302
    made = RetentionPeriod.objects.get()
    assert (made.months, made.changed_by) == (24, administrator)
    assert standing_of(own.made.fresh()).months == 24
    with pytest.raises(Refused, match="Only administrators"):
        set_months(inspection=own.inspection, months=3, reason="Mine.", by=own.made.lead)
    assert "A court’s order." in client.get(f"{own.made.home}retention/").text


def test_a_later_default_moves_nothing_that_was_published(own: Everything, settings: Any) -> None:
    today = timezone.localdate()
    signed_in(own.made.lead).post(f"{own.made.home}retention/publication/", in_boxes(today))
    settings.CASE_CONTENT_MONTHS = 3
    assert standing_of(own.made.fresh()).months == 12


@pytest.fixture
def purged(own: Everything) -> Everything:
    due_on(own.inspection, timezone.localdate())
    purge(inspection=own.inspection, called="a test")
    check_deferred()
    return own


STAYS = (
    "site:home",
    "site:inspection-history",
    "ratings:seal",
    "ratings:retention",
    "ratings:export",
    "inspections:",
)


def test_pages_of_what_was_removed_say_so_in_words(purged: Everything) -> None:
    lead = signed_in(purged.made.lead)
    gone = []
    for address in every_address():
        if "inspection_id" not in address.takes or address.name.startswith("site:device"):
            continue
        path = address.filled(values_of(address, purged.ids))
        for method in ("get", "post"):
            response = getattr(lead, method)(path)
            if response.streaming:
                list(response.streaming_content)
            assert response.status_code < 500, path
            if response.status_code == 410:
                assert "Case content was removed" in response.text
                assert not address.name.startswith(STAYS)
                gone.append(address.name)
            elif method == "get" and not address.name.startswith(STAYS):
                # Addresses that only take forms lead to the page above.
                assert response.status_code in (302, 403, 404, 405), path
    assert {
        "cases:cases",
        "cases:case",
        "ratings:evidence",
        "ratings:judgements",
        "ratings:ratings",
        "ratings:panel",
    } <= set(gone)


def test_what_stays_is_shown_to_everybody_who_saw_it(
    purged: Everything, administrator: User
) -> None:
    home = purged.made.home
    lead = signed_in(purged.made.lead)
    seal = lead.get(f"{home}seal/")
    assert seal.status_code == 200
    assert "Case content was removed on" in words(seal.text)
    assert "gives other figures" not in seal.text
    assert lead.get(f"{home}seal/1/file/").status_code == 200
    for role, person in purged.people.items():
        client = signed_in(person)
        assert client.get(home).status_code == 200, role
        assert client.get("/").status_code in (200, 302)
        assert client.get("/panel/").status_code in (200, 403)
        assert client.get(f"{home}retention/certificate/").status_code == 200, role
    assert signed_in(administrator).get(f"{home}retention/certificate/").status_code == 200
    meeting = signed_in(purged.made.chair).get(f"/panel/{purged.ids['meeting_id']}/")
    assert meeting.status_code == 200
    assert signed_in(purged.made.chair).get(f"{home}seal/reopen/").status_code == 403


def test_the_certificate_has_a_page_and_a_file(purged: Everything) -> None:
    lead, home = signed_in(purged.made.lead), purged.made.home
    certificate = purged.made.fresh().certificate
    assert certificate is not None
    page = words(lead.get(f"{home}retention/certificate/").text)
    assert f"Answers {certificate.rows['cases_answer']}" in page
    assert "a test, connected to the database as" in page
    assert certificate.head_sha256 in page
    file = json.loads(lead.get(f"{home}retention/certificate/file/").content)
    assert file["sha256"] == digest(file["document"])
    assert file["document"]["rows"] == certificate.rows
    assert file["document"]["head_after"]["entries"] == certificate.head_number + 1


def test_there_is_no_certificate_before(own: Everything) -> None:
    page = signed_in(own.made.lead).get(f"{own.made.home}retention/certificate/")
    assert page.status_code == 404


def test_the_record_still_says_who_read_what_was_removed(
    own: Everything, administrator: User
) -> None:
    case, inspector = Case.objects.get(pk=own.ids["case_id"]), own.made.inspector
    now = timezone.now()
    CaseRead.objects.create(
        reader=inspector,
        case_id=case.pk,
        inspection_id=own.inspection.pk,
        page="case",
        read_at=now,
        quarter=now,
    )
    due_on(own.inspection, timezone.localdate())
    purge(inspection=own.inspection, called="a test")
    reads = signed_in(administrator).get("/history/", {"what": "READS"}).content.decode()
    assert inspector.name in reads
    assert f"Case {case.pk}, removed since" in reads
    assert case.reference not in reads
    results = signed_in(administrator).get("/history/", {"what": "RESULTS"}).content.decode()
    assert "Publication" in results
    others = (
        signed_in(administrator)
        .get("/history/", {"inspection": own.inspection.pk})
        .content.decode()
    )
    assert "Deletion certificate" in others
