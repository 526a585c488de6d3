"""The table of case findings beside organisational questions fits the editions."""

from __future__ import annotations

import pytest

from inspections.framework import Group, load_edition
from ratings.engine import Tally
from ratings.evidence.bearings import BEARINGS, Bearing, Detail, bearings_on
from ratings.evidence.figures import rest_words, share_words

ALL = [
    pytest.param(code, key_question, bearing, id=f"{code} {key_question} {bearing.topic}")
    for code, table in BEARINGS.items()
    for key_question, bearings in table.items()
    for bearing in bearings
]


@pytest.mark.parametrize(("code", "key_question", "bearing"), ALL)
def test_questions_asked_in_cases_bear_on_a_qualitative_key_question(
    code: str, key_question: str, bearing: Bearing
) -> None:
    edition = load_edition(code)
    assert key_question in edition.key_questions_by_code
    assert edition.standard_of_question[key_question].is_qualitative
    assert bearing.questions or bearing.details
    assert len(set(bearing.questions)) == len(bearing.questions)
    for question in bearing.questions:
        assert edition.standard_of_question[question].group is not None, question


def test_the_bearings_that_the_reports_speak_of_are_there() -> None:
    """Oversight on 1.2.3, victims on 1.3.2, other agencies on 1.3.3, delivery on 3.4.2."""

    def questions(key_question: str, edition: str = "2021") -> set[str]:
        return {code for one in bearings_on(edition, key_question) for code in one.questions}

    for edition in ("2018", "2021"):
        oversight = bearings_on(edition, "1.2.3")[0]
        assert oversight.details == (Detail.MANAGEMENT_OVERSIGHT,)
        assert oversight.groups == (Group.COURT, Group.OUT_OF_COURT)
    assert {"2.1.1h", "2.2.1f", "3.1.1h", "3.2.1g"} <= questions("1.3.2")
    assert {"2.1.1b", "3.1.1b"} <= questions("1.1.1") & questions("1.3.1")
    assert {"2.3.2b", "2.3.3c", "3.3.2b"} <= questions("1.3.3")
    assert {"3.3.1", "3.3.2", "3.3.3"} <= questions("3.4.2")
    assert {"3.4.1", "3.4.2"} <= questions("1.3.3", "2018")
    assert bearings_on("2021", "4.1.2")[0].groups == (Group.RESETTLEMENT,)


def test_an_edition_outside_the_table_has_no_bearings() -> None:
    assert bearings_on("2030", "1.1.1") == ()


@pytest.mark.parametrize(
    ("tally", "share", "rest"),
    [
        (Tally(yes=5, no=2), "5 of 7 relevant cases, 71%", ""),
        (
            Tally(yes=5, no=2, not_applicable=2, unanswered=1),
            "5 of 7 relevant cases, 71%",
            "Of 10 court cases, 2 not applicable and 1 not answered yet",
        ),
        (Tally(yes=1), "1 of 1 relevant case, 100%", ""),
        (Tally(yes=129, no=71), "129 of 200 relevant cases, 65%", ""),
        (Tally(unanswered=3), "No relevant case yet", "Of 3 court cases, 3 not answered yet"),
        (Tally(not_applicable=3), "No relevant case", "Of 3 court cases, 3 not applicable"),
        (Tally(), "No relevant case", "No court cases inspected"),
    ],
)
def test_a_figure_says_what_it_is_out_of(tally: Tally, share: str, rest: str) -> None:
    assert share_words(tally) == share
    assert rest_words(tally, "court cases") == rest
