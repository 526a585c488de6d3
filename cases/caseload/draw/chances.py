"""Each case's chance of being drawn, and what a cap on case managers changes about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cases.caseload.rows import CaseRow, reference_key


@dataclass(frozen=True, slots=True)
class Chances:
    """The chance of each case, in the order of the cases; they add up to ``size``.

    ``guards`` names the case manager of each case where the cap could be exceeded, and is empty
    elsewhere. ``adjustments`` says in sentences what differs from what was asked.
    """

    of: tuple[Fraction, ...]
    size: int
    guards: tuple[str, ...]
    adjustments: tuple[str, ...] = ()


def chances_of(rows: Sequence[CaseRow], size: int, cap: int | None = None) -> Chances:
    """Equal chances for a sample of ``size`` of ``rows``, but for what a ``cap`` makes impossible.

    Where more than ``cap`` cases of a case manager would be drawn on average, the chance of each of
    these is lowered so that it is ``cap``, and all others' chance is raised, equally. The size
    falls only where the caps leave too few cases. Cases without a case manager have no cap.
    """
    number = len(rows)
    adjustments = []
    if size > number:
        adjustments.append(_all_taken(number, size))
        size = number
    if cap is None:
        equal = Fraction(size, number) if number else Fraction(0)
        return Chances((equal,) * number, size, ("",) * number, tuple(adjustments))
    managers = _managers(rows)
    managed = Counter(filter(None, managers))
    guarded = {name: count for name, count in sorted(managed.items()) if count > cap}
    most = number - sum(count - cap for count in guarded.values())
    if size > most:
        adjustments.append(
            f"With at most {_cases(cap)} of one case manager, {_cases(most)} can be drawn: "
            f"the sample has {most} in place of {size}."
        )
        size = most
    held, others = _held(guarded, number, size, cap)
    equal = Fraction(size, number) if number else Fraction(0)
    of = tuple(
        Fraction(cap, guarded[manager]) if manager in held else others for manager in managers
    )
    guards = tuple(manager if manager in guarded else "" for manager in managers)
    unmanaged = number - sum(managed.values())
    adjustments += _words(held, guarded, cap, equal, others, number, unmanaged)
    return Chances(of, size, guards, tuple(adjustments))


def _all_taken(number: int, size: int) -> str:
    if not number:
        return f"There is no eligible case, and {size} were asked for."
    taken = "The only case is" if number == 1 else f"All {_cases(number)} are"
    return f"{taken} taken, as {size} were asked for."


def _managers(rows: Sequence[CaseRow]) -> list[str]:
    """The case manager of each case, in one spelling: cm1 is CM1."""
    known: dict[str, str] = {}
    for name in sorted({row.case_manager for row in rows}):
        known.setdefault(reference_key(name), name)
    return [known[reference_key(row.case_manager)] for row in rows]


def _held(guarded: dict[str, int], number: int, size: int, cap: int) -> tuple[list[str], Fraction]:
    """The case managers whose cases are held to the cap on average, and all other cases' chance.

    Each that is held raises the chance of the others, so that another may have to be held too.
    """
    held: list[str] = []
    while True:
        remaining = number - sum(guarded[name] for name in held)
        others = Fraction(size - cap * len(held), remaining) if remaining else Fraction(0)
        more = [
            name for name, count in guarded.items() if name not in held and count * others > cap
        ]
        if not more:
            return held, others
        held += more


def _words(
    held: Sequence[str],
    guarded: dict[str, int],
    cap: int,
    equal: Fraction,
    others: Fraction,
    number: int,
    unmanaged: int,
) -> Iterator[str]:
    if not held:
        yield f"The cap of {_cases(cap)} of one case manager changes no case’s chance."
    for name in sorted(held):
        count = guarded[name]
        yield (
            f"Each of the {_cases(count)} of case manager {name} has a chance of "
            f"{percent(Fraction(cap, count))} in place of {percent(equal)}, as at most {cap} are "
            "drawn."
        )
    rest = number - sum(guarded[name] for name in held)
    if held and rest:
        yield (
            f"Each of the other {_cases(rest)} has a chance of {percent(others)} "
            f"in place of {percent(equal)}."
        )
    if unmanaged:
        yield f"{_cases(unmanaged)} without a case manager: the cap does not hold there."


def percent(share: Fraction) -> str:
    """A share in per cent to a tenth, half up: “52.6%”."""
    tenths = (share * 1000 + Fraction(1, 2)) // 1
    whole, tenth = divmod(int(tenths), 10)
    return f"{whole}.{tenth}%" if tenth else f"{whole}%"


def _cases(number: int) -> str:
    return f"{number} case" if number == 1 else f"{number} cases"
