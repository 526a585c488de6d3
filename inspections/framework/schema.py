"""What an edition of the inspection framework consists of.

An edition is data: the standards a service is inspected against, the questions
that inspectors answer, and the cut-points from which ratings follow. These classes
describe its file; ``loader`` checks the relations between its parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import BeforeValidator, Field

from inspections.framework.rating import Rating
from inspections.framework.reading import Expected, RatingKey, Section, by_key


class Group(StrEnum):
    """Which cases a standard is rated from; every sampled case belongs to one group."""

    COURT = "COURT"
    OUT_OF_COURT = "OUT_OF_COURT"
    RESETTLEMENT = "RESETTLEMENT"


class Evidence(StrEnum):
    """What a standard's rating rests on."""

    CASES = "CASES"
    """Yes and No answers in sampled cases; the rating is computed."""

    QUALITATIVE = "QUALITATIVE"
    """Documents, meetings, surveys; the rating is the lead inspector's judgement."""


def _several(value: object) -> object:
    if isinstance(value, list):
        if not value:
            raise ValueError("expected a list of at least 1, not an empty one")
        return tuple(value)
    return value


Several = BeforeValidator(_several)
"""A list of a file that is not empty; read as a tuple."""
Text = Annotated[str, Field(pattern=r"\S"), Expected("text that is not empty")]
GROUPS: Mapping[str, Group] = {group.lower(): group for group in Group}
GroupKey = Annotated[Group, by_key(GROUPS), Expected(f"one of {', '.join(GROUPS)}")]
EVIDENCE: Mapping[str, Evidence] = {evidence.lower(): evidence for evidence in Evidence}
EvidenceKey = Annotated[Evidence, by_key(EVIDENCE), Expected(f"one of {', '.join(EVIDENCE)}")]


class Prompt(Section, extra="forbid"):
    """A narrower question under a key question, such as 2.1.1a."""

    code: Text
    text: Text
    guidance: Text = ""


class KeyQuestion(Section, extra="forbid"):
    """A key question, such as 2.1.1, with its prompts in the order printed."""

    code: Text
    text: Text
    prompts: Annotated[tuple[Prompt, ...], Several] = ()
    guidance: Text = ""


class Standard(Section, extra="forbid"):
    """A standard, such as 2.1 Assessment.

    ``group`` names the cases whose answers rate the standard; it is ``None`` for a
    qualitative standard. ``needs_cases_of`` names a group without any case of which
    a qualitative standard is not rated at all (resettlement). ``in_score`` is true for the
    12 standards of the score.
    """

    code: Text
    name: Text
    statement: Text
    evidence: EvidenceKey
    group: GroupKey | None = None
    in_score: bool
    needs_cases_of: GroupKey | None = None
    key_questions: Annotated[tuple[KeyQuestion, ...], Several]

    @property
    def is_qualitative(self) -> bool:
        return self.evidence is Evidence.QUALITATIVE


class Domain(Section, extra="forbid"):
    """A part of the report, such as 2 Court disposals, with its standards in order."""

    code: Text
    name: Text
    standards: Annotated[tuple[Standard, ...], Several]


class ScoreBand(Section, extra="forbid"):
    """A band of scores, both ends included, and the overall rating it gives."""

    rating: RatingKey
    lowest: int
    highest: int


class Band(ScoreBand):
    """A band of whole percentages, both ends included, and the rating it gives."""

    name: Text


class Limit(Section, extra="forbid"):
    """A limiting judgement: ``standard`` at ``rating`` caps the overall rating."""

    standard: Text
    rating: RatingKey
    overall_at_most: RatingKey


class NotApplicable(Section, extra="forbid"):
    """Whether an inspector may answer Not applicable."""

    key_questions: bool
    prompts: bool


class EditionFile(Section, extra="forbid"):
    """What an edition's file says."""

    code: Text
    name: Text
    reports: Text
    not_applicable: NotApplicable
    domains: Annotated[tuple[Domain, ...], Several]
    bands: Annotated[tuple[Band, ...], Several]
    score_bands: Annotated[tuple[ScoreBand, ...], Several]
    limits: Annotated[tuple[Limit, ...], Several] = ()

    @property
    def standards(self) -> Iterator[Standard]:
        """Every standard, in the order of the report, resettlement last."""
        for domain in self.domains:
            yield from domain.standards


class Edition(EditionFile):
    """One edition of the framework, complete and checked.

    ``digest`` is the SHA-256 of the file's bytes, in hexadecimal: an edition in use
    never changes.
    """

    digest: str

    @property
    def key_question_not_applicable(self) -> bool:
        """Whether a key question may be answered Not applicable."""
        return self.not_applicable.key_questions

    @cached_property
    def scored_standards(self) -> tuple[Standard, ...]:
        """The 12 standards whose ratings add up to the score."""
        return tuple(standard for standard in self.standards if standard.in_score)

    @cached_property
    def standards_by_code(self) -> dict[str, Standard]:
        return {standard.code: standard for standard in self.standards}

    @cached_property
    def key_questions_by_code(self) -> dict[str, KeyQuestion]:
        """Every key question, those of the qualitative standards among them."""
        return {
            question.code: question
            for standard in self.standards
            for question in standard.key_questions
        }

    @cached_property
    def prompts_by_code(self) -> dict[str, Prompt]:
        return {
            prompt.code: prompt
            for question in self.key_questions_by_code.values()
            for prompt in question.prompts
        }

    @cached_property
    def standard_of_question(self) -> dict[str, Standard]:
        """The standard of each key question and prompt, by the question's code."""
        found: dict[str, Standard] = {}
        for standard in self.standards:
            for question in standard.key_questions:
                found[question.code] = standard
                for prompt in question.prompts:
                    found[prompt.code] = standard
        return found

    def case_standards(self, group: Group | str) -> tuple[Standard, ...]:
        """The standards whose questions are answered in every case of ``group``."""
        return tuple(standard for standard in self.standards if standard.group == group)

    def case_questions(self, group: Group | str) -> tuple[str, ...]:
        """The codes of every question answered in a case of ``group``, in the report's
        order: each key question's prompts, then the key question itself."""
        return self.case_questions_by_group[group]

    @cached_property
    def case_questions_by_group(self) -> dict[str, tuple[str, ...]]:
        return {
            group: tuple(
                code
                for standard in self.case_standards(group)
                for question in standard.key_questions
                for code in (*(prompt.code for prompt in question.prompts), question.code)
            )
            for group in Group
        }

    def allows_not_applicable(self, code: str) -> bool:
        """Whether Not applicable may be answered to the question ``code``."""
        if code in self.prompts_by_code:
            return self.not_applicable.prompts
        return self.not_applicable.key_questions

    @cached_property
    def highest_score(self) -> int:
        """The score when every scored standard is Outstanding: 36."""
        return len(self.scored_standards) * max(Rating)

    def band_of_percent(self, percent: int) -> Band:
        """The band of a key question that ``percent`` (0–100, whole) of cases meet.

        Source: the published table of minority, too few, reasonable majority and large
        majority; the whole number is banded, so 64.5 per cent is 65 and Good.
        """
        return next(band for band in self.bands if band.lowest <= percent <= band.highest)

    def rating_of_percent(self, percent: int) -> Rating:
        return self.band_of_percent(percent).rating

    def rating_of_score(self, score: int) -> Rating:
        """The overall rating of ``score`` (0–36), before any limiting judgement."""
        return next(b.rating for b in self.score_bands if b.lowest <= score <= b.highest)
