"""Reads a service's list of cases from CSV, XLSX or ODS. This package is pure.

``docs/list-of-cases.md`` says what a list may hold. Names and dates of birth are never taken.
"""

from cases.caseload.lists.cells import clean, why_no_reference
from cases.caseload.lists.fields import FIELDS, LONGEST, Field
from cases.caseload.lists.reading import read_list
from cases.caseload.lists.result import NotAList, Problem, ReadList, problems_csv
from cases.caseload.lists.spellings import OFFENCES
from cases.caseload.lists.template import template_csv, template_xlsx

__all__ = [
    "FIELDS",
    "LONGEST",
    "OFFENCES",
    "Field",
    "NotAList",
    "Problem",
    "ReadList",
    "clean",
    "problems_csv",
    "read_list",
    "template_csv",
    "template_xlsx",
    "why_no_reference",
]
