"""Live figures of case findings, each with what it is out of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cases.models import AnswerValue, Factor
from inspections.framework import Group
from inspections.models import Inspection
from ratings.engine import Outcome, Tally
from ratings.engine.percent import whole_percent
from ratings.evidence.bearings import Bearing, Detail
from ratings.words import GROUP_WORDS, counted, listed

FIELDS: Mapping[Detail, str] = {
    Detail.MANAGEMENT_OVERSIGHT: "management_oversight_met_needs",
    Detail.SERIOUS_HARM_AGREED: "serious_harm_agreed",
    Detail.SAFETY_AGREED: "safety_agreed",
}
"""Where a case holds each detail that is answered Yes or No."""

MOST_FACTORS = 5
"""So many of the factors are shown, the most frequent first."""


@dataclass(frozen=True)
class Figure:
    """A line of figures: ``words`` such as “5 of 7 relevant cases, 71%”, and the ``rest``,
    the cases that the percentage leaves out."""

    code: str
    text: str
    words: str
    rest: str = ""


@dataclass(frozen=True)
class Figures:
    """The figures on one topic, and why they bear on the question."""

    topic: str
    why: str
    rows: tuple[Figure, ...]


class Details:
    """The details of an inspection's cases that bear on organisational questions; one query."""

    def __init__(self, inspection: Inspection) -> None:
        rows = inspection.cases.order_by().values_list("group", "factors", *FIELDS.values())
        self._tallies: Counter[tuple[str, Detail, str]] = Counter()
        self._factors: dict[str, Counter[str]] = {group: Counter() for group in Group}
        self._with_factors: Counter[str] = Counter()
        self._inspected: Counter[str] = Counter()
        for group, factors, *values in rows:
            self._inspected[group] += 1
            self._factors[group].update(set(factors))
            self._with_factors[group] += bool(factors)
            for detail, value in zip(FIELDS, values, strict=True):
                self._tallies[group, detail, value] += 1

    def tally(self, detail: Detail, group: Group) -> Tally:
        """Of the inspected cases of ``group``, how many say what; ``detail`` not FACTORS."""
        return Tally(
            yes=self._tallies[group, detail, AnswerValue.YES],
            no=self._tallies[group, detail, AnswerValue.NO],
            not_applicable=self._tallies[group, detail, AnswerValue.NOT_APPLICABLE],
            unanswered=self._tallies[group, detail, ""],
        )

    def factors(self, group: Group) -> list[tuple[str, int]]:
        """Each factor named in a case of ``group`` with the number of such cases."""
        return sorted(self._factors[group].items(), key=lambda found: (-found[1], found[0]))

    def with_factors(self, group: Group) -> int:
        """How many cases of ``group`` name any factor."""
        return self._with_factors[group]


def figures_on(
    bearings: tuple[Bearing, ...], outcome: Outcome, details: Details
) -> tuple[Figures, ...]:
    """What cases show by now on each of ``bearings``."""
    return tuple(
        Figures(
            bearing.topic,
            bearing.why,
            (
                *(question_figure(outcome, code) for code in bearing.questions),
                *_detail_figures(bearing, details),
            ),
        )
        for bearing in bearings
    )


def question_figure(outcome: Outcome, code: str) -> Figure:
    """The figure of a question asked in cases, of the relevant ones."""
    edition = outcome.edition
    if code in outcome.prompts_by_code:
        tally, text = outcome.prompts_by_code[code].tally, edition.prompts_by_code[code].text
    else:
        tally = outcome.key_questions_by_code[code].tally
        text = edition.key_questions_by_code[code].text
    group = edition.standard_of_question[code].group
    assert group is not None, "figures are of questions asked in cases"
    return Figure(code, text, share_words(tally), rest_words(tally, GROUP_WORDS[group]))


def share_words(tally: Tally) -> str:
    """“5 of 7 relevant cases, 71%”."""
    if tally.percent is None:
        return "No relevant case yet" if tally.unanswered else "No relevant case"
    noun = "case" if tally.relevant == 1 else "cases"
    return f"{tally.yes} of {tally.relevant} relevant {noun}, {tally.percent}%"


def rest_words(tally: Tally, group: str, missing: str = "not answered yet") -> str:
    """“Of 10 court cases, 2 not applicable and 1 not answered yet”; empty when all count."""
    left = [
        f"{number} {words}"
        for number, words in (
            (tally.not_applicable, "not applicable"),
            (tally.unanswered, missing),
        )
        if number
    ]
    if not left:
        return "" if tally.inspected else f"No {group} inspected"
    return f"Of {tally.inspected} {group}, {listed(left)}"


def _detail_figures(bearing: Bearing, details: Details) -> Iterator[Figure]:
    for detail in bearing.details:
        for group in bearing.groups:
            name = GROUP_WORDS[group].capitalize()
            if detail is Detail.FACTORS:
                yield from _factor_figures(details, group, name)
            else:
                tally = details.tally(detail, group)
                rest = rest_words(tally, GROUP_WORDS[group], "not recorded yet")
                yield Figure(name, detail.value, share_words(tally), rest)


def _factor_figures(details: Details, group: Group, name: str) -> Iterator[Figure]:
    out_of = details.with_factors(group)
    for factor, number in details.factors(group)[:MOST_FACTORS]:
        share = whole_percent(number, out_of)
        yield Figure(
            name,
            f"Factor: {Factor(factor).label}",
            f"{number} of {counted(out_of, 'case')} with factors recorded, {share}%",
        )
    if not out_of:
        yield Figure(name, Detail.FACTORS.value, "No case has factors recorded yet")
