"""Small inspections for tests: each function makes one thing, with sensible defaults."""

from __future__ import annotations

from itertools import count
from typing import Any

from cases.actions import Save, record_answers
from cases.models import Case, Sample
from inspections.models import GroupChoice, Inspection, Membership, Service, User

PASSWORD = "a long password for tests"
_numbers = count(1)


def user(name: str = "", **fields: Any) -> User:
    """A person with an account who is on no inspection yet."""
    number = next(_numbers)
    name = name or f"Person {number}"
    return User.objects.create_user(
        email=f"person{number}@fieldwork.example", password=PASSWORD, name=name, **fields
    )


def inspection(edition: str = "2021", **fields: Any) -> Inspection:
    """An inspection in fieldwork, without a team or cases."""
    service, _ = Service.objects.get_or_create(name=f"Service {next(_numbers)}")
    return Inspection.objects.create(service=service, edition_id=edition, **fields)


def member(of: Inspection, role: str, name: str = "") -> User:
    """A new person with a part in the inspection."""
    person = user(name or role.replace("_", " ").capitalize())
    Membership.objects.create(inspection=of, user=person, role=role)
    return person


def lead_inspector(of: Inspection, name: str = "") -> User:
    return member(of, Membership.Role.LEAD_INSPECTOR, name)


def inspector(of: Inspection, name: str = "") -> User:
    return member(of, Membership.Role.INSPECTOR, name)


def panel_member(of: Inspection, name: str = "") -> User:
    return member(of, Membership.Role.PANEL_MEMBER, name)


def case(
    of: Inspection, group: str = GroupChoice.COURT, to: User | None = None, **fields: Any
) -> Case:
    """A sampled case, allocated to ``to``."""
    reference = fields.pop("reference", f"{group[:1]}-{next(_numbers):03}")
    return Case.objects.create(
        inspection=of, group=group, reference=reference, allocated_to=to, **fields
    )


def sample(of: Inspection, group: str, **fields: Any) -> Sample:
    return Sample.objects.create(inspection=of, group=group, **fields)


def answers(in_case: Case, by: User, **values: str) -> None:
    """Record answers as the inspector would: ``answers(case, by, **{"2.1.1": "YES"})``."""
    record_answers(
        case_id=in_case.pk,
        saves=[Save(question, value, "", base_version=0) for question, value in values.items()],
        by=by,
    )
