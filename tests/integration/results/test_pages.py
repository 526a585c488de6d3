"""The pages of the seal: confirming, the sealed result, its file, and reopening."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from config.demonstration import builder
from inspections.models import Inspection, User
from ratings.models import Judgement, SealAgreement
from ratings.results.actions import readiness
from ratings.results.document import canonical, read_private_key, verify
from tests import scenes
from tests.integration.results.test_seal import sealed
from tests.pages import signed_in, words
from tests.scenes import Scene
from tests.unit.results.sealed import private_pem

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return scenes.before_panel()


def address(scene: Scene, name: str = "seal", *args: object) -> str:
    return reverse(f"ratings:{name}", args=[scene.inspection.pk, *args])


def agree(scene: Scene, by: User, digest: str = "") -> Any:
    shown = digest or readiness(scene.fresh()).result_sha256
    return signed_in(by).post(address(scene), {"result_sha256": shown})


def test_the_page_shows_the_digest_that_it_posts(scene: Scene) -> None:
    html = signed_in(scene.lead).get(address(scene)).content.decode()
    digest = readiness(scene.fresh()).result_sha256
    assert html.count(digest) == 2
    assert "Confirm this result as lead inspector" in html
    chair = signed_in(scene.chair).get(address(scene)).content.decode()
    assert "Confirm this result as chair of the ratings panel" in chair


@pytest.mark.parametrize("who", ["member", "inspector"])
def test_others_read_what_is_missing_and_cannot_confirm(scene: Scene, who: str) -> None:
    person = getattr(scene, who)
    page = words(signed_in(person).get(address(scene)))
    assert "Lead inspector: has not confirmed yet." in page
    assert "Only the lead inspector and the chair of the panel confirm" in page
    assert "Confirm this result" not in page
    assert agree(scene, person).status_code == 403


def rename_everybody() -> None:
    for person in User.objects.all():
        person.name = f"Renamed {person.pk}"
        person.save()


def test_the_page_names_service_and_people_as_they_were_sealed(scene: Scene) -> None:
    away, aside = builder.user("The third"), builder.user("The fourth")
    scene.meeting.seats.create(member=away)
    scene.hearing.attendance.create(member=away, is_present=False)
    scene.meeting.seats.create(member=aside)
    scene.hearing.stepped_aside.create(member=aside, reason="Worked there.")
    agree(scene, scene.lead)
    agree(scene, scene.chair)
    service = scene.inspection.service
    sealed_as = service.name
    service.name = "Renamed Youth Justice Service"
    service.save()
    rename_everybody()
    html = signed_in(scene.lead).get(address(scene)).content.decode()
    page = words(html[html.index("Service, as sealed") : html.index("How to verify the seal")])
    assert f"Service, as sealed {sealed_as}" in page
    assert "Priya Lead, lead inspector, " in page
    assert "The chair, chair of the ratings panel, " in page
    assert "Inspector: Ada Inspector" in page
    assert "12 March 2026, chaired by The chair" in page
    assert "Present: The chair, The member" in page
    assert "Apologies: The third" in page
    assert "Stepped aside: The fourth. Worked there." in page
    assert "Renamed" not in page


def test_two_confirmations_seal_it(scene: Scene) -> None:
    assert agree(scene, scene.lead).status_code == 302
    page = words(signed_in(scene.lead).get(address(scene)))
    assert "It is sealed once lead inspector and chair have both confirmed it." in page
    agree(scene, scene.chair)
    page = words(signed_in(scene.inspector).get(address(scene)))
    assert "Seal 1" in page
    assert "python manage.py verify_seal sealed-result-" in page
    assert "Reopen the result" not in page


@pytest.mark.parametrize("digest", ["0" * 64, "not a digest"])
def test_another_digest_is_refused_and_nothing_is_confirmed(scene: Scene, digest: str) -> None:
    response = agree(scene, scene.lead, digest)
    assert response.status_code == 409
    assert "The result has changed since you opened it" in words(response)
    assert not SealAgreement.objects.exists()


def test_blockers_are_listed_and_nobody_can_confirm(scene: Scene) -> None:
    Judgement.objects.filter(standard="1.1").delete()
    response = signed_in(scene.lead).get(address(scene))
    page = words(response)
    assert "Before you can confirm" in page
    assert "Before the result can be confirmed" in words(
        signed_in(scene.inspector).get(address(scene))
    )
    assert "Standard 1.1 Governance and leadership has not been judged yet. Judge 1.1" in page
    assert "Confirm this result" not in page
    assert agree(scene, scene.lead).status_code == 409


def test_an_inspection_that_was_never_submitted_says_so(scene: Scene) -> None:
    fresh = scenes.in_review()
    page = words(signed_in(fresh.lead).get(address(fresh)))
    assert "has not been submitted to a meeting of the ratings panel" in page
    assert "has not confirmed yet" not in page


def test_the_file_verifies_and_is_for_those_on_the_inspection(scene: Scene) -> None:
    scene, seal = sealed(scene)
    response = signed_in(scene.inspector).get(address(scene, "seal_file", 1))
    assert response["Content-Disposition"] == (
        f'attachment; filename="sealed-result-{scene.inspection.pk}-1.json"'
    )
    found = verify(response.content, "the file", seal.sha256)
    assert found.holds, found.differences
    assert signed_in(scene.inspector).get(address(scene, "seal_file", 2)).status_code == 404


def test_the_page_says_the_digest_of_the_document_and_that_of_the_file(scene: Scene) -> None:
    scene, seal = sealed(scene)
    client = signed_in(scene.inspector)
    file = client.get(address(scene, "seal_file", 1)).content
    page = words(client.get(address(scene)))
    document = canonical(json.loads(file)["document"])
    assert f"SHA-256 of the sealed document {sha256(document).hexdigest()}" in page
    assert f"SHA-256 of the file {sha256(file).hexdigest()}" in page
    assert f"sha256sum {seal.file_name}" in page


def test_the_page_says_by_which_key_a_seal_is_signed_or_that_it_is_unsigned(
    scene: Scene, settings: Any
) -> None:
    scene, first = sealed(scene)
    page = words(signed_in(scene.lead).get(address(scene)))
    assert "Unsigned: made before seals were signed, or without a key" in page
    assert "--public-key" not in page
    sent = {"reason": "An error.", "number": first.number}
    signed_in(scene.chair).post(address(scene, "reopen"), sent)
    scenes.everyone_is_present(scene.inspection)
    settings.SEAL_SIGNING_KEY = private_pem()
    scene, second = sealed(scene)
    page = words(signed_in(scene.lead).get(address(scene)))
    assert f"Signed with the key of fingerprint {second.signed_with}" in page
    assert f"verify_seal {second.file_name} --public-key KEY" in page
    assert "Unsigned" in page[page.index("Earlier seal 1") :]
    file = signed_in(scene.lead).get(address(scene, "seal_file", 2)).content
    key = read_private_key(private_pem()).public_key()
    assert verify(file, "the file", public_keys=[key]).holds


def test_figures_that_differ_from_the_seal_are_shown(scene: Scene) -> None:
    """Only the owner of the tables can bring that about, and it shows."""
    scene, _ = sealed(scene)
    said = "What is recorded now gives other figures than those sealed"
    assert said not in words(signed_in(scene.lead).get(address(scene)))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE cases_answer DISABLE TRIGGER a_seal")
        cursor.execute("UPDATE cases_answer SET value = 'YES' WHERE question = '3.1.1'")
    assert said in words(signed_in(scene.lead).get(address(scene)))


class TestReopening:
    def test_the_chair_gives_a_reason_and_the_first_seal_can_still_be_read(
        self, scene: Scene
    ) -> None:
        scene, first = sealed(scene)
        chair = signed_in(scene.chair)
        page = words(chair.post(address(scene, "reopen"), {"reason": " "}))
        assert "Enter why the result is reopened" in page
        assert scene.fresh().state == Inspection.State.SEALED
        chair.post(address(scene, "reopen"), {"reason": "A case was counted twice.", "number": 1})
        assert scene.fresh().state == Inspection.State.PANEL
        page = words(chair.get(address(scene)))
        assert "Earlier seal 1" in page
        assert "A case was counted twice." in page
        assert first.sha256 in page
        assert "Chair of the ratings panel: has not confirmed yet." in page

    def test_a_second_seal_names_the_first(self, scene: Scene) -> None:
        scene, first = sealed(scene)
        sent = {"reason": "An error.", "number": first.number}
        signed_in(scene.chair).post(address(scene, "reopen"), sent)
        scenes.everyone_is_present(scene.inspection)
        agree(scene, scene.lead)
        agree(scene, scene.chair)
        page = words(signed_in(scene.lead).get(address(scene)))
        assert page.index("Seal 2") < page.index("Earlier seal 1")
        file = signed_in(scene.lead).get(address(scene, "seal_file", 2)).content
        assert first.sha256 in json.dumps(json.loads(file))

    def test_who_reopened_a_seal_is_named_as_the_next_seal_names_them(self, scene: Scene) -> None:
        scene, first = sealed(scene)
        sent = {"reason": "An error.", "number": first.number}
        signed_in(scene.chair).post(address(scene, "reopen"), sent)
        User.objects.filter(pk=scene.chair.pk).update(name="The same chair")
        page = words(signed_in(scene.lead).get(address(scene)))
        page = page[page.index("Earlier seal 1") :]
        assert "The chair, chair of the ratings panel, " in page
        assert "Reopened The same chair, " in page
        assert "This is not part of a seal yet." in page
        scenes.everyone_is_present(scene.inspection)
        sealed(scene)
        rename_everybody()
        page = words(signed_in(scene.lead).get(address(scene)))
        page = page[page.index("Earlier seal 1") :]
        assert "Reopened The same chair, " in page
        assert "This is not part of a seal yet." not in page
        assert "Renamed" not in page

    @pytest.mark.parametrize("who", ["lead", "member", "inspector"])
    def test_nobody_else_reopens(self, scene: Scene, who: str) -> None:
        sealed(scene)
        client = signed_in(getattr(scene, who))
        assert client.get(address(scene, "reopen")).status_code == 403
        assert client.post(address(scene, "reopen"), {"reason": "So."}).status_code == 403


@pytest.mark.parametrize("page", ["", "cases/", "judgements/", "ratings/", "panel/", "evidence/"])
def test_a_sealed_inspection_says_so_and_accepts_nothing(scene: Scene, page: str) -> None:
    sealed(scene)
    html = signed_in(scene.lead).get(scene.inspection.get_absolute_url() + page).content.decode()
    assert "The result is sealed, so nothing of this inspection can change." in html
    main = html[html.index("<main") :]
    assert 'method="post"' not in main


def test_a_case_of_a_sealed_inspection_says_so(scene: Scene) -> None:
    sealed(scene)
    case = scene.inspection.cases.first()
    assert case is not None
    page = words(signed_in(scene.inspector).get(f"{case.get_absolute_url()}2.1/"))
    assert "The result is sealed, so this case can&#x27;t change." in page
