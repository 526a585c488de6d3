"""The headings of a list of cases, in their order, and what each takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

LONGEST: Mapping[str, int] = MappingProxyType(
    {
        "reference": 40,
        "child_reference": 40,
        "case_manager": 40,
        "team": 100,
        "offence_detail": 100,
        "disposal_local_name": 100,
    }
)
"""How many characters a text of ``CaseRow`` may have; its columns have room for as many."""
LONGEST_OFFENCE = 500
"""How many characters of an offence are read. Acts of Parliament are wordy: it is cut, and said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One heading and the attribute of ``CaseRow`` that it fills.

    ``takes`` says what may be written, ``why`` what it is for and when it is needed. Of every list
    the fields that are not ``is_optional`` are expected; a cell may still be empty, unless ``why``
    says that it is needed.
    """

    heading: str
    attribute: str
    takes: str
    why: str
    is_optional: bool = False


FIELDS: tuple[Field, ...] = (
    Field(
        heading="Case reference",
        attribute="reference",
        takes="The service's own reference, up to 40 characters, a different one in each row. "
        "Never a name.",
        why="Needed: it says which case is meant. Only the lead inspector sees it.",
    ),
    Field(
        heading="Group",
        attribute="group",
        takes="Court, Out of court or Resettlement.",
        why="Needed: each group has a window and a sample of its own.",
    ),
    Field(
        heading="Disposal type",
        attribute="disposal_type",
        takes="A disposal of the group, such as Referral order, YRO, DTO, YCC or Outcome 22. "
        "Another is written as Other: and its name.",
        why="A case without it can't be sampled: the sample keeps its shares.",
    ),
    Field(
        heading="Disposal date",
        attribute="disposal_date",
        takes="The day of the sentence or disposal, such as 14/03/2021, 14 March 2021 or "
        "2021-03-14, with all four digits of the year.",
        why="Needed for court and out-of-court cases: it says whether the case is in the window. "
        "A resettlement case needs it, as the date of the custodial sentence, or a release date.",
    ),
    Field(
        heading="Offence",
        attribute="offence",
        takes="The most serious offence in the service's own words; 100 characters are kept.",
        why="It is put into one of the published categories, to be tabled.",
    ),
    Field(
        heading="Age at disposal",
        attribute="age",
        takes="Whole years, from 8 to 21. Never a date of birth.",
        why="It describes the case.",
    ),
    Field(
        heading="Gender",
        attribute="gender",
        takes="Female, Male, Other or Not known; F and M.",
        why="A case without it can't be sampled: the sample keeps its shares.",
    ),
    Field(
        heading="Ethnicity",
        attribute="ethnicity",
        takes="A group or its code, such as White, Asian, Mixed, W1, B2, M9 or NS.",
        why="It describes the case.",
    ),
    Field(
        heading="Risk of serious harm",
        attribute="serious_harm_level",
        takes="The service's level: Low, Medium, High, Very high or Not classified; RLRH, RMRH, "
        "RHRH and RVRH.",
        why="The sample keeps its shares; empty counts as not classified.",
    ),
    Field(
        heading="Safety and wellbeing",
        attribute="safety_level",
        takes="The service's level: Low, Medium, High, Very high or Not classified.",
        why="The sample keeps its shares; empty counts as not classified.",
    ),
    Field(
        heading="Child reference",
        attribute="child_reference",
        takes="The same for each case of one child, up to 40 characters. Never a name.",
        why="With it, several cases of one child are found. It is kept only as a hash.",
        is_optional=True,
    ),
    Field(
        heading="Start date",
        attribute="start_date",
        takes="The day on which work with the child began or will begin.",
        why="A case that has not begun is left out.",
        is_optional=True,
    ),
    Field(
        heading="Release date",
        attribute="release_date",
        takes="The day of release from custody.",
        why="A resettlement case needs it, or the date of the custodial sentence as its disposal "
        "date: it says whether the case is in the window.",
        is_optional=True,
    ),
    Field(
        heading="Sensitive",
        attribute="is_sensitive",
        takes="Yes or No; empty means No.",
        why="A sensitive case is left out.",
        is_optional=True,
    ),
    Field(
        heading="Case manager",
        attribute="case_manager",
        takes="A reference of the case manager, up to 40 characters, such as CM12. Never a name.",
        why="With it, the cases of one case manager can be capped and interviews planned.",
        is_optional=True,
    ),
    Field(
        heading="Team",
        attribute="team",
        takes="The name of the team or area, up to 100 characters.",
        why="With it, the sample can keep the shares of teams.",
        is_optional=True,
    ),
)

FIELD_OF_HEADING: Mapping[str, Field] = MappingProxyType({field.heading: field for field in FIELDS})
HEADING_OF: Mapping[str, str] = MappingProxyType(
    {field.attribute: field.heading for field in FIELDS}
)
"""The heading that fills each attribute of ``CaseRow``."""
