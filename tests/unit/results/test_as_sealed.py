"""What pages say of a seal's people comes from its document, also from one of before."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from ratings.models import SealedResult
from ratings.results.as_sealed import AsSealed, as_sealed
from ratings.results.document import canonical

SEALS = Path(__file__).parents[2] / "golden/seals"


def seal(document: Any, number: int = 1) -> SealedResult:
    return SealedResult(number=number, document=canonical(document).decode())


def document() -> Any:
    """Of a seal made before attendance was recorded, which follows a reopened one."""
    return json.loads((SEALS / "surrey-2019.json").read_bytes())["document"]


def test_a_seal_from_before_attendance_was_recorded_names_the_members_alone() -> None:
    (hearing,) = AsSealed(seal(document())).hearings
    assert (hearing.meeting_date, hearing.chair) == (date(2026, 3, 12), "Ben Okafor")
    assert hearing.members == ["Ada Kowalczyk", "Ben Okafor"]
    assert (hearing.present, hearing.apologies, hearing.stepped_aside) == ((), (), ())


def test_a_later_seal_says_who_was_present_sent_apologies_and_stepped_aside() -> None:
    now = document()
    now["result"]["hearings"][0] |= {
        "present": ["Ben Okafor"],
        "apologies": ["Ada Kowalczyk"],
        "stepped_aside": [{"name": "Cy Aside", "reason": "Worked there."}],
    }
    (hearing,) = AsSealed(seal(now)).hearings
    assert hearing.present == ["Ben Okafor"]
    assert hearing.apologies == ["Ada Kowalczyk"]
    assert hearing.stepped_aside == (("Cy Aside", "Worked there."),)


def test_the_team_is_in_the_order_of_roles() -> None:
    assert AsSealed(seal(document())).team == [
        ("Lead inspector", ["Rosa Lindqvist"]),
        ("Ratings panel member", ["Ada Kowalczyk", "Ben Okafor"]),
    ]


def test_it_says_who_confirmed_it() -> None:
    lead, chair = AsSealed(seal(document())).confirmed
    assert (lead.name, lead.signatory) == ("Rosa Lindqvist", "Lead inspector")
    assert (chair.name, chair.signatory) == ("Ben Okafor", "Chair of the ratings panel")
    assert chair.at.isoformat() == "2026-11-26T01:32:40.072058+00:00"


def test_each_seals_reopening_is_read_from_the_seal_after_it() -> None:
    second, first = seal(document(), 2), seal(document(), 1)
    latest, earlier = as_sealed([second, first])
    assert (latest.seal, earlier.seal) == (second, first)
    reopened = earlier.reopened
    assert reopened is not None and reopened.is_sealed
    assert reopened.name == "Ben Okafor"
    assert reopened.reason == "The rationale of 1.1 named another service."
    assert latest.reopened is None
