"""Current figures of case findings in words, each with its denominator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.models import Factor
from inspections.models import Inspection
from ratings.engine import whole_percent
from ratings.evidence.related_case_data import Detail, RelatedCaseData, related_to
from ratings.evidence.tallies import CaseCounts, group_asked, tally_values
from ratings.words import GROUP_WORDS, counted, left_out, relevant_share

FIELDS: Mapping[Detail, str] = {
    Detail.MANAGEMENT_OVERSIGHT: "management_oversight_met_needs",
    Detail.SERIOUS_HARM_AGREED: "serious_harm_agreed",
    Detail.SAFETY_AGREED: "safety_agreed",
}
"""The field of ``Case`` for each detail that is answered Yes or No."""

MOST_FACTORS = 5
"""How many factors are shown, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of figures on a question or, under the name of a group, on its cases' records.

    ``share`` is such as “5 of 7 relevant cases, 71%”; ``left_out`` says which cases don't count.
    """

    name: str
    text: str
    share: str
    left_out: str = ""


def question_figure(counts: CaseCounts, code: str) -> Figure:
    """The figure of a question asked in cases, of the relevant ones."""
    tally, edition = counts.tally_of(code), counts.edition
    asked = edition.prompts_by_code.get(code) or edition.key_questions_by_code[code]
    return Figure(
        code, asked.text, relevant_share(tally), left_out(tally, group_asked(edition, code))
    )


def figures_beside(
    inspection: Inspection, key_question: str, counts: CaseCounts
) -> list[tuple[RelatedCaseData, list[Figure]]]:
    """The figures of each topic related to ``key_question``; at most one query."""
    related = related_to(inspection.edition_id, key_question)
    records: list[dict[str, Any]] = []
    if any(topic.details for topic in related):
        records += (
            inspection.cases.in_sample().order_by().values("group", "factors", *FIELDS.values())
        )
    return [
        (
            topic,
            [
                *(question_figure(counts, code) for code in topic.questions),
                *_record_figures(topic, records),
            ],
        )
        for topic in related
    ]


def _record_figures(
    topic: RelatedCaseData, records: Sequence[Mapping[str, Any]]
) -> Iterator[Figure]:
    for detail in topic.details:
        for group in topic.groups:
            own = [record for record in records if record["group"] == group]
            name = GROUP_WORDS[group].capitalize()
            if detail is Detail.FACTORS:
                yield from _factor_figures(name, [record["factors"] for record in own])
            else:
                tally = tally_values(Counter(record[FIELDS[detail]] for record in own), len(own))
                rest = left_out(tally, group, "not recorded yet")
                yield Figure(name, detail.value, relevant_share(tally), rest)


def _factor_figures(name: str, factors: Sequence[Sequence[str]]) -> Iterator[Figure]:
    """The number of cases with each factor, of those with any factor."""
    out_of = sum(bool(found) for found in factors)
    if not out_of:
        yield Figure(name, Detail.FACTORS.value, "No case has factors recorded yet")
    numbers = Counter(factor for found in factors for factor in set(found))
    most = sorted(numbers.items(), key=lambda found: (-found[1], found[0]))[:MOST_FACTORS]
    for factor, number in most:
        yield Figure(
            name,
            f"Factor: {Factor(factor).label}",
            f"{number} of {counted(out_of, 'case')} with factors recorded, "
            f"{whole_percent(number, out_of)}%",
        )
