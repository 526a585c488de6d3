"""What the page of a draw takes: size, reserves, margins, a cap, and the seed."""

from __future__ import annotations

from secrets import randbelow
from typing import Any

from crispy_forms_gds.layout import Field, Fluid
from django import forms

from cases.caseload.margins import DEFAULT_MARGINS
from cases.caseload.sizes import DEFAULT_RULES, RULES
from cases.detail_inputs import LONGEST_TEXT
from cases.sampling.actions import DrawRequest
from inspections.forms import LaidOutForm, Paragraphs
from inspections.framework import Group

MOST_SEED = 999_999


class DrawForm(LaidOutForm):
    """How a sample is drawn. ``instead_of`` and ``eligible`` are what the page showed: the number
    of the latest draw and the ``Caseload.version``."""

    instead_of = forms.IntegerField(widget=forms.HiddenInput)
    eligible = forms.CharField(widget=forms.HiddenInput)
    rule = forms.ChoiceField(
        label="Size",
        choices=[(key, f"{rule.name} ({rule.version})") for key, rule in RULES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how many cases the sample takes."},
    )
    own_number = forms.IntegerField(
        label="Your own number",
        required=False,
        min_value=1,
        max_value=100_000,
        help_text="Only if you chose the lead inspector’s own number.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ["invalid", "min_value", "max_value"], "Enter a whole number of 1 or more."
        ),
    )
    size_reason = Paragraphs(
        rows=2,
        required=False,
        max_length=LONGEST_TEXT,
        label="Why this number",
        called="the reason",
    )
    reserve_percent = forms.IntegerField(
        label="Reserves, in per cent of the size",
        min_value=0,
        max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"],
            "Enter the reserves in per cent, from 0 to 100.",
        ),
    )
    team = forms.BooleanField(label="Keep the shares of teams too", required=False)
    cap = forms.IntegerField(
        label="Most cases of one case manager",
        required=False,
        min_value=1,
        max_value=1000,
        help_text="Leave empty for no limit. A limit changes the chances of cases.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ["invalid", "min_value", "max_value"], "Enter a whole number of 1 or more, or nothing."
        ),
    )
    seed = forms.IntegerField(
        label="Seed",
        min_value=0,
        max_value=MOST_SEED,
        help_text="The same seed draws the same cases again from the same list.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"],
            "Enter a seed, a whole number from 0 to 999999.",
        ),
    )
    reason = Paragraphs(
        rows=2,
        required=False,
        max_length=LONGEST_TEXT,
        label="Why it is drawn again",
        help_text="The earlier draw is kept, with its cases and this reason.",
        called="the reason",
    )

    def __init__(self, data: Any = None, *, group: Group, eligible: str, drawn: int) -> None:
        initial = {
            "instead_of": drawn,
            "eligible": eligible,
            "rule": DEFAULT_RULES[group].key,
            "reserve_percent": 20,
            "seed": randbelow(MOST_SEED + 1),
        }
        super().__init__(data, initial=initial)
        if not drawn:
            del self.fields["reason"]

    def laid_out(self, name: str) -> Any:
        if name == "rule":
            return Field.radios(name, small=True)
        if name == "team":
            return Field.checkbox(name, small=True)
        if isinstance(self.fields[name].widget, forms.Textarea):
            return Field.textarea(name, rows=2)
        if isinstance(self.fields[name].widget, forms.TextInput):
            return Field.text(name, field_width=Fluid.ONE_THIRD)
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "reason" in self.fields and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Enter why the sample is drawn again.")
        if RULES.get(cleaned.get("rule", "")) is RULES["own/2021"]:
            if cleaned.get("own_number") is None and "own_number" not in self.errors:
                self.add_error("own_number", "Enter how many cases the sample takes.")
            if not cleaned.get("size_reason", "").strip():
                self.add_error("size_reason", "Enter why the sample takes this number.")
        elif cleaned.get("own_number") is not None:
            self.add_error("own_number", "Choose your own number as the size, or leave this empty.")
        return cleaned

    def request(self) -> DrawRequest:
        cleaned = self.cleaned_data
        return DrawRequest(
            rule=cleaned["rule"],
            own_number=cleaned["own_number"],
            size_reason=cleaned["size_reason"],
            margins=(*DEFAULT_MARGINS, *(["team"] if cleaned["team"] else [])),
            cap=cleaned["cap"],
            reserve_percent=cleaned["reserve_percent"],
            seed=cleaned["seed"],
            reason=cleaned.get("reason", ""),
        )
