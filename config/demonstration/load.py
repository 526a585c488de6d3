"""Stores the demonstration, once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from config.demonstration import (
    ADMINISTRATOR,
    INSPECTORS,
    LEAD_INSPECTOR,
    PANEL_MEMBERS,
    PASSWORD,
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
    people = _people()
    lead = people[LEAD_INSPECTOR]
    inspectors = [people[inspector] for inspector in INSPECTORS]
    panel = [people[member] for member in PANEL_MEMBERS]
    for path in sorted(REPORTS.glob("*.json")):
        file = parse(path.read_bytes(), path.name)
        replayed = Inspection.objects.filter(replay__key=file.key).first()
        _form_team(replayed or load(file), lead, inspectors, panel)
    northmere = _inspection(NORTHMERE, "Northmere")
    _form_team(northmere, lead, inspectors, panel)
    store_northmere(northmere, lead=lead, inspectors=inspectors)
    southmere = _inspection(SOUTHMERE, "Southmere")
    # Its panel is chosen when it is submitted.
    _form_team(southmere, lead, inspectors)
    store_southmere(southmere, lead=lead, inspectors=inspectors, panel=panel)
    _form_team(store_westmere(), lead, inspectors)


def _inspection(service: str, area: str) -> Inspection:
    return Inspection.objects.create(
        service=Service.objects.create(name=service, area=area), edition_id="2021"
    )


def _people() -> People:
    # Hashing is slow on purpose; everyone has the same password, so hash it once.
    password = make_password(PASSWORD)
    people = {
        person: User(
            email=person.email,
            name=person.name,
            password=password,
            is_staff=person is ADMINISTRATOR,
            is_superuser=person is ADMINISTRATOR,
        )
        for person in SIGN_INS
    }
    User.objects.bulk_create(people.values())
    return people


def _form_team(
    inspection: Inspection, lead: User, inspectors: Iterable[User], panel: Iterable[User] = ()
) -> None:
    """Give ``inspection`` its team and panel, unless it has a team already."""
    if inspection.memberships.exists():
        return
    role = Membership.Role
    Membership.objects.bulk_create(
        [
            Membership(inspection=inspection, user=lead, role=role.LEAD_INSPECTOR),
            *(
                Membership(inspection=inspection, user=one, role=role.INSPECTOR)
                for one in inspectors
            ),
            *(Membership(inspection=inspection, user=one, role=role.PANEL_MEMBER) for one in panel),
        ]
    )
