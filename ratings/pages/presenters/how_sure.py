"""How sure a key question's rating is for the whole caseload, as a bar and as words."""

from __future__ import annotations

from dataclasses import dataclass

from inspections.framework import Edition
from ratings.engine import Tally, likelihood
from ratings.words import Share, likeliest_first, shares


@dataclass(frozen=True)
class HowSure:
    """The chance of each rating. ``words`` say all that the ``shares`` draw, likeliest first;
    where nothing can be said there is no share, and they say why."""

    shares: tuple[Share, ...]
    words: str


def how_sure_view(edition: Edition, tally: Tally, eligible: int | None, group: str) -> HowSure:
    """For all ``eligible`` cases of a group, ``group`` in words (“court cases”).

    ``eligible`` is ``None`` where their number wasn't recorded.
    """
    if eligible is None:
        return HowSure((), f"Not known: the number of eligible {group} is not recorded.")
    if eligible < tally.inspected:
        return HowSure(
            (),
            f"Not known: {tally.inspected} {group} are inspected, but only {eligible} recorded "
            "as eligible. Correct the sample.",
        )
    chances = likelihood(edition, tally, eligible=eligible)
    if chances is None:
        return HowSure((), "Nothing is known yet: no case is answered Yes or No.")
    return HowSure(tuple(shares(chances)), likeliest_first(chances))
