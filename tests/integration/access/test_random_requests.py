"""Whatever is sent to the service is answered and is no error of it, and what is refused is not
stored.

Requests of every address are sent by everybody, about their own inspection and another one: 20,000
with ``--hard``, else a few hundred, and always the same ones.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings

from inspections.access.sent_forms import new_form_id
from inspections.models import Service
from tests.every_address import request
from tests.forms import read_page
from tests.integration.access.everything import everything
from tests.integration.access.random_requests.bodies import Fields
from tests.integration.access.random_requests.requests import (
    ADDRESSES,
    Records,
    Request,
    World,
    problem,
    requests,
)
from tests.integration.access.test_every_role import (
    ADMINISTRATOR,
    CHAIR,
    FOR_SINGLE,
    NOBODY,
    PHASES,
    VALUES,
    browsers,
)

pytestmark = pytest.mark.django_db

STATES = [str(state) for state, *_ in PHASES]
"""Of the inspection, in the order in which it comes to each."""
FEW, MANY = 2, 30
"""Requests of each address: in fieldwork, and in every state with ``--hard``."""


@pytest.fixture(autouse=True)
def no_log() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def world_in(state: str) -> World:
    """With an inspection in ``state``, and another one that is in fieldwork."""
    other, own = everything(), everything()
    for _, come_to, _ in PHASES[: STATES.index(state) + 1]:
        come_to(own)
    by_role = browsers(own)
    form_ids = {role: new_form_id(number_of(client)) for role, client in by_role.items()}
    mine, others = (VALUES | {"object_id": of["user_id"]} | of for of in (own.ids, other.ids))
    return World(by_role, form_ids, [mine, mine, others], forms_shown(by_role, mine))


def number_of(client: Client) -> int:
    return int(client.session.get(SESSION_KEY, 0)) if client.cookies else 0


def forms_shown(
    by_role: Mapping[str, Client], values: Mapping[str, Any]
) -> dict[str, list[Fields]]:
    """What is sent by the forms of every page, by the names of the addresses that they go to."""
    found: dict[str, dict[tuple[str, ...], Fields]] = {}
    for address in ADDRESSES:
        path = address.filled({**values, **FOR_SINGLE.get(address.name, {})})
        for role in WHO_FIND_FORMS:
            outcome = request(by_role[role], "get", path, counts=False)
            for form in read_page(path, outcome.text)[0]:
                takes: Fields = {one.name: [] for one in form.inputs.values() if one.kind == "file"}
                for button in form.buttons or [("", "")]:
                    fields = {**takes, **form.filled(button)}
                    found.setdefault(form.name, {}).setdefault(tuple(fields), fields)
    return {name: list(forms.values()) for name, forms in found.items()}


WHO_FIND_FORMS = ["LEAD_INSPECTOR", "INSPECTOR", CHAIR, ADMINISTRATOR, NOBODY]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "state" in metafunc.fixturenames:
        hard = metafunc.config.getoption("hard")
        metafunc.parametrize("state", STATES if hard else STATES[:1])


def test_what_is_stored_is_seen_and_what_was_taken_back_is_not() -> None:
    records = Records()
    with transaction.atomic():
        Service.objects.create(name="A service")
        transaction.set_rollback(True)
    assert not list(records.changed())
    Service.objects.create(name="A service")
    assert Service._meta.db_table in set(records.changed())


def test_every_request_is_answered_and_what_is_refused_is_not_stored(
    state: str, hard: bool
) -> None:
    world = world_in(state)
    records = Records()

    for number, address in enumerate(ADDRESSES):

        @seed(number)
        @settings(
            max_examples=MANY if hard else FEW,
            database=None,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        @given(sent=requests(world, address))
        def every_request_is_answered(sent: Request) -> None:
            assert not problem(world, records, sent)

        every_request_is_answered()
