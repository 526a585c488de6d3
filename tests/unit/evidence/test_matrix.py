"""The support of findings, and the rows of the matrix."""

from __future__ import annotations

import pytest

from inspections.framework import KeyQuestion
from ratings.evidence.matrix import MatrixRow, Support, support
from ratings.models import Evidence, Finding

MEETING, OTHER_MEETING = Evidence(pk=1, kind="MEETING"), Evidence(pk=2, kind="MEETING")
SURVEY = Evidence(pk=3, kind="SURVEY")
STRENGTH, AREA = "STRENGTH", "AREA_FOR_IMPROVEMENT"
QUESTION = KeyQuestion(code="1.1.1", text="Is it so?")


def finding(kind: str, *named: Evidence) -> Finding:
    made = Finding(kind=kind)
    made.named_evidence = list(named)
    return made


def row(*evidence: Evidence, findings: tuple[Finding, ...] | None = ()) -> MatrixRow:
    return MatrixRow(QUESTION, evidence, findings)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ([], Support.NOTHING),
        ([MEETING], Support.ONE_SOURCE),
        ([MEETING, OTHER_MEETING], Support.ONE_KIND),
        ([MEETING, SURVEY], Support.SEVERAL_KINDS),
        ([MEETING, OTHER_MEETING, SURVEY], Support.SEVERAL_KINDS),
    ],
)
def test_each_evidence_item_is_a_source_and_kinds_are_counted(
    evidence: list[Evidence], expected: Support
) -> None:
    assert support(evidence) is expected


def test_a_finding_rests_on_what_it_names_and_otherwise_on_everything() -> None:
    line = row(MEETING, SURVEY)
    assert line.support_of(finding(STRENGTH, MEETING)) is Support.ONE_SOURCE
    assert line.support_of(finding(STRENGTH)) is Support.SEVERAL_KINDS


def test_several_kinds_give_no_warning() -> None:
    assert [one.warning for one in Support] == [
        "Based on no evidence",
        "Based on a single source",
        "Based on a single kind of evidence",
        "",
    ]


def test_a_row_counts_evidence_by_kind_and_findings_by_kind() -> None:
    line = row(MEETING, OTHER_MEETING, SURVEY, findings=(finding(STRENGTH), finding(STRENGTH)))
    assert line.counts == [
        ("Document", 0),
        ("Meeting", 2),
        ("Survey", 1),
        ("Interview", 0),
        ("Case data", 0),
    ]
    assert line.finding_counts == [("Strengths", 2), ("Areas for improvement", 0)]


@pytest.mark.parametrize(
    ("evidence", "findings", "expected"),
    [
        ((), (), ["No evidence yet"]),
        ((), (finding(STRENGTH),), ["No evidence yet", "1 strength is based on no evidence"]),
        ((MEETING,), (), ["Evidence but no finding yet"]),
        (
            (MEETING,),
            (finding(STRENGTH), finding(AREA), finding(AREA)),
            ["1 strength and 2 areas for improvement are based on a single source"],
        ),
        (
            (MEETING, OTHER_MEETING),
            (finding(AREA),),
            ["1 area for improvement is based on a single kind of evidence"],
        ),
        (
            (MEETING, SURVEY),
            (finding(STRENGTH, SURVEY), finding(STRENGTH)),
            ["1 strength is based on a single source"],
        ),
        ((MEETING, SURVEY), (finding(STRENGTH),), []),
    ],
)
def test_a_line_says_in_words_what_to_look_at(
    evidence: tuple[Evidence, ...], findings: tuple[Finding, ...], expected: list[str]
) -> None:
    assert row(*evidence, findings=findings).notes == expected


def test_readers_without_findings_see_only_missing_evidence() -> None:
    assert row(findings=None).notes == ["No evidence yet"]
    assert row(MEETING, findings=None).notes == []
