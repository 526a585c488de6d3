"""Who could record which case: a proposal that a lead inspector changes and saves.

The same cases and people always give the same proposal. This module is pure.

Linked cases (of siblings, or of co-defendants) are one block and go to one inspector. The largest
block is placed first, each with whoever has the fewest expected minutes by then. So nobody who is
given a block ends up further above the least loaded inspector than the largest block is long.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

NOBODY = "Nobody was chosen to take cases."
ALL_INTERESTED = "Everybody who was chosen to take cases declared an interest in this service."


@dataclass(frozen=True, slots=True)
class CaseToPlace:
    """``link`` is the same for cases that are linked, ``None`` for all others.

    ``holder`` is the key of the inspector who has the case; nobody else is proposed for it.
    """

    key: int
    reference: str
    minutes: int
    holder: int | None = None
    link: int | None = None


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who can hold cases.

    ``takes_cases`` says whether the lead inspector chose them to be given any; ``is_interested``
    whether they declared an interest in the service.
    """

    key: int
    name: str
    takes_cases: bool = True
    is_interested: bool = False

    @property
    def may_be_given(self) -> bool:
        return self.takes_cases and not self.is_interested


@dataclass(frozen=True, slots=True)
class Proposal:
    """``places`` has the inspector of each case that is given to somebody here, ``unplaced`` why a
    case is not, and ``minutes`` everybody's expected minutes, with what they hold already."""

    places: Mapping[int, int]
    unplaced: Mapping[int, str]
    minutes: Mapping[int, int]


def propose(cases: Sequence[CaseToPlace], takers: Sequence[Taker]) -> Proposal:
    """Place every case that nobody holds, or say why not. What is held stays.

    Cases linked to one that is held go to its holder; to the one of several holders with the
    fewest minutes.
    """
    ordered = sorted(takers, key=lambda taker: (taker.name.casefold(), taker.key))
    people = {taker.key: taker for taker in ordered}
    minutes = dict.fromkeys(people, 0)
    for case in cases:
        if case.holder in minutes:
            minutes[case.holder] += case.minutes
    places: dict[int, int] = {}
    unplaced: dict[int, str] = {}
    free = []
    for block, holders in _blocks(cases):
        if not holders:
            free.append(block)
            continue
        able = [key for key in people if key in holders and people[key].may_be_given]
        if able:
            _give(block, min(able, key=minutes.__getitem__), places, minutes)
        else:
            unplaced |= dict.fromkeys([case.key for case in block], _why_not(holders, people))
    able = [key for key in people if people[key].may_be_given]
    chosen = [taker for taker in ordered if taker.takes_cases]
    for block in sorted(free, key=_largest_first):
        if able:
            _give(block, min(able, key=minutes.__getitem__), places, minutes)
        else:
            why = ALL_INTERESTED if chosen else NOBODY
            unplaced |= dict.fromkeys([case.key for case in block], why)
    return Proposal(places, unplaced, minutes)


Block = list[CaseToPlace]
"""Cases that go to one inspector; nobody holds them."""


def _blocks(cases: Sequence[CaseToPlace]) -> Iterator[tuple[Block, dict[int, str]]]:
    """Each block with who holds cases linked to it, by key, and the reference of one of these."""
    linked: defaultdict[tuple[bool, int], Block] = defaultdict(list)
    for case in sorted(cases, key=lambda case: (case.reference, case.key)):
        is_linked = case.link is not None
        linked[is_linked, case.link if case.link is not None else case.key].append(case)
    for together in linked.values():
        block = [case for case in together if case.holder is None]
        if block:
            yield (
                block,
                {case.holder: case.reference for case in together if case.holder is not None},
            )


def _largest_first(block: Block) -> tuple[int, str, int]:
    return -sum(case.minutes for case in block), block[0].reference, block[0].key


def _give(block: Block, to: int, places: dict[int, int], minutes: dict[int, int]) -> None:
    for case in block:
        places[case.key] = to
        minutes[to] += case.minutes


def _why_not(holders: Mapping[int, str], people: Mapping[int, Taker]) -> str:
    """Why a block is not given to who holds what it is linked to."""
    reasons = []
    for key, reference in holders.items():
        taker = people.get(key)
        name = taker.name if taker else "somebody who is not on the team any more"
        because = "declared an interest in this service" if taker and taker.is_interested else ""
        because = because or ("was not chosen to take cases" if taker else "")
        reasons.append(f"{reference}, held by {name}" + (f", who {because}" if because else ""))
    return f"Linked to {'; '.join(reasons)}. Choose by hand."
