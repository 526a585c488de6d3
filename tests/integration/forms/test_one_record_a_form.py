"""An opened form that is sent twice makes one record, and both lead to the same place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from time import sleep
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection, connections, transaction
from django.test import Client

from tests.forms import (
    NOT_ACCEPTED,
    SCENES,
    Form,
    kind_of_sending,
    made_since,
    opened_again,
    rows,
    sendings_in,
)
from tests.pages import signed_in

Entered = dict[str, list[str]]


def twin(client: Client) -> Client:
    """A client with the same cookies, as a second click has."""
    other = Client()
    other.cookies = SimpleCookie({name: one.value for name, one in client.cookies.items()})
    return other


def send(client: Client, form: Form, entered: Entered) -> Any:
    return twin(client).post(form.address, entered)


def what_one_makes(client: Client, form: Form, entered: Entered) -> dict[str, int] | None:
    """The rows that are made when it is sent once, or ``None`` if it isn't accepted."""
    before = rows()
    with transaction.atomic():
        response = send(client, form, entered)
        accepted = response.status_code == 302
        made = made_since(before)
        transaction.set_rollback(True)
    return made if accepted else None


def send_at_once(client: Client, form: Form, entered: Entered) -> list[Any]:
    """Two answers to a form sent twice, neither of which began after the other had ended."""

    def from_a_thread(_: int) -> Any:
        try:
            return send(client, form, entered)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        with transaction.atomic(), connection.cursor() as cursor:
            # Readers see that the form is not there yet; whoever adds it waits here.
            cursor.execute("LOCK TABLE inspections_sentform IN SHARE MODE")
            answers = threads.map(from_a_thread, range(2))
            wait_until_blocked(2)
        return list(answers)


def wait_until_blocked(number: int) -> None:
    with connection.cursor() as cursor:
        for _ in range(10_000):
            cursor.execute(
                "SELECT count(*) FROM pg_locks "
                "WHERE relation = 'inspections_sentform'::regclass AND NOT granted"
            )
            if cursor.fetchone() == (number,):
                return
            sleep(0.02)
    pytest.fail("The two never waited.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scene", SCENES)
def test_a_form_sent_twice_at_once_makes_one_record(scene: str) -> None:
    done: set[Any] = set()
    while True:
        # What is sent moves inspections on: what can't be sent any more is in the next scene.
        left = [one for one in sendings_in(scene) if kind_of_sending(*one[1:]) not in done]
        if not left:
            break
        for person, found, button in left:
            client = signed_in(person)
            form = opened_again(client, found, button)
            if form is not None:
                done.add(kind_of_sending(form, button))
                send_twice(client, form, button)
    assert done


def send_twice(client: Client, form: Form, button: tuple[str, str]) -> None:
    entered = form.filled(button)
    expected = what_one_makes(client, form, entered)
    assert expected is not None or form.name in NOT_ACCEPTED, form
    if expected is None:
        return
    before = rows()
    first, second = send_at_once(client, form, entered)
    assert {first.status_code, second.status_code} == {302}, form
    assert first["Location"] == second["Location"], form
    assert made_since(before) == expected, form
    for answer in (first, second):
        client.cookies.update(answer.cookies)
    again = send(client, form, entered)
    assert (again.status_code, again["Location"]) == (302, first["Location"]), form
    assert made_since(before) == expected, form
    for answer in (first, second, again):
        said = [str(one) for one in get_messages(answer.wsgi_request)]
        assert len(said) == len(set(said)), form
