"""A case as the service's list has it, before anything is sampled. This module is pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from inspections.framework import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One row of a service's list of cases, read and checked.

    ``row`` is its number in the file, counted as spreadsheets do. Choices are the codes of
    ``cases.models.choices``; an empty one was not given. ``offence`` is the published category,
    ``offence_detail`` the service's own words, ``disposal_local_name`` those for a disposal that
    is OTHER. ``reference`` and ``child_reference`` are the service's; only a hash of the latter is
    ever stored. ``case_manager`` is a reference too.
    """

    row: int
    reference: str
    group: Group
    disposal_type: str = ""
    disposal_local_name: str = ""
    disposal_date: date | None = None
    offence: str = ""
    offence_detail: str = ""
    age: int | None = None
    gender: str = ""
    ethnicity: str = ""
    serious_harm_level: str = ""
    safety_level: str = ""
    child_reference: str = ""
    start_date: date | None = None
    release_date: date | None = None
    is_sensitive: bool = False
    case_manager: str = ""
    team: str = ""


def reference_key(reference: str) -> str:
    """``reference`` for comparing: YJ/1 and yj/1 are the same case, child or case manager."""
    return unicodedata.normalize("NFKC", reference).casefold()
