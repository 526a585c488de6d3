"""The whole team of an inspection, and an invitation, as their pages send them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from inspections.forms import LaidOutForm, TypedText
from inspections.history import events_of
from inspections.models import Inspection, Membership, Service, User
from inspections.names import clean_name
from inspections.team.actions import GIVEN_BY, NotATeam, team_version
from inspections.team.work import held_by
from inspections.versions import Difference

Role = Membership.Role

LEAVES = "LEAVES"
"""The choice for whoever is taken off."""

NOT_ON_IT = "Not on this inspection"
ORDER = tuple(Role)

ROWS_TO_ADD = 3
"""People with an account that can be added at once."""

CHOICES = [*((str(role), role.label) for role in ORDER), (LEAVES, NOT_ON_IT)]


@dataclass(frozen=True, slots=True)
class Row:
    """A person with the field of their role; ``role`` is the one they have now, empty for none,
    and ``holds`` what they hold, in words."""

    person: User
    role: str
    holds: str
    field: forms.BoundField


class TeamForm(forms.Form):
    """A role for everybody on the inspection, and for those to be added.

    Whoever was on it when the page was opened keeps a row, so that a page that has become stale
    says what it would do with them.
    """

    base_version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: QueryDict | None, *, inspection: Inspection, reader: User, **options: Any
    ) -> None:
        self.inspection = inspection
        self.members = {one.user_id: one for one in inspection.memberships.all()}
        if data is not None:
            # Whoever joined since the page was opened stays as they are.
            data = data.copy()
            for pk, member in self.members.items():
                data.setdefault(f"role-{pk}", member.role)
        super().__init__(data, **options)
        self.fixed = _not_given_by(reader, inspection)
        self.fields["base_version"].initial = team_version(inspection)
        gone = User.objects.filter(pk__in=_people_sent(data) - self.members.keys())
        members = sorted(self.members.values(), key=lambda one: ORDER.index(Role(one.role)))
        self.people = {one.user_id: one.user for one in members}
        self.people |= {person.pk: person for person in gone}
        for pk, person in self.people.items():
            self.fields[f"role-{pk}"] = forms.ChoiceField(
                label=f"Role of {person}",
                choices=self._choices(self._role_of(pk), person),
                initial=self._role_of(pk) or LEAVES,
                error_messages={
                    "required": f"Choose what {person} is to be.",
                    "invalid_choice": f"Choose what {person} is to be from the list.",
                },
            )
        # Whoever was added here and joined meanwhile can still be chosen.
        added = {data.get(f"add-{row}-person") for row in range(ROWS_TO_ADD)} if data else set()
        known = {pk for pk in self.people if str(pk) not in added}
        others = User.objects.filter(is_active=True).exclude(pk__in={*known, reader.pk})
        others = others.exclude(home_service=inspection.service_id)
        self.others = {person.pk: person for person in others}
        offered = [("", "Choose a person"), *((pk, str(one)) for pk, one in self.others.items())]
        parts = [one for one in self._choices("", None) if one[0] != LEAVES]
        for row in range(ROWS_TO_ADD):
            self.fields[f"add-{row}-person"] = forms.TypedChoiceField(
                label=f"Person {row + 1} to add",
                choices=offered,
                coerce=int,
                empty_value=None,
                required=False,
                error_messages={
                    "invalid_choice": "Choose somebody who has an open account and isn’t on this "
                    "inspection yet."
                },
            )
            self.fields[f"add-{row}-role"] = forms.ChoiceField(
                label=f"Role of person {row + 1}", choices=parts, initial=Role.INSPECTOR
            )

    def _role_of(self, person: int) -> str:
        return self.members[person].role if person in self.members else ""

    def _choices(self, role: str, person: User | None) -> list[tuple[str, str]]:
        """What ``person``, who has ``role``, may become by this reader; what anybody may, if it is
        nobody."""
        if role in self.fixed:
            return [one for one in CHOICES if one[0] == role]
        fit = [one for one in CHOICES if one[0] not in self.fixed]
        if person is None:
            return fit
        is_on_loan = person.home_service_id is not None
        return [
            one
            for one in fit
            if one[0] in (role, LEAVES) or (one[0] == Role.LOCAL_ASSESSOR) == is_on_loan
        ]

    @property
    def rows(self) -> Iterator[Row]:
        held = held_by(self.inspection)
        for pk, person in self.people.items():
            yield Row(person, self._role_of(pk), held.get(pk, ""), self[f"role-{pk}"])

    @property
    def rows_to_add(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        for row in range(ROWS_TO_ADD):
            yield self[f"add-{row}-person"], self[f"add-{row}-role"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        added = [cleaned.get(f"add-{row}-person") for row in range(ROWS_TO_ADD)]
        for row, person in enumerate(added):
            if person is not None and person in added[:row]:
                self.add_error(f"add-{row}-person", "This person is chosen above already.")
        return cleaned

    @property
    def roles(self) -> dict[int, str]:
        """The team as it is to be, by each person's number. Once the form is valid."""
        kept = {pk: self.cleaned_data[f"role-{pk}"] for pk in self.people}
        added = {
            person: self.cleaned_data[f"add-{row}-role"]
            for row in range(ROWS_TO_ADD)
            if (person := self.cleaned_data[f"add-{row}-person"]) is not None
        }
        return {pk: role for pk, role in (kept | added).items() if role != LEAVES}

    def refuse(self, refusal: NotATeam) -> None:
        """Say beside the person why these roles are not a team."""
        places = {pk: f"role-{pk}" for pk in self.people} | {
            self.cleaned_data[f"add-{row}-person"]: f"add-{row}-person"
            for row in range(ROWS_TO_ADD)
        }
        leads = (pk for pk, one in self.members.items() if one.role == Role.LEAD_INSPECTOR)
        about = refusal.person if refusal.person in places else next(leads, None)
        self.add_error(places.get(about), str(refusal))

    def based_on(self, current: Inspection, reader: User) -> TeamForm:
        """The same choices, for the team as it is now: sending them again makes them true.

        Whoever joined meanwhile stays unless they are taken off.
        """
        sent = self.data.copy()  # type: ignore[attr-defined]
        sent["base_version"] = team_version(current)
        now = {one.user_id for one in current.memberships.all()}
        for row in range(ROWS_TO_ADD):
            person = self.cleaned_data[f"add-{row}-person"]
            if person in now:
                sent[f"role-{person}"] = self.cleaned_data[f"add-{row}-role"]
                sent[f"add-{row}-person"] = ""
        again = TeamForm(sent, inspection=current, reader=reader)
        again.full_clean()
        return again

    def differences(self) -> list[Difference]:
        """Where what was sent differs from the team as it is now, person by person."""
        mine, labels = self.roles, dict[str, str](CHOICES)
        removals = _removals(self.inspection)
        found = []
        for pk, person in {**self.people, **self.others}.items():
            my_role, role = mine.get(pk, LEAVES), self._role_of(pk) or LEAVES
            if my_role != role:
                by = removals.get(pk) if pk in self.people and role == LEAVES else None
                saved = f"{labels[role]}: taken off by {by}" if by else labels[role]
                found.append(Difference(str(person), labels[my_role], saved))
        return found


def _not_given_by(reader: User, inspection: Inspection) -> set[str]:
    """The roles that ``reader`` neither gives nor takes away now."""
    return {role for role, permission in GIVEN_BY.items() if not permission.can(reader, inspection)}


def _people_sent(data: QueryDict | None) -> set[int]:
    found = (re.fullmatch(r"role-(\d{1,18})", name) for name in data or ())
    return {int(one[1]) for one in found if one}


def _removals(inspection: Inspection) -> Mapping[int, User]:
    """Who took each person off last, by the person's number."""
    events = events_of(Membership).filter(inspection=inspection.pk, pgh_label="delete")
    latest = {one.user_id: (one.pgh_context or {}).get("user") for one in events.order_by("pgh_id")}
    people = User.objects.in_bulk({by for by in latest.values() if by})
    return {person: people[by] for person, by in latest.items() if by in people}


class InvitationForm(LaidOutForm):
    """Name and address of somebody to be invited, and what they are to be."""

    button = "Send the invitation"
    name = TypedText(
        label="Full name",
        max_length=150,
        missing="Enter the person’s full name",
        called="the name",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label="Email address",
        help_text="At work. If there is an account with this address, it is used.",
        max_length=254,
        error_messages={
            "required": "Enter the person’s email address",
            "invalid": "Enter an email address such as name@example.org",
        },
    )
    role = forms.ChoiceField(
        label="Role in the inspection",
        widget=forms.RadioSelect,
        initial=Role.INSPECTOR,
        error_messages={
            "required": "Choose what the person is to be",
            "invalid_choice": "Choose what the person is to be from the list",
        },
    )
    home_service = forms.ModelChoiceField(
        queryset=Service.objects.none(),
        required=False,
        label="On loan from (local assessors only)",
        help_text="The service that a local assessor works for. They see no inspection of it, and "
        "no ratings.",
        empty_label="Not on loan",
        error_messages={"invalid_choice": "Choose a service from the list"},
    )

    def __init__(
        self, data: QueryDict | None, *, inspection: Inspection, reader: User, **options: Any
    ) -> None:
        super().__init__(data, **options)
        has_lead = any(one.role == Role.LEAD_INSPECTOR for one in inspection.memberships.all())
        without = _not_given_by(reader, inspection) | ({Role.LEAD_INSPECTOR} if has_lead else set())
        parts = [(one, one.label) for one in Role if one not in without]
        self.fields["role"].choices = parts  # type: ignore[attr-defined]
        others = Service.objects.exclude(pk=inspection.service_id)
        self.fields["home_service"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_local, home = cleaned.get("role") == Role.LOCAL_ASSESSOR, cleaned.get("home_service")
        if "home_service" in cleaned and is_local and home is None:
            self.add_error("home_service", "Choose the service that the local assessor works for")
        if home is not None and "role" in cleaned and not is_local:
            self.add_error(
                "home_service",
                "Only a local assessor is on loan. Leave this empty, or choose that role",
            )
        return cleaned

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Enter a name that can be read")
        return name

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()
