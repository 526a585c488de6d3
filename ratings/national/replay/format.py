"""Files of published results: schema ``inspection-results/1`` (method.md, last section).

A file that parses can be stored and rated: its counts fit its samples and its edition,
and every decision of the panel starts from the rating that the counts give.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inspections.framework import Edition, Group, Rating, available_editions, load_edition
from ratings.engine import Discretion, NotRateable, Outcome, Tally, rate
from ratings.national.replay.place import NotValid, Value, read_json, shown

__all__ = ["Decision", "NotValid", "Published", "QuestionCounts", "ReplayFile", "parse"]

SCHEMA = "inspection-results/1"
LARGEST_SAMPLE = 5000
"""Cases of one group; no service has as many, a slip of the pen may."""

GROUPS: Mapping[str, Group] = {group.lower(): group for group in Group}
RATINGS: Mapping[str, Rating] = {rating.key: rating for rating in Rating}
COUNTS = ("yes", "no", "not_applicable", "unanswered")


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    """How one question was answered, and the whole percentage that the report prints.

    ``published_percent`` is ``None`` for no relevant case; where the file doesn't state
    it, ``states_percent`` is false.
    """

    tally: Tally
    states_percent: bool
    published_percent: int | None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of the ratings panel, and why, in the file's words (may be empty)."""

    move: Discretion
    why: str


@dataclass(frozen=True, slots=True)
class Published:
    """The outcome to reproduce; ``None`` for what has no rating or no score."""

    standards: Mapping[str, Rating | None]
    score: int | None
    overall: Rating | None


@dataclass(frozen=True)
class ReplayFile:
    """One published inspection.

    ``samples`` holds the groups that the file states, ``key_questions`` and ``prompts``
    the counts by code. ``report_published`` and ``report_isbn`` tell the report from
    others about the same service.
    """

    source: str
    service_name: str
    area: str
    edition: Edition
    report_title: str
    report_published: str
    report_isbn: str
    samples: Mapping[Group, int]
    key_questions: Mapping[str, QuestionCounts]
    prompts: Mapping[str, QuestionCounts]
    judgements: Mapping[str, Rating]
    decisions: tuple[Decision, ...]
    published: Published

    @property
    def key(self) -> str:
        """What tells this report from all others; no part holds a line break."""
        return "\n".join(
            (self.service_name, self.edition.code, self.report_published, self.report_isbn)
        )


def parse(raw: bytes, source: str) -> ReplayFile:
    """The published inspection in the bytes ``raw``; ``source`` names the file in errors.

    Raises ``NotValid`` at the first thing that is not as it should be.
    """
    top = read_json(raw, source)
    schema = top.get("schema", f'"{SCHEMA}"')
    if schema.raw != SCHEMA:
        schema.refuse(f'expected "{SCHEMA}", not {shown(schema.raw)}')
    service = top.get("service", "an object")
    report = top.section("report")
    edition = _edition(top.get("edition", "the code of an edition"))
    samples = _samples(top.get("samples", "an object"))
    key_questions = {
        code: _counts(value, _key_question(value, code, edition), edition, code, samples)
        for code, value in top.get("key_questions", "an object").members().items()
    }
    prompts = {
        code: _counts(value, _prompt(value, code, edition), edition, code, samples)
        for code, value in top.section("prompts").members().items()
    }
    judgements = _judgements(top.section("judgements").members(), edition)
    outcome = rate(
        edition,
        {code: counts.tally for code, counts in (key_questions | prompts).items()},
        samples,
        judgements,
        (),
    )
    return ReplayFile(
        source=source,
        service_name=service.get("name", "the service's name").text(longest=200),
        area=_optional_text(service, "area", 200),
        edition=edition,
        report_title=_optional_text(report, "title", 300),
        report_published=_optional_text(report, "published", 40),
        report_isbn=_optional_text(report, "isbn", 40),
        samples=samples,
        key_questions=key_questions,
        prompts=prompts,
        judgements=judgements,
        decisions=_decisions(top, edition, outcome),
        published=_published(top.get("published", "an object"), edition),
    )


def _optional_text(section: Value, key: str, longest: int) -> str:
    """The text under ``key``; empty where it, or the section, is absent, null or blank."""
    if not section.has(key):
        return ""
    value = section.get(key, "text")
    return "" if value.raw == "" else value.text(longest=longest)


def _edition(value: Value) -> Edition:
    known = available_editions()
    if not isinstance(value.raw, str) or value.raw not in known:
        codes = " or ".join(f'"{code}"' for code in known)
        value.refuse(f"expected a known edition, {codes}, not {shown(value.raw)}")
    return load_edition(value.raw)


def _samples(value: Value) -> Mapping[Group, int]:
    samples = {}
    for key, size in value.members().items():
        if key not in GROUPS:
            size.refuse(f"expected a group of cases, one of {', '.join(GROUPS)}")
        samples[GROUPS[key]] = size.whole_number(lowest=0, highest=LARGEST_SAMPLE)
    return samples


def _key_question(value: Value, code: str, edition: Edition) -> Group:
    """The group of cases in which ``code`` is asked; refuses what isn't such a key question."""
    standard = edition.standard_of_question.get(code)
    if standard is None or code in edition.prompts_by_code:
        value.refuse(f"expected a key question of edition {edition.code}, such as 2.1.1")
    if standard.group is None:
        value.refuse(
            "expected a key question that is answered in cases; "
            f"standard {standard.code} is judged in edition {edition.code}"
        )
    return standard.group


def _prompt(value: Value, code: str, edition: Edition) -> Group:
    if not edition.prompts_by_code:
        value.refuse(f"expected no prompts: edition {edition.code} has none")
    group = edition.standard_of_question[code].group if code in edition.prompts_by_code else None
    if group is None:
        value.refuse(f"expected a prompt of edition {edition.code}, such as 2.1.1a")
    return group


def _counts(
    value: Value, group: Group, edition: Edition, code: str, samples: Mapping[Group, int]
) -> QuestionCounts:
    members = value.members()
    for key, member in members.items():
        # A note may stand beside the counts; a number under a name unknown to us is a
        # count that would be lost.
        if key not in (*COUNTS, "published_percent") and isinstance(member.raw, int | float):
            member.refuse(f"expected one of {', '.join(COUNTS)} or published_percent")
    tally = Tally(
        yes=value.get("yes", "the number of cases").whole_number(lowest=0, highest=None),
        no=value.get("no", "the number of cases").whole_number(lowest=0, highest=None),
        not_applicable=_optional_count(value, "not_applicable"),
        unanswered=_optional_count(value, "unanswered"),
    )
    if tally.not_applicable and not edition.allows_not_applicable(code):
        members["not_applicable"].refuse(
            f"expected 0, because edition {edition.code} has this question answered "
            f"Yes or No in every case, not {tally.not_applicable}"
        )
    sample = samples.get(group, 0)
    if tally.inspected > sample:
        value.refuse(
            f"expected counts that add up to at most {sample}, "
            f"as samples › {group.lower()} gives, not {tally.inspected}"
        )
    published = members.get("published_percent")
    return QuestionCounts(
        tally=tally,
        states_percent=published is not None,
        published_percent=None
        if published is None or published.raw is None
        else published.whole_number(lowest=0, highest=100, or_null=True),
    )


def _optional_count(value: Value, key: str) -> int:
    if not value.states(key):
        return 0
    return value.get(key, "the number of cases").whole_number(lowest=0, highest=None)


def _rating(value: Value, *, or_null: bool = False) -> Rating:
    if not isinstance(value.raw, str) or value.raw not in RATINGS:
        ratings = ", ".join(RATINGS) + (" or null" if or_null else "")
        value.refuse(f"expected a rating, one of {ratings}, not {shown(value.raw)}")
    return RATINGS[value.raw]


def _rating_or_none(value: Value) -> Rating | None:
    return None if value.raw is None else _rating(value, or_null=True)


def _judgements(section: Mapping[str, Value], edition: Edition) -> Mapping[str, Rating]:
    judgements = {}
    for code, value in section.items():
        standard = edition.standards_by_code.get(code)
        if standard is None or not standard.is_qualitative:
            qualitative = (s.code for s in edition.standards if s.is_qualitative)
            value.refuse(
                f"expected a qualitative standard of edition {edition.code}, "
                f"one of {', '.join(qualitative)}"
            )
        rating = _rating_or_none(value)
        if rating is not None:
            judgements[code] = rating
    return judgements


def _decisions(top: Value, edition: Edition, outcome: Outcome) -> tuple[Decision, ...]:
    if not top.has("discretion"):
        return ()
    decisions: dict[str, Decision] = {}
    for value in top.get("discretion", "a list").items():
        decision = _decision(value, edition, outcome)
        target = decision.move.target
        if target in decisions:
            value.refuse(f"expected one decision about {target}, but there are two")
        decisions[target] = decision
    return tuple(decisions.values())


def _decision(value: Value, edition: Edition, outcome: Outcome) -> Decision:
    standard = value.get("standard", "the code of a standard")
    if not isinstance(standard.raw, str) or standard.raw not in edition.standards_by_code:
        standard.refuse(
            f"expected a standard of edition {edition.code}, one of "
            f"{', '.join(edition.standards_by_code)}, not {shown(standard.raw)}"
        )
    rated = outcome.by_code[standard.raw]
    computed, key_question = rated.computed, None
    if value.has("key_question"):
        asked = value.get("key_question", "")
        questions = {question.code: question for question in rated.key_questions}
        if not isinstance(asked.raw, str) or asked.raw not in questions:
            codes = ", ".join(questions)
            asked.refuse(
                f"expected a key question of standard {standard.raw} ({codes}) or null, "
                f"not {shown(asked.raw)}"
                if questions
                else f"expected null, because standard {standard.raw} is judged as a whole"
            )
        key_question = asked.raw
        computed = questions[key_question].computed
    starts, ends = value.get("from", "a rating"), value.get("to", "a rating")
    move = Discretion(standard.raw, key_question, _rating(starts), _rating(ends))
    if isinstance(computed, NotRateable):
        starts.refuse(f"expected no decision, because {move.target} has no rating to move")
    if move.from_rating != computed:
        starts.refuse(
            f"expected {computed.key}, the computed rating of {move.target}, "
            f"not {move.from_rating.key}"
        )
    if abs(move.from_rating - move.to_rating) != 1:
        neighbours = " or ".join(_neighbours(computed))
        ends.refuse(
            f"expected {neighbours}, one band from {computed.key}, not {move.to_rating.key}"
        )
    return Decision(move, _optional_text(value, "why", 1000))


def _neighbours(rating: Rating) -> Iterable[str]:
    return (other.key for other in Rating if abs(other - rating) == 1)


def _published(value: Value, edition: Edition) -> Published:
    standards = {}
    for code, rating in value.get("standards", "an object").members().items():
        if code not in edition.standards_by_code:
            rating.refuse(
                f"expected a standard of edition {edition.code}, one of "
                f"{', '.join(edition.standards_by_code)}"
            )
        standards[code] = _rating_or_none(rating)
    score = value.get("score", "the score, or null")
    return Published(
        standards=standards,
        score=None
        if score.raw is None
        else score.whole_number(lowest=0, highest=edition.highest_score, or_null=True),
        overall=_rating_or_none(value.get("overall", "the overall rating, or null")),
    )
