from datetime import date

from django import forms
from django.http import QueryDict

from inspections.forms import DateInBoxes
from inspections.versions import Difference, differences


class Meeting(forms.Form):
    title = forms.CharField()
    kind = forms.ChoiceField(choices=[("A", "Board"), ("More", [("B", "Team")])])
    rests_on = forms.TypedMultipleChoiceField(
        coerce=int, required=False, choices=[(1, "Minutes"), (2, "Survey")]
    )
    held = DateInBoxes(label="Held on", required=False)
    notes = forms.CharField(required=False)
    base_version = forms.IntegerField(widget=forms.HiddenInput)


def test_two_versions_are_compared_field_by_field_in_the_words_of_the_form() -> None:
    sent = QueryDict(
        "title=Mine&kind=B&rests_on=1&rests_on=2&held_0=4&held_1=3&held_2=2026&base_version=1"
    )
    saved = {
        "title": "Mine",
        "kind": "A",
        "rests_on": [2],
        "held": date(2026, 3, 14),
        "notes": "Read",
        "base_version": 2,
    }

    assert differences(Meeting(sent, initial=saved)) == [
        Difference("Kind", "Team", "Board"),
        Difference("Rests on", "Minutes; Survey", "Survey"),
        Difference("Held on", "4 March 2026", "14 March 2026"),
        Difference("Notes", "Nothing", "Read"),
    ]
