"""How far a case has come, from the codes of the questions that have an answer."""

from __future__ import annotations

import pytest

from cases.progress import Progress, case_progress, standard_questions
from inspections.framework import Group, load_edition

EDITION = load_edition("2021")


def test_prompts_come_before_their_key_question() -> None:
    codes = standard_questions(EDITION.standards_by_code["2.1"])
    assert codes[:3] == ("2.1.1a", "2.1.1b", "2.1.1c")
    assert codes.index("2.1.1") == codes.index("2.1.1i") + 1
    assert codes[-1] == "2.1.3"


@pytest.mark.parametrize(("edition", "group"), [(e, g) for e in ("2018", "2021") for g in Group])
def test_the_standards_of_a_group_ask_all_its_questions_once(edition: str, group: Group) -> None:
    framework = load_edition(edition)
    asked = [
        code
        for standard in framework.case_standards(group)
        for code in standard_questions(standard)
    ]
    assert asked == list(framework.case_questions(group))


def test_in_a_case_without_answers_every_question_is_missing() -> None:
    progress = case_progress(EDITION, Group.COURT, set())
    assert [p.standard.code for p in progress] == ["2.1", "2.2", "2.3", "2.4"]
    assert sum((p.progress for p in progress), Progress()) == Progress(0, 70)
    assert all(p.missing == standard_questions(p.standard) for p in progress)


def test_missing_questions_are_named_in_the_order_they_are_asked() -> None:
    codes = EDITION.case_questions(Group.COURT)
    first, *others = case_progress(EDITION, Group.COURT, set(codes) - {"2.1.3", "2.1.1b"})
    assert first.missing == ("2.1.1b", "2.1.3")
    assert (first.progress.missing, first.progress.is_complete) == (2, False)
    assert all(p.progress.is_complete for p in others)


def test_answers_to_other_questions_do_not_count() -> None:
    progress = case_progress(EDITION, Group.COURT, {"3.1.1", "1.1.1", "nonsense"})
    assert all(p.progress.answered == 0 for p in progress)


def test_a_resettlement_case_has_nothing_to_answer() -> None:
    assert case_progress(EDITION, Group.RESETTLEMENT, set()) == []
