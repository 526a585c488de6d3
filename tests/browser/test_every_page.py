"""Every kind of page on the narrowest telephone, on paper, and by the rules of accessibility."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import Page, ViewportSize

from inspections.models import User
from tests.conftest import NARROW, RULES, SignIn
from tests.forms import kind_of_page, pages_in

pytestmark = pytest.mark.django_db(transaction=True)

SCREEN: ViewportSize = {"width": 1280, "height": 900}
PAPER: ViewportSize = {"width": 703, "height": 1032}
"""A4 with margins of 12 mm, in the pixels that styles count."""

ON_PAPER = """
() => {
  const found = [];
  const check = (holds, what, one) => {
    if (!holds) found.push(`${what}: ${one.outerHTML.slice(0, 120)}`);
  };
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) =>
    one.checkVisibility());
  for (const one of shown("details > :not(summary)")) {
    const box = one.getBoundingClientRect();
    check(box.height > 0 || !one.textContent.trim(), "no room", one);
  }
  for (const details of shown("details")) {
    const inside = details.querySelector(":scope > :not(summary)");
    check(!inside || inside.checkVisibility(), "closed", details);
  }
  for (const row of shown("table tr"))
    check(getComputedStyle(row).display === "table-row", "stacked", row);
  for (const head of shown("table > thead"))
    check(getComputedStyle(head).position === "static", "no head", head);
  for (const one of shown("nav, header, footer, button, .govuk-button, .govuk-breadcrumbs"))
    check(false, "to press", one);
  for (const tag of shown(".govuk-tag")) {
    const style = getComputedStyle(tag);
    const dark = style.color === "rgb(0, 0, 0)" && style.backgroundColor === "rgba(0, 0, 0, 0)";
    check(dark && parseFloat(style.borderTopWidth) > 0, "pale", tag);
  }
  for (const link of shown("a")) {
    check(getComputedStyle(link).textDecorationLine === "none", "underlined", link);
    check(getComputedStyle(link, "::after").content === "none", "with its address", link);
  }
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) found.push(`${wide} pixels wide`);
  return found;
}
"""


ON_A_TELEPHONE = """
() => {
  const found = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) found.push(`${wide} pixels wide`);
  for (const table of document.querySelectorAll("table:has(caption)")) {
    const caption = table.querySelector("caption");
    const isHidden = caption.classList.contains("govuk-visually-hidden");
    if (isHidden || !table.checkVisibility()) continue;
    if (caption.offsetWidth < table.offsetWidth) found.push(`narrow: ${caption.textContent}`);
  }
  return found;
}
"""


def every_page() -> Iterator[tuple[User, str]]:
    """Every kind of page once, with the first person who can open it, where it has most to show.
    Django's own administration has styles of its own."""
    seen = set()
    for scene in ("panel", "sealed", "fieldwork", "preparation", "administration", "review"):
        for person, address in pages_in(scene):
            kind = kind_of_page(resolve(urlsplit(address).path))
            if kind not in seen and not address.startswith("/admin/"):
                seen.add(kind)
                yield person, address


def violations(page: Page) -> Iterator[str]:
    """What axe finds in the page as it is shown, in a line each."""
    for rule in Axe().run(page, options=RULES).response["violations"]:
        for node in rule["nodes"]:
            yield f"{rule['id']}: {node['html'][:120]}"


def test_every_page_fits_the_narrowest_telephone_and_is_whole_on_paper(
    page: Page, sign_in: SignIn
) -> None:
    telephone: ViewportSize = {"width": min(NARROW), "height": 800}
    found = []
    for person, group in groupby(list(every_page()), key=lambda one: one[0]):
        sign_in(page, person)
        for _, address in group:
            page.emulate_media(media="screen")
            page.set_viewport_size(telephone)
            page.goto(address)
            found += [f"{address} on a telephone, {one}" for one in page.evaluate(ON_A_TELEPHONE)]
            found += [f"{address} on a telephone, {one}" for one in violations(page)]
            page.set_viewport_size(SCREEN)
            found += [f"{address} on a screen, {one}" for one in violations(page)]
            page.set_viewport_size(PAPER)
            page.emulate_media(media="print")
            found += [f"{address} on paper, {one}" for one in page.evaluate(ON_PAPER)]
    assert not found, "\n".join(sorted(set(found)))
