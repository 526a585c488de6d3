"""An address that only takes forms leads whoever opens it back to its page, and says so."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.integration.test_every_address import ADDRESSES, address_of
from tests.pages import signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

SAID = "Nothing was done. That address only takes what is sent from a page: use the button on it."


def patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the service, of whatever app, by its name."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from patterns(pattern, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}", pattern


def takes_only_forms(pattern: URLPattern) -> bool:
    """Whether its view refuses to be opened before it looks at anything else."""
    arguments = dict.fromkeys(pattern.pattern.converters, 1)
    try:
        response = pattern.callback(RequestFactory().get("/"), **arguments)
    except Exception:  # it wants to know who opens it, so it may be opened
        return False
    return response.status_code == 405


ONLY_FORMS = {
    name: pattern for name, pattern in patterns(get_resolver()) if takes_only_forms(pattern)
}


def is_for_scripts(name: str) -> bool:
    return getattr(ONLY_FORMS[name].callback, "is_for_scripts", False)


FROM_PAGES = sorted(name for name in ONLY_FORMS if not is_for_scripts(name))
FROM_SCRIPTS = sorted(name for name in ONLY_FORMS if is_for_scripts(name))


@pytest.fixture
def lead(scene: Scene) -> Client:
    scene.lead.is_staff = True
    scene.lead.save()
    return signed_in(scene.lead)


def address(name: str, scene: Scene) -> str:
    if name not in ADDRESSES:
        return reverse(name)
    return address_of(name, scene.inspection.pk, scene.case.pk)


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("name", FROM_PAGES)
def test_opening_it_leads_to_the_page_above(
    scene: Scene, lead: Client, name: str, method: str
) -> None:
    opened = address(name, scene)
    page = getattr(lead, method)(opened, follow=True)
    last = urlsplit(page.redirect_chain[-1][0]).path
    assert opened.startswith(last) and last != opened and len(last) > 1
    assert last.rstrip("/").split("/")[-1] != "accounts"
    # The record that the address is about need not be there; its page says so then.
    assert page.status_code in (200, 404)


def test_what_is_led_back_is_told_once_that_nothing_was_done(scene: Scene, lead: Client) -> None:
    item = scene.evidence("MEETING", "1.1.1")
    opened = f"{scene.home}key-questions/1.1.1/evidence/{item.pk}/stop/"
    page = lead.get(opened, follow=True)
    assert page.redirect_chain[-1][0] == f"{scene.home}key-questions/1.1.1/"
    assert words(page).count(SAID) == 1
    assert item.uses.exists()


@pytest.mark.parametrize("name", FROM_SCRIPTS)
def test_scripts_are_told_405(scene: Scene, lead: Client, name: str) -> None:
    response = lead.get(address(name, scene))
    assert (response.status_code, response.content) == (405, b"")


@pytest.mark.parametrize(("method", "opened"), [("post", "/offline/"), ("put", "/panel/arrange/")])
def test_what_an_address_does_not_take_has_a_page_in_words(
    lead: Client, method: str, opened: str
) -> None:
    response = getattr(lead, method)(opened)
    assert response.status_code == 405
    assert "GET" in response["Allow"]
    assert "Nothing was done" in words(response)


def test_the_administration_s_own_leads_back_too(lead: Client) -> None:
    page = lead.get("/admin/logout/", follow=True)
    assert page.redirect_chain == [("/admin/", 302)]
    assert SAID in words(page)


def test_addresses_of_every_kind_are_found() -> None:
    assert {"cases:allocate", "ratings:move_finding", "site:discard"} <= {*FROM_PAGES}
    assert "cases:saves" in FROM_SCRIPTS
