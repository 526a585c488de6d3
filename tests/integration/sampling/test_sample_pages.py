"""The pages of samples: eligible cases, the draw, replacing, adding by hand."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Case, Draw, ListedCase
from cases.sampling.actions import next_reserve
from tests import scenes as every
from tests.integration.sampling import scenes
from tests.integration.sampling.scenes import row, rows, store, take
from tests.pages import read, signed_in, words
from tests.scenes import Scene


@pytest.fixture
def scene(db: None) -> Scene:
    return scenes.preparation()


@pytest.fixture
def listed(scene: Scene) -> Scene:
    take(scene, [*rows(40), row(41, sensitive="Yes"), row(42, disposal_date="2024-01-01")])
    return scene


@pytest.fixture
def drawn(listed: Scene) -> Scene:
    scenes.draw(listed, rule="own/2021", own_number=10, size_reason="One week.")
    return listed


def ask(scene: Scene, expect: int = 302, **changed: Any):  # type: ignore[no-untyped-def]
    """Draw the court sample as its page sends it."""
    client = signed_in(scene.lead)
    form = client.get(f"{scene.home}sample/court/").context["form"]
    data = {name: value for name, value in form.initial.items() if value is not None} | {"seed": 7}
    response = client.post(f"{scene.home}sample/court/", data | changed)
    assert response.status_code == expect, words(response)
    return response


def test_the_pages_say_what_is_eligible_and_why_the_rest_is_not(listed: Scene) -> None:
    page = read(listed.lead, f"{listed.home}sample/")
    assert "Window 1 September 2025 to 1 December 2025 · 40 eligible of 42 listed" in page
    page = read(listed.lead, f"{listed.home}sample/court/listed/?show=left_out")
    assert "2 cases" in page
    assert "YJ/C041 2 Oct 2025 No. Sensitive" in page
    assert "YJ/C042 1 Jan 2024 No. Out of the window" in page
    page = read(listed.lead, f"{listed.home}sample/court/listed/?reference=c04&show=eligible")
    assert "YJ/C040" in page and "YJ/C041" not in page
    page = read(listed.lead, f"{listed.home}sample/court/listed/")
    assert "42 cases" in page


def test_the_list_of_many_cases_is_in_pages(scene: Scene) -> None:
    take(scene, rows(120))
    page = read(scene.lead, f"{scene.home}sample/court/listed/?page=3")
    assert "YJ/C101" in page and "YJ/C100" not in page


def test_a_case_is_left_out_with_a_reason(listed: Scene) -> None:
    case = ListedCase.objects.get(reference="YJ/C001")
    address = f"{listed.home}sample/court/listed/{case.pk}/"
    page = read(listed.lead, address)
    assert "This case can be sampled." in page
    assert "Offence Common assault" in page
    client = signed_in(listed.lead)
    refused = client.post(address, {"kind": "LEFT_OUT"})
    assert "Enter why." in words(refused)
    done = client.post(address, {"kind": "LEFT_OUT", "reason": "Moved away."}, follow=True)
    assert "Your choice about YJ/C001 is saved." in words(done)
    assert "Left out by the lead inspector: Moved away" in read(listed.lead, address)
    assert "39 eligible of 42 on the lists" in read(listed.lead, f"{listed.home}sample/court/")


def test_a_draw_is_asked_for_and_shown(listed: Scene) -> None:
    page = read(listed.lead, f"{listed.home}sample/court/")
    assert "80 per cent confidence, 5 points (2021) 33" in page
    response = ask(listed)
    page = read(listed.lead, response["Location"])
    assert "Draw 1: 33 of 40" in page
    assert "Seed 7." in page
    assert "Largest difference: " in page
    assert "Gender Male 32 of 40, 80%" in page
    assert "Adjustments" in page
    assert "33 cases selected" in page and "7 reserves, in order" in page
    assert "Rules that give 33 of 40: 80 per cent confidence, 5 points (2021)" in page
    assert "40 eligible of 42" in page and "C-33" in read(listed.lead, f"{listed.home}sample/")


def test_an_own_number_needs_a_reason(listed: Scene) -> None:
    said = words(ask(listed, expect=200, rule="own/2021"))
    assert "Enter how many cases the sample takes." in said
    assert "Enter why the sample takes this number." in said
    said = words(
        ask(listed, expect=200, rule="own/2021", own_number=41, size_reason="All of them.")
    )
    assert "The size can’t be more than the 40 eligible cases." in said
    said = words(ask(listed, expect=200, own_number=9))
    assert "Choose your own number as the size, or leave this empty." in said
    assert not Draw.objects.exists()
    ask(listed, rule="own/2021", own_number=9, size_reason="One week.")
    page = read(listed.lead, f"{listed.home}sample/court/")
    assert "9 of 40, the lead inspector’s own number. Why: One week." in page


def test_who_asks_for_a_reserve_that_is_gone_meanwhile_is_told(listed: Scene) -> None:
    scenes.draw(listed, rule="own/2021", own_number=5, size_reason="Few.")
    first, second = listed.inspection.cases.order_by("reference")[:2]
    reserve = next_reserve(first)
    assert reserve is not None
    client = signed_in(listed.lead)
    sent = {"how": "RESERVE", "reserve": reserve.pk, "reason": "Another service’s."}
    assert client.post(f"{first.get_absolute_url()}replace/", sent).status_code == 302
    refused = client.post(f"{second.get_absolute_url()}replace/", sent)
    assert "No reserve is left. Add a case by hand, or take this one out alone." in words(refused)
    second.refresh_from_db()
    assert second.state == Case.State.NOT_STARTED


def test_a_cap_that_leaves_too_few_cases_says_how_many_were_drawn(scene: Scene) -> None:
    take(scene, [row(place, case_manager="CM1") for place in range(1, 11)])
    done = signed_in(scene.lead).get(ask(scene, cap=2)["Location"])
    assert "Draw 1: 2 of 10" in words(done)
    assert "the sample has 2 in place of 10" in words(done)
    assert "2 drawn of 10" in read(scene.lead, f"{scene.home}sample/")


def test_a_reference_added_by_hand_is_neither_a_name_nor_a_date(scene: Scene) -> None:
    client = signed_in(scene.lead)
    for reference, said in (
        ("Emma Jones", "It looks like a name, which is not taken."),
        ("14/03/2008", "It is a date, perhaps one of birth, which is not taken."),
    ):
        response = client.post(
            f"{scene.home}sample/court/add/", {"service_reference": reference, "reason": "Why."}
        )
        assert response.status_code == 200
        assert said in words(response)
    assert not scene.inspection.cases.exists()


def test_numbers_that_no_page_sends_are_answered(listed: Scene) -> None:
    client = signed_in(listed.lead)
    address = f"{listed.home}sample/court/"
    assert client.post(address, {"instead_of": "9" * 5000}).status_code == 409
    plan = f"{listed.home}interviews/add/"
    assert client.get(plan, {"case": "9" * 5000}).status_code == 200


def test_a_second_draw_asks_why_and_keeps_the_first(drawn: Scene) -> None:
    assert "Enter why the sample is drawn again." in words(ask(drawn, expect=200))
    ask(drawn, reason="The list was corrected.", seed=8)
    page = read(drawn.lead, f"{drawn.home}sample/court/")
    assert "It replaces the draw before: The list was corrected." in page
    first = read(drawn.lead, f"{drawn.home}sample/court/draws/1/")
    assert "Draw 1: 10 of 40" in first and "Why: One week." in first


def test_whoever_draws_second_is_told_and_keeps_what_was_typed(listed: Scene) -> None:
    scenes.draw(listed)
    client = signed_in(listed.lead)
    response = client.post(
        f"{listed.home}sample/court/",
        {
            "instead_of": 0,
            "eligible": 40,
            "rule": "formula/2021",
            "seed": 4711,
            "reserve_percent": 25,
        },
    )
    assert response.status_code == 409
    said = words(response)
    assert "Nothing was drawn" in said
    assert "Somebody else has drawn this sample since you opened the page." in said
    form = response.context["form"]
    assert (form["seed"].value(), form["instead_of"].value()) == ("4711", "1")
    assert Draw.objects.count() == 1


def test_without_a_list_the_samples_lead_to_loading_one(scene: Scene) -> None:
    page = read(scene.lead, f"{scene.home}sample/")
    assert "Load the list of cases" in page
    assert "Draw the sample" not in page
    store(scene, rows(3))
    assert "Look at the list that was read" in read(scene.lead, f"{scene.home}sample/")
    take(scene, rows(4))
    page = read(scene.lead, f"{scene.home}sample/")
    assert "Load the list of cases" not in page
    assert "one was read and isn’t taken yet" in page
    assert "4 eligible of 4 listed · Draw the sample : Court disposal" in page
    assert "none listed · not drawn" in page


@pytest.mark.parametrize("address", ["", "cases/", "allocation/"])
def test_where_no_case_is_sampled_the_lead_is_led_to_the_samples(
    scene: Scene, address: str
) -> None:
    assert "To the samples" in read(scene.lead, f"{scene.home}{address}")
    if address != "allocation/":
        assert "To the samples" not in read(scene.inspector, f"{scene.home}{address}")


def test_a_wrong_case_is_replaced_by_the_next_reserve(drawn: Scene) -> None:
    case = drawn.inspection.cases.get(reference="C-01")
    reserve = next_reserve(case)
    assert reserve is not None
    page = read(drawn.lead, f"{case.get_absolute_url()}replace/")
    assert f"The next reserve {reserve.listed.reference}, reserve" in page
    client = signed_in(drawn.lead)
    sent = {"how": "RESERVE", "reserve": reserve.pk}
    refused = client.post(f"{case.get_absolute_url()}replace/", sent)
    assert "Enter why the case is taken out." in words(refused)
    done = client.post(
        f"{case.get_absolute_url()}replace/", sent | {"reason": "Another service’s."}, follow=True
    )
    assert "C-01 is taken out of the sample, and C-11 comes in its place." in words(done)
    assert "From the reserves, in place of C-01: Another service’s." in words(done)


def test_a_case_is_taken_out_alone(drawn: Scene) -> None:
    case = drawn.inspection.cases.get(reference="C-01")
    done = signed_in(drawn.lead).post(
        f"{case.get_absolute_url()}replace/", {"how": "NONE", "reason": "Sealed."}, follow=True
    )
    assert "C-01 is taken out of the sample." in words(done)
    assert drawn.inspection.cases.in_sample().count() == 9


DETAILS = {"disposal_type": "REFERRAL_ORDER", "offence_category": "ROBBERY", "age": "15"}


@pytest.mark.parametrize("state", ["PREPARATION", "FIELDWORK"])
def test_a_case_is_added_by_hand(scene: Scene, state: str) -> None:
    every.move_to(scene.inspection, state)
    client = signed_in(scene.lead)
    address = f"{scene.home}sample/court/add/"
    refused = words(client.post(address, {}))
    assert "Enter the service’s case reference." in refused
    assert "Enter why this case is added." in refused
    sent = {"service_reference": "YJ/9", "reason": "No list.", **DETAILS}
    done = client.post(address, sent, follow=True)
    assert "The case is added as C-01." in words(done)
    case = Case.objects.get()
    assert (case.disposal_type, case.offence_category, case.age) == (
        "REFERRAL_ORDER",
        "ROBBERY",
        15,
    )
    again = words(client.post(address, sent))
    assert "This case is in the sample already, as C-01." in again


def test_a_case_is_replaced_by_hand(drawn: Scene) -> None:
    case = drawn.inspection.cases.get(reference="C-01")
    done = signed_in(drawn.lead).post(
        f"{case.get_absolute_url()}replace/by-hand/",
        {"service_reference": "YJ/9", "reason": "The list was wrong.", **DETAILS},
        follow=True,
    )
    assert "C-01 is taken out of the sample, and C-11 comes in its place." in words(done)


def test_inspectors_see_our_reference_and_never_the_service_s(drawn: Scene) -> None:
    case = drawn.inspection.cases.get(reference="C-01")
    Case.objects.filter(pk=case.pk).update(allocated_to=drawn.inspector)
    for address in (
        case.get_absolute_url(),
        f"{drawn.home}cases/",
        f"{drawn.home}progress/",
        f"{case.get_absolute_url()}history/",
    ):
        page = read(drawn.inspector, address)
        assert "YJ/" not in page
        assert "Samples" not in page
    assert "Samples" in read(drawn.lead, f"{drawn.home}cases/")
    for address in ("replace/", "replace/by-hand/"):
        read(drawn.inspector, f"{case.get_absolute_url()}{address}", expect=403)
    read(drawn.inspector, f"{drawn.home}sample/court/add/", expect=403)


def test_after_preparation_the_pages_say_why_nothing_is_drawn(drawn: Scene) -> None:
    every.move_to(drawn.inspection, "FIELDWORK")
    said = "Fieldwork has begun, so no list is loaded and no sample drawn."
    for address in ("lists/", "sample/court/"):
        assert said in read(drawn.lead, f"{drawn.home}{address}")
    listed = ListedCase.objects.first()
    assert listed is not None
    assert said in read(drawn.lead, f"{drawn.home}sample/court/listed/{listed.pk}/")
    refused = signed_in(drawn.lead).post(f"{drawn.home}sample/court/", {})
    assert refused.status_code == 403
    assert "Replace C-01" in read(drawn.lead, f"{drawn.home}sample/")


def test_a_case_that_was_taken_out_is_put_back(drawn: Scene) -> None:
    case = drawn.inspection.cases.get(reference="C-01")
    reserve = next_reserve(case)
    assert reserve is not None
    client = signed_in(drawn.lead)
    sent = {"how": "RESERVE", "reserve": reserve.pk, "reason": "Another service’s."}
    taken_out = client.post(f"{case.get_absolute_url()}replace/", sent, follow=True)
    assert "Another service’s. Put back C-01" in words(taken_out)
    assert "Put this case back in the sample" in read(drawn.lead, case.get_absolute_url())
    page = read(drawn.lead, f"{case.get_absolute_url()}put-back/")
    assert "What becomes of C-11, which came in its place?" in page
    refused = words(client.post(f"{case.get_absolute_url()}put-back/", {"reason": " "}))
    assert "Enter why the case is put back." in refused
    assert "Choose what becomes of the case that came in its place." in refused
    instead = drawn.inspection.cases.get(reference="C-11")
    done = client.post(
        f"{case.get_absolute_url()}put-back/",
        {"reason": "It is ours.", "takes_out": instead.pk},
        follow=True,
    )
    assert "C-01 is back in the sample, and C-11 is taken out." in words(done)
    history = read(drawn.lead, f"{case.get_absolute_url()}history/")
    for said in (
        "Taken out of the sample Another service’s.",
        "Put back in the sample It is ours.",
    ):
        assert said in history
    Case.objects.filter(pk=case.pk).update(allocated_to=drawn.inspector)
    seen = read(drawn.inspector, f"{case.get_absolute_url()}history/")
    assert "Put back in the sample" in seen
    assert "It is ours." not in seen
    read(drawn.inspector, f"{case.get_absolute_url()}put-back/", expect=403)


def test_a_case_that_came_in_again_is_not_put_back_and_says_so(drawn: Scene) -> None:
    case = drawn.inspection.cases.get(reference="C-01")
    client = signed_in(drawn.lead)
    client.post(f"{case.get_absolute_url()}replace/", {"how": "NONE", "reason": "Wrong."})
    client.post(
        f"{drawn.home}sample/court/add/",
        {"service_reference": case.source.service_reference, "reason": "Ours.", **DETAILS},
    )
    refused = client.post(f"{case.get_absolute_url()}put-back/", {"reason": "It is ours."})
    said = "This case is in the sample already, as C-11. Take that one out first."
    assert said in words(refused)
