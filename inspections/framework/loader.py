"""Reads an edition of the inspection framework from TOML and checks all of it.

An edition that loads is safe to rate with: its bands leave no gap, its codes are
unique and nest, and its limits name standards that exist.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import ascii_lowercase

from inspections.framework.rating import Rating
from inspections.framework.reading import RATINGS, Fault, NotValid, read, refuse
from inspections.framework.reading import Path as At
from inspections.framework.schema import (
    GROUPS,
    Domain,
    Edition,
    EditionFile,
    KeyQuestion,
    ScoreBand,
    Standard,
)

FOLDER = Path(__file__).parent
"""The folder of the editions: one TOML file each, named after the edition's code."""

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
    ``NotValid`` when its file is not valid.
    """
    known = available_editions(folder)
    if code not in known:
        raise UnknownEdition(code, known)
    path = folder / f"{code}.toml"
    edition = parse_edition(path.read_bytes(), path.name)
    if edition.code != code:
        expected = f'expected "{code}", as the file is named, not "{edition.code}"'
        raise NotValid(path.name, ("code", expected))
    return edition


def parse_edition(raw: bytes, source: str) -> Edition:
    """The edition that the TOML text ``raw`` describes; ``source`` names it in errors.

    Raises ``NotValid`` with everything that is wrong with it.
    """
    try:
        values = tomllib.loads(raw.decode())
    except UnicodeDecodeError as error:
        raise NotValid(source, (f"byte {error.start + 1}", "expected text in UTF-8")) from error
    except tomllib.TOMLDecodeError as error:
        raise NotValid(source, ("the file", f"expected valid TOML: {error}")) from error
    file = read(EditionFile, values, source)
    refuse(source, values, _faults(file))
    return Edition.model_construct(**dict(file), digest=sha256(raw).hexdigest())


def _faults(file: EditionFile) -> Iterator[Fault]:
    """What is wrong between parts of a file that are each valid by themselves."""
    if not re.fullmatch("[a-z0-9][a-z0-9-]*", file.code):
        expected = "expected lower-case letters, digits and hyphens"
        yield ("code",), f'{expected}, not "{file.code}"'
    yield from _codes(("domains",), file.domains, "")
    for number, domain in enumerate(file.domains):
        at: At = ("domains", number, "standards")
        yield from _codes(at, domain.standards, domain.code)
        for position, standard in enumerate(domain.standards):
            yield from _standard((*at, position), standard)
    scored = sum(standard.in_score for standard in file.standards)
    if not scored:
        yield ("domains",), "expected at least one standard with in_score = true"
    yield from _bands("bands", file.bands, 100)
    yield from _bands("score_bands", file.score_bands, scored * max(Rating))
    yield from _limits(file)


def _codes(
    at: At, coded: Sequence[Domain | Standard | KeyQuestion], parent: str
) -> Iterator[Fault]:
    """A code is its parent's code and a number, and is unique."""
    pattern = rf"{re.escape(parent)}\.{_NUMBER}" if parent else _NUMBER
    expected = f'"{parent}." and a number, such as {parent}.1' if parent else "a number such as 2"
    codes = [one.code for one in coded]
    for position, code in enumerate(codes):
        if not re.fullmatch(pattern, code):
            yield (*at, position, "code"), f'expected {expected}, not "{code}"'
        if code in codes[:position]:
            once = f'expected each code once, but "{code}" is there twice'
            yield (*at, position, "code"), once


def _standard(at: At, standard: Standard) -> Iterator[Fault]:
    if standard.is_qualitative and standard.group is not None:
        yield (*at, "group"), "expected only for a standard rated from cases"
    if not standard.is_qualitative and standard.group is None:
        yield (*at, "group"), f"expected one of {', '.join(GROUPS)}; it is missing"
    if not standard.is_qualitative and standard.needs_cases_of is not None:
        yield (*at, "needs_cases_of"), "expected only for a qualitative standard"
    yield from _codes((*at, "key_questions"), standard.key_questions, standard.code)
    for position, question in enumerate(standard.key_questions):
        prompts: At = (*at, "key_questions", position, "prompts")
        if question.prompts and standard.is_qualitative:
            yield prompts, "expected only for a standard rated from cases"
        if len(question.prompts) > len(ascii_lowercase):
            yield prompts, f"expected at most {len(ascii_lowercase)} prompts, a to z"
        lettered = zip(question.prompts, ascii_lowercase, strict=False)
        for number, (prompt, letter) in enumerate(lettered):
            code = f"{question.code}{letter}"
            if prompt.code != code:
                expected = f'expected "{code}", the next letter in order, not "{prompt.code}"'
                yield (*prompts, number, "code"), expected


def _bands(key: str, bands: Sequence[ScoreBand], last: int) -> Iterator[Fault]:
    """Every whole number from 0 to ``last`` has exactly one rating, worst first."""
    next_lowest = 0
    for position, band in enumerate(bands):
        if band.lowest != next_lowest:
            expected = f"expected {next_lowest}, where the bands before it end, not {band.lowest}"
            yield (key, position, "lowest"), expected
        if band.highest < band.lowest:
            expected = f"expected {band.lowest} or more, not {band.highest}"
            yield (key, position, "highest"), expected
        next_lowest = band.highest + 1
    if next_lowest != last + 1:
        yield (key, len(bands) - 1, "highest"), f"expected {last}, not {next_lowest - 1}"
    if [band.rating for band in bands] != list(Rating):
        yield (key,), f"expected one band for each rating, in the order {', '.join(RATINGS)}"


def _limits(file: EditionFile) -> Iterator[Fault]:
    known = [standard.code for standard in file.standards]
    for position, limit in enumerate(file.limits):
        at = ("limits", position, "standard")
        if limit.standard not in known:
            yield at, f'expected one of {", ".join(known)}, not "{limit.standard}"'
        earlier = file.limits[:position]
        if any((limit.standard, limit.rating) == (old.standard, old.rating) for old in earlier):
            yield (
                at,
                f"expected one limit for {limit.standard} at {limit.rating.key}, but there are two",
            )
