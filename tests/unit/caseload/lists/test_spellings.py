"""The tables of spellings: they name the choices that cases have, and each means one thing."""

from __future__ import annotations

import pytest
from django.db.models import CharField, TextChoices

from cases.caseload.lists.fields import FIELDS, LONGEST
from cases.caseload.lists.spellings import (
    DISPOSAL_TYPES,
    ETHNICITIES,
    GENDERS,
    GROUPS,
    GROUPS_OF_DISPOSAL,
    HEADINGS,
    LEVELS,
    OFFENCES,
    OTHER_DISPOSALS,
    Choices,
    key_of,
    offence_category,
)
from cases.caseload.rows import CaseRow
from cases.models import Case, DisposalType, Ethnicity, Gender, Level, OffenceCategory
from cases.models.choices import DISPOSALS_OF_GROUP
from inspections.models import GroupChoice


@pytest.mark.parametrize(
    ("choices", "stored"),
    [(DISPOSAL_TYPES, DisposalType), (ETHNICITIES, Ethnicity), (GENDERS, Gender), (LEVELS, Level)],
)
def test_choices_are_those_of_a_case(choices: Choices, stored: type[TextChoices]) -> None:
    assert dict(choices.labels) == dict(stored.choices)


def test_groups_and_offences_are_those_of_a_case() -> None:
    assert list(GROUPS.labels) == GroupChoice.values
    assert dict(OFFENCES) == dict(OffenceCategory.choices)


def test_a_disposal_type_belongs_to_the_groups_in_which_a_case_can_have_it() -> None:
    for group, types in DISPOSALS_OF_GROUP.items():
        assert {code for code, groups in GROUPS_OF_DISPOSAL.items() if group in groups} == set(
            types
        )


def test_another_disposal_is_none_of_the_types() -> None:
    for keys in OTHER_DISPOSALS.values():
        assert keys.isdisjoint(DISPOSAL_TYPES.codes)


def test_what_is_read_fits_into_a_case() -> None:
    columns = {
        "reference": "reference",
        "offence_detail": "offence_type",
        "disposal_local_name": "disposal_local_name",
    }
    for attribute, column in columns.items():
        field = Case._meta.get_field(column)
        assert isinstance(field, CharField) and LONGEST[attribute] <= (field.max_length or 0)


def test_every_field_fills_an_attribute_of_a_row() -> None:
    attributes = {field.attribute for field in FIELDS}
    filled = {"row", "offence_detail", "disposal_local_name"}
    assert attributes | filled == set(CaseRow.__dataclass_fields__)
    assert all(HEADINGS[key_of(field.heading)] == field.heading for field in FIELDS)


def test_a_category_of_offence_is_recognised_by_its_own_name() -> None:
    for code, label in OFFENCES.items():
        assert offence_category(label) == code
