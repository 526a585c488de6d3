"""Every address of the service answers with the headers that keep browsers from harm."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.integration.test_every_address import ADDRESSES, address_of
from tests.pages import signed_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

VALUES = {
    "app_label": "inspections",
    "content_type_id": 1,
    "idp_id": 1,
    "key": "set-password",
    "model_name": "user",
    "object_id": 1,
    "pk": 1,
    "provider_id": "organisation",
    "uidb36": "1",
    "url": "inspections/",
    "user_id": 1,
}
"""What addresses of Django and allauth take."""


def takes(pattern: URLPattern | URLResolver) -> list[str]:
    route = pattern.pattern
    return [*route.converters, *getattr(route, "regex", re.compile("")).groupindex]


def others(
    resolver: URLResolver, space: str = "", above: tuple[str, ...] = ()
) -> dict[str, set[str]]:
    """The addresses of Django's admin and of allauth, by name, with what each takes."""
    found: dict[str, set[str]] = {}
    for pattern in resolver.url_patterns:
        taken = (*above, *takes(pattern))
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            found |= others(pattern, inner, taken)
        elif pattern.name and f"{space}{pattern.name}" not in ADDRESSES:
            found[f"{space}{pattern.name}"] = set(taken)
    return found


OTHERS = others(get_resolver())


def address_of_another(name: str) -> str:
    return reverse(name, kwargs={key: VALUES[key] for key in OTHERS[name]})


def check(response: Any) -> None:
    at = f"{response.wsgi_request.get_full_path()}: {response.status_code}"
    assert response.status_code < 500, at
    headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff", at
    assert headers["Referrer-Policy"] == "same-origin", at
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", at
    assert headers["X-Frame-Options"] == "DENY", at
    if not headers.get("Content-Type", "").startswith("application/json"):
        policy = headers["Content-Security-Policy"]
        for part in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'"):
            assert part in policy, at
        assert "unsafe" not in policy, at
    set_now = [cookie for cookie in response.cookies.values() if cookie.value]
    for cookie in set_now:
        assert cookie["httponly"], f"{at}: {cookie.key}"
        assert cookie["samesite"] == "Lax", f"{at}: {cookie.key}"


def check_nobody_else_keeps_it(response: Any) -> None:
    """Pages of people who are signed in; what is the same for all may be kept."""
    at = f"{response.wsgi_request.get_full_path()}: {response.status_code}"
    assert "no-store" in response.headers.get("Cache-Control", ""), at


FOR_ALL = {
    "site:offline": "a page of the device, which names nobody",
    "site:outbox": "a page of the device, which names nobody",
    "site:service-worker": "a script",
    "admin:jsi18n": "a script",
}


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_of_ours_has_them(scene: Scene, method: str) -> None:
    scene.lead.is_staff = True
    scene.lead.save()
    lead, stranger = signed_in(scene.lead), Client()
    for name in ADDRESSES:
        address = address_of(name, scene.inspection.pk, scene.case.pk)
        check(getattr(stranger, method)(address))
        answer = getattr(lead, method)(address)
        check(answer)
        if name not in FOR_ALL:
            check_nobody_else_keeps_it(answer)


@pytest.mark.parametrize("name", OTHERS)
def test_every_address_of_django_and_allauth_has_them(scene: Scene, name: str) -> None:
    scene.lead.is_staff = True
    scene.lead.save()
    address = address_of_another(name)
    for method in ("get", "post"):
        check(getattr(Client(), method)(address))
        check(getattr(signed_in(scene.lead), method)(address))


def test_what_is_refused_has_them_too(scene: Scene) -> None:
    lead = signed_in(scene.lead)
    for address in ("/no/such/page/", "/%00/", f"{scene.home}cases/999999/"):
        check(lead.get(address))
    check(Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a"}))
