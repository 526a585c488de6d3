"""Loading lists: what is stored, what counts, and cases that several lists have."""

from __future__ import annotations

import hmac
from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from cases.caseload.eligibility import Exclusion
from cases.caseload.models.lists import hash_of_child
from cases.models import CaseList, LeadChoice, ListedCase
from cases.sampling.actions import (
    AlreadySampled,
    AlreadyTaken,
    DrawnSince,
    NewCase,
    NothingToTake,
    add_case,
    choose_case,
    discard_list,
    take_list,
    withdraw_list,
)
from cases.sampling.actions.lists import known_before
from cases.sampling.eligible import load_caseload
from inspections.access.permissions import Refused
from inspections.framework import Group
from inspections.versions import Conflict
from tests import scenes as every
from tests.integration.sampling import scenes
from tests.integration.sampling.scenes import row, rows
from tests.scenes import Scene


@pytest.fixture
def scene(db: None) -> Scene:
    return scenes.preparation()


def eligible(scene: Scene, group: Group = Group.COURT) -> set[str]:
    return {one.reference for one in load_caseload(scene.fresh()).eligible(group)}


def why(scene: Scene, reference: str, group: Group = Group.COURT) -> str:
    [found] = [
        one for one in load_caseload(scene.fresh()).listed(group) if one.case.reference == reference
    ]
    return found.why


def test_a_list_counts_once_it_is_taken(scene: Scene) -> None:
    stored = scenes.store(scene, rows(3))
    assert eligible(scene) == set()
    taken = take_list(case_list=stored, leaves_out=False, replaces_earlier=True, by=scene.lead)
    assert (taken.taken_by, taken.rows.count()) == (scene.lead, 3)
    assert eligible(scene) == {"YJ/C001", "YJ/C002", "YJ/C003"}
    [first] = ListedCase.objects.filter(reference="YJ/C001")
    assert (first.disposal_type, first.gender, first.serious_harm_level) == (
        "YOUTH_REHABILITATION_ORDER",
        "MALE",
        "MEDIUM",
    )


def test_rows_with_problems_are_left_out_only_knowingly(scene: Scene) -> None:
    stored = scenes.store(scene, [*rows(2), row(3, disposal_date="30/02/2026")])
    assert [problem["row"] for problem in stored.problems] == [4]
    with pytest.raises(NothingToTake, match="Say that the rows with problems are left out"):
        take_list(case_list=stored, leaves_out=False, replaces_earlier=True, by=scene.lead)
    assert eligible(scene) == set()
    take_list(case_list=stored, leaves_out=True, replaces_earlier=True, by=scene.lead)
    assert eligible(scene) == {"YJ/C001", "YJ/C002"}


def test_a_list_without_a_valid_row_can_not_be_taken(scene: Scene) -> None:
    stored = scenes.store(scene, [row(1, disposal_date="30/02/2026")])
    with pytest.raises(NothingToTake, match="No row of this list is valid"):
        take_list(case_list=stored, leaves_out=True, replaces_earlier=True, by=scene.lead)


def test_a_discarded_list_leaves_nothing(scene: Scene) -> None:
    discard_list(case_list=scenes.store(scene, rows(3)), by=scene.lead)
    assert not CaseList.objects.exists()
    assert not ListedCase.objects.exists()


def test_a_taken_list_and_its_rows_stay_as_they_are(scene: Scene) -> None:
    taken = scenes.take(scene, rows(2))
    with pytest.raises(Conflict):
        discard_list(case_list=taken, by=scene.lead)
    with pytest.raises(Conflict):
        take_list(case_list=taken, leaves_out=True, replaces_earlier=True, by=scene.lead)
    for write in (
        lambda: ListedCase.objects.update(gender="FEMALE"),
        lambda: ListedCase.objects.all().delete(),
        lambda: CaseList.objects.update(rows_read=9),
        lambda: CaseList.objects.all().delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            write()


def test_a_file_that_was_taken_is_recognised_and_one_that_waits_is_read_anew(scene: Scene) -> None:
    first = scenes.store(scene, rows(2), "a" * 64)
    again = scenes.store(scene, rows(2), "a" * 64)
    assert list(CaseList.objects.values_list("pk", flat=True)) == [again.pk] != [first.pk]
    take_list(case_list=again, leaves_out=False, replaces_earlier=True, by=scene.lead)
    with pytest.raises(AlreadyTaken) as raised:
        scenes.store(scene, rows(2), "a" * 64)
    assert raised.value.case_list == again


def test_a_child_reference_is_stored_only_as_a_hash_under_a_key_of_the_inspection(
    scene: Scene,
) -> None:
    secret = "CHILD-0047"
    scenes.take(scene, [row(1, child_reference=secret), row(2, child_reference="X" * 41)])
    [stored] = ListedCase.objects.filter(reference="YJ/C001")
    assert len(stored.child_hash) == 64
    assert stored.child_hash == hash_of_child(scene.inspection.pk, secret)
    assert stored.child_hash != hash_of_child(scene.inspection.pk + 1, secret)
    assert stored.child_hash not in {
        sha256(secret.encode()).hexdigest(),
        hmac.new(b"", secret.encode(), sha256).hexdigest(),
    }
    with connection.cursor() as cursor:
        for table in ("cases_listedcase", "cases_caselist", "cases_caselistevent"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            everything = str(cursor.fetchall())
            assert secret not in everything
            assert "X" * 40 not in everything


def test_a_case_that_an_earlier_list_has_is_updated_or_left_as_the_lead_says(scene: Scene) -> None:
    scenes.take(scene, rows(2))
    left = scenes.take(scene, [row(1, gender="F"), row(3)], replaces_earlier=False)
    assert left.rows_left == 1
    current = ListedCase.objects.current(scene.inspection)
    assert current.get(reference="YJ/C001").gender == "MALE"
    assert eligible(scene) == {"YJ/C001", "YJ/C002", "YJ/C003"}
    updated = scenes.take(scene, [row(1, gender="F")], replaces_earlier=True)
    assert updated.rows_left == 0
    assert current.all().get(reference="YJ/C001").gender == "FEMALE"
    assert current.all().count() == 3


def test_the_earliest_case_of_a_child_is_kept_unless_the_lead_chooses_another(scene: Scene) -> None:
    early, late = date(2025, 9, 10).isoformat(), date(2025, 11, 10).isoformat()
    scenes.take(scene, [row(1, child_reference="K1", disposal_date=late)])
    scenes.take(scene, [row(2, child_reference="K1", disposal_date=early)])
    assert eligible(scene) == {"YJ/C002"}
    assert why(scene, "YJ/C001") == "Another case of the same child is kept: YJ/C002"
    one, other = (
        ListedCase.objects.get(reference="YJ/C001"),
        ListedCase.objects.get(reference="YJ/C002"),
    )
    keep(scene, one)
    assert eligible(scene) == {"YJ/C001"}
    # The last choice counts, and the one before it is withdrawn.
    keep(scene, other)
    assert eligible(scene) == {"YJ/C002"}


def keep(scene: Scene, case: ListedCase, kind: LeadChoice.Kind = LeadChoice.Kind.KEPT) -> None:
    choose_case(
        inspection=scene.inspection, case=case, kind=kind, reason="It is open.", by=scene.lead
    )


def test_the_lead_leaves_a_case_out_and_takes_that_back(scene: Scene) -> None:
    scenes.take(scene, rows(2))
    case = ListedCase.objects.get(reference="YJ/C001")
    keep(scene, case, LeadChoice.Kind.LEFT_OUT)
    assert eligible(scene) == {"YJ/C002"}
    assert why(scene, "YJ/C001") == "Left out by the lead inspector: It is open."
    keep(scene, case, LeadChoice.Kind.WITHDRAWN)
    assert eligible(scene) == {"YJ/C001", "YJ/C002"}
    assert LeadChoice.objects.count() == 2


def test_a_sensitive_case_is_taken_in_where_the_lead_says_why(scene: Scene) -> None:
    scenes.take(scene, [row(1, sensitive="Yes")])
    assert why(scene, "YJ/C001") == "Sensitive"
    keep(scene, ListedCase.objects.get())
    assert eligible(scene) == {"YJ/C001"}


def test_the_windows_of_the_announcement_count_before_the_default_ones(scene: Scene) -> None:
    scenes.take(scene, rows(2))
    scene.inspection.windows.create(
        group="COURT", start_date=date(2026, 1, 1), end_date=date(2026, 1, 31)
    )
    assert eligible(scene) == set()
    assert why(scene, "YJ/C001") == "Out of the window"


@pytest.mark.parametrize("state", ["ANNOUNCED", "FIELDWORK", "REVIEW", "PANEL"])
def test_lists_are_loaded_only_in_preparation(scene: Scene, state: str) -> None:
    waiting = scenes.store(scene, rows(1))
    every.move_to(scene.inspection, state)
    scene.inspection = scene.fresh()
    for write in (
        lambda: scenes.store(scene, rows(2)),
        lambda: take_list(case_list=waiting, leaves_out=True, replaces_earlier=True, by=scene.lead),
        lambda: discard_list(case_list=waiting, by=scene.lead),
    ):
        with pytest.raises(Refused):
            write()


def test_only_the_lead_loads_a_list(scene: Scene) -> None:
    waiting = scenes.store(scene, rows(1))
    for person in (scene.inspector, scene.panel):
        with pytest.raises(Refused, match="Only the lead inspector"):
            take_list(case_list=waiting, leaves_out=True, replaces_earlier=True, by=person)
        with pytest.raises(Refused, match="Only the lead inspector"):
            discard_list(case_list=waiting, by=person)


def test_a_case_and_a_child_are_the_same_whatever_the_case_of_their_references(
    scene: Scene,
) -> None:
    earlier, later = (scenes.IN_WINDOW["Court"] + timedelta(days=one) for one in (1, 9))
    scenes.take(scene, [row(1, child_reference="K/1", disposal_date=earlier)])
    stored = scenes.store(
        scene,
        [
            row(1, case_reference="yj/c001", child_reference="k/1", disposal_date=earlier),
            row(2, child_reference="k/1", disposal_date=later),
        ],
    )
    assert [one.reference for one in known_before(stored)] == ["YJ/C001"]
    take_list(case_list=stored, leaves_out=False, replaces_earlier=True, by=scene.lead)
    caseload = load_caseload(scene.fresh())
    assert [one.reference for one in caseload.eligible(Group.COURT)] == ["YJ/C001"]
    assert caseload.left_out(Group.COURT) == {Exclusion.DUPLICATE: 1}


def test_a_case_added_by_hand_is_known_whatever_the_case_of_its_reference(scene: Scene) -> None:
    scenes.take(scene, rows(1))
    scenes.draw(scene, rule="all/2021")
    new = NewCase("yj/c001")
    with pytest.raises(AlreadySampled):
        add_case(
            inspection=scene.inspection, group=Group.COURT, new=new, reason="Why.", by=scene.lead
        )


# --- A list that was read wrongly


def test_a_list_that_was_read_wrongly_is_withdrawn_and_the_file_loaded_again(scene: Scene) -> None:
    stored = scenes.store(scene, rows(3), sha256="a" * 64)
    taken = take_list(case_list=stored, leaves_out=False, replaces_earlier=True, by=scene.lead)
    assert withdraw_list(case_list=taken, by=scene.lead).withdrawn_by == scene.lead
    assert eligible(scene) == set()
    again = scenes.store(scene, [row(1, case_reference="YJ/X001")], sha256="a" * 64)
    assert known_before(again).count() == 0
    take_list(case_list=again, leaves_out=False, replaces_earlier=True, by=scene.lead)
    assert eligible(scene) == {"YJ/X001"}
    # Its rows stay, to look up what was taken.
    assert taken.rows.count() == 3
    with pytest.raises(AlreadyTaken):
        scenes.store(scene, rows(1), sha256="a" * 64)


def test_what_an_earlier_list_says_counts_again_once_a_later_one_is_withdrawn(scene: Scene) -> None:
    scenes.take(scene, [row(1, gender="F")])
    later = scenes.take(scene, [row(1, gender="M")])
    withdraw_list(case_list=later, by=scene.lead)
    [case] = load_caseload(scene.fresh()).eligible(Group.COURT)
    assert case.gender == "FEMALE"


def test_a_list_that_was_drawn_from_is_not_withdrawn(scene: Scene) -> None:
    taken = scenes.take(scene, rows(12))
    scenes.draw(scene)
    with pytest.raises(DrawnSince):
        withdraw_list(case_list=taken, by=scene.lead)
    for write in ({"withdrawn_at": timezone.now(), "withdrawn_by": scene.lead},):
        with pytest.raises(Error, match="drawn since"), transaction.atomic():
            CaseList.objects.filter(pk=taken.pk).update(**write)
    assert len(eligible(scene)) == 12


def test_a_list_is_withdrawn_once_by_its_lead_after_it_was_taken(scene: Scene) -> None:
    stored = scenes.store(scene, rows(2))
    with pytest.raises(Conflict):
        withdraw_list(case_list=stored, by=scene.lead)
    taken = take_list(case_list=stored, leaves_out=False, replaces_earlier=True, by=scene.lead)
    with pytest.raises(Refused):
        withdraw_list(case_list=taken, by=scene.inspector)
    withdraw_list(case_list=taken, by=scene.lead)
    with pytest.raises(Conflict):
        withdraw_list(case_list=taken, by=scene.lead)
    now = timezone.now()
    for write in (
        {"withdrawn_at": None, "withdrawn_by": None},
        {"withdrawn_at": now, "withdrawn_by": scene.lead},
        {"rows_read": 9},
    ):
        with pytest.raises(Error), transaction.atomic():
            CaseList.objects.filter(pk=taken.pk).update(**write)
    with pytest.raises(Error), transaction.atomic():
        CaseList.objects.filter(pk=taken.pk).delete()
