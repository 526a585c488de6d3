"""What findings rest on, and what a line of the matrix says of it."""

from __future__ import annotations

import pytest

from ratings.evidence.matrix import Footing, Found, Piece, Row, footing, matrix
from ratings.evidence.matrix_presenters import row_notes

MEETING, OTHER_MEETING, SURVEY = Piece(1, "MEETING"), Piece(2, "MEETING"), Piece(3, "SURVEY")
STRENGTH, AREA = "STRENGTH", "AREA_FOR_IMPROVEMENT"


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([], Footing.NOTHING),
        ([MEETING], Footing.ONE_SOURCE),
        ([MEETING, OTHER_MEETING], Footing.ONE_KIND),
        ([MEETING, SURVEY], Footing.SEVERAL_KINDS),
        ([MEETING, OTHER_MEETING, SURVEY], Footing.SEVERAL_KINDS),
    ],
)
def test_pieces_are_sources_and_kinds_make_them_differ(
    pieces: list[Piece], expected: Footing
) -> None:
    assert footing(pieces) is expected


def test_a_finding_rests_on_what_it_names_and_otherwise_on_everything() -> None:
    naming, silent = Found(1, STRENGTH, frozenset({1})), Found(2, STRENGTH)
    row = Row("1.1.1", (MEETING, SURVEY), (naming, silent))
    assert row.rests_on(naming) == (MEETING,)
    assert row.footing_of(naming) is Footing.ONE_SOURCE
    assert row.rests_on(silent) == (MEETING, SURVEY)
    assert row.findings_on(Footing.ONE_SOURCE) == (naming,)
    assert row.findings_on(Footing.SEVERAL_KINDS) == (silent,)


def test_a_row_counts_pieces_by_kind_and_findings_by_kind() -> None:
    row = Row("1.1.1", (MEETING, OTHER_MEETING, SURVEY), (Found(1, STRENGTH), Found(2, AREA)))
    assert dict(row.counts) == {"MEETING": 2, "SURVEY": 1}
    assert (row.number_of(STRENGTH), row.number_of(AREA)) == (1, 1)
    assert row.footing is Footing.SEVERAL_KINDS


def test_every_key_question_has_a_row_in_the_order_given() -> None:
    rows = matrix(["1.1.2", "1.1.1"], {"1.1.1": [MEETING]}, {})
    assert list(rows) == ["1.1.2", "1.1.1"]
    assert rows["1.1.2"].footing is Footing.NOTHING
    assert rows["1.1.1"].pieces == (MEETING,)


@pytest.mark.parametrize(
    ("pieces", "findings", "expected"),
    [
        ((), (), ["No evidence yet"]),
        ((), (Found(1, STRENGTH),), ["No evidence yet", "1 strength rests on no evidence"]),
        ((MEETING,), (), ["Evidence but no finding yet"]),
        (
            (MEETING,),
            (Found(1, STRENGTH), Found(2, AREA), Found(3, AREA)),
            ["1 strength and 2 areas for improvement rest on one source alone"],
        ),
        (
            (MEETING, OTHER_MEETING),
            (Found(1, AREA),),
            ["1 area for improvement rests on one kind of evidence alone"],
        ),
        (
            (MEETING, SURVEY),
            (Found(1, STRENGTH, frozenset({3})), Found(2, STRENGTH)),
            ["1 strength rests on one source alone"],
        ),
        ((MEETING, SURVEY), (Found(1, STRENGTH),), []),
    ],
)
def test_a_line_says_in_words_what_to_look_at(
    pieces: tuple[Piece, ...], findings: tuple[Found, ...], expected: list[str]
) -> None:
    assert list(row_notes(Row("1.1.1", pieces, findings), sees_findings=True)) == expected


def test_who_sees_no_findings_is_told_of_missing_evidence_alone() -> None:
    findings = (Found(1, STRENGTH),)
    assert list(row_notes(Row("1.1.1", (), findings), sees_findings=False)) == ["No evidence yet"]
    assert list(row_notes(Row("1.1.1", (MEETING,), findings), sees_findings=False)) == []
