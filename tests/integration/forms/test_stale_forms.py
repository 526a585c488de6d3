"""A form that was opened before somebody else's change doesn't undo that change unseen."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.actions import allocate_case, move_case
from cases.models import Case
from config.demonstration import builder
from inspections.models import Inspection, User
from ratings.models import SealedResult
from ratings.results.actions import agree_to_seal, readiness, reopen
from tests import scenes
from tests.forms import Form, forms_on, read_page
from tests.pages import signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def opened(client: Client, page: str, name: str) -> Form:
    return next(one for one in forms_on(client, page) if one.name == name)


def shown(page: Any, address: str, name: str) -> Form:
    """The form as the answer to it shows it."""
    return next(one for one in read_page(address, page.text)[0] if one.name == name)


def test_an_old_allocation_does_not_undo_another(scene: Scene) -> None:
    lead = signed_in(scene.lead)
    form = opened(lead, scene.case_page, "cases:allocate")
    allocate_case(case=scene.case, to=scene.colleague, by=scene.lead)
    sent = form.filled() | {"to": [str(scene.lead.pk)]}
    page = lead.post(form.address, sent)
    assert page.status_code == 409
    scene.case.refresh_from_db()
    assert scene.case.allocated_to == scene.colleague
    assert "is allocated to Grace Inspector since you opened this page" in words(page)
    # The choice is still made, and made again it replaces what is known now.
    again = shown(page, scene.case_page, "cases:allocate")
    assert again.filled()["to"] == [str(scene.lead.pk)]
    assert lead.post(again.address, again.filled()).status_code == 302
    scene.case.refresh_from_db()
    assert scene.case.allocated_to == scene.lead


def test_the_same_allocation_twice_is_no_conflict(scene: Scene) -> None:
    lead = signed_in(scene.lead)
    form = opened(lead, scene.case_page, "cases:allocate")
    allocate_case(case=scene.case, to=scene.colleague, by=scene.lead)
    sent = form.filled() | {"to": [str(scene.colleague.pk)]}
    assert lead.post(form.address, sent).status_code == 302


def test_an_old_page_does_not_submit_a_case_that_was_returned(scene: Scene) -> None:
    builder.fill(scene.inspection, scene.inspector, yes={})
    case = scene.inspection.cases.exclude(pk=scene.case.pk).earliest("pk")
    Case.objects.filter(pk=case.pk).update(state=Case.State.IN_PROGRESS)
    inspector = signed_in(scene.inspector)
    page = case.get_absolute_url()
    form = opened(inspector, page, "cases:submit")
    move_case(case=case, to=Case.State.SUBMITTED, by=scene.inspector)
    move_case(case=case, to=Case.State.RETURNED, by=scene.lead, comment="Look again.")
    answer = inspector.post(form.address, form.filled())
    assert answer.status_code == 409
    assert "The case changed after you opened this page: it is returned" in words(answer)
    case.refresh_from_db()
    assert case.state == Case.State.RETURNED
    again = shown(answer, page, "cases:submit")
    assert inspector.post(again.address, again.filled()).status_code == 302


def test_an_old_outcome_does_not_replace_a_newer_one() -> None:
    scene = scenes.before_panel()
    chair = signed_in(scene.chair)
    address = f"{scene.home}panel/outcome/"
    form = opened(chair, address, "ratings:outcome")
    other_tab = form.filled() | {"outcome_notes": ["From the other tab."]}
    assert chair.post(address, other_tab).status_code == 302
    page = chair.post(address, form.filled() | {"outcome_notes": ["From this one."]})
    assert page.status_code == 409
    assert scene.hearing.outcome_notes == "From the other tab."
    assert "From this one. From the other tab." in words(page)
    again = shown(page, address, "ratings:outcome")
    assert chair.post(address, again.filled()).status_code == 302


def test_an_old_page_does_not_reopen_a_newer_seal() -> None:
    scene = scenes.before_panel()

    def seal() -> SealedResult:
        agree(scene, scene.lead)
        sealed = agree(scene, scene.chair)
        assert sealed is not None
        return sealed

    first = seal()
    chair = signed_in(scene.chair)
    address = f"{scene.home}seal/reopen/"
    form = opened(chair, address, "ratings:reopen")
    reopen(sealed_result=first, reason="A figure.", by=scene.chair)
    scenes.everyone_is_present(scene.inspection)
    scene.inspection = scene.fresh()
    seal()
    page = chair.post(address, form.filled() | {"reason": ["Another figure."]})
    assert page.status_code == 409
    assert scene.fresh().state == Inspection.State.SEALED
    assert "Seal 1 was reopened after you opened this page. This is about seal 2" in words(page)
    assert "Another figure." in words(page)


def agree(scene: Scene, by: User) -> SealedResult | None:
    digest = readiness(scene.fresh()).result_sha256
    return agree_to_seal(inspection=scene.inspection, result_sha256=digest, by=by)
