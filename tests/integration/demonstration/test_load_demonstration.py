"""Loading the demonstration: once, by a command, and never in production."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from cases.models import Answer, AnswerSave, Case, Sample
from config.demonstration import ADMINISTRATOR, LEAD_INSPECTOR, LOCAL_ASSESSOR, PASSWORD, SIGN_INS
from config.demonstration.northmere import SERVICE_NAME
from config.demonstration.southmere import SERVICE_NAME as SOUTHMERE
from inspections.models import Inspection, Membership, Service, User
from ratings.models import Judgement, Replay

pytestmark = pytest.mark.django_db


def load() -> str:
    out = StringIO()
    call_command("load_demonstration", stdout=out)
    return out.getvalue()


def test_everybody_of_the_demonstration_can_sign_in() -> None:
    printed = load()

    assert PASSWORD in printed
    for person in SIGN_INS:
        assert person.email in printed
        user = authenticate(None, email=person.email, password=PASSWORD)
        assert isinstance(user, User)
        assert user.name == person.name
        assert user.is_staff is user.is_superuser is (person is ADMINISTRATOR)


def test_each_role_has_somebody_to_sign_in_as() -> None:
    load()
    roles = set(Membership.objects.values_list("role", flat=True))
    assert roles == set(Membership.Role.values)
    on_loan = User.objects.get(email=LOCAL_ASSESSOR.email)
    assert on_loan.home_service is not None
    assert on_loan.home_service.name == SOUTHMERE
    assert not on_loan.memberships.filter(inspection__service=on_loan.home_service).exists()


def test_loading_again_changes_nothing() -> None:
    load()
    case = Case.objects.filter(inspection__service__name=SERVICE_NAME)[0]
    Case.objects.filter(pk=case.pk).update(offence_type="Changed by hand")
    Judgement.objects.filter(inspection=case.inspection).delete()
    User.objects.filter(email=LEAD_INSPECTOR.email).update(name="Changed by hand")
    Service.objects.filter(name=SOUTHMERE).update(name="Changed by hand")
    models = (User, Service, Inspection, Membership, Sample, Case, Answer, AnswerSave)

    def rows() -> list[list[Any]]:
        return [
            list(model._default_manager.order_by("pk").values())
            for model in (*models, Judgement, Replay)
        ]

    before = rows()
    printed = load()
    assert rows() == before
    assert PASSWORD in printed


def test_it_is_loaded_in_few_queries() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        load()

    assert len(queries) < 150


def test_it_is_not_loaded_in_production(settings: Settings) -> None:
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="public"):
        load()
    assert not User.objects.exists()
