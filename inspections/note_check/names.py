"""Two or three capitalised words that look like somebody's full name.

A capital tells little at the beginning of a sentence, and much within one. So within a sentence two
capitalised words are taken for a name unless one of them is known for something else; at its
beginning the first must not be a word that sentences begin with. ``words.toml`` has what is known:

- ``openers`` begin sentences;
- ``words`` are no names, and what stands before and after them is looked at by itself;
- ``bodies`` end the name of an organisation, a place or a document, and ``heads`` begin one: what
  stands beside them belongs to it;
- ``phrases`` are names of places and of programmes;
- ``given`` are first names that look like a word of the lists above, or end like one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

WORD = re.compile(r"(?:(?:Mc|Mac|[DO]['’])?[^\W\d_a-z][^\W\d_A-Z]+)(?:['’-][^\W\d_]+)*")
"""A word with a capital and no other but after Mc, O’ or a hyphen: no acronym, no AssetPlus."""

BETWEEN = re.compile(r"[ \u00a0]{1,2}")
"""What may stand between two words of a name."""

ENDS = frozenset('.!?:;\n\r•*(“"‘[|/–—')
"""A word after one of these, and blanks, begins a sentence or a part of one."""

ARTICLE = re.compile(r"\b(?:[Tt]he|[Aa]n?)\s$")
"""Nobody's name follows one: “the Positive Futures mentor”."""

TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "sir", "sgt", "cllr", "prof"})

ENDINGS = ("ing", "ed", "ly", "ment", "tion", "ness", "ity", "ance", "ence", "ship")
"""No first word of a name, at the beginning of a sentence, ends so, but for those in ``given``."""

LONGEST_NAME = 3
"""In words. More of them in a row are a heading."""


@dataclass(frozen=True, slots=True)
class Known:
    openers: frozenset[str]
    words: frozenset[str]
    bodies: frozenset[str]
    heads: frozenset[str]
    given: frozenset[str]
    phrases: frozenset[str]
    no_names: frozenset[str]
    """``words``, and ``openers`` that are no first names either."""


@cache
def known() -> Known:
    """The lists, in lower case."""
    text = files("inspections.note_check").joinpath("words.toml").read_text("utf-8")
    lists = tomllib.loads(text)
    phrases = lists.pop("phrases")
    split = {name: frozenset(" ".join(words).lower().split()) for name, words in lists.items()}
    return Known(
        **split,
        phrases=frozenset(phrase.lower() for phrase in phrases),
        no_names=split["words"] | (split["openers"] - split["given"]),
    )


def full_names(note: str) -> Iterator[tuple[int, int]]:
    for run in _runs(note):
        if len(run) > 1:
            yield from _names_in(note, run)


def _runs(note: str) -> Iterator[list[re.Match[str]]]:
    """Capitalised words that follow each other with nothing but a blank between them."""
    run: list[re.Match[str]] = []
    for word in WORD.finditer(note):
        start, end = word.span()
        if not note[start].isupper():  # such as ², which is neither letter nor digit
            continue
        if (start and _is_within_a_word(note[start - 1])) or _is_within_a_word(note[end : end + 1]):
            continue
        if run and not BETWEEN.fullmatch(note, run[-1].end(), start):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _is_within_a_word(character: str) -> bool:
    return character.isalnum() or character in {"_", "@"}


def _names_in(note: str, run: Sequence[re.Match[str]]) -> Iterator[tuple[int, int]]:
    for part in _parts(note, run):
        words = [run[place][0] for place in part]
        most = LONGEST_NAME + (words[0].lower() in TITLES if words else 0)
        if 2 <= len(part) <= most:
            last = run[part[-1]]
            yield run[part[0]].start(), last.start() + len(_plain(last[0]))


def _parts(note: str, run: Sequence[re.Match[str]]) -> Iterator[list[int]]:
    """What is left of a run, by the places of its words: the words between those that are no
    names, without what an article or a body takes with it."""
    words = [_plain(word[0]) for word in run]
    lists, in_phrases, start = known(), _in_phrases(words), run[0].start()
    no_names = lists.no_names
    # Whether what comes next belongs to an article, and so is no name.
    belongs = ARTICLE.search(note, max(0, start - 5), start) is not None
    first = 1 if _is_opener(words[0]) and _begins_a_sentence(note, start) else 0
    part: list[int] = []
    for place in range(first, len(words)):
        word = words[place]
        if word in lists.heads:
            break
        if word in lists.bodies:
            part, belongs = [], False
        elif word in no_names or place in in_phrases:
            yield part
            part, belongs = [], False
        elif not belongs:
            part.append(place)
            if len(word) < len(run[place][0]):  # “’s”: what follows belongs to this person
                yield part
                part = []
    yield part


def _in_phrases(words: Sequence[str]) -> set[int]:
    """The places of words that are part of a phrase."""
    pairs = enumerate(pairwise(words))
    phrases = known().phrases
    return {n for first, pair in pairs if " ".join(pair) in phrases for n in (first, first + 1)}


def _plain(word: str) -> str:
    """In lower case, without “’s”."""
    return re.sub(r"['’]s$", "", word).lower()


def _is_opener(word: str) -> bool:
    lists = known()
    if word in lists.given:
        return False
    return word in lists.openers or word.endswith(ENDINGS)


def _begins_a_sentence(note: str, start: int) -> bool:
    while start and note[start - 1] in " \t\u00a0":
        start -= 1
    return start == 0 or note[start - 1] in ENDS
