"""Which case findings are shown beside which organisational key question, and why.

The table is ``related_case_data.toml``, which explains more. This module does not import Django.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from inspections.framework import Group

FILE = Path(__file__).with_suffix(".toml")


class Detail(StrEnum):
    """Details of a case that the table can name."""

    MANAGEMENT_OVERSIGHT = "Management oversight met the needs of the case"
    SERIOUS_HARM_AGREED = "The inspector agrees with the risk of serious harm classification"
    SAFETY_AGREED = "The inspector agrees with the safety and wellbeing classification"
    FACTORS = "Factors most related to the offending"


@dataclass(frozen=True, slots=True)
class RelatedCaseData:
    """Case findings on one ``topic``, and ``why`` they matter for an organisational question.

    ``details`` are counted in the cases of each of ``groups``.
    """

    topic: str
    why: str
    questions: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()
    groups: tuple[Group, ...] = (Group.COURT, Group.OUT_OF_COURT)


@cache
def load_related_case_data() -> Mapping[str, Mapping[str, tuple[RelatedCaseData, ...]]]:
    """The whole table, by edition and organisational key question."""
    with FILE.open("rb") as file:
        editions = tomllib.load(file)
    shared = editions.pop("shared")
    return {
        edition: {
            code: tuple(_read(shared.get(entry.get("shared"), entry)) for entry in entries)
            for code, entries in key_questions.items()
        }
        for edition, key_questions in editions.items()
    }


def related_to(edition: str, key_question: str) -> tuple[RelatedCaseData, ...]:
    """The case data related to ``key_question``; empty if the table has none."""
    return load_related_case_data().get(edition, {}).get(key_question, ())


def _read(entry: Mapping[str, Any]) -> RelatedCaseData:
    fields = dict(entry)
    fields["questions"] = tuple(fields.get("questions", ()))
    fields["details"] = tuple(Detail[name] for name in fields.get("details", ()))
    if "groups" in fields:
        fields["groups"] = tuple(Group(name) for name in fields["groups"])
    return RelatedCaseData(**fields)
