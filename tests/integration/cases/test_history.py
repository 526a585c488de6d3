"""The history of a case: every save, change, step and comment, and who may read it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from cases.actions import (
    Save,
    allocate_case,
    comment_on,
    move_case,
    record_answers,
    record_details,
    reply_to,
    resolve,
)
from cases.history import History
from cases.models import Case
from inspections.history import events_of
from inspections.models import User
from inspections.versions import Conflict
from tests import build
from tests.integration.cases.conftest import Team, make_team, signed_in


def told(team: Team, reader: User, part: str = "") -> list[tuple[str, str, str, str]]:
    lines = History(team.case, reader, part)[:]
    return [(line.about, line.before, line.after, line.outcome) for line in reversed(lines)]


def details(team: Team, base: int = 0, **changed: object) -> Case:
    return record_details(case=team.case, details=changed, base_version=base, by=team.ada)


def test_saves_of_an_answer_are_listed_in_order_with_conflicts(team: Team) -> None:
    for value, base in (("YES", 0), ("NO", 0), ("NO", 1)):
        record_answers(case_id=team.case.pk, saves=[Save("2.1.1a", value, "", base)], by=team.ada)
    assert told(team, team.ada) == [
        ("2.1.1a", "", "Yes", "Version 1"),
        ("2.1.1a", "Yes", "No", "Conflict"),
        ("2.1.1a", "Yes", "No", "Version 2"),
    ]


def test_a_change_of_details_is_kept_field_by_field(team: Team) -> None:
    details(team, disposal_date=date(2021, 3, 14), age=15, gender="", factors=["PEERS"])
    details(team, 1, age=16, disposal_date=date(2021, 3, 14), factors=[])
    first, second = "Version 1 of the details", "Version 2 of the details"
    factors = "Factors most related to the child’s offending"
    assert told(team, team.ada, "details") == [
        ("Disposal date", "", "14 March 2021", first),
        ("Age", "", "15", first),
        (factors, "", "Friends and peers", first),
        ("Age", "15", "16", second),
        (factors, "Friends and peers", "Not recorded", second),
    ]


def test_unchanged_details_are_not_saved_again(team: Team) -> None:
    details(team, age=15)
    assert details(team, base=0, age=15).version == 1
    assert len(told(team, team.ada, "details")) == 1


def test_a_conflict_over_details_names_who_and_when(team: Team) -> None:
    details(team, age=15)
    with pytest.raises(Conflict) as conflict:
        details(team, base=0, age=16)
    assert conflict.value.current
    assert conflict.value.current.age == 15
    data = {"base_version": "0", "age": "16"}
    page = signed_in(team.ada).post(f"{team.case_page}details/", data).content.decode()
    assert re.search(r"You saved another version at \d\d:\d\d on .*, after you opened", page)
    Case.objects.update(allocated_to=team.grace)
    page = signed_in(team.grace).post(f"{team.case_page}details/", data).content.decode()
    assert re.search(r"Ada Inspector saved another version at \d\d:\d\d", page)


@pytest.mark.django_db(transaction=True)
def test_steps_and_comments_are_listed() -> None:
    team = make_team()
    allocate_case(case=team.case, to=team.grace, by=team.lead)
    allocate_case(case=team.case, to=team.ada, by=team.lead)
    questions = team.inspection.framework.case_questions("COURT")
    build.answers(team.case, team.ada, **dict.fromkeys(questions, "YES"))
    move_case(case=team.case, to=Case.State.SUBMITTED, by=team.ada)
    move_case(case=team.case, to=Case.State.RETURNED, by=team.lead, comment="Look again.")
    comment = team.case.comments.get()
    reply_to(comment=comment, text="Done.", by=team.ada)
    resolve(comment=comment, by=team.ada)
    move_case(case=team.case, to=Case.State.SUBMITTED, by=team.ada)
    move_case(case=team.case, to=Case.State.SIGNED_OFF, by=team.lead)
    steps = [after for _, _, after, _ in told(team, team.lead, "steps")]
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
    assert "Comment" not in [after for _, _, after, _ in told(team, team.panel, "steps")]
    by = [line.who for line in History(team.case, team.lead, "steps")[:]]
    assert by[0] == "Priya Lead"
    assert by[1] == "Ada Inspector"


def test_one_question_is_listed_with_its_comments(team: Team) -> None:
    build.answers(team.case, team.ada, **{"2.1.1a": "YES", "2.1.1b": "NO"})
    comment_on(case=team.case, question="2.1.1a", text="Why?", by=team.lead)
    assert [about for about, *_ in told(team, team.lead, "2.1.1a")] == ["2.1.1a", "2.1.1a"]
    page = signed_in(team.lead).get(f"{team.case_page}history/?part=2.1.1a").content.decode()
    assert "Question 2.1.1b</option>" in page
    assert "2 lines, the latest first" in page


def test_saves_cannot_be_changed_or_removed(team: Team) -> None:
    details(team, age=15)
    with pytest.raises(DatabaseError), transaction.atomic():
        events_of(Case).update(age=16)
    with pytest.raises(DatabaseError), transaction.atomic():
        events_of(Case).delete()


def test_a_long_history_is_paged(team: Team) -> None:
    for version in range(205):
        record_answers(
            case_id=team.case.pk, saves=[Save("2.1.1a", "YES", f"n{version}", version)], by=team.ada
        )
    page = signed_in(team.ada).get(f"{team.case_page}history/?page=2").content.decode()
    assert "Page 2 of 2" in page
    assert "n0" in page
    assert "n204" not in page
