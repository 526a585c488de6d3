"""What a body may be, and when a request without one is never kept waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config import bodies
from config.middleware import refuse_bodies


class Body:
    """As many bytes as are asked for, up to a number."""

    def __init__(self, size: int, while_read: Callable[[], None] = lambda: None) -> None:
        self.left = size
        self.while_read = while_read

    def read(self, size: int) -> bytes:
        self.while_read()
        given = min(size, self.left)
        self.left -= given
        return b"a" * given


def respond(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Says with which status the body is refused, or how long it is."""
    read = len(environ["wsgi.input"].read())
    return [str(environ.get(bodies.REFUSED, f"{read} bytes")).encode()]


def ask(application: bodies.Application, size: str, body: Any) -> str:
    [answer] = application({"CONTENT_LENGTH": size, "wsgi.input": body}, lambda *_: None)
    return answer.decode()


@pytest.mark.parametrize("size", [1, bodies.CHUNK, bodies.CHUNK + 1, 3 * bodies.IN_MEMORY])
def test_a_body_arrives_whole(size: int) -> None:
    assert ask(bodies.read_bodies_first(respond), str(size), Body(size)) == f"{size} bytes"


@pytest.mark.parametrize("size", ["", "0", "-1", "many"])
def test_without_a_length_there_is_no_body(size: str) -> None:
    assert ask(bodies.read_bodies_first(respond), size, BytesIO()) == "0 bytes"


def test_a_body_that_ends_early_is_refused_and_not_taken_for_all() -> None:
    assert ask(bodies.read_bodies_first(respond), "100", Body(99)) == "400"


def test_a_body_that_is_too_large_is_refused_once_the_browser_has_sent_it() -> None:
    body = Body(bodies.LARGEST + 1)
    assert ask(bodies.read_bodies_first(respond), str(bodies.LARGEST + 1), body) == "413"
    assert body.left == 0


def test_a_body_beyond_all_measure_is_not_even_read() -> None:
    size = bodies.MOST_DISCARDED + 1
    body = Body(size)
    assert ask(bodies.read_bodies_first(respond), str(size), body) == "413"
    assert body.left == size


def test_bodies_that_are_being_read_leave_threads_to_everybody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bodies, "PLACES", 1)
    monkeypatch.setattr(bodies, "SECONDS_FOR_A_PLACE", 0)
    application = bodies.read_bodies_first(respond)
    meanwhile: list[str] = []

    def others() -> None:
        meanwhile.append(ask(application, "5", Body(5)))
        meanwhile.append(ask(application, "", BytesIO()))

    assert ask(application, "5", Body(5, while_read=others)) == "5 bytes"
    assert meanwhile == ["503", "0 bytes"]
    # Its place is free again.
    assert ask(application, "5", Body(5)) == "5 bytes"


@pytest.mark.parametrize("status", bodies.WORDS)
def test_a_refusal_is_in_words_and_in_json_for_scripts(status: int) -> None:
    answer = refuse_bodies(lambda request: pytest.fail("it was let through"))
    heading, words = bodies.WORDS[status]
    form = RequestFactory().post("/", {"a": "b"})
    save = RequestFactory().post("/", {}, content_type="application/json")
    for request, said in ((form, f'<h1 class="govuk-heading-l">{heading}'), (save, "error")):
        request.META[bodies.REFUSED] = status
        refused = answer(request)
        assert isinstance(refused, HttpResponse)
        assert refused.status_code == status
        assert said in refused.text
        assert words in refused.text
