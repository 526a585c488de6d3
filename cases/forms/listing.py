from __future__ import annotations

from django import forms

from cases.models import Case, CaseQuerySet
from inspections.models import GroupChoice, User

UNALLOCATED = "UNALLOCATED"


class CaseFilterForm(forms.Form):
    """Which cases of an inspection to list. What makes no sense filters nothing."""

    group = forms.ChoiceField(
        required=False,
        label="Group",
        choices=[("", "All groups"), *GroupChoice.choices],
        widget=forms.Select(attrs={"class": "govuk-select"}),
    )
    state = forms.ChoiceField(
        required=False,
        label="State",
        choices=[
            ("", "All states"),
            (UNALLOCATED, "Not allocated"),
            (Case.State.NOT_STARTED, "Allocated"),
            *Case.State.choices[1:],
        ],
        widget=forms.Select(attrs={"class": "govuk-select"}),
    )
    mine = forms.BooleanField(
        required=False,
        label="Allocated to me",
        widget=forms.CheckboxInput(attrs={"class": "govuk-checkboxes__input"}),
    )

    def chosen(self, cases: CaseQuerySet, user: User) -> CaseQuerySet:
        """Those of ``cases`` that were asked for."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("group"):
            cases = cases.filter(group=asked["group"])
        if state := asked.get("state"):
            # As the tags say it: what nobody holds yet is not allocated.
            is_unstarted = state in {UNALLOCATED, Case.State.NOT_STARTED}
            cases = cases.filter(state=Case.State.NOT_STARTED if is_unstarted else state)
            if is_unstarted:
                cases = cases.filter(allocated_to__isnull=state == UNALLOCATED)
        if asked.get("mine"):
            cases = cases.allocated_to(user)
        return cases

    @property
    def is_asked(self) -> bool:
        return any(self.data.get(name) for name in self.fields)
