"""The whole table of who may do what, as a file that a person can read and compare.

After a change that is meant: ``python -m tests.golden.test_permissions`` writes the file anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import django

FILE = Path(__file__).parent / "permissions.txt"


def lines() -> Iterator[str]:
    from cases.models import Case
    from inspections.access.permissions import TABLE, States
    from inspections.models import Inspection

    def listed(states: States, of: list[str]) -> str:
        return "any" if states is None else ", ".join(one for one in of if one in states) or "none"

    for app in ("inspections", "cases", "ratings"):
        import_module(f"{app}.permissions")
    yield _line("action", "role", "states of the inspection", "states of the case")
    for action, row in sorted(TABLE.items()):
        for role, states in sorted(row.who.items()):
            case_states = row.case_states.get(role)
            if case_states is None or case_states:
                case = listed(case_states, Case.State.values) if row.case_states else ""
                yield _line(action, role, listed(states, Inspection.State.values), case)
        for role in sorted(row.barred):
            yield _line(action, role, "never")
        if row.check_first:
            yield _line(action, "", f"first {row.check_first.__name__}")
        if row.check_last:
            yield _line(action, "", f"also {row.check_last.__name__}")
    yield ""


def _line(*cells: str) -> str:
    return "".join(cell.ljust(26) for cell in cells).rstrip()


def test_the_table_of_permissions_is_the_one_that_was_agreed() -> None:
    assert "\n".join(lines()) == FILE.read_text()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    FILE.write_text("\n".join(lines()))
