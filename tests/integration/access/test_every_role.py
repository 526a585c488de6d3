"""Every address × every role × own and other inspection: what comes of opening it, and of sending
it a form with nothing in it. ``tests/golden/addresses.txt`` holds the outcomes.

After a change that is meant: ``python -m pytest tests/integration/access/test_every_role.py
--write-goldens`` writes the file anew. Read what has changed in it, line by line.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from config.demonstration import builder
from inspections.models import Inspection, Membership
from tests import scenes
from tests.every_address import Address, Outcome, every_address, request
from tests.integration.access.everything import Everything, everything
from tests.pages import signed_in, words

pytestmark = pytest.mark.django_db

FILE = Path(__file__).parents[2] / "golden" / "addresses.txt"

State = Inspection.State
ADDRESSES = every_address()

VALUES: dict[str, Any] = {
    "group": "court",
    "standard": "2.1",
    "code": "1.1.1",
    "target": "3.1",
    "kind": "narrative",
    "role": "inspector",
    "to": State.REVIEW,
    "app_label": "inspections",
    "content_type_id": 1,
    "key": "a-key",
    "uidb36": "1",
    "provider_id": "nobody",
    "pk": 0,  # of a passkey
}
"""What addresses take besides the numbers of records."""

FOR_SINGLE = {
    "cases:answers": {"code": "2.1.1"},
    "cases:list-template": {"kind": "csv"},
    "ratings:judgement": {"standard": "1.1"},
    "ratings:judgement_history": {"standard": "1.1"},
    "ratings:standard_history": {"standard": "1.1"},
    "ratings:add_evidence": {"kind": "meeting"},
    "ratings:add_finding": {"kind": "strength"},
}
"""Other values of single addresses."""

NOBODY, OUTSIDER, ADMINISTRATOR, CHAIR = "signed out", "outsider", "ADMINISTRATOR", "CHAIR"


def values_of(address: Address, ids: Mapping[str, Any]) -> dict[str, Any]:
    return VALUES | {"object_id": ids.get("user_id")} | FOR_SINGLE.get(address.name, {}) | dict(ids)


@pytest.fixture(autouse=True)
def no_log() -> Iterator[None]:
    """Thousands of requests are refused here."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


Chosen = Callable[[Address, str], bool]


def is_of_an_inspection(address: Address) -> bool:
    return "inspection_id" in address.takes


def everything_there_is(address: Address, method: str) -> bool:
    return True


def what_is_prepared(address: Address, method: str) -> bool:
    is_of_a_case = "case_id" in address.takes
    return method == "post" and address.name.startswith("cases:") and not is_of_a_case


def what_the_panel_has(address: Address, method: str) -> bool:
    return address.name.startswith("ratings:") and "inspection_id" in address.takes


def what_stays(address: Address, method: str) -> bool:
    is_read = method == "get" or address.name.startswith("ratings:")
    return is_read and is_of_an_inspection(address)


def begin(own: Everything) -> None:
    """It is in fieldwork already."""


def prepare(own: Everything) -> None:
    scenes.move_to(own.inspection, State.PREPARATION)


PHASES: list[tuple[str, Callable[[Everything], None], Chosen]] = [
    (State.FIELDWORK, begin, everything_there_is),
    (State.PREPARATION, prepare, what_is_prepared),
    (State.PANEL, Everything.submit, what_the_panel_has),
    (State.SEALED, Everything.seal, what_stays),
]
"""States of the inspection, how it comes to each, and what is requested then."""


def browsers(own: Everything) -> dict[str, Client]:
    """Of somebody in every role of ``own``, and of people who have none in it."""
    people = own.people | {
        CHAIR: own.made.chair,
        ADMINISTRATOR: builder.user("Alex Administrator", is_staff=True),
        OUTSIDER: builder.lead_inspector(builder.inspection()),
    }
    return {role: signed_in(person) for role, person in people.items()} | {NOBODY: Client()}


Row = tuple[str, str, str]
"""A state of the inspection, the name of an address, and a method."""


def outcomes(own: Everything) -> Iterator[tuple[Row, dict[str, Outcome]]]:
    by_role = browsers(own)
    for state, come_to, is_chosen in PHASES:
        come_to(own)
        for address in ADDRESSES:
            path = address.filled(values_of(address, own.ids))
            for method in ("get", "post"):
                if is_chosen(address, method):
                    came_to = {
                        role: request(client, method, path, counts=method == "post")
                        for role, client in by_role.items()
                    }
                    yield (state, address.name, method), came_to


def lines(found: Mapping[Row, Mapping[str, Outcome]]) -> Iterator[str]:
    for place, ((state, name, method), by_role) in enumerate(found.items()):
        if place == 0:
            yield _line(("state", "address", "method"), by_role)
        words_of = (outcome.word for outcome in by_role.values())
        yield _line((state, name, method), words_of)
    yield ""


def _line(row: Row, cells: Iterable[str]) -> str:
    state, name, method = row
    start = f"{state:<12}{name:<46}{method:<7}"
    return (start + "".join(f"{cell[:14]:<15}" for cell in cells)).rstrip()


def test_every_outcome_is_the_one_that_was_agreed(pytestconfig: pytest.Config) -> None:
    own = everything()
    assert own.people.keys() == {*Membership.Role.values}
    found = dict(outcomes(own))
    stored_though_refused = [
        (row, role, outcome.wrote)
        for row, by_role in found.items()
        for role, outcome in by_role.items()
        if outcome.is_refused and outcome.wrote
    ]
    assert not stored_though_refused
    assert not list(shown_by_sending(found))
    text = "\n".join(lines(found))
    if pytestconfig.getoption("write_goldens"):
        FILE.write_text(text)
    assert text == FILE.read_text()


def shown_by_sending(found: Mapping[Row, Mapping[str, Outcome]]) -> Iterator[tuple[Row, str]]:
    """Pages that somebody may not open, and is shown for sending a form to them."""
    for (state, name, method), by_role in found.items():
        opened = found.get((state, name, "get"))
        if method == "post" and opened is not None:
            for role, outcome in by_role.items():
                if outcome.status in (200, 409) and opened[role].status in (403, 404):
                    yield (state, name, method), role


# --- Another inspection

NOTHING = 999_999_999
"""A number that no record has."""

OF_SET_UP = ("inspections:", "site:move", "ratings:retention", "ratings:chair", "ratings:release")
"""Addresses that administrators open for every inspection; nothing of its cases is there."""


def same_words(outcome: Outcome) -> tuple[str, str]:
    """The outcome and the words of its page, without numbers."""
    return outcome.word, re.sub(r"\d+", "", words(outcome.text))


def told_apart(own: Everything, others: Mapping[str, Any]) -> Iterator[str]:
    """Requests with the number of another inspection, or of a record of it, that are answered in
    another way than those with a number that no record has."""
    people = {role: signed_in(person) for role, person in own.people.items()}
    people[ADMINISTRATOR] = signed_in(builder.user("Alex Administrator", is_staff=True))
    for address in filter(is_of_an_inspection, ADDRESSES):
        values = values_of(address, own.ids)
        for one in set(address.takes) & NUMBERS:
            paths = [address.filled(values | {one: number}) for number in (others[one], NOTHING)]
            for role, client in people.items():
                if role == ADMINISTRATOR and address.name.startswith(OF_SET_UP):
                    continue
                for method in ("get", "post"):
                    there, nowhere = (request(client, method, path) for path in paths)
                    if same_words(there) != same_words(nowhere) or there.wrote:
                        yield f"{method} {paths[0]} by {role}: {there.word}, not {nowhere.word}"


NUMBERS = {
    "inspection_id",
    "case_id",
    "list_id",
    "row_id",
    "linked_id",
    "slot_id",
    "evidence_id",
    "finding_id",
    "discretion_id",
    "export_id",
    "user_id",
    "person",
}
"""What addresses of inspections take that belongs to one inspection alone."""


def test_a_number_of_another_inspection_never_tells_that_it_exists() -> None:
    other = everything()
    other.submit()
    assert not list(told_apart(everything(), other.ids))


def test_every_number_that_an_address_takes_is_known() -> None:
    taken = {one for address in ADDRESSES for one in address.takes}
    by_place = {"number", "service_id", "meeting_id", "object_id"}
    assert taken <= NUMBERS | set(VALUES) | by_place
