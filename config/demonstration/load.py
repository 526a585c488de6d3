"""Stores the demonstration, once."""

from __future__ import annotations

from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from config.demonstration import (
    ADMINISTRATOR,
    DEPUTY_LEAD,
    INSPECTORS,
    LEAD_INSPECTOR,
    LOCAL_ASSESSOR,
    OBSERVER,
    PANEL_MEMBERS,
    PASSWORD,
    PUBLISHER,
    REVIEWER,
    SIGN_INS,
    SignIn,
)
from config.demonstration.northmere import SERVICE_NAME as NORTHMERE
from config.demonstration.northmere import store_northmere
from config.demonstration.southmere import SERVICE_NAME as SOUTHMERE
from config.demonstration.southmere import store_southmere
from config.demonstration.westmere import SERVICE_NAME as WESTMERE
from config.demonstration.westmere import store_westmere
from inspections.models import Inspection, Membership, Service, User
from ratings.national.format import parse
from ratings.national.load import load

REPORTS = Path(__file__).parent / "reports"

People = dict[SignIn, User]
Role = Membership.Role


@transaction.atomic
def load_demonstration() -> None:
    """Store people and inspections, unless one of its people or services is there.

    What is there already is left as it is, because people may have changed it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('demonstration', 0))")
    if (
        User.objects.filter(email__in=[person.email for person in SIGN_INS]).exists()
        or Service.objects.filter(name__in=[NORTHMERE, SOUTHMERE, WESTMERE]).exists()
    ):
        return
    southmere_service = Service.objects.create(name=SOUTHMERE, area="Southmere")
    people = _people(local_assessor_from=southmere_service)
    lead = people[LEAD_INSPECTOR]
    inspectors = [people[inspector] for inspector in INSPECTORS]
    panel = [people[member] for member in PANEL_MEMBERS]
    for path in sorted(REPORTS.glob("*.json")):
        file = parse(path.read_bytes(), path.name)
        replayed = Inspection.objects.filter(replay__key=file.key).first()
        _form_team(replayed or load(file), people)
    northmere = _inspection(Service.objects.create(name=NORTHMERE, area="Northmere"))
    _form_team(northmere, people)
    store_northmere(northmere, lead=lead, inspectors=inspectors)
    southmere = _inspection(southmere_service)
    # Its panel is chosen when it is submitted.
    _form_team(southmere, people, has_panel=False)
    store_southmere(southmere, lead=lead, inspectors=inspectors, panel=panel)
    _form_team(store_westmere(), people, has_panel=False)


def _inspection(service: Service) -> Inspection:
    return Inspection.objects.create(service=service, edition_id="2021")


def _people(*, local_assessor_from: Service) -> People:
    # Hashing is slow on purpose; everyone has the same password, so hash it once.
    password = make_password(PASSWORD)
    people = {
        person: User(
            email=person.email,
            name=person.name,
            password=password,
            is_staff=person is ADMINISTRATOR,
            is_superuser=person is ADMINISTRATOR,
            home_service=local_assessor_from if person is LOCAL_ASSESSOR else None,
        )
        for person in SIGN_INS
    }
    User.objects.bulk_create(people.values())
    return people


ROLES = {
    LEAD_INSPECTOR: Role.LEAD_INSPECTOR,
    DEPUTY_LEAD: Role.DEPUTY_LEAD,
    **dict.fromkeys(INSPECTORS, Role.INSPECTOR),
    LOCAL_ASSESSOR: Role.LOCAL_ASSESSOR,
    REVIEWER: Role.REVIEWER,
    **dict.fromkeys(PANEL_MEMBERS, Role.PANEL_MEMBER),
    OBSERVER: Role.OBSERVER,
    PUBLISHER: Role.PUBLISHER,
}


def _form_team(inspection: Inspection, people: People, *, has_panel: bool = True) -> None:
    """Give ``inspection`` its team and panel, unless it has a team already. Nobody inspects the
    service that they are on loan from."""
    if inspection.memberships.exists():
        return
    Membership.objects.bulk_create(
        Membership(inspection=inspection, user=people[person], role=role)
        for person, role in ROLES.items()
        if (has_panel or role != Role.PANEL_MEMBER)
        and people[person].home_service_id != inspection.service_id
    )
