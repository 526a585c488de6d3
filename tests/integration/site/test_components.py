"""The page of components, which whoever builds pages looks at first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import Settings

from config.demonstration import builder
from tests.pages import signed_in

pytestmark = pytest.mark.django_db
COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"


def opened() -> tuple[int, str]:
    client = signed_in(builder.user())
    response = client.get("/components/")
    return response.status_code, response.content.decode()


def test_every_component_is_on_the_page_of_components(settings: Settings) -> None:
    settings.DEBUG = True
    status, html = opened()
    assert status == 200
    shown = re.findall(r'<h2 class="govuk-heading-m">(\w+)</h2>', html)
    assert shown == sorted(path.stem for path in COMPONENTS.glob("*.html"))
    for path in COMPONENTS.glob("*.html"):
        # Each but the one that only includes another begins with a class of its own.
        for name in re.findall(r'class="([\w-]+)', path.read_text())[:1]:
            assert name in html, path.stem


def test_it_exists_only_in_debug() -> None:
    assert opened()[0] == 404
