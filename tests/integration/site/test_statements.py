"""What a public body says of its service: accessibility, personal data, cookies."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from config.operator import Operator
from config.site import kept_on_devices
from config.site.kept_on_devices import Kept
from tests.pages import signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

STATEMENTS = ("site:accessibility", "site:privacy", "site:cookies")

OPERATOR = Operator(
    name="Example Inspectorate",
    address="1 Example Street, Exampleton EX1 1EX",
    accessibility_email="access@inspectorate.example",
    data_protection_email="dpo@inspectorate.example",
    recipients="Example Hosting, in the United Kingdom.",
    backups_kept="30 days",
    supervisory_authority="The commissioner of examples, 2 Example Street",
    enforcement_body="The commission of examples, 3 Example Street",
    statement_prepared=date(2026, 1, 5),
    statement_reviewed=date(2026, 11, 2),
)


def read(name: str) -> str:
    """As somebody who is signed out."""
    response = Client().get(reverse(name))
    assert response.status_code == 200
    return words(response)


@pytest.mark.parametrize("name", STATEMENTS)
def test_nobody_has_to_sign_in_to_read_it(name: str) -> None:
    response = Client().get(reverse(name))
    assert response.status_code == 200
    assert not response.cookies
    assert Client().post(reverse(name)).status_code == 405


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/offline/", "/no/such/page/"])
def test_every_page_links_to_all_three(scene: Scene, address: str) -> None:
    for client in (Client(), signed_in(scene.lead)):
        page = client.get(address, follow=True).content.decode()
        assert all(f'href="{reverse(name)}"' in page for name in STATEMENTS)


def test_the_pages_for_accounts_link_to_all_three(scene: Scene) -> None:
    scene.lead.is_staff = True
    scene.lead.save()
    page = signed_in(scene.lead).get("/admin/").content.decode()
    assert all(f'href="{reverse(name)}"' in page for name in STATEMENTS)


def test_they_name_the_operator_from_settings(settings: Any) -> None:
    settings.OPERATOR = OPERATOR
    accessibility = read("site:accessibility")
    for said in (
        OPERATOR.name,
        OPERATOR.address,
        OPERATOR.accessibility_email,
        OPERATOR.enforcement_body,
        "Prepared 5 January 2026",
        "Last reviewed 2 November 2026",
    ):
        assert said in accessibility
    privacy = read("site:privacy")
    for said in (
        OPERATOR.name,
        OPERATOR.address,
        OPERATOR.data_protection_email,
        OPERATOR.recipients,
        OPERATOR.backups_kept,
        OPERATOR.supervisory_authority,
    ):
        assert said in privacy
    assert "Not set by the operator yet" not in accessibility + privacy


def test_they_say_in_words_what_the_operator_has_not_set(settings: Any) -> None:
    settings.OPERATOR = Operator()
    for name, times in (("site:accessibility", 7), ("site:privacy", 6)):
        assert read(name).count("Not set by the operator yet.") == times
    settings.OPERATOR = replace(OPERATOR, enforcement_body="")
    assert read("site:accessibility").count("Not set by the operator yet.") == 1


def test_what_the_operator_sets_is_text_and_no_markup(settings: Any) -> None:
    settings.OPERATOR = replace(OPERATOR, name="<b>Example</b>")
    assert "&lt;b&gt;Example" in Client().get(reverse("site:privacy")).content.decode()


def test_the_accessibility_statement_has_what_the_model_asks_for() -> None:
    said = read("site:accessibility")
    for part in (
        "Compliance status",
        "partially compliant",
        "Non-compliance with the accessibility regulations",
        "Disproportionate burden",
        "How it was tested",
        "If something doesn’t work for you",
        "If you are not content with our answer",
        "When this statement was prepared",
    ):
        assert part in said


def test_the_privacy_notice_says_for_how_long_by_the_settings(settings: Any) -> None:
    settings.CASE_CONTENT_MONTHS = 18
    said = read("site:privacy")
    assert "18 months after the result was published" in said
    assert "2 hours, for you to send again" in said
    assert "30 days" in said


# --- Cookies and storage, as the code has them


def names(rows: Any) -> set[str]:
    return {row.name for row in rows}


def test_the_page_lists_every_cookie(scene: Scene) -> None:
    client = signed_in(scene.lead)
    client.get(scene.home)
    client.get("/not-sent/discard/")  # takes forms only, so a message says that nothing was done
    client.post("/accounts/logout/")
    assert client.cookies.keys() == names(kept_on_devices.cookies())
    said = read("site:cookies")
    for row in kept_on_devices.cookies():
        assert f"{row.name} {row.purpose} {row.how_long}" in said
    assert "30 minutes after you last did something; 12 hours at most" in said


SCRIPTS = Path(django_settings.BASE_DIR) / "static"


def scripts(folder: Path = SCRIPTS) -> str:
    found = (path for path in folder.rglob("*.js") if "build" not in path.parts)
    return "\n".join(path.read_text() for path in found)


def test_the_page_lists_every_store_that_scripts_make() -> None:
    made = set(re.findall(r'createObjectStore\(\s*"(\w+)"', scripts()))
    assert made == names(kept_on_devices.DATABASE)


def test_the_page_lists_every_cache_and_choice_that_scripts_keep() -> None:
    source = scripts()
    caches = set(re.findall(r'const \w*CACHE = "(\w+)"', source))
    caches |= set(re.findall(r"`(pages-)\$\{", source))
    assert caches == names(kept_on_devices.CACHES)
    [settings] = re.findall(r"const SETTINGS = \{(.*)\}", source)
    kept = set(re.findall(r"(\w+):", settings))
    assert source.count("localStorage.setItem(") == 1
    assert kept == names(kept_on_devices.SETTINGS)
    assert "sessionStorage" not in source
    assert "document.cookie" not in source


def test_the_page_lists_what_the_pages_for_accounts_keep() -> None:
    source = scripts(Path(admin.__file__).parent / "static" / "admin" / "js")
    kept = set(re.findall(r"""(?:local|session)Storage\.setItem\(\s*['"]([\w.]+)""", source))
    assert kept == names(kept_on_devices.OF_ADMINISTRATION)


def test_each_is_shown_with_its_purpose_and_how_long_it_stays() -> None:
    said = read("site:cookies")
    rows: list[Kept] = [
        *kept_on_devices.DATABASE,
        *kept_on_devices.CACHES,
        *kept_on_devices.SETTINGS,
        *kept_on_devices.OF_ADMINISTRATION,
    ]
    for row in rows:
        assert f"{row.name} {row.purpose} {row.how_long}" in said
