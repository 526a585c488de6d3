"""A case's details: every field of the record, saved from the version that was opened."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases.details import DETAIL_FIELDS
from cases.models import Case, DetailSave
from config.demonstration import builder
from tests.pages import signed_in
from tests.scenes import Scene

FILLED: dict[str, Any] = {
    "base_version": "0",
    "disposal_type": "REFERRAL_ORDER",
    "disposal_date_0": "14",
    "disposal_date_1": "3",
    "disposal_date_2": "2021",
    "offence_type": "Theft",
    "gender": "MALE",
    "age": "15",
    "ethnicity": "UNKNOWN",
    "looked_after": "NO",
    "protection_plan": "NONE",
    "education_status": "REDUCED",
    "serious_harm_level": "LOW",
    "serious_harm_agreed": "NO",
    "serious_harm_own_level": "MEDIUM",
    "serious_harm_reason": "Two earlier assaults were not weighed.",
    "safety_level": "HIGH",
    "safety_agreed": "YES",
    "case_manager_interviewed": "NO",
    "no_interview_reason": "On leave for the whole week.",
    "management_oversight_met_needs": "NOT_APPLICABLE",
    "factors": ["EDUCATION", "PEERS"],
    "interview_notes": "Said that\r\nthe plan was late.",
    "good_practice": "Alfie's worker met him at school.",
}


def post(scene: Scene, data: dict[str, Any]) -> Any:
    return signed_in(scene.inspector).post(f"{scene.case_page}details/", data)


def saved(scene: Scene) -> Case:
    return Case.objects.get(pk=scene.case.pk)


def test_every_detail_is_saved(scene: Scene) -> None:
    assert post(scene, FILLED)["Location"] == scene.case_page
    case = saved(scene)
    assert (case.disposal_date, case.age, case.factors) == (
        date(2021, 3, 14),
        15,
        ["EDUCATION", "PEERS"],
    )
    assert case.serious_harm_reason == FILLED["serious_harm_reason"]
    assert case.interview_notes == "Said that\nthe plan was late."
    assert (case.version, case.state) == (21, Case.State.IN_PROGRESS)


def test_the_page_offers_every_detail(scene: Scene) -> None:
    html = signed_in(scene.inspector).get(f"{scene.case_page}details/").content.decode()
    for field in DETAIL_FIELDS:
        assert f'name="{field}' in html


def test_none_is_required_and_each_can_be_taken_back(scene: Scene) -> None:
    post(scene, FILLED)
    assert post(scene, {"base_version": str(saved(scene).version)}).status_code == 302
    case = saved(scene)
    assert (case.gender, case.age, case.disposal_date, case.factors) == ("", None, None, [])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"age": "56"}, "Enter the age in years, from 8 to 21."),
        ({"age": "old"}, "Enter the age in years, from 8 to 21."),
        ({"disposal_date_0": "31", "disposal_date_1": "2"}, "Enter a real date"),
        ({"disposal_date_2": ""}, "Enter the year"),
        ({"disposal_date_2": "21"}, "Enter a year of four digits"),
        ({"disposal_date_2": "2099"}, "Enter a date that is today or in the past."),
        ({"disposal_type": "YOUTH_CAUTION"}, "Select a valid choice"),
        ({"factors": ["WEATHER"]}, "Select a valid choice"),
        ({"offence_type": "x" * 101}, "Shorten this to 100 characters"),
        ({"base_version": "?"}, "lost track of what was saved"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_the_rest_stays(
    scene: Scene, data: dict[str, Any], words: str
) -> None:
    response = post(scene, FILLED | data)
    html = response.content.decode()
    assert response.status_code == 200
    assert words in html
    assert "Two earlier assaults were not weighed." in html
    assert saved(scene).version == 0


def elsewhere(scene: Scene, base: int = 0, **details: Any) -> None:
    """Saved on another device."""
    builder.details(scene.case, scene.inspector, base, **details)


def test_details_saved_from_elsewhere_are_shown_beside_what_was_typed(scene: Scene) -> None:
    elsewhere(scene, offence_type="Burglary")
    page = post(scene, FILLED)
    html = page.content.decode()
    assert page.status_code == 409
    assert "Burglary" in html
    assert 'value="Theft"' in html
    assert "Your other changes are saved." in html
    assert (saved(scene).offence_type, saved(scene).age) == ("Burglary", 15)
    assert 'name="base_version" value="21"' in html
    again = post(scene, FILLED | {"base_version": "21"})
    assert again.status_code == 302
    assert saved(scene).offence_type == "Theft"


def test_what_only_the_other_device_changed_stays(scene: Scene) -> None:
    post(scene, FILLED)
    base = saved(scene).version
    elsewhere(scene, base, age=16, serious_harm_reason="Three earlier assaults.")
    sent = FILLED | {"base_version": str(base), "offence_type": "Arson", "age": "17"}
    page = post(scene, sent)
    assert page.status_code == 409
    case = saved(scene)
    assert (case.age, case.offence_type) == (16, "Arson")
    assert case.serious_harm_reason == "Three earlier assaults."
    html = page.content.decode()
    # The page shows what stands, but for the detail to choose.
    assert "Three earlier assaults." in html
    assert FILLED["serious_harm_reason"] not in html
    assert 'value="17"' in html
    assert html.count('data-label="Yours"') == 1
    assert DetailSave.objects.filter(version=None).count() == 1


def test_a_page_without_changes_saves_nothing_over_another_device(scene: Scene) -> None:
    post(scene, FILLED)
    base = saved(scene).version
    elsewhere(scene, base, age=16)
    assert post(scene, FILLED | {"base_version": str(base)}).status_code == 302
    assert saved(scene).age == 16


def test_the_same_detail_given_on_two_devices_is_no_conflict(scene: Scene) -> None:
    elsewhere(scene, age=15)
    assert post(scene, FILLED).status_code == 302
    assert saved(scene).age == 15


def test_what_is_sent_to_a_case_that_changed_hands_is_shown_back(scene: Scene) -> None:
    Case.objects.filter(pk=scene.case.pk).update(allocated_to=scene.colleague)
    page = post(scene, FILLED)
    assert page.status_code == 403
    assert "allocated to Grace Inspector" in page.content.decode()
    assert "Two earlier assaults were not weighed." in page.content.decode()
    assert saved(scene).version == 0


def test_only_details_are_written_as_details(scene: Scene) -> None:
    with pytest.raises(ValueError, match="state"):
        elsewhere(scene, state="SIGNED_OFF")


def test_an_out_of_court_case_is_offered_out_of_court_disposals(scene: Scene) -> None:
    case = builder.case(scene.inspection, "OUT_OF_COURT", scene.inspector)
    html = signed_in(scene.inspector).get(f"{case.get_absolute_url()}details/").content.decode()
    assert "Youth caution" in html
    assert "Referral order" not in html
