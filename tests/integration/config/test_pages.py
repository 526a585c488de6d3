"""What every answer of the service carries, and the pages for when something went wrong."""

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from config import pages
from config.middleware import CompressPages

pytestmark = pytest.mark.django_db


def test_the_content_security_policy_allows_only_our_own_content(client: Client) -> None:
    response = client.get("/accounts/login/")
    policy = {
        part.split()[0]: part.split()[1:] for part in response["Content-Security-Policy"].split(";")
    }
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "script-src" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_page_needs_signing_in_unless_it_says_otherwise(client: Client) -> None:
    response = client.get("/accounts/email/")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/accounts/email/"


def test_a_cookie_that_can_be_no_session_is_nobody_s(client: Client) -> None:
    response = client.get("/session/", headers={"cookie": r'sessionid="no such session\000"'})
    assert response.status_code == 401


def test_a_missing_page_says_so_in_words(client: Client) -> None:
    response = client.get("/no/such/page")
    assert response.status_code == 404
    assert "<h1" in response.text and "Page not found" in response.text


def test_a_form_sent_from_an_old_page_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@b.example"})
    assert response.status_code == 403
    assert "This page has expired" in response.text


@pytest.mark.parametrize(
    ("response", "status", "said"),
    [
        (pages.server_error(HttpRequest()), 500, "There is a problem with the service"),
        (pages.bad_request(HttpRequest(), Exception()), 400, "could not read that request"),
    ],
)
def test_a_failure_has_a_page_that_needs_no_request(
    response: HttpResponse, status: int, said: str
) -> None:
    assert response.status_code == status
    assert said in response.text
    assert "Record inspection fieldwork</title>" in response.text


def test_a_response_of_one_packet_is_not_compressed() -> None:
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    short = HttpResponse("a few words " * 100)
    middleware = CompressPages(lambda _: short)
    assert "Content-Encoding" not in middleware.process_response(request, short)


def test_pages_are_compressed_and_streams_are_not() -> None:
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    page = HttpResponse("many words " * 200)
    stream = StreamingHttpResponse([b"data: 1\n\n"])
    middleware = CompressPages(lambda _: page)
    assert middleware.process_response(request, page)["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in middleware.process_response(request, stream)


def test_a_proxy_can_ask_whether_the_database_answers(client: Client) -> None:
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})
    assert answer["Cache-Control"] == "no-store"
    client.raise_request_exception = False
    with connection.execute_wrapper(lost):
        assert client.get("/ready/").status_code == 500


def lost(*_: object) -> None:
    raise OperationalError("the connection is lost")
