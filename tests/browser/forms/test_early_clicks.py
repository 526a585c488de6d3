"""What is clicked before the page's scripts run goes through their guards all the same."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from cases.models import Case
from cases.progress import missing_answers
from config.demonstration import builder
from ratings.models import Finding
from tests.browser.forms.test_drafts import drafts, typed_in
from tests.browser.recording.conftest import choose, everything_saved, open_record, wait_until
from tests.conftest import PATIENCE, SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Whose requests for scripts are seen here: no service worker answers them."""
    return new_page(service_workers="block")


def go_on(held: list[Route], page: Page) -> None:
    """Let the script go that was held, once the page has asked for it."""
    wait_until(lambda: bool(held), page)
    held[0].continue_()


def test_a_case_submitted_before_scripts_run_waits_for_its_unsent_answer(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    case = scene.case
    builder.answers(case, scene.inspector, **dict.fromkeys(missing_answers(case), "YES"))
    sign_in(page, scene.inspector)
    open_record(page, case)
    page.route("**/saves/", lambda route: route.fulfill(status=500))
    choose(page, "2.1.1a", "NO")
    held: list[Route] = []
    page.route("**/device.js", lambda route: held.append(route))
    page.goto(case.get_absolute_url(), wait_until="commit")
    page.get_by_role("button", name="Submit").click(no_wait_after=True)
    go_on(held, page)
    expect(page.get_by_role("alert")).to_contain_text("1 change to this case is not saved yet")
    assert Case.objects.get(pk=case.pk).state != Case.State.SUBMITTED
    page.unroute("**/saves/")
    everything_saved(page)
    assert case.answers.get(question="2.1.1a").value == "NO"


SLOW_STORAGE = """
    const late = (kind, name) => {
        const quick = kind.prototype[name];
        kind.prototype[name] = async function (...given) {
            await new Promise((ready) => setTimeout(ready, 3000));
            return quick.apply(this, given);
        };
    };
    late(CacheStorage, "open");
    late(CacheStorage, "match");
    late(CacheStorage, "keys");
    const open = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (...given) {
        const asked = open.apply(this, given);
        const heard = asked.dispatchEvent.bind(asked);
        let isLate = false;
        asked.addEventListener("success", (event) => {
            if (isLate) return;
            event.stopImmediatePropagation();
            isLate = true;
            setTimeout(() => heard(new Event("success")), 3000);
        });
        return asked;
    };
"""
"""Storage and caches that answer three seconds after they were asked."""


def test_a_case_submitted_while_storage_is_slow_waits_for_its_unsent_answer(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    case = scene.case
    builder.answers(case, scene.inspector, **dict.fromkeys(missing_answers(case), "YES"))
    sign_in(page, scene.inspector)
    open_record(page, case)
    page.route("**/saves/", lambda route: route.fulfill(status=500))
    choose(page, "2.1.1a", "NO")
    page.add_init_script(SLOW_STORAGE)
    page.goto(case.get_absolute_url())
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("alert")).to_contain_text("1 change to this case is not saved yet")
    assert Case.objects.get(pk=case.pk).state != Case.State.SUBMITTED
    page.unroute("**/saves/")
    everything_saved(page)
    assert case.answers.get(question="2.1.1a").value == "NO"


def test_signing_out_while_storage_is_slow_asks_about_an_unsent_answer(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    sign_in(page, scene.inspector)
    open_record(page, scene.case)
    page.route("**/saves/", lambda route: route.fulfill(status=500))
    choose(page, "2.1.1a", "NO")
    page.add_init_script(SLOW_STORAGE)
    page.goto(scene.case.get_absolute_url())
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"/outbox/\?signing-out$"))
    expect(page.get_by_text("2.1.1a")).to_be_visible()


def test_what_is_typed_before_scripts_run_is_kept(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    sign_in(page, scene.lead)
    context = page.context
    held: list[Route] = []
    page.route("**/device.js", lambda route: held.append(route))
    form = f"{scene.home}key-questions/1.1.1/add/strength/"
    page.goto(form, wait_until="commit")
    page.locator("main textarea").fill("Found on a train")
    go_on(held, page)
    page.evaluate(KEPT, PATIENCE)
    with page.expect_event("dialog") as warned:
        page.close(run_before_unload=True)
    assert warned.value.type == "beforeunload"
    with page.expect_event("close"):
        warned.value.accept()
    again = context.new_page()
    again.goto(form)
    expect(again.get_by_text("Not saved yet: typed at")).to_be_visible()
    expect(again.locator("main textarea")).to_have_value("Found on a train")


def test_mine_dropped_before_scripts_run_is_dropped(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    finding = scene.finding("As found.")
    sign_in(page, scene.lead)
    page.goto(f"{scene.home}findings/{finding.pk}/")
    typed_in(page, "Mine: ")
    Finding.objects.filter(pk=finding.pk).update(text="Theirs.", version=2)
    held: list[Route] = []
    page.route("**/device.js", lambda route: held.append(route))
    page.get_by_role("button", name="Save").click(no_wait_after=True)
    page.get_by_role("link", name="Keep what is saved and drop mine").click(no_wait_after=True)
    go_on(held, page)
    expect(page).to_have_url(re.compile("key-questions/1.1.1/$"))
    assert drafts(page) == []


KEPT = """async (patience) => {
    const { draftsOf } = await import("/static/forms/draft_store.js");
    const user = Number(document.body.dataset.user);
    const isKept = async () => (await draftsOf(user)).some(({ fields }) =>
        JSON.stringify(fields).includes("Found on a train"));
    const giveUpAt = Date.now() + patience;
    while (!(await isKept())) {
        if (Date.now() > giveUpAt) throw new Error("It was not kept.");
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}"""
"""Waits until the device has a draft of what was typed."""


def test_a_form_goes_without_scripts_that_are_not_to_be_had(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    sign_in(page, scene.lead)
    page.route("**/device.js", lambda route: route.abort())
    finding = scene.finding("As found.")
    page.goto(f"{scene.home}findings/{finding.pk}/")
    page.locator("textarea").first.fill("Reworded.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Reworded.")).to_be_visible()
