"""Two other ways to draw a sample, to compare with: simple random, and in proportional strata."""

from __future__ import annotations

from collections.abc import Sequence

from cases.caseload.draw.chance import Chance
from cases.caseload.rows import CaseRow


def simple_random(rows: Sequence[CaseRow], size: int, seed: int) -> list[CaseRow]:
    return Chance(seed).some_of(rows, size)


def stratum(row: CaseRow) -> str:
    """The five strata of the inspectorate's sampler for adult probation: women; and men by
    sentence in the community or custody, and by low or other risk of serious harm."""
    if row.gender == "FEMALE":
        return "female"
    community = row.disposal_type in ("REFERRAL_ORDER", "YOUTH_REHABILITATION_ORDER")
    return f"{'community' if community else 'custody'}, {row.serious_harm_level == 'LOW'}"


def in_strata(rows: Sequence[CaseRow], size: int, seed: int) -> list[CaseRow]:
    """Each stratum's share of the size, rounded; then one more for each in turn from the smallest
    on, or one fewer from the largest on, until the size is met. As that sampler does it, without
    its areas, teams and officers."""
    chance = Chance(seed)
    strata: dict[str, list[CaseRow]] = {}
    for row in rows:
        strata.setdefault(stratum(row), []).append(row)
    sizes = {
        name: min(len(members), (2 * size * len(members) + len(rows)) // (2 * len(rows)))
        for name, members in strata.items()
    }
    missing = size - sum(sizes.values())
    step = 1 if missing > 0 else -1
    order = sorted(sizes, key=lambda name: step * sizes[name])
    while missing:
        for name in order:
            if missing and 0 <= sizes[name] + step <= len(strata[name]):
                sizes[name] += step
                missing -= step
    return [row for name, members in strata.items() for row in chance.some_of(members, sizes[name])]
