"""How published counts become the answers of single cases."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.engine import Tally
from ratings.national.format import parse
from ratings.national.spread import Answered, spread
from tests.unit.replay.figures import NAMES, path_of

Counts = tuple[int, dict[str, Tally]]


@st.composite
def counts(draw: st.DrawFn, *, every_case_relevant: bool = False) -> Counts:
    cases = draw(st.integers(1, 12))
    questions = {}
    for number in range(draw(st.integers(1, 10))):
        yes = draw(st.integers(0, cases))
        no = cases - yes if every_case_relevant else draw(st.integers(0, cases - yes))
        not_applicable = draw(st.integers(0, cases - yes - no))
        questions[f"q{number}"] = Tally(yes, no, not_applicable, cases - yes - no - not_applicable)
    return cases, questions


def held(rows: dict[str, list[Answered | None]], answer: Answered, cases: int) -> list[int]:
    return [sum(row[case] is answer for row in rows.values()) for case in range(cases)]


@given(counts())
def test_the_counts_are_realised_exactly(given_counts: Counts) -> None:
    cases, questions = given_counts
    rows = spread(questions, cases)

    for code, tally in questions.items():
        found = Counter(rows[code])
        assert len(rows[code]) == cases
        assert found[Answered.YES] == tally.yes
        assert found[Answered.NO] == tally.no
        assert found[Answered.NOT_APPLICABLE] == tally.not_applicable
        assert found[None] == tally.unanswered


@given(counts(every_case_relevant=True))
def test_where_every_case_is_relevant_cases_differ_by_at_most_one_yes(
    given_counts: Counts,
) -> None:
    cases, questions = given_counts
    yes = held(spread(questions, cases), Answered.YES, cases)

    assert max(yes) - min(yes) <= 1


@given(counts())
def test_every_case_has_a_no_unless_there_are_fewer_no_than_cases(given_counts: Counts) -> None:
    cases, questions = given_counts
    no = held(spread(questions, cases), Answered.NO, cases)

    assert min(no) >= 1 or sum(no) < cases


@given(counts(every_case_relevant=True))
def test_every_case_has_a_yes_unless_there_are_fewer_yes_than_cases(given_counts: Counts) -> None:
    cases, questions = given_counts
    yes = held(spread(questions, cases), Answered.YES, cases)

    assert min(yes) >= 1 or sum(yes) < cases


@given(counts())
def test_the_same_counts_always_give_the_same_answers(given_counts: Counts) -> None:
    cases, questions = given_counts

    assert spread(questions, cases) == spread(questions, cases)


@pytest.mark.parametrize("name", NAMES)
def test_no_case_of_a_published_inspection_is_all_yes_or_all_no(name: str) -> None:
    file = parse(path_of(name).read_bytes(), name)
    for group in (group for group in file.samples if file.edition.case_questions(group)):
        tallies = {
            code: counted.tally
            for code, counted in file.key_questions.items()
            if file.edition.standard_of_question[code].group is group
        }
        rows = spread(tallies, file.samples[group])
        for answer in (Answered.YES, Answered.NO):
            assert min(held(rows, answer, file.samples[group])) >= 1


def test_more_answers_than_cases_are_refused() -> None:
    with pytest.raises(ValueError, match=r"2\.1\.1 counts more than 2 cases"):
        spread({"2.1.1": Tally(yes=3)}, 2)
