"""A sealed document made from nothing but an edition: small, and with every kind of entry."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from inspections.framework import Group, Rating, load_edition
from ratings.engine import ENGINE_VERSION, Discretion, Tally, rate
from ratings.results.document import SCHEMA, counts_of, digest, outcome_of


def document(**judgements: str) -> dict[str, Any]:
    """2021: seven Yes of ten everywhere, 3.1 decided up and a stale decision about 2.1.1."""
    edition = load_edition("2021")
    tallies = {
        question.code: Tally(7, 3)
        for standard in edition.standards
        if standard.group
        for question in standard.key_questions
    } | {"3.1.2": Tally(9, 11), "3.1.1": Tally(13, 7), "2.1.1a": Tally(5, 3, 2)}
    inspected = {Group.COURT: 10, Group.OUT_OF_COURT: 20, Group.RESETTLEMENT: 0}
    ratings = {s.code: Rating.GOOD for s in edition.standards if s.is_qualitative}
    decisions = [
        Discretion("3.1", None, Rating.INADEQUATE, Rating.REQUIRES_IMPROVEMENT),
        Discretion("2.1", "2.1.1", Rating.OUTSTANDING, Rating.GOOD),
    ]
    outcome = rate(edition, tallies, inspected, ratings, decisions)
    result: dict[str, Any] = {
        "number": 1,
        "earlier": None,
        "inspection": {"service": "Ashcombe", "area": ""},
        "edition": {"code": "2021", "name": edition.name, "digest": edition.digest},
        "engine": {"version": ENGINE_VERSION},
        "hearings": [{"chair": "The chair", "lead_view": "Zoë’s view\n“in words”"}],
        "evidence": {
            "inspected": {group.value: cases for group, cases in inspected.items()},
            "eligible": {},
            "counts": counts_of(outcome),
        },
        "judgements": {
            code: {"rating": rating.key, "rationale": "Why"} for code, rating in ratings.items()
        },
        "decisions": [
            entry("3.1", None, "inadequate", "requires_improvement", "APPLIES"),
            entry("2.1", "2.1.1", "outstanding", "good", "STALE"),
            entry("2.2", None, "good", "outstanding", "WITHDRAWN"),
        ],
        "outcome": outcome_of(outcome),
    }
    return sealed(result)


def entry(
    standard: str, key_question: str | None, origin: str, to: str, state: str
) -> dict[str, Any]:
    return {
        "standard": standard,
        "key_question": key_question,
        "from": origin,
        "to": to,
        "state": state,
        "reason": "All evidence in the round.",
    }


def sealed(result: dict[str, Any]) -> dict[str, Any]:
    """``result`` as agreed by both, whatever it says."""
    return {
        "schema": SCHEMA,
        "result": result,
        "agreements": [
            {"part": part, "sha256": digest(result), "by": part, "at": "2026-03-12T10:00:00+00:00"}
            for part in ("LEAD_INSPECTOR", "CHAIR")
        ],
        "sealed_at": "2026-03-12T10:00:00+00:00",
    }


def private_pem(seed: int = 1) -> str:
    """A private key as ``openssl genpkey -algorithm ed25519`` writes it, always the same."""
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
