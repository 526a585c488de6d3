"""The history of a case: every save, change, step and comment, and who may read it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from cases.actions import (
    Outcome,
    Save,
    allocate_case,
    comment_on,
    move_case,
    record_answers,
    reply_to,
    resolve,
)
from cases.history import History
from cases.models import Case
from config.demonstration import builder
from inspections.history import events_of
from inspections.models import User
from tests.pages import signed_in
from tests.scenes import Scene, team


def told(scene: Scene, reader: User, part: str = "") -> list[tuple[str, str, str, str]]:
    lines = History(scene.case, reader, part)[:]
    return [(line.about, line.before, line.after, line.outcome) for line in reversed(lines)]


def details(scene: Scene, base: int = 0, **changed: object) -> list[Outcome]:
    results = builder.details(scene.case, scene.inspector, base, **changed)
    return [result.outcome for result in results]


def test_saves_of_an_answer_are_listed_in_order_with_conflicts(scene: Scene) -> None:
    for value, base in (("YES", 0), ("NO", 0), ("NO", 1)):
        record_answers(
            case_id=scene.case.pk, saves=[Save("2.1.1a", value, "", base)], by=scene.inspector
        )
    assert told(scene, scene.inspector) == [
        ("2.1.1a", "", "Yes", "Version 1"),
        ("2.1.1a", "Yes", "No", "Conflict"),
        ("2.1.1a", "Yes", "No", "Version 2"),
    ]


def test_a_late_save_of_the_current_answer_is_listed_as_the_same(scene: Scene) -> None:
    for _ in range(2):
        builder.answers(scene.case, scene.inspector, **{"2.1.1a": "YES"})
    assert told(scene, scene.inspector) == [
        ("2.1.1a", "", "Yes", "Version 1"),
        ("2.1.1a", "Yes", "Yes", "The same as version 1"),
    ]


def test_saves_of_details_are_listed_in_order_with_conflicts(scene: Scene) -> None:
    details(scene, disposal_date=date(2021, 3, 14), age=15, factors=["PEERS"])
    details(scene, 3, age=16, disposal_date=None, factors=["PEERS"])
    details(scene, 3, age=17)
    factors = "Factors most related to the child’s offending"
    assert told(scene, scene.inspector, "details") == [
        ("Disposal date", "", "14 March 2021", "Version 1 of the details"),
        ("Age", "", "15", "Version 2 of the details"),
        (factors, "", "Friends and peers", "Version 3 of the details"),
        ("Age", "15", "16", "Version 4 of the details"),
        ("Disposal date", "14 March 2021", "Not recorded", "Version 5 of the details"),
        (factors, "Friends and peers", "Friends and peers", "The same as version 3 of the details"),
        ("Age", "16", "17", "Conflict"),
    ]


def test_a_conflict_over_details_names_who_and_when(scene: Scene) -> None:
    details(scene, age=15)
    assert details(scene, base=0, age=16) == [Outcome.CONFLICT]
    data = {"base_version": "0", "age": "16"}
    page = signed_in(scene.inspector).post(f"{scene.case_page}details/", data).content.decode()
    assert re.search(r"You saved another version at \d\d:\d\d on .*, after you opened", page)
    Case.objects.update(allocated_to=scene.colleague)
    page = signed_in(scene.colleague).post(f"{scene.case_page}details/", data).content.decode()
    assert re.search(r"Ada Inspector saved another version at \d\d:\d\d", page)


@pytest.mark.django_db(transaction=True)
def test_steps_and_comments_are_listed() -> None:
    scene = team()
    allocate_case(case=scene.case, to=scene.colleague, by=scene.lead)
    allocate_case(case=scene.case, to=scene.inspector, by=scene.lead)
    questions = scene.inspection.framework.case_questions("COURT")
    builder.answers(scene.case, scene.inspector, **dict.fromkeys(questions, "YES"))
    move_case(case=scene.case, to=Case.State.SUBMITTED, by=scene.inspector)
    move_case(case=scene.case, to=Case.State.RETURNED, by=scene.lead, comment="Look again.")
    comment = scene.case.comments.get()
    reply_to(comment=comment, text="Done.", by=scene.inspector)
    resolve(comment=comment, by=scene.inspector)
    move_case(case=scene.case, to=Case.State.SUBMITTED, by=scene.inspector)
    move_case(case=scene.case, to=Case.State.SIGNED_OFF, by=scene.lead)
    steps = [after for _, _, after, _ in told(scene, scene.lead, "steps")]
    assert steps == [
        "Allocated to Grace Inspector",
        "Allocated to Ada Inspector",
        "Submitted",
        "Comment",
        "Returned with comments",
        "Reply",
        "Comment resolved",
        "Submitted",
        "Signed off",
    ]
    assert "Comment" not in [after for _, _, after, _ in told(scene, scene.panel, "steps")]
    by = [line.who for line in History(scene.case, scene.lead, "steps")[:]]
    assert by[0] == "Priya Lead"
    assert by[1] == "Ada Inspector"


def test_one_question_is_listed_with_its_comments(scene: Scene) -> None:
    builder.answers(scene.case, scene.inspector, **{"2.1.1a": "YES", "2.1.1b": "NO"})
    comment_on(case=scene.case, question="2.1.1a", text="Why?", by=scene.lead)
    assert [about for about, *_ in told(scene, scene.lead, "2.1.1a")] == ["2.1.1a", "2.1.1a"]
    page = signed_in(scene.lead).get(f"{scene.case_page}history/?part=2.1.1a").content.decode()
    assert "Question 2.1.1b</option>" in page
    assert "2 lines, the latest first" in page


def test_saves_cannot_be_changed_or_removed(scene: Scene) -> None:
    details(scene, age=15)
    with pytest.raises(DatabaseError), transaction.atomic():
        events_of(Case).update(age=16)
    with pytest.raises(DatabaseError), transaction.atomic():
        events_of(Case).delete()


def test_a_long_history_is_paged(scene: Scene) -> None:
    for version in range(205):
        record_answers(
            case_id=scene.case.pk,
            saves=[Save("2.1.1a", "YES", f"n{version}", version)],
            by=scene.inspector,
        )
    page = signed_in(scene.inspector).get(f"{scene.case_page}history/?page=2").content.decode()
    assert "Page 2 of 2" in page
    assert "n0" in page
    assert "n204" not in page
