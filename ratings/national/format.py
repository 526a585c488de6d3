"""Files of published results: schema ``inspection-results/1`` (method.md, its last section).

A file that parses can be stored and rated: its counts fit its samples and its edition,
and every decision of the panel starts from the rating that the counts give.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainValidator

from inspections.framework import Edition, Rating, available_editions, load_edition
from inspections.framework.reading import (
    Count,
    Expected,
    Fault,
    OneLine,
    Path,
    RatingKey,
    RatingOrNull,
    Section,
    read,
    read_json,
    refuse,
    shown,
)
from inspections.framework.schema import GroupKey
from ratings.engine import Discretion, NotRateable, Outcome, Tally, rate

SCHEMA = "inspection-results/1"
LARGEST_SAMPLE = 5000
"""Cases of one group; more than this is a typing error."""


OrEmpty = BeforeValidator(lambda value: "" if value is None else value)
Absent = BeforeValidator(lambda value: {} if value is None else value)
"""A report need not have this: null means absent."""


class QuestionCounts(Section, extra="allow"):
    """How one question was answered, and the whole percentage that the report prints.

    ``published_percent`` is ``None`` for no relevant case; where the file doesn't state
    it, ``states_percent`` is false.
    """

    yes: Count
    no: Count
    not_applicable: Count = 0
    unanswered: Count = 0
    published_percent: Annotated[
        int | None, Field(ge=0, le=100), Expected("a whole number from 0 to 100, or null")
    ] = None

    @property
    def tally(self) -> Tally:
        return Tally(self.yes, self.no, self.not_applicable, self.unanswered)

    @property
    def states_percent(self) -> bool:
        return "published_percent" in self.model_fields_set


class Service(Section):
    """The service as the report names it."""

    name: Annotated[str, OneLine(200)]
    area: Annotated[str, OneLine(200, shortest=0), OrEmpty] = ""


class Report(Section):
    """Identifies the report among others about the same service; any part may be empty."""

    title: Annotated[str, OneLine(300, shortest=0), OrEmpty] = ""
    published: Annotated[str, OneLine(40, shortest=0), OrEmpty] = ""
    isbn: Annotated[str, OneLine(40, shortest=0), OrEmpty] = ""


class Decision(Section):
    """A decision of the ratings panel, and why, in the file's words (may be empty)."""

    standard: str
    key_question: str | None = None
    from_rating: RatingKey = Field(alias="from")
    to_rating: RatingKey = Field(alias="to")
    why: Annotated[str, OneLine(1000, shortest=0), OrEmpty] = ""

    @property
    def move(self) -> Discretion:
        return Discretion(self.standard, self.key_question, self.from_rating, self.to_rating)


class Published(Section):
    """The outcome to reproduce; ``None`` for what has no rating or no score."""

    standards: dict[str, RatingOrNull]
    score: Annotated[int | None, Field(ge=0), Expected("a whole number of 0 or more, or null")]
    overall: RatingOrNull


def _edition(code: object) -> Edition:
    if code not in available_editions():
        raise ValueError
    return load_edition(str(code))


_KNOWN = " or ".join(f'"{code}"' for code in available_editions())


class ReplayFile(Section):
    """One published inspection. ``samples`` holds the groups that the file states."""

    schema_name: Annotated[Literal["inspection-results/1"], Expected(f'"{SCHEMA}"')] = Field(
        alias="schema"
    )
    service: Service
    report: Annotated[Report, Absent] = Report()
    edition: Annotated[Edition, PlainValidator(_edition), Expected(f"a known edition, {_KNOWN}")]
    samples: dict[
        GroupKey,
        Annotated[
            int,
            Field(ge=0, le=LARGEST_SAMPLE),
            Expected(f"a whole number from 0 to {LARGEST_SAMPLE}"),
        ],
    ]
    key_questions: dict[str, QuestionCounts]
    prompts: Annotated[dict[str, QuestionCounts], Absent] = {}
    stated_judgements: Annotated[dict[str, RatingOrNull], Absent] = Field({}, alias="judgements")
    discretion: list[Decision] | None = None
    published: Published

    @property
    def judgements(self) -> dict[str, Rating]:
        stated = self.stated_judgements.items()
        return {code: rating for code, rating in stated if rating is not None}

    @property
    def decisions(self) -> list[Decision]:
        return self.discretion or []

    @property
    def key(self) -> str:
        """Identifies this report; no part contains a line break."""
        report = self.report
        return "\n".join((self.service.name, self.edition.code, report.published, report.isbn))

    def rate(self) -> Outcome:
        """The outcome of the counts and judgements, without any decision of the panel."""
        counts = self.key_questions | self.prompts
        tallies = {code: counted.tally for code, counted in counts.items()}
        return rate(self.edition, tallies, self.samples, self.judgements, ())


def parse(raw: bytes, source: str) -> ReplayFile:
    """The published inspection in the bytes ``raw``; ``source`` names the file in errors.

    Raises ``NotValid`` with all faults of the first of these that has any: the shape of the file,
    the relations between its parts, the panel's decisions.
    """
    data = read_json(raw, source)
    file = read(ReplayFile, data, source)
    refuse(source, data, _faults(file))
    refuse(source, data, _faults_of_decisions(file))
    return file


def _faults(file: ReplayFile) -> Iterator[Fault]:
    edition = file.edition
    for section, counted in (("key_questions", file.key_questions), ("prompts", file.prompts)):
        for code, counts in counted.items():
            expected = _not_counted(edition, section, code)
            if expected:
                yield (section, code), expected
            else:
                yield from _faults_of_counts(file, (section, code), code, counts)
    qualitative = [standard.code for standard in edition.standards if standard.is_qualitative]
    for code in file.stated_judgements:
        if code not in qualitative:
            expected = f"a qualitative standard of edition {edition.code}, "
            yield ("judgements", code), f"expected {expected}one of {', '.join(qualitative)}"
    for code in file.published.standards:
        if code not in edition.standards_by_code:
            yield ("published", "standards", code), _standard_of(edition)
    score, highest = file.published.score, edition.highest_score
    if score is not None and score > highest:
        expected = f"expected a whole number from 0 to {highest}, or null, not {score}"
        yield ("published", "score"), expected


def _not_counted(edition: Edition, section: str, code: str) -> str:
    """What was expected in place of ``code``; empty if it may be counted there."""
    is_prompt, standard = code in edition.prompts_by_code, edition.standard_of_question.get(code)
    if section == "prompts" and not edition.prompts_by_code:
        return f"expected no prompts: edition {edition.code} has none"
    if section == "prompts":
        return "" if is_prompt else f"expected a prompt of edition {edition.code}, such as 2.1.1a"
    if standard is None or is_prompt:
        return f"expected a key question of edition {edition.code}, such as 2.1.1"
    if standard.is_qualitative:
        return (
            "expected a key question that is answered in cases; "
            f"standard {standard.code} is judged in edition {edition.code}"
        )
    return ""


def _standard_of(edition: Edition) -> str:
    codes = ", ".join(edition.standards_by_code)
    return f"expected a standard of edition {edition.code}, one of {codes}"


def _faults_of_counts(
    file: ReplayFile, at: Path, code: str, counts: QuestionCounts
) -> Iterator[Fault]:
    edition, tally = file.edition, counts.tally
    for name, value in (counts.model_extra or {}).items():
        # Notes beside the counts are ignored, but a number with an unknown name is probably
        # a count that would be lost.
        if isinstance(value, int | float):
            known = ", ".join(QuestionCounts.model_fields)
            yield (*at, name), f"expected one of {known}, not a number under another name"
    if tally.not_applicable and not edition.allows_not_applicable(code):
        yield (
            (*at, "not_applicable"),
            f"expected 0, because edition {edition.code} has this question answered "
            f"Yes or No in every case, not {tally.not_applicable}",
        )
    group = edition.standard_of_question[code].group
    sample = file.samples.get(group, 0) if group else 0
    if group and tally.inspected > sample:
        yield (
            at,
            f"expected counts that add up to at most {sample}, "
            f"as samples › {group.lower()} gives, not {tally.inspected}",
        )


def _faults_of_decisions(file: ReplayFile) -> Iterator[Fault]:
    outcome = file.rate()
    decided: set[str] = set()
    for position, decision in enumerate(file.decisions):
        at: Path = ("discretion", position)
        yield from _faults_of_decision(file.edition, outcome, at, decision)
        target = decision.move.target
        if target in decided:
            yield at, f"expected one decision about {target}, but there are two"
        decided.add(target)


def _faults_of_decision(
    edition: Edition, outcome: Outcome, at: Path, decision: Decision
) -> Iterator[Fault]:
    if decision.standard not in edition.standards_by_code:
        yield (*at, "standard"), f"{_standard_of(edition)}, not {shown(decision.standard)}"
        return
    rated, move = outcome.by_code[decision.standard], decision.move
    computed = rated.computed
    if move.key_question is not None:
        questions = {question.code: question for question in rated.key_questions}
        if move.key_question not in questions:
            yield (
                (*at, "key_question"),
                f"expected a key question of standard {move.standard} ({', '.join(questions)}) "
                f"or null, not {shown(move.key_question)}"
                if questions
                else f"expected null, because standard {move.standard} is judged as a whole",
            )
            return
        computed = questions[move.key_question].computed
    if isinstance(computed, NotRateable):
        yield (*at, "from"), f"expected no decision, because {move.target} has no rating to move"
    elif move.from_rating != computed:
        yield (
            (*at, "from"),
            f"expected {computed.key}, the computed rating of {move.target}, "
            f"not {move.from_rating.key}",
        )
    elif abs(move.from_rating - move.to_rating) != 1:
        near = " or ".join(other.key for other in Rating if abs(other - computed) == 1)
        expected = f"expected {near}, one band from {computed.key}, not {move.to_rating.key}"
        yield (*at, "to"), expected
