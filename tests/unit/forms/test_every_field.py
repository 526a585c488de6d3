"""What every form of the service takes for a text or a date, whichever app it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
from crispy_forms_gds.fields import DateInputField
from django import forms
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.utils import timezone

from cases.detail_inputs import detail_inputs
from cases.forms.cases import CommentForm
from cases.forms.details import DetailsForm
from cases.forms.record import RecordForm
from config.site.admin import site
from inspections.forms import FOUR_DIGITS, TypedText
from inspections.framework import load_edition
from inspections.models import User
from inspections.typed_text import typed_length

APPS = ("inspections", "cases", "ratings", "config")
EDITION = load_edition("2021")
ANSWERED = {f"2.1.1a-{part}": "" for part in ("value", "note", "base")}

MADE_WHEN_OPENED: dict[type[forms.BaseForm], Any] = {
    DetailsForm: lambda: detail_inputs("COURT"),
    RecordForm: lambda: (
        RecordForm(
            ANSWERED, edition=EDITION, standard=EDITION.standards_by_code["2.1"], answers={}
        ).fields
    ),
    CommentForm: lambda: CommentForm({"comment": "x", "reply-1": "x"}, questions=()).fields,
}
"""Forms whose fields depend on what they are opened for."""


def form_classes(of: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for one in of.__subclasses__():
        if one.__module__.split(".")[0] in APPS:
            yield one
        yield from form_classes(one)


def administration() -> Iterator[type[forms.BaseForm]]:
    """The forms that Django makes for the administration's pages."""
    request = RequestFactory().get("/")
    request.user = User(is_active=True, is_staff=True)
    for model, page in site._registry.items():
        for record in (None, model()):
            yield page.get_form(request, record)
        for inline in page.get_inline_instances(request):
            yield inline.get_formset(request).form


def every_field() -> dict[str, forms.Field]:
    for app in APPS:
        for module in walk_packages(import_module(app).__path__, f"{app}."):
            if ".migrations" not in module.name and ".wsgi" not in module.name:
                import_module(module.name)
    found = {}
    for one in {*form_classes(), *administration()}:
        made = MADE_WHEN_OPENED.get(one)
        declared = getattr(one, "base_fields", {})
        for name, field in (declared | made() if made else declared).items():
            found[f"{one.__module__}.{one.__qualname__}.{name}"] = field
    return dict(sorted(found.items()))


FIELDS = every_field()
TEXTS = {
    name: field
    for name, field in FIELDS.items()
    if isinstance(field, forms.CharField)
    and not isinstance(field, forms.EmailField)
    # A choice of the form in a hidden field, an email address and a password are no texts.
    and field.max_length is not None
}
DATES = {name: field for name, field in FIELDS.items() if isinstance(field, DateInputField)}
EMOJI = "\N{GRINNING FACE}"


def longest(field: forms.CharField) -> Iterator[str]:
    """Texts that the browser counts as long as the field takes."""
    most = field.max_length or 0
    yield EMOJI * (most // 2) + "x" * (most % 2)
    if isinstance(field.widget, forms.Textarea):
        ends = min(199, most // 3)
        yield "x" * (most - ends - 1) + "\r\n" * ends + "x"


def test_the_walk_finds_texts_and_dates_of_every_app() -> None:
    assert {name.split(".")[0] for name in TEXTS} >= {"cases", "ratings"}
    assert {name.split(".")[0] for name in DATES} >= {"inspections", "cases", "ratings"}
    assert len(TEXTS) > 25
    assert len(DATES) >= 5


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_as_long_as_the_browser_counts_it(name: str) -> None:
    field = TEXTS[name]
    for text in longest(field):
        assert typed_length(text) == field.max_length
        field.clean(text)
        if isinstance(field, TypedText):
            with pytest.raises(ValidationError, match=f"It has {typed_length(text) + 1}."):
                field.clean(f"{text}x")


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_of_our_own_forms_is_counted_so(name: str) -> None:
    is_ours = name.split(".")[0] in APPS and not name.startswith("config.site.admin")
    assert isinstance(TEXTS[name], TypedText) or not is_ours


def clean(field: forms.Field, day: str, month: str, year: str) -> Any:
    return field.clean([day, month, year])


@pytest.mark.parametrize("year", ["21", "0021", "2121", "1021", "20210", "021"])
@pytest.mark.parametrize("name", DATES)
def test_a_year_has_four_digits(name: str, year: str) -> None:
    with pytest.raises(ValidationError) as refused:
        clean(DATES[name], "14", "3", year)
    (words,) = refused.value.messages
    assert words == FOUR_DIGITS


@pytest.mark.parametrize("name", DATES)
def test_a_date_is_in_the_calendar(name: str) -> None:
    with pytest.raises(ValidationError, match="real date"):
        clean(DATES[name], "31", "2", "2021")
    assert clean(DATES[name], "14", "3", "2021").isoformat() == "2021-03-14"


def test_a_disposal_is_not_in_the_future() -> None:
    (disposal,) = (field for name, field in DATES.items() if name.endswith(".disposal_date"))
    for days, is_refused in ((0, False), (1, True)):
        day = timezone.localdate() + timedelta(days=days)
        typed = [str(day.day), str(day.month), str(day.year)]
        if is_refused:
            with pytest.raises(ValidationError, match="today or in the past"):
                disposal.clean(typed)
        else:
            assert disposal.clean(typed) == day


@pytest.mark.parametrize("unseen", ["\u200b", " \u200d\ufeff\n", "\u00ad\u2060"])
def test_text_of_which_nothing_is_seen_is_none(unseen: str) -> None:
    with pytest.raises(ValidationError, match="Enter why."):
        TypedText(missing="Enter why.").clean(unseen)
    assert TypedText(required=False).clean(unseen) == ""
    # Within a text they have their use: some scripts and emoji need them.
    assert TypedText().clean("👩\u200d👦") == "👩\u200d👦"
