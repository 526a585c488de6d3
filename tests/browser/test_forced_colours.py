"""What backgrounds and drawings say is also seen in colours that the reader has chosen."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page

from cases.models import Case
from config.demonstration import builder
from tests.browser.recording.conftest import record_url
from tests.conftest import SignIn
from tests.scenes import Scene, at_panel, scene

pytestmark = pytest.mark.django_db(transaction=True)

PIXEL = """async ([png, x, y]) => {
    const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    const at = [Math.floor(x * image.width), Math.floor(y * image.height)];
    return `rgb(${[...context.getImageData(...at, 1, 1).data].slice(0, 3).join(", ")})`;
}"""


def pixel(of: Locator, x: float, y: float = 0.5) -> str:
    """The colour of ``of`` at a share of its width and height."""
    png = base64.b64encode(of.screenshot()).decode()
    return str(of.page.evaluate(PIXEL, [png, x, y]))


def colour(page: Page, name: str) -> str:
    """What the reader has chosen for a system colour, such as "Canvas"."""
    return str(
        page.evaluate(
            """name => {
                const probe = document.body.appendChild(document.createElement("div"));
                probe.style.setProperty("color", name);
                const { color } = getComputedStyle(probe);
                probe.remove();
                return color;
            }""",
            name,
        )
    )


@pytest.fixture(params=["light", "dark"])
def forced(new_page: Callable[..., Page], request: pytest.FixtureRequest) -> Callable[..., Page]:
    """Opens a page in forced colours, on a light or a dark ground."""
    return lambda **options: new_page(forced_colors="active", color_scheme=request.param, **options)


@pytest.mark.parametrize("width", [1280, 375])
def test_the_current_standard_alone_is_marked(
    forced: Callable[..., Page], sign_in: SignIn, width: int
) -> None:
    made = scene()
    page = forced(width=width)
    sign_in(page, made.inspector)
    page.goto(record_url(made.case, "2.2"))
    links = page.get_by_role("navigation", name="Standards of this case").get_by_role("link")
    borders = links.evaluate_all(
        "links => links.map(link => getComputedStyle(link).borderBottomColor)"
    )
    current = [link.get_attribute("aria-current") for link in links.all()].index("page")
    assert borders.pop(current) != colour(page, "Canvas")
    assert set(borders) == {colour(page, "Canvas")}


@pytest.mark.parametrize(("width", "at"), [(1280, (0.5, 0.97)), (375, (0.002, 0.5))])
def test_the_current_page_of_an_inspection_is_marked(
    forced: Callable[..., Page], sign_in: SignIn, width: int, at: tuple[float, float]
) -> None:
    made = scene()
    page = forced(width=width)
    sign_in(page, made.lead)
    page.goto(f"{made.home}cases/")
    links = page.locator(".moj-sub-navigation__link")
    current = page.locator(".moj-sub-navigation__link[aria-current]")
    assert pixel(current, *at) == colour(page, "LinkText")
    assert pixel(links.last, *at) == colour(page, "Canvas")


def test_a_full_bar_of_progress_looks_full(forced: Callable[..., Page], sign_in: SignIn) -> None:
    made = scene()
    builder.fill(made.inspection, made.inspector, number=1, state=Case.State.IN_PROGRESS)
    assert made.case
    page = forced()
    sign_in(page, made.inspector)
    page.goto(f"{made.home}cases/")
    for row, seen in ((made.case.reference, "Canvas"), ("70 of 70", "CanvasText")):
        bar = page.get_by_role("row").filter(has_text=row).get_by_role("progressbar")
        assert pixel(bar.first, 0.5) == colour(page, seen), row


@pytest.fixture
def ratings(forced: Callable[..., Page], sign_in: SignIn) -> tuple[Scene, Page]:
    """The page of ratings of an inspection in which 3.1.2 is met in 4 of 10 cases."""
    made = at_panel()
    page = forced()
    sign_in(page, made.lead)
    page.goto(f"{made.home}ratings/")
    page.locator(".app-standard").filter(has_text="3.1 Assessment").locator("summary").first.click()
    return made, page


def test_a_percentage_is_drawn_as_long_as_it_is(ratings: tuple[Scene, Page]) -> None:
    _, page = ratings
    full, short = (
        page.get_by_role("row").filter(has_text=f"{percent}% (").locator(".app-bar").first
        for percent in (100, 40)
    )
    assert pixel(full, 0.9, 0.2) == pixel(short, 0.2, 0.2) == colour(page, "CanvasText")
    assert pixel(short, 0.9, 0.2) == colour(page, "Canvas")
    numbers = page.locator(".app-bar__number").first
    assert numbers.evaluate("one => getComputedStyle(one).fill") == colour(page, "CanvasText")


def test_the_triangle_of_a_standard_shows_whether_it_is_open(ratings: tuple[Scene, Page]) -> None:
    _, page = ratings
    for is_open, sides in ((True, ("Top", "Left")), (False, ("Left", "Top"))):
        summary = page.locator(f".app-standard{'[open]' if is_open else ':not([open])'} summary")
        seen, unseen = (
            summary.first.evaluate(f'one => getComputedStyle(one, "::before").border{side}Color')
            for side in sides
        )
        assert seen == colour(page, "LinkText")
        assert unseen == "rgba(0, 0, 0, 0)"
