"""The template of a list of cases, to download: as text, or as a workbook that explains itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from cases.caseload.lists.cells import OLDEST, YOUNGEST
from cases.caseload.lists.fields import FIELDS, LONGEST
from cases.caseload.lists.sheets import MOST_ROWS
from cases.caseload.lists.spellings import (
    DISPOSAL_TYPES,
    ETHNICITIES,
    GENDERS,
    GROUPS,
    LEVELS,
    YES_NO,
    Choices,
)

CASES, EXPLANATION, CHOICES = "Cases", "How to fill it in", "Choices"
"""The names of the workbook's sheets."""

_CHOICES: Mapping[str, Choices] = MappingProxyType(
    {
        "group": GROUPS,
        "disposal_type": DISPOSAL_TYPES,
        "gender": GENDERS,
        "ethnicity": ETHNICITIES,
        "serious_harm_level": LEVELS,
        "safety_level": LEVELS,
        "is_sensitive": YES_NO,
    }
)
_DATES = ("disposal_date", "start_date", "release_date")
_REFERENCES = ("reference", "child_reference", "case_manager")
_EXPLANATION = (
    "Write one case in each row of the sheet Cases, below the headings. Columns may stand in any "
    "order, and others may stand between them: they are not read.",
    "Leave out names and dates of birth. They are not taken.",
    "Give the disposals of each period that the lead inspector asked for, with no case left out.",
)


def template_csv() -> bytes:
    """The headings alone, with a byte-order mark so that spreadsheets read what is added."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow(field.heading for field in FIELDS)
    return text.getvalue().encode("utf-8-sig")


@cache
def template_xlsx() -> bytes:
    """A workbook with the headings, a sheet that explains each, and lists to choose from."""
    book = Workbook()
    cases, explanation, choices = (
        book.create_sheet(name) for name in (CASES, EXPLANATION, CHOICES)
    )
    del book[book.sheetnames[0]]
    # openpyxl would write the time at which it was made.
    book.properties.created = datetime(2026, 1, 1, tzinfo=UTC)
    _write_choices(choices)
    _write_cases(cases)
    _write_explanation(explanation)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _write_cases(sheet: Worksheet) -> None:
    sheet.append([field.heading for field in FIELDS])
    sheet.freeze_panes = "B2"
    for number, field in enumerate(FIELDS, start=1):
        letter = get_column_letter(number)
        heading = sheet.cell(1, number)
        heading.font = Font(bold=True)
        heading.alignment = Alignment(wrap_text=True, vertical="top")
        column = sheet.column_dimensions[letter]
        column.width = 30 if field.attribute in ("disposal_type", "offence", "ethnicity") else 16
        if field.attribute in _DATES:
            column.number_format = "dd/mm/yyyy"
        elif field.attribute in _REFERENCES:
            # As text, a reference keeps its zeros and isn't made a date.
            column.number_format = "@"
        check = _check(field.attribute)
        check.promptTitle, check.prompt, check.showInputMessage = field.heading, field.takes, True
        check.errorTitle, check.error = field.heading, field.takes
        check.add(f"{letter}2:{letter}{MOST_ROWS}")
        sheet.add_data_validation(check)


def _check(attribute: str) -> DataValidation:
    """What the spreadsheet program checks. It warns only: the service's own words are understood
    too, and a disposal may be another."""
    if attribute in _CHOICES:
        letter = get_column_letter(list(_CHOICES).index(attribute) + 1)
        last = len(_CHOICES[attribute].labels) + 1
        check = DataValidation("list", f"'{CHOICES}'!${letter}$2:${letter}${last}")
    elif attribute in _DATES:
        check = DataValidation("date", "DATE(1900,1,1)", operator="greaterThanOrEqual")
    elif attribute == "age":
        check = DataValidation("whole", str(YOUNGEST), str(OLDEST), operator="between")
    else:
        longest = LONGEST.get(attribute, LONGEST["offence_detail"])
        check = DataValidation("textLength", str(longest), operator="lessThanOrEqual")
    check.errorStyle = "warning"
    check.showErrorMessage = True
    check.allow_blank = True
    return check


def _write_explanation(sheet: Worksheet) -> None:
    for line in _EXPLANATION:
        sheet.append([line])
    sheet.append([])
    sheet.append(["Heading", "What to write", "What it is for"])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for field in FIELDS:
        optional = "If the service has it. " if field.is_optional else ""
        sheet.append([field.heading, field.takes, f"{optional}{field.why}"])
        for cell in sheet[sheet.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in (("A", 24), ("B", 60), ("C", 60)):
        sheet.column_dimensions[letter].width = width


def _write_choices(sheet: Worksheet) -> None:
    """Other headings than ours, so that this sheet isn't taken for the list."""
    for number, (attribute, choices) in enumerate(_CHOICES.items(), start=1):
        heading = next(field.heading for field in FIELDS if field.attribute == attribute)
        sheet.cell(1, number, f"Choices of {heading}").font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = 40
        for row, label in enumerate(choices.labels.values(), start=2):
            sheet.cell(row, number, label)
