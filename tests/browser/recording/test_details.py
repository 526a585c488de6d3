"""Each detail of a case is saved as it is edited, with the same promises as an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, Route, expect

from cases.actions import allocate_case
from cases.models import Case, DetailSave
from config.demonstration import builder
from tests.browser.network import find_network, lose_network
from tests.browser.recording.conftest import Device, everything_saved, keep_offline
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)


def details_url(case: Case) -> str:
    return f"{case.get_absolute_url()}details/"


def open_details(page: Page, case: Case) -> Page:
    """Open the details of a case and wait until the page's scripts run."""
    page.goto(details_url(case))
    expect(page.locator("form[data-shown]")).to_be_attached()
    return page


def detail(page: Page, field: str) -> Locator:
    return page.locator(f"[data-field={field}]")


def status(page: Page, field: str) -> Locator:
    return detail(page, field).locator("[data-status]")


def boxes(page: Page) -> list[Locator]:
    """Day, month and year of the disposal."""
    return detail(page, "disposal_date").locator("input").all()


def write(page: Page, field: str, words: str) -> None:
    box = detail(page, field).locator("textarea, input")
    box.fill(words)
    box.blur()


def history(case: Case) -> list[tuple[str, object, int | None]]:
    saves = DetailSave.objects.filter(case=case).order_by("saved_at")
    return list(saves.values_list("field", "value", "version"))


@pytest.fixture
def details(page: Page, sign_in: SignIn, fieldwork: Scene) -> Page:
    """The details of the first case, opened by its inspector."""
    sign_in(page, fieldwork.inspector)
    return open_details(page, fieldwork.case)


def test_every_kind_of_detail_is_saved_when_it_is_edited(
    details: Page, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    page = details
    expect(status(page, "age")).to_have_text("Not recorded yet")
    page.get_by_label("Offence type").fill("Burglary")
    page.get_by_label("Age", exact=True).fill("15")
    detail(page, "gender").get_by_label("Female", exact=True).check()
    detail(page, "education_status").locator("select").select_option(index=2)
    factors = detail(page, "factors").get_by_role("checkbox").all()
    factors[0].check()
    factors[2].check()
    for box, digits in zip(boxes(page), ("14", "3", "2021"), strict=True):
        box.fill(digits)
    write(page, "interview_notes", "She knows the child well.")
    everything_saved(page)
    expect(status(page, "interview_notes")).to_contain_text("Saved, ")
    axe(page)

    case = Case.objects.get(pk=fieldwork.case.pk)
    assert (case.offence_type, case.age, case.gender) == ("Burglary", 15, "FEMALE")
    assert case.disposal_date == date(2021, 3, 14)
    assert case.interview_notes == "She knows the child well."
    assert case.factors == [one.get_attribute("value") for one in (factors[0], factors[2])]
    assert case.education_status
    page.reload()
    expect(page.get_by_label("Age", exact=True)).to_have_value("15")
    expect(status(page, "factors")).to_contain_text("Saved, ")


def test_a_date_is_sent_once_when_it_is_complete(details: Page, fieldwork: Scene) -> None:
    page = details
    day, month, year = boxes(page)
    day.fill("14")
    month.press_sequentially("3")
    expect(status(page, "disposal_date")).to_have_text("Kept on this device until it is complete")
    assert not DetailSave.objects.exists()
    year.press_sequentially("2021")
    everything_saved(page)
    assert history(fieldwork.case) == [("disposal_date", "2021-03-14", 1)]


def test_a_date_that_is_left_half_typed_is_refused_in_words(
    details: Page, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    page = details
    day, _month, year = boxes(page)
    day.fill("14")
    day.blur()
    expect(status(page, "disposal_date")).to_contain_text("Not saved. Disposal date: ")
    axe(page)
    boxes(page)[1].fill("3")
    year.fill("2021")
    year.blur()
    everything_saved(page)
    assert fieldwork.case.detail_saves.get().value == "2021-03-14"


def test_a_half_typed_date_survives_a_killed_tab(
    device: Device, fieldwork: Scene, sign_in: SignIn
) -> None:
    sign_in(device.page, fieldwork.inspector)
    open_details(device.page, fieldwork.case)
    boxes(device.page)[0].fill("14")
    expect(status(device.page, "disposal_date")).to_contain_text("Kept on this device")
    killed = device.page
    page = device.context.new_page()
    killed.close()
    open_details(page, fieldwork.case)
    expect(boxes(page)[0]).to_have_value("14")


def test_an_invalid_detail_is_refused_beside_its_field_until_it_is_corrected(
    details: Page, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    page = details
    write(page, "age", "7")
    words = "Not saved. Age: Enter the age in years, from 8 to 21."
    expect(status(page, "age")).to_have_text(words)
    axe(page)
    write(page, "offence_type", "Burglary")
    expect(status(page, "offence_type")).to_contain_text("Saved, ")
    page.reload()
    expect(page.get_by_label("Age", exact=True)).to_have_value("7")
    expect(status(page, "age")).to_have_text(words)
    write(page, "age", "17")
    everything_saved(page)
    assert history(fieldwork.case) == [("offence_type", "Burglary", 1), ("age", 17, 2)]


def test_a_pasted_text_that_is_too_long_is_kept_whole(details: Page, fieldwork: Scene) -> None:
    page = details
    textarea = detail(page, "interview_notes").locator("textarea")
    textarea.focus()
    page.keyboard.insert_text("é" * 20_003)
    textarea.blur()
    words = "Not saved. Shorten the text to 20,000 characters. It has 20,003."
    expect(status(page, "interview_notes")).to_have_text(words)
    page.get_by_label("Offence type").focus()
    page.keyboard.insert_text("x" * 101)
    expect(status(page, "offence_type")).to_contain_text("Not saved. Offence type: ")
    page.reload()
    expect(textarea).to_have_value("é" * 20_003)
    expect(page.get_by_label("Offence type")).to_have_value("x" * 101)
    assert not DetailSave.objects.exists()


def test_a_conflict_shows_both_details_and_keeps_mine(
    details: Page, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    page, case = details, fieldwork.case
    other = builder.inspector(fieldwork.inspection, "Ben Inspector")
    allocate_case(case=case, to=other, by=fieldwork.lead)
    builder.details(case, other, gender="MALE")
    allocate_case(case=case, to=fieldwork.inspector, by=fieldwork.lead)
    detail(page, "gender").get_by_label("Female", exact=True).check()
    conflict = detail(page, "gender").get_by_role("group", name="Which do you want to keep")
    expect(conflict).to_contain_text("Ben Inspector saved something else at")
    expect(conflict.locator(".app-conflict__side").first).to_contain_text("Female")
    expect(conflict.locator(".app-conflict__side").last).to_contain_text("Male")
    axe(page)
    conflict.get_by_role("button", name="Keep mine").click()
    everything_saved(page)
    expect(conflict).to_have_count(0)
    assert history(case) == [
        ("gender", "MALE", 1),
        ("gender", "FEMALE", None),
        ("gender", "FEMALE", 2),
    ]


def test_a_conflict_with_oneself_on_another_device_keeps_what_was_saved_before(
    details: Page, fieldwork: Scene
) -> None:
    page, case = details, fieldwork.case
    builder.details(case, fieldwork.inspector, disposal_date=date(2021, 3, 14))
    for box, digits in zip(boxes(page), ("1", "4", "2021"), strict=True):
        box.fill(digits)
    conflict = detail(page, "disposal_date").get_by_role("group", name="Which do you want to keep")
    expect(conflict).to_contain_text("You saved something else at")
    expect(conflict.locator(".app-conflict__side").first).to_contain_text("1 4 2021")
    conflict.get_by_role("button", name="Keep the one saved before").click()
    everything_saved(page)
    for box, digits in zip(boxes(page), ("14", "3", "2021"), strict=True):
        expect(box).to_have_value(digits)
    assert Case.objects.get(pk=case.pk).disposal_date == date(2021, 3, 14)


def test_details_changed_elsewhere_are_no_conflict_with_others(
    details: Page, fieldwork: Scene
) -> None:
    builder.details(fieldwork.case, fieldwork.inspector, gender="MALE")
    write(details, "age", "15")
    everything_saved(details)
    case = Case.objects.get(pk=fieldwork.case.pk)
    assert (case.age, case.gender) == (15, "MALE")


def test_what_is_typed_survives_leaving_by_a_link_at_once(details: Page, fieldwork: Scene) -> None:
    page = details
    detail(page, "good_practice").locator("textarea").fill("A letter of apology.")
    page.get_by_role("link", name="Back to the case").click()
    page.wait_for_url(lambda address: address.endswith(fieldwork.case.get_absolute_url()))
    expect(page.locator("body")).to_have_attribute("data-waiting", "0")
    assert fieldwork.case.detail_saves.get().value == "A letter of apology."


def test_back_after_a_newer_save_shows_the_newer_one_and_overwrites_nothing(
    details: Page, fieldwork: Scene
) -> None:
    page = details
    write(page, "age", "15")
    everything_saved(page)
    page.goto("/")
    builder.details(fieldwork.case, fieldwork.inspector, base_version=1, age=16)
    page.go_back()
    expect(page.get_by_label("Age", exact=True)).to_have_value("16")
    page.get_by_label("Age", exact=True).focus()
    page.get_by_label("Age", exact=True).blur()
    write(page, "offence_type", "Burglary")
    everything_saved(page)
    assert Case.objects.get(pk=fieldwork.case.pk).age == 16


def test_a_lost_reply_makes_no_second_save(details: Page, fieldwork: Scene) -> None:
    lost: list[object] = []

    def lose_the_first_reply(route: Route) -> None:
        if not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    details.route("**/details/saves/", lose_the_first_reply)
    write(details, "age", "15")
    everything_saved(details)
    assert history(fieldwork.case) == [("age", 15, 1)]


def test_details_recorded_offline_survive_a_restart_and_arrive_once(
    device: Device, fieldwork: Scene, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    sign_in(device.page, fieldwork.inspector)
    keep_offline(device.page, fieldwork.case)
    device.lose_network()
    page = open_details(device.page, fieldwork.case)
    write(page, "age", "15")
    detail(page, "gender").get_by_label("Female", exact=True).check()
    write(page, "interview_notes", "On a train.")
    expect(status(page, "interview_notes")).to_have_text("Waiting for the network")

    page = open_details(device.shut_and_open(offline=True), fieldwork.case)
    expect(page.get_by_label("Age", exact=True)).to_have_value("15")
    expect(detail(page, "gender").get_by_label("Female", exact=True)).to_be_checked()
    page.goto("/outbox/")
    row = page.get_by_role("row", name="Gender")
    expect(row).to_contain_text("Female")
    axe(page)
    row.get_by_role("link", name="Gender").click()
    expect(detail(page, "gender")).to_be_in_viewport()
    device.find_network()
    everything_saved(page)
    assert {field: value for field, value, _ in history(fieldwork.case)} == {
        "age": 15,
        "gender": "FEMALE",
        "interview_notes": "On a train.",
    }
    assert DetailSave.objects.count() == 3

    # The kept page shows what was saved since.
    device.lose_network()
    open_details(page, fieldwork.case)
    expect(page.get_by_label("Age", exact=True)).to_have_value("15")


def test_save_details_returns_to_the_case_once_all_is_sent(details: Page, fieldwork: Scene) -> None:
    page = details
    # By its clock the page waits for as long as sending takes, and not for two seconds at most.
    page.clock.set_fixed_time(datetime.now(UTC))
    detail(page, "good_practice").locator("textarea").fill("A letter of apology.")
    page.get_by_role("button", name="Save details").click()
    page.wait_for_url(lambda address: address.endswith(fieldwork.case.get_absolute_url()))
    expect(page.locator("#detail-good_practice")).to_have_text("A letter of apology.")


def test_save_details_stays_where_something_is_not_saved(
    details: Page, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    page = details
    page.get_by_label("Age", exact=True).fill("7")
    page.get_by_role("button", name="Save details").click()
    expect(status(page, "age")).to_contain_text("Not saved.")
    expect(page.get_by_label("Age", exact=True)).to_be_focused()
    axe(page)
    assert page.url.endswith(details_url(fieldwork.case))


def test_save_details_without_a_network_says_that_they_are_kept(
    details: Page, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    page = details
    lose_network(page)
    write(page, "age", "15")
    page.get_by_role("button", name="Save details").click()
    expect(page.get_by_role("alert")).to_contain_text("What you entered is kept on this device.")
    axe(page)
    assert page.url.endswith(details_url(fieldwork.case))
    find_network(page)
    everything_saved(page)


def test_details_recorded_after_the_session_ended_are_sent_after_signing_in(
    details: Page, sign_in: SignIn, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    page = details
    Session.objects.all().delete()
    write(page, "age", "15")
    expect(status(page, "age")).to_have_text("Waiting for you to sign in")
    page.get_by_role("button", name="Save details").click()
    expect(page.get_by_role("alert")).to_contain_text("What you entered is kept on this device.")
    axe(page)
    sign_in(page, fieldwork.inspector)
    page.context.new_page().goto("/")
    everything_saved(page)
    assert history(fieldwork.case) == [("age", 15, 1)]


def test_details_of_a_case_reallocated_meanwhile_are_refused_with_the_reason(
    details: Page, fieldwork: Scene
) -> None:
    other = builder.inspector(fieldwork.inspection, "Ben Inspector")
    allocate_case(case=fieldwork.case, to=other, by=fieldwork.lead)
    write(details, "age", "15")
    expect(status(details, "age")).to_contain_text(
        "Not saved. This case is allocated to Ben Inspector"
    )
