"""Turns the rows of a list into cases, or into problems in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from cases.caseload.lists import cells
from cases.caseload.lists.cells import Cell, Unfit, shown
from cases.caseload.lists.fields import HEADING_OF, LONGEST, LONGEST_OFFENCE
from cases.caseload.lists.result import Problem
from cases.caseload.lists.spellings import (
    DISPOSAL_TYPES,
    ETHNICITIES,
    GENDERS,
    GROUPS,
    GROUPS_OF_DISPOSAL,
    LEVELS,
    OTHER_DISPOSALS,
    Choices,
    key_of,
    offence_category,
)
from cases.caseload.lists.table import Row, Table
from cases.caseload.rows import CaseRow, reference_key
from inspections.framework import Group

ROWS_BETWEEN_PROGRESS = 500
MOST_KNOWN = 1_000
_YEARS_AHEAD = 5
"""An order may start, and a release be planned, this many years ahead."""

_DURATION = re.compile(
    r"\(?\b\d+\s*(?:months?|mths?|mth|m|weeks?|wks?|days?|hours?|hrs?|years?|yrs?)\b\)?", re.I
)
_OTHER = re.compile(r"other\s*[:(–—-]\s*(.+?)\)?", re.I)
_NEEDED_BY_EVERY_ROW = ("reference", "group")
_DISPOSAL_DATE_NEEDED = (
    "Court and out-of-court cases need it: it says whether the case is in the window."
)
_RELEASE_DATE_NEEDED = (
    "A resettlement case needs the date of the custodial sentence as its disposal date, or a "
    "release date: one says whether the case is in the window."
)


class Checker:
    """Checks one list. ``today`` is the day after which no disposal can be."""

    def __init__(self, table: Table, today: date | None) -> None:
        self.columns = table.columns
        self.rows = table.rows
        self.faults = table.faults
        self.problems: list[Problem] = []
        self.cases: list[CaseRow] = []
        self.notes: list[str] = []
        self._row_of_reference: dict[str, int] = {}
        self._without_dates: Counter[str] = Counter()
        self._other_offences: Counter[str] = Counter()
        self._cut_offences = 0
        self._readers = self._make_readers(today)
        # What each text means, by attribute: a list has the same few again and again.
        self._known: dict[str, dict[str, Any]] = {each: {} for each, _ in self._readers}

    def check(self, progress: Callable[[int, int], None] | None) -> None:
        """Fill ``cases``, ``problems`` and ``notes``. ``progress`` hears how many rows of how many
        are done."""
        self._check_columns()
        for done, (number, row) in enumerate(self.rows.items()):
            if progress and done % ROWS_BETWEEN_PROGRESS == 0:
                progress(done, len(self.rows))
            self._check_row(number, row)
        if progress:
            progress(len(self.rows), len(self.rows))
        self._check_dates_of_all()
        if not self._can_take_rows():
            self.cases = []
        place = {name: number for number, name in self.columns.found.items()}
        self.problems.sort(key=lambda found: (found.row, place.get(found.column, -1)))
        self._note_missing()
        self._note_offences()
        self._note_groups()

    # What is wrong with the columns concerns every row.

    def _check_columns(self) -> None:
        for attribute in _NEEDED_BY_EVERY_ROW:
            heading = HEADING_OF[attribute]
            if heading not in self.columns.places:
                self._add(
                    self.columns.row,
                    heading,
                    "The list has no such column, and no case can be taken without it. Add it, or "
                    "say which column it is.",
                )
        for heading, places in self.columns.places.items():
            if len(places) > 1:
                names = " and ".join(f"“{self.columns.found[place]}”" for place in places)
                self.problems.append(
                    Problem(
                        self.columns.row,
                        self.columns.found[places[-1]],
                        "",
                        f"{names} can all be read as {heading}, so none is, and no case can be "
                        "taken. Say which one it is, or delete the others.",
                    )
                )

    def _can_take_rows(self) -> bool:
        read = self.columns.read
        has_needed = all(HEADING_OF[each] in read for each in _NEEDED_BY_EVERY_ROW)
        return has_needed and len(read) == len(self.columns.places)

    def _check_dates_of_all(self) -> None:
        """A column of dates that is missing is one problem, not one in each row."""
        for group, count in self._without_dates.items():
            needed = _RELEASE_DATE_NEEDED if group == Group.RESETTLEMENT else _DISPOSAL_DATE_NEEDED
            cases = "1 case" if count == 1 else f"{count} cases"
            self._add(
                self.columns.row,
                HEADING_OF["disposal_date"],
                f"The list has no such column. {needed} {cases} of the group "
                f"{GROUPS.labels[group]} can't be taken.",
            )

    # One row.

    def _check_row(self, number: int, row: Row) -> None:
        problems_before = len(self.problems)
        unread = set()
        values: dict[str, Any] = {}
        for attribute, read in self._readers:
            heading = HEADING_OF[attribute]
            if heading not in row:
                continue
            cell = row[heading]
            known = self._known[attribute]
            try:
                if self.faults and (fault := self.faults.get((number, heading))):
                    # The number beside an error is no value.
                    raise Unfit(fault, is_shown=isinstance(cell, str))
                if type(cell) is str:
                    if cell not in known:
                        if len(known) >= MOST_KNOWN:
                            known.clear()
                        if cells.is_error(cell):
                            raise Unfit(cells.error_words(cell.strip()), is_shown=False)
                        known[cell] = read(cell)
                    values[attribute] = known[cell]
                else:
                    values[attribute] = read(cell)
            except Unfit as unfit:
                unread.add(attribute)
                self._add(number, heading, unfit.message, shown(cell) if unfit.is_shown else "")
        self._check_disposal(number, row, values, unread)
        is_dated = self._check_needed(number, row, values, unread)
        self._check_repeated(number, values)
        is_named = all(values.get(each) for each in _NEEDED_BY_EVERY_ROW)
        if len(self.problems) == problems_before and is_dated and is_named:
            detail = values["offence_detail"] = values.pop("offence", "")
            category = offence_category(detail) if detail else ""
            if detail and not category:
                self._other_offences[detail] += 1
                category = "OTHER"
            if len(detail) > LONGEST["offence_detail"]:
                self._cut_offences += 1
                values["offence_detail"] = f"{detail[: LONGEST['offence_detail'] - 1]}…"
            self.cases.append(CaseRow(row=number, offence=category, **values))

    def _check_disposal(
        self, number: int, row: Row, values: dict[str, Any], unread: set[str]
    ) -> None:
        """The disposal's type must be one of the case's group."""
        heading = HEADING_OF["disposal_type"]
        if heading not in row or "disposal_type" in unread:
            return
        own_words = values.pop("disposal_type")
        try:
            code, local_name = disposal(own_words, values.get("group"))
        except Unfit as unfit:
            self._add(number, heading, unfit.message, shown(own_words) if unfit.is_shown else "")
        else:
            values |= {"disposal_type": code, "disposal_local_name": local_name}

    def _check_needed(
        self, number: int, row: Row, values: Mapping[str, Any], unread: set[str]
    ) -> bool:
        """Whether the case has the date that its group needs. A row without a reference or group
        gets a problem, as it does without a date that the list has a column for."""
        for attribute in _NEEDED_BY_EVERY_ROW:
            if values.get(attribute) == "":
                what = "the service's reference" if attribute == "reference" else GROUPS.accepted
                self._add_empty(number, row, HEADING_OF[attribute], f"Write {what}.")
        group = values.get("group")
        dates = (
            ("disposal_date", "release_date") if group == Group.RESETTLEMENT else ("disposal_date",)
        )
        if not group or any(values.get(each) for each in dates):
            return True
        if unread.intersection(dates):
            return False
        columns = [HEADING_OF[each] for each in dates if HEADING_OF[each] in self.columns.places]
        if not columns:
            self._without_dates[group] += 1
        elif not any(heading in self.columns.read for heading in columns):
            return False  # Two columns may be it, which is said already.
        elif group == Group.RESETTLEMENT:
            self._add_empty(number, row, columns[0], _RELEASE_DATE_NEEDED)
        else:
            self._add_empty(number, row, columns[0], _DISPOSAL_DATE_NEEDED)
        return False

    def _check_repeated(self, number: int, values: Mapping[str, Any]) -> None:
        reference = values.get("reference")
        if not reference:
            return
        earlier = self._row_of_reference.setdefault(reference_key(reference), number)
        if earlier != number:
            self._add(
                number,
                HEADING_OF["reference"],
                f"Row {earlier} has the same reference. Delete one of the rows, or give each case "
                "a reference of its own.",
                shown(reference),
            )

    def _add_empty(self, number: int, row: Row, heading: str, why: str) -> None:
        """Nothing is there, or words that say so."""
        value = shown(row.get(heading, ""))
        is_empty = "It says nothing" if value else "It is empty"
        self._add(number, heading, f"{is_empty}. {why}", value)

    def _add(self, row: int, heading: str, message: str, value: str = "") -> None:
        self.problems.append(Problem(row, self.columns.name_of(heading), value, message))

    # What else is to be known.

    def _note_offences(self) -> None:
        if self._cut_offences:
            rows = "1 row" if self._cut_offences == 1 else f"{self._cut_offences} rows"
            self.notes.append(
                f"The offence of {rows} is longer than {LONGEST['offence_detail']} characters and "
                "was cut."
            )
        if self._other_offences:
            count = sum(self._other_offences.values())
            examples = ", ".join(f"“{shown(each)}”" for each in list(self._other_offences)[:5])
            rows = "1 row" if count == 1 else f"{count} rows"
            self.notes.append(
                f"The offence of {rows} is in none of the published categories by its words, so it "
                f"is taken as Other: {examples}{', …' if len(self._other_offences) > 5 else ''}"
            )

    def _note_missing(self) -> None:
        needed = {HEADING_OF[each] for each in _NEEDED_BY_EVERY_ROW}
        missing = [heading for heading in self.columns.missing if heading not in needed]
        if not missing:
            return
        of_margins = [HEADING_OF[each] for each in ("disposal_type", "gender")]
        margins = [heading for heading in of_margins if heading in missing]
        why = f" Without {' and '.join(margins)}, no case can be sampled." if margins else ""
        self.notes.append(f"The list has no column {', '.join(missing)}.{why}")

    def _note_groups(self) -> None:
        present = {case.group for case in self.cases}
        if not self.rows:
            self.notes.append("The list has no case below its headings.")
        for group, label in GROUPS.labels.items():
            if self.cases and group not in present:
                self.notes.append(f"The list has no valid case of the group {label}.")

    def _make_readers(self, today: date | None) -> list[tuple[str, Callable[[Cell], object]]]:
        """How each attribute is read, the group before what depends on it."""
        ahead = today.replace(year=today.year + _YEARS_AHEAD, day=1) if today else None
        planned = cells.not_after(ahead, "It is too far in the future. Correct the year.")
        disposed = cells.not_after(today, "It is in the future. Correct the date.")

        def choice(choices: Choices, *, loosely: bool = False) -> Callable[[Cell], str]:
            return lambda cell: cells.choice(cell, choices, loosely=loosely)

        def text(attribute: str) -> Callable[[Cell], str]:
            return lambda cell: cells.text(cell, LONGEST[attribute])

        def reference(attribute: str) -> Callable[[Cell], str]:
            return lambda cell: cells.reference(cell, LONGEST[attribute])

        def group(cell: Cell) -> Group | str:
            code = cells.choice(cell, GROUPS)
            return Group(code) if code else ""

        return [
            ("reference", reference("reference")),
            ("group", group),
            ("disposal_type", text("disposal_local_name")),
            ("disposal_date", disposed),
            ("offence", lambda cell: cells.text(cell, LONGEST_OFFENCE)),
            ("age", cells.age),
            ("gender", choice(GENDERS, loosely=True)),
            ("ethnicity", choice(ETHNICITIES, loosely=True)),
            ("serious_harm_level", choice(LEVELS)),
            ("safety_level", choice(LEVELS)),
            ("child_reference", reference("child_reference")),
            ("start_date", planned),
            ("release_date", planned),
            ("is_sensitive", cells.yes),
            ("case_manager", reference("case_manager")),
            ("team", text("team")),
        ]


def disposal(own_words: str, group: str | None) -> tuple[str, str]:
    """The disposal type that ``own_words`` name, and these words if it is another. ``group`` is
    that of the case, if known. Raises ``Unfit``."""
    if not own_words:
        return "", ""
    without_duration = clean_duration(own_words)
    code = cells.code_of(own_words, DISPOSAL_TYPES)
    if code is None:
        code = cells.code_of(without_duration, DISPOSAL_TYPES)
    local_name = ""
    if code is None and (other := _OTHER.fullmatch(own_words)):
        code, local_name = "OTHER", other[1]
    allowed = GROUPS_OF_DISPOSAL[code] if code else frozenset()
    if code is None:
        key = key_of(without_duration)
        allowed = frozenset(each for each, keys in OTHER_DISPOSALS.items() if key in keys)
        code, local_name = "OTHER", own_words
    if not allowed:
        raise Unfit(
            f"This isn't a disposal type that is known. Write {_accepted(group)}.",
            is_shown=not cells.may_be_personal(own_words, DISPOSAL_TYPES),
        )
    if group and group not in allowed:
        label = GROUPS.labels[group]
        raise Unfit(
            f"It doesn't belong to the group {label}. Correct the group, or write "
            f"{_accepted(group)}."
        )
    return code, local_name


def clean_duration(own_words: str) -> str:
    """A disposal without how long it is for."""
    return _DURATION.sub(" ", own_words)


def _accepted(group: str | None) -> str:
    labels = [
        label
        for code, label in DISPOSAL_TYPES.labels.items()
        if code != "OTHER" and (not group or group in GROUPS_OF_DISPOSAL[code])
    ]
    return f"{', '.join(labels)}, or Other: and its name"
