"""Reads an edition of the inspection framework from TOML, and checks it whole.

An edition that loads is safe to rate with: its bands leave no gap, its codes are
unique and nest, and its limits name standards that exist.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import ascii_lowercase

from inspections.framework.rating import Rating
from inspections.framework.schema import (
    Band,
    Domain,
    Edition,
    Evidence,
    Group,
    KeyQuestion,
    Limit,
    Prompt,
    ScoreBand,
    Standard,
)
from inspections.framework.table import EditionError, Table

FOLDER = Path(__file__).parent
"""Where the editions lie: one TOML file each, named after the edition's code."""

_RATINGS: Mapping[str, Rating] = {rating.key: rating for rating in Rating}
_EVIDENCE: Mapping[str, Evidence] = {evidence.value.lower(): evidence for evidence in Evidence}
_GROUPS: Mapping[str, Group] = {group.value.lower(): group for group in Group}
_NUMBER = "[1-9][0-9]*"


class UnknownEdition(LookupError):
    """No edition has this code; the message names those that exist."""

    def __init__(self, code: str, known: Sequence[str]) -> None:
        names = " and ".join(known) if len(known) < 3 else ", ".join(known)
        super().__init__(
            f"There is no edition {code!r} of the framework. Known editions: {names or 'none'}."
        )
        self.code = code


def available_editions(folder: Path = FOLDER) -> tuple[str, ...]:
    """The codes of the editions in ``folder``, in alphabetical order."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


@cache
def load_edition(code: str, folder: Path = FOLDER) -> Edition:
    """The edition ``code``, read once a process.

    Raises ``UnknownEdition`` when ``folder`` has no such edition, and
    ``EditionError`` when its file is not valid.
    """
    known = available_editions(folder)
    if code not in known:
        raise UnknownEdition(code, known)
    path = folder / f"{code}.toml"
    edition = parse_edition(path.read_bytes(), path.name)
    if edition.code != code:
        raise EditionError(
            path.name, "code", f'expected "{code}", as the file is named, not "{edition.code}"'
        )
    return edition


def parse_edition(raw: bytes, source: str) -> Edition:
    """The edition that the TOML text ``raw`` describes; ``source`` names it in errors.

    Raises ``EditionError`` at the first thing that is not valid.
    """
    top = Table(source, "", _toml(raw, source))
    code = top.code("[a-z0-9][a-z0-9-]*", "lower-case letters, digits and hyphens")
    not_applicable = top.table("not_applicable")
    domains = _domains(top)
    standards = [standard for domain in domains for standard in domain.standards]
    edition = Edition(
        code=code,
        name=top.text("name"),
        reports=top.text("reports"),
        key_question_not_applicable=not_applicable.flag("key_questions"),
        prompt_not_applicable=not_applicable.flag("prompts"),
        domains=domains,
        bands=_bands(top),
        score_bands=_score_bands(top, standards),
        limits=_limits(top, standards),
        digest=sha256(raw).hexdigest(),
    )
    not_applicable.refuse_unknown()
    top.refuse_unknown()
    return edition


def _toml(raw: bytes, source: str) -> dict[str, object]:
    try:
        return tomllib.loads(raw.decode())
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1}"
        raise EditionError(source, place, "expected text in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise EditionError(source, "the file", f"expected valid TOML: {error}") from error


def _domains(top: Table) -> tuple[Domain, ...]:
    tables = top.tables("domains", "domain")
    domains = tuple(_domain(table) for table in tables)
    _refuse_repeated(tables, [domain.code for domain in domains])
    return domains


def _domain(table: Table) -> Domain:
    code = table.code(_NUMBER, "a number such as 2")
    name = table.text("name")
    tables = table.tables("standards", "standard")
    standards = tuple(_standard(item, code) for item in tables)
    _refuse_repeated(tables, [standard.code for standard in standards])
    table.refuse_unknown()
    return Domain(code, name, standards)


def _standard(table: Table, domain: str) -> Standard:
    code = _nested_code(table, domain)
    name = table.text("name")
    statement = table.text("statement")
    evidence = table.choice("evidence", _EVIDENCE)
    group, needs_cases_of = _groups_of(table, evidence)
    in_score = table.flag("in_score")
    tables = table.tables("key_questions", "key question")
    key_questions = tuple(_key_question(item, code, evidence) for item in tables)
    _refuse_repeated(tables, [question.code for question in key_questions])
    table.refuse_unknown()
    return Standard(code, name, statement, evidence, group, in_score, needs_cases_of, key_questions)


def _groups_of(table: Table, evidence: Evidence) -> tuple[Group | None, Group | None]:
    """The group that rates the standard, and the group without which it is not rated."""
    if evidence is Evidence.CASES:
        if table.has("needs_cases_of"):
            raise table.error("needs_cases_of", "expected only for a qualitative standard")
        return table.choice("group", _GROUPS), None
    if table.has("group"):
        raise table.error("group", "expected only for a standard rated from cases")
    if not table.has("needs_cases_of"):
        return None, None
    return None, table.choice("needs_cases_of", _GROUPS)


def _key_question(table: Table, standard: str, evidence: Evidence) -> KeyQuestion:
    code = _nested_code(table, standard)
    text = table.text("text")
    guidance = table.optional_text("guidance")
    if evidence is Evidence.QUALITATIVE and table.has("prompts"):
        raise table.error("prompts", "expected only for a standard rated from cases")
    prompts = tuple(
        _prompt(item, code, position)
        for position, item in enumerate(table.optional_tables("prompts", "prompt"))
    )
    table.refuse_unknown()
    return KeyQuestion(code, text, prompts, guidance)


def _prompt(table: Table, key_question: str, position: int) -> Prompt:
    if position >= len(ascii_lowercase):
        raise table.error("code", f"expected at most {len(ascii_lowercase)} prompts, a to z")
    expected = f"{key_question}{ascii_lowercase[position]}"
    prompt = Prompt(
        table.code(re.escape(expected), f'"{expected}", the next letter in order'),
        table.text("text"),
        table.optional_text("guidance"),
    )
    table.refuse_unknown()
    return prompt


def _nested_code(table: Table, parent: str) -> str:
    expected = f'"{parent}." and a number, such as {parent}.1'
    return table.code(rf"{re.escape(parent)}\.{_NUMBER}", expected)


def _refuse_repeated(tables: Sequence[Table], codes: Sequence[str]) -> None:
    for position, (table, code) in enumerate(zip(tables, codes, strict=True)):
        if code in codes[:position]:
            raise table.error("code", f'expected each code once, but "{code}" is there twice')


def _bands(top: Table) -> tuple[Band, ...]:
    tables = top.tables("bands", "band")
    bands = tuple(
        Band(
            table.text("name"),
            table.choice("rating", _RATINGS),
            table.whole_number("lowest"),
            table.whole_number("highest"),
        )
        for table in tables
    )
    _check_bands(top, "bands", tables, bands, 100)
    return bands


def _score_bands(top: Table, standards: Sequence[Standard]) -> tuple[ScoreBand, ...]:
    scored = sum(standard.in_score for standard in standards)
    if not scored:
        raise top.error("domains", "expected at least one standard with in_score = true")
    tables = top.tables("score_bands", "score band")
    bands = tuple(
        ScoreBand(
            table.choice("rating", _RATINGS),
            table.whole_number("lowest"),
            table.whole_number("highest"),
        )
        for table in tables
    )
    _check_bands(top, "score_bands", tables, bands, scored * max(Rating))
    return bands


def _check_bands(
    top: Table, key: str, tables: Sequence[Table], bands: Sequence[Band | ScoreBand], last: int
) -> None:
    """Every whole number from 0 to ``last`` has exactly one rating, worst first."""
    next_lowest = 0
    for table, band in zip(tables, bands, strict=True):
        table.refuse_unknown()
        if band.lowest != next_lowest:
            problem = f"expected {next_lowest}, where the bands before it end, not {band.lowest}"
            raise table.error("lowest", problem)
        if band.highest < band.lowest:
            problem = f"expected {band.lowest} or more, not {band.highest}"
            raise table.error("highest", problem)
        next_lowest = band.highest + 1
    if next_lowest != last + 1:
        raise tables[-1].error("highest", f"expected {last}, not {next_lowest - 1}")
    if [band.rating for band in bands] != list(Rating):
        order = ", ".join(_RATINGS)
        raise top.error(key, f"expected one band for each rating, in the order {order}")


def _limits(top: Table, standards: Sequence[Standard]) -> tuple[Limit, ...]:
    known = {standard.code: standard.code for standard in standards}
    limits: list[Limit] = []
    for table in top.optional_tables("limits", "limit"):
        limit = Limit(
            table.choice("standard", known),
            table.choice("rating", _RATINGS),
            table.choice("overall_at_most", _RATINGS),
        )
        table.refuse_unknown()
        if any((limit.standard, limit.rating) == (old.standard, old.rating) for old in limits):
            problem = f"expected one limit for {limit.standard} at {limit.rating.key}"
            raise table.error("standard", f"{problem}, but there are two")
        limits.append(limit)
    return tuple(limits)
