"""What a page of answers that was sent changes, without a database."""

from __future__ import annotations

from django.utils import timezone

from cases.actions import Save
from cases.changed_answers import NOTHING, changes, outdated
from cases.models import Answer


def answer(value: str, note: str = "", version: int = 1) -> Answer:
    return Answer(
        question="2.1.1a", value=value, note=note, version=version, answered_at=timezone.now()
    )


def sent(value: str, note: str = "", base: int = 0) -> Save:
    return Save("2.1.1a", value, note, base)


def saves(
    submitted: Save, standing: Answer | None, seen: tuple[str, str] | None = None
) -> list[tuple[str, str, int]]:
    found = changes(
        [submitted],
        {"2.1.1a": standing} if standing else {},
        {"2.1.1a": seen} if seen else {},
    )
    return [(save.value, save.note, save.base_version) for save in found]


def test_a_first_answer_is_saved() -> None:
    assert saves(sent("YES"), None) == [("YES", "", 0)]


def test_a_question_left_alone_is_not_saved() -> None:
    assert saves(sent(""), None) == []
    assert saves(sent("YES", "note", base=3), answer("YES", "note", 3)) == []


def test_a_changed_value_or_note_is_saved_from_the_version_that_was_seen() -> None:
    assert saves(sent("NO", base=3), answer("YES", version=3)) == [("NO", "", 3)]
    assert saves(sent("YES", "new", base=3), answer("YES", version=3)) == [("YES", "new", 3)]


def test_an_answer_changed_by_somebody_else_is_not_reverted() -> None:
    assert saves(sent("YES", base=1), answer("NO", version=2), seen=("YES", "")) == []
    assert saves(sent("", base=0), answer("NO", version=1), seen=NOTHING) == []


def test_a_question_changed_by_both_is_saved_and_in_conflict() -> None:
    assert saves(sent("NO", base=1), answer("", version=2), seen=("YES", "")) == [("NO", "", 1)]


def test_what_both_changed_to_the_same_needs_no_save() -> None:
    assert saves(sent("NO", base=1), answer("NO", version=2), seen=("YES", "")) == []


def test_if_the_seen_answer_is_unknown_a_difference_counts_as_a_change() -> None:
    assert saves(sent("YES", base=1), answer("NO", version=2)) == [("YES", "", 1)]


def test_only_what_differs_from_a_newer_version_is_outdated() -> None:
    standing = {"2.1.1a": answer("NO", version=2)}
    late = sent("YES", base=1)
    assert outdated([late], standing) == [late]
    assert outdated([sent("NO", base=1)], standing) == []
    assert outdated([sent("YES", base=2)], standing) == []
