"""The table of case findings beside organisational questions fits the editions."""

from __future__ import annotations

import pytest

from inspections.framework import Group, load_edition
from ratings.evidence.related_case_data import (
    Detail,
    RelatedCaseData,
    load_related_case_data,
    related_to,
)

ALL = [
    pytest.param(code, key_question, topic, id=f"{code} {key_question} {topic.topic}")
    for code, table in load_related_case_data().items()
    for key_question, topics in table.items()
    for topic in topics
]


@pytest.mark.parametrize(("code", "key_question", "topic"), ALL)
def test_the_table_relates_case_questions_to_qualitative_key_questions(
    code: str, key_question: str, topic: RelatedCaseData
) -> None:
    edition = load_edition(code)
    assert key_question in edition.key_questions_by_code
    assert edition.standard_of_question[key_question].is_qualitative
    assert topic.questions or topic.details
    assert len(set(topic.questions)) == len(topic.questions)
    for question in topic.questions:
        assert edition.standard_of_question[question].group is not None, question


def test_the_case_findings_that_the_reports_speak_of_are_there() -> None:
    """Oversight on 1.2.3, victims on 1.3.2, other agencies on 1.3.3, delivery on 3.4.2."""

    def questions(key_question: str, edition: str = "2021") -> set[str]:
        return {code for one in related_to(edition, key_question) for code in one.questions}

    for edition in ("2018", "2021"):
        oversight = related_to(edition, "1.2.3")[0]
        assert oversight.details == (Detail.MANAGEMENT_OVERSIGHT,)
        assert oversight.groups == (Group.COURT, Group.OUT_OF_COURT)
    assert {"2.1.1h", "2.2.1f", "3.1.1h", "3.2.1g"} <= questions("1.3.2")
    assert {"2.1.1b", "3.1.1b"} <= questions("1.1.1") & questions("1.3.1")
    assert {"2.3.2b", "2.3.3c", "3.3.2b"} <= questions("1.3.3")
    assert {"3.3.1", "3.3.2", "3.3.3"} <= questions("3.4.2")
    assert {"3.4.1", "3.4.2"} <= questions("1.3.3", "2018")
    assert related_to("2021", "4.1.2")[0].groups == (Group.RESETTLEMENT,)


def test_an_edition_outside_the_table_has_no_case_findings() -> None:
    assert related_to("2030", "1.1.1") == ()
