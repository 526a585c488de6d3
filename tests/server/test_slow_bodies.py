"""Connections that send a body byte by byte hold nobody else up, behind nginx and without it."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from config.bodies import LARGEST
from config.demonstration import PASSWORD
from tests import nginx
from tests.server.conftest import PATIENCE, Serve, Served, a_save, wait_until

TRICKLING = 150
"""More connections than a process has threads."""
SECONDS_TO_ANSWER = 120
"""In which others are answered, on a busy machine too; the attack would go on for half an hour."""
HEAD = (
    "POST /accounts/login/ HTTP/1.1\r\nHost: {host}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2000\r\n\r\nlogin="
)


@contextmanager
def trickling(port: int, host: str, tls: ssl.SSLContext | None = None) -> Iterator[None]:
    """Keeps many sign-ins under way, each sending a byte every second; lost ones are replaced."""
    over = threading.Event()

    def connect() -> socket.socket | None:
        line = socket.socket()
        try:
            line.settimeout(SECONDS_TO_ANSWER)
            line.connect(("127.0.0.1", port))
            if tls is not None:
                line = tls.wrap_socket(line, server_hostname=host)
            line.sendall(HEAD.format(host=host).encode())
        except OSError:
            line.close()
            return None
        return line

    lines = [connect() for _ in range(TRICKLING)]
    assert all(lines), "the attack itself found no way in"

    def trickle() -> None:
        while not over.wait(1):
            for number, line in enumerate(lines):
                if line is not None:
                    try:
                        line.sendall(b"a")
                    except OSError:
                        line.close()
                        lines[number] = None
                elif not over.is_set():
                    lines[number] = connect()

    attacker = threading.Thread(target=trickle)
    attacker.start()
    try:
        yield
    finally:
        over.set()
        attacker.join()
        for line in lines:
            if line is not None:
                line.close()


def sign_in_and_save(browser: httpx.Client, served: Served) -> None:
    """As an inspector does, through whatever stands before the service."""
    inspection, case, email = served.case()
    page = browser.get("/accounts/login/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    answer = browser.post(
        "/accounts/login/",
        data={"csrfmiddlewaretoken": token[1], "login": email, "password": PASSWORD},
    )
    assert answer.status_code == 302
    assert "sessionid" in browser.cookies
    saved = browser.post(
        f"/inspections/{inspection}/cases/{case}/saves/",
        json={"saves": [a_save("2.1.1", "YES", base_version=0)]},
        headers={"X-CSRFToken": browser.cookies["csrftoken"]},
    )
    assert saved.json()["results"][0]["outcome"] == "saved"


def test_behind_nginx_whoever_trickles_bodies_holds_nobody_up(serve: Serve) -> None:
    served = serve(
        WORKERS="1",
        FIELDWORK_ENV="production",
        SECRET_KEY="not secret: its people are invented",
        ALLOWED_HOSTS=f"{nginx.HOST},127.0.0.1",
        BEHIND_PROXY="1",
        SECOND_STEP_FOR="NOBODY",
    )
    with nginx.before(served.service.port) as proxy:
        tls = ssl.create_default_context()
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
        as_named = {"Host": nginx.HOST, "Referer": f"https://{nginx.HOST}/"}
        with (
            httpx.Client(
                base_url=proxy.url, headers=as_named, verify=tls, timeout=SECONDS_TO_ANSWER
            ) as browser,
            trickling(proxy.port, nginx.HOST, tls),
        ):
            sign_in_and_save(browser, served)


def test_without_nginx_pages_open_and_what_is_sent_is_refused_at_once(serve: Serve) -> None:
    served = serve(WORKERS="1")
    inspection, case, email = served.case()
    inspector = served.signed_in(email)
    path = f"/inspections/{inspection}/cases/{case}/"
    sent = {"saves": [a_save("2.1.1", "YES", base_version=0)]}
    inspector.timeout = SECONDS_TO_ANSWER
    with trickling(served.service.port, "localhost"):
        wait_until(lambda: inspector.post(f"{path}saves/", json=sent).status_code == 503)
        assert inspector.get(path).status_code == 200
        refused = inspector.post(f"{path}saves/", json=sent)
        assert "Nothing was saved" in refused.json()["error"]
    # As the device does: it sends the save again until it is acknowledged.
    wait_until(lambda: inspector.post(f"{path}saves/", json=sent).status_code == 200)


def test_a_body_that_is_too_large_is_refused_in_words(serve: Serve) -> None:
    served = serve(WORKERS="1")
    large = b"a" * (LARGEST + 1)
    answer = httpx.post(f"{served.service.url}/accounts/login/", content=large, timeout=PATIENCE)
    assert answer.status_code == 413
    assert "The service takes up to 25 MB at a time. Nothing was saved." in answer.text
    with nginx.before(served.service.port) as proxy:
        answer = httpx.post(
            f"{proxy.url}/accounts/login/", content=large, verify=False, timeout=PATIENCE
        )
    assert answer.status_code == 413
    assert "The service takes up to 25 MB at a time. Nothing was saved." in answer.text


def test_nginx_says_in_words_that_the_service_does_not_answer() -> None:
    with nginx.before(service_port=1) as proxy:
        answer = httpx.get(proxy.url, verify=False, timeout=PATIENCE)
    assert answer.status_code == 502
    assert "The service does not answer" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_nginx_logs_has_no_address_and_no_link_that_chooses_a_password() -> None:
    with nginx.before(service_port=1) as proxy:
        link = "/accounts/password/reset/key/1-secret/?next=secret"
        httpx.get(f"{proxy.url}{link}", verify=False, timeout=PATIENCE)
        log = proxy.logs / "fieldwork.log"
        wait_until(lambda: "reset" in log.read_text())
        said = log.read_text() + (proxy.logs / "fieldwork-errors.log").read_text()
    assert "/accounts/password/reset/key/" in said
    assert "secret" not in said
    assert "127.0.0.1" not in said
