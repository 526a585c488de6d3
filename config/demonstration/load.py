"""Stores the demonstration, once."""

from __future__ import annotations

from pathlib import Path

from allauth.account.models import EmailAddress
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
from config.demonstration.northmere import SERVICE_NAME, store_northmere
from config.demonstration.southmere import SERVICE_NAME as SOUTHMERE
from config.demonstration.southmere import store_southmere
from inspections.models import Inspection, Membership, Service, User
from ratings.national.format import parse
from ratings.national.load import load

REPORTS = Path(__file__).parent / "reports"

People = dict[SignIn, User]


@transaction.atomic
def load_demonstration() -> bool:
    """Store people and inspections; returns whether anything was stored.

    What is there already is left as it is, because people may have changed it. A demonstration
    of an earlier version gets what was added since.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('demonstration', 0))")
    if (
        User.objects.filter(email__in=[person.email for person in SIGN_INS]).exists()
        or Service.objects.filter(name=SERVICE_NAME).exists()
    ):
        return _load_southmere()
    people = _people()
    for path in sorted(REPORTS.glob("*.json")):
        _form_team(load(parse(path.read_bytes(), path.name)), people)
    northmere = Inspection.objects.create(
        service=Service.objects.create(name=SERVICE_NAME, area="Northmere"), edition_id="2021"
    )
    _form_team(northmere, people)
    store_northmere(
        northmere,
        lead=people[LEAD_INSPECTOR],
        inspectors=[people[inspector] for inspector in INSPECTORS],
    )
    return _load_southmere()


def _load_southmere() -> bool:
    """Store the inspection that is ready for the panel, if all its people are there."""
    known = User.objects.in_bulk([person.email for person in SIGN_INS], field_name="email")
    people = {person: known[person.email] for person in SIGN_INS if person.email in known}
    if Service.objects.filter(name=SOUTHMERE).exists() or len(people) < len(SIGN_INS):
        return False
    southmere = Inspection.objects.create(
        service=Service.objects.create(name=SOUTHMERE, area="Southmere"), edition_id="2021"
    )
    _form_team(southmere, {one: people[one] for one in (LEAD_INSPECTOR, *INSPECTORS)})
    store_southmere(
        southmere,
        lead=people[LEAD_INSPECTOR],
        inspectors=[people[inspector] for inspector in INSPECTORS],
        panel=[people[member] for member in PANEL_MEMBERS],
    )
    return True


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
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True)
        for user in people.values()
    )
    return people


def _form_team(inspection: Inspection, people: People) -> None:
    """Give ``inspection`` its team and panel from ``people``, unless it has a team already."""
    if inspection.memberships.exists():
        return
    role = Membership.Role
    parts = {
        LEAD_INSPECTOR: role.LEAD_INSPECTOR,
        **dict.fromkeys(INSPECTORS, role.INSPECTOR),
        **dict.fromkeys(PANEL_MEMBERS, role.PANEL_MEMBER),
    }
    Membership.objects.bulk_create(
        Membership(inspection=inspection, user=people[person], role=part)
        for person, part in parts.items()
        if person in people
    )
