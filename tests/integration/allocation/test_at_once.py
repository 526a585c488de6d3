"""Two leads, or a lead and somebody else, at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from cases.actions import Allocation, NotAllocated, allocate_cases
from cases.allocation.actions import declare_interest, link_cases
from cases.models import Case, DeclaredInterest, LinkedCase
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.team.actions import change_team, team_version
from inspections.versions import Conflict
from tests import scenes
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4


def at_once(*writes: Callable[[], object]) -> list[str]:
    """What became of each: ``done``, or the name of its exception."""
    start = Barrier(len(writes))

    def run(write: Callable[[], object]) -> str:
        try:
            start.wait()
            write()
        except (Conflict, NotAllocated, Refused) as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(writes)) as pool:
        return list(pool.map(run, writes))


def give(scene: Scene, cases: list[Case], to: str) -> Callable[[], object]:
    allocations = [Allocation(case.pk, getattr(scene, to), instead_of=0) for case in cases]
    return partial(
        allocate_cases, inspection=scene.inspection, allocations=allocations, by=scene.lead
    )


def holders(scene: Scene) -> set[int | None]:
    return set(scene.inspection.cases.values_list("allocated_to", flat=True))


def test_of_two_allocations_of_the_same_cases_one_is_whole_and_neither_deadlocks() -> None:
    scene = scenes.scene()
    assert scene.colleague
    for _ in range(ROUNDS):
        scene.inspection.cases.all().delete()
        cases = builder.cases(scene.inspection, "COURT", 10, None)
        found = at_once(give(scene, cases, "inspector"), give(scene, cases[::-1], "colleague"))
        assert sorted(found) == ["NotAllocated", "done"]
        winner = scene.inspector if found[0] == "done" else scene.colleague
        assert holders(scene) == {winner.pk}


def test_an_interest_declared_at_that_moment_comes_before_or_after() -> None:
    for _ in range(ROUNDS):
        scene = scenes.scene()
        cases = builder.cases(scene.inspection, "COURT", 5, None)
        declare = partial(
            declare_interest,
            inspection=scene.inspection,
            person=scene.inspector,
            reason="Worked there.",
            by=scene.inspector,
        )
        given, declared = at_once(give(scene, cases, "inspector"), declare)
        assert declared == "done"
        assert DeclaredInterest.objects.filter(person=scene.inspector).exists()
        assert holders(scene) == ({scene.inspector.pk} if given == "done" else {None})


def test_nobody_is_given_cases_while_they_leave() -> None:
    for _ in range(ROUNDS):
        scene = scenes.scene()
        cases = builder.cases(scene.inspection, "COURT", 5, None)
        leave = partial(
            change_team,
            inspection=scene.inspection,
            roles={scene.lead.pk: "LEAD_INSPECTOR"},
            base_version=team_version(scene.fresh()),
            by=scene.lead,
        )
        assert "done" in at_once(give(scene, cases, "inspector"), leave)
        team = set(scene.fresh().memberships.values_list("user", flat=True))
        assert holders(scene) <= team | {None}


def test_a_case_is_linked_once_when_two_link_it() -> None:
    for _ in range(ROUNDS):
        scene = scenes.scene()
        first, second, third = builder.cases(scene.inspection, "COURT", 3, None)
        writes = [
            partial(
                link_cases,
                inspection=scene.inspection,
                why="SIBLINGS",
                cases=[second.pk, other.pk],
                by=scene.lead,
            )
            for other in (first, third)
        ]
        assert sorted(at_once(*writes)) == ["Refused", "done"]
        assert LinkedCase.objects.filter(case=second).count() == 1
