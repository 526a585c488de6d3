"""A save of a detail is accepted unless that detail was saved after its base; all are kept."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import connection

from cases.actions import DetailChange, Outcome, SaveReused, record_details
from cases.models import Case, DetailSave
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.history import events_of
from inspections.models import Inspection
from tests.integration.recording.test_record_answers import (
    wait_until_somebody_waits_for_a_lock,
)
from tests.scenes import Scene, team


def record(scene: Scene, *saves: DetailChange) -> list[tuple[Outcome, int | None, Any]]:
    results = record_details(case_id=scene.case.pk, saves=saves, by=scene.inspector)
    return [(one.outcome, one.version, one.current.value) for one in results]


def test_each_save_makes_a_version_of_the_case(scene: Scene) -> None:
    saves = [DetailChange("age", 15, 0), DetailChange("disposal_date", date(2021, 3, 14), 0)]
    assert record(scene, *saves) == [
        (Outcome.SAVED, 1, 15),
        (Outcome.SAVED, 2, date(2021, 3, 14)),
    ]
    scene.case.refresh_from_db()
    assert (scene.case.version, scene.case.state) == (2, Case.State.IN_PROGRESS)
    kept = DetailSave.objects.order_by("version").values_list("field", "value", "base_version")
    assert list(kept) == [("age", 15, 0), ("disposal_date", "2021-03-14", 0)]


def test_a_save_is_in_conflict_only_with_a_later_save_of_the_same_detail(scene: Scene) -> None:
    record(scene, DetailChange("age", 15, 0), DetailChange("offence_type", "Theft", 0))
    assert record(scene, DetailChange("age", 16, 0)) == [(Outcome.CONFLICT, None, 15)]
    # The age is of version 1, whatever was saved besides.
    assert record(scene, DetailChange("age", 16, 1)) == [(Outcome.SAVED, 3, 16)]
    assert record(scene, DetailChange("gender", "MALE", 0)) == [(Outcome.SAVED, 4, "MALE")]
    lost = DetailSave.objects.get(version=None)
    assert (lost.value, lost.base_version, lost.same_as) == (16, 0, None)


@pytest.mark.parametrize("base", [0, 1, 2])
def test_a_save_of_what_stands_is_no_conflict_and_makes_no_version(scene: Scene, base: int) -> None:
    record(scene, DetailChange("age", 15, 0), DetailChange("gender", "MALE", 0))
    assert record(scene, DetailChange("age", 15, base)) == [(Outcome.SAVED, 1, 15)]
    scene.case.refresh_from_db()
    assert scene.case.version == 2
    assert DetailSave.objects.get(version=None).same_as == 1


def test_what_the_case_had_from_the_start_has_no_author(scene: Scene) -> None:
    Case.objects.update(age=15, version=1)
    assert record(scene, DetailChange("age", 15, 1)) == [(Outcome.SAVED, 1, 15)]
    assert record(scene, DetailChange("age", 16, 1)) == [(Outcome.SAVED, 2, 16)]


def test_a_repeated_save_is_recognised_whatever_came_after(scene: Scene) -> None:
    first = DetailChange("age", 15, 0)
    late = DetailChange("age", 17, 0)
    same = DetailChange("age", 15, 0)
    assert [one[:2] for one in record(scene, first, late, same)] == [
        (Outcome.SAVED, 1),
        (Outcome.CONFLICT, None),
        (Outcome.SAVED, 1),
    ]
    record(scene, DetailChange("age", 16, 1))
    assert record(scene, same, late, first) == [
        (Outcome.SAVED, 1, 16),
        (Outcome.CONFLICT, None, 16),
        (Outcome.SAVED, 1, 16),
    ]
    assert DetailSave.objects.count() == 4


def test_a_save_that_arrived_is_still_recognised_when_the_case_is_closed(scene: Scene) -> None:
    save = DetailChange("age", 15, 0)
    record(scene, save)
    Case.objects.update(state=Case.State.SUBMITTED)
    assert record(scene, save) == [(Outcome.SAVED, 1, 15)]
    with pytest.raises(Refused, match="submitted"):
        record(scene, save, DetailChange("age", 16, 1))


def test_an_id_is_used_for_one_save_only(scene: Scene) -> None:
    reused = uuid.uuid4()
    record(scene, DetailChange("age", 15, 0, id=reused))
    for other in (DetailChange("age", 16, 1, id=reused), DetailChange("gender", "", 1, id=reused)):
        with pytest.raises(SaveReused):
            record(scene, other)
    hers = builder.case(scene.inspection, to=scene.colleague)
    with pytest.raises(SaveReused):
        record_details(
            case_id=hers.pk, saves=[DetailChange("age", 15, 0, id=reused)], by=scene.colleague
        )


def test_saves_of_one_detail_in_one_call_follow_each_other(scene: Scene) -> None:
    saves = [DetailChange("age", 15, 0), DetailChange("age", 16, 1), DetailChange("age", 17, 1)]
    assert [one[:2] for one in record(scene, *saves)] == [
        (Outcome.SAVED, 1),
        (Outcome.SAVED, 2),
        (Outcome.CONFLICT, None),
    ]
    assert Case.objects.get(pk=scene.case.pk).age == 16


def test_a_conflict_alone_does_not_start_a_case_or_change_it(scene: Scene) -> None:
    record(scene, DetailChange("age", 15, 0))
    events = events_of(Case).count()
    record(scene, DetailChange("age", 16, 0))
    assert events_of(Case).count() == events


@pytest.mark.parametrize(
    ("case", "inspection", "words"),
    [
        ({"state": Case.State.SUBMITTED}, {}, "submitted"),
        ({"allocated_to": None}, {}, "nobody"),
        ({}, {"state": Inspection.State.REVIEW}, "Fieldwork has closed"),
    ],
)
def test_what_is_not_recordable_any_more_is_refused_in_words(
    scene: Scene, case: dict[str, Any], inspection: dict[str, Any], words: str
) -> None:
    assert scene.case
    if case:
        Case.objects.update(**case)
    if inspection:
        Inspection.objects.update(**inspection)
    with pytest.raises(Refused, match=words):
        record(scene, DetailChange("age", 15, 0))
    assert not DetailSave.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_no_detail_arrives_after_fieldwork_has_closed() -> None:
    scene = team()

    def save() -> str:
        try:
            record(scene, DetailChange("age", 15, 0))
        except Refused as error:
            return str(error)
        finally:
            connection.close()
        return "recorded"

    with psycopg.connect(**connection.get_connection_params()) as closing:
        key = [scene.inspection.pk]
        closing.execute("SELECT FROM inspections_inspection WHERE id = %s FOR UPDATE", key)
        closing.execute("UPDATE inspections_inspection SET state = 'REVIEW' WHERE id = %s", key)
        with ThreadPoolExecutor(1) as pool:
            heard = pool.submit(save)
            wait_until_somebody_waits_for_a_lock()
            assert not heard.done()
            closing.commit()
            assert "Fieldwork has closed" in heard.result()
    assert not DetailSave.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_saves_at_the_same_moment_exactly_one_wins_each_detail() -> None:
    scene = team()
    savers = 4
    start = Barrier(savers)

    def save(age: int) -> list[Outcome]:
        try:
            start.wait()
            saves = [DetailChange("age", age, 0), DetailChange("gender", "MALE", 0)]
            return [outcome for outcome, *_ in record(scene, *saves)]
        finally:
            connection.close()

    with ThreadPoolExecutor(savers) as pool:
        outcomes = list(pool.map(save, range(10, 10 + savers)))
    ages = [age for age, _ in outcomes]
    assert sorted(ages) == [Outcome.CONFLICT] * (savers - 1) + [Outcome.SAVED]
    assert {gender for _, gender in outcomes} == {Outcome.SAVED}
    assert Case.objects.get(pk=scene.case.pk).version == 2
    assert DetailSave.objects.count() == 2 * savers
