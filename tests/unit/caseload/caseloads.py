"""Caseloads for tests: single rows, and whole lists whose margins are skewed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cases.caseload.draw.chance import Chance
from cases.caseload.rows import CaseRow
from inspections.framework import Group

LEVELS = ("LOW", "MEDIUM", "HIGH", "VERY_HIGH")

SHARES: Mapping[str, Mapping[str, int]] = {
    "gender": {"MALE": 84, "FEMALE": 15, "OTHER": 1},
    "disposal_type": {
        "REFERRAL_ORDER": 55,
        "YOUTH_REHABILITATION_ORDER": 30,
        "DETENTION_AND_TRAINING_ORDER": 9,
        "OTHER_CUSTODY": 4,
        "LICENCE": 2,
    },
    "serious_harm_level": {"LOW": 28, "MEDIUM": 42, "HIGH": 24, "VERY_HIGH": 4, "": 2},
    "safety_level": {"LOW": 12, "MEDIUM": 43, "HIGH": 35, "VERY_HIGH": 10},
    "team": {"North": 45, "South": 30, "East": 15, "West": 10},
}
"""How many of 100 cases have each value; like the reports' samples, mostly boys and few at the ends
of the scales."""


def case(number: int = 1, **more: Any) -> CaseRow:
    """A court case of the list, eligible in every respect on 13 September 2021."""
    return CaseRow(
        **{  # type: ignore[arg-type]
            "row": number + 1,
            "reference": f"C-{number:04}",
            "group": Group.COURT,
            "disposal_type": "REFERRAL_ORDER",
            "disposal_date": date(2021, 2, 1),
            "gender": "MALE",
            "serious_harm_level": "MEDIUM",
            "safety_level": "MEDIUM",
        }
        | more
    )


def caseload(number: int, seed: int = 1, **more: Any) -> list[CaseRow]:
    """``number`` court cases with the shares above; half of the children have both levels alike."""
    chance = Chance(seed)
    rows = []
    for place in range(1, number + 1):
        values = {name: chance.one_of(shares) for name, shares in SHARES.items()}
        if values["serious_harm_level"] and chance.below(2):
            values["safety_level"] = values["serious_harm_level"]
        values["case_manager"] = f"CM-{1 + chance.below(max(3, number // 9)):02}"
        rows.append(case(place, **values | more))
    return rows


def references(rows: Sequence[CaseRow]) -> list[str]:
    return [row.reference for row in rows]
