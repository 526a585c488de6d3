"""What a form of this service looks like in HTML, whatever fields it has.

crispy-forms-gds renders the forms; templates/gds/ mends its faults. This holds both to the GOV.UK
Design System's rules, so that a new release of either side cannot bring a fault back.
"""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from crispy_forms_gds.choices import Choice
from crispy_forms_gds.fields import DateInputField
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fieldset, Layout
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import RequestFactory

HOSTILE = "<script>alert('label')</script> & <b>bold</b>"
ANSWERS = (Choice("YES", "Yes", hint="All of it"), Choice("NO", f"No {HOSTILE}"))


class EveryField(forms.Form):
    text = forms.CharField(label=f"Text {HOSTILE}", help_text=f"Help {HOSTILE}", max_length=5)
    note = forms.CharField(label="Note", widget=forms.Textarea)
    answer = forms.ChoiceField(
        label=f"Answer {HOSTILE}", choices=ANSWERS, widget=forms.RadioSelect, help_text="Choose one"
    )
    inline = forms.ChoiceField(label="Inline answer", choices=ANSWERS, widget=forms.RadioSelect)
    several = forms.MultipleChoiceField(
        label="Several", choices=ANSWERS, widget=forms.CheckboxSelectMultiple
    )
    agree = forms.BooleanField(label=f"Agree {HOSTILE}")
    group = forms.ChoiceField(label="Group", choices=(("", "Choose"), ("COURT", "Court disposals")))
    day = DateInputField(label="Day of the meeting", help_text="For example, 27 3 2024")
    email = forms.EmailField(label="Email address")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    count = forms.IntegerField(label="Cases")
    file = forms.FileField(label="File")
    reference = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *arguments: object, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(
                "text",
                Field.textarea("note", max_characters=100),
                "answer",
                Field.radios("inline", inline=True),
                "several",
                "agree",
                "group",
                "day",
                legend="Everything",
            ),
            "email",
            "password",
            "count",
            "file",
            "reference",
            Button("save", "Save and continue"),
        )


VISIBLE = [name for name in EveryField.base_fields if name != "reference"]


class Page(HTMLParser):
    """The elements of a page, each with its attributes, and the text that a person reads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attributes}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    def classes(self, name: str) -> list[set[str]]:
        """The class sets of every element with this class."""
        found = (set(a.get("class", "").split()) for _, a in self.elements)
        return [classes for classes in found if name in classes]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def inputs(self) -> list[dict[str, str]]:
        """What a person can fill in."""
        return [
            a for a in self.all("input", "select", "textarea") if a.get("type") not in ("hidden",)
        ]

    @property
    def error_links(self) -> list[str]:
        return [a["href"].removeprefix("#") for a in self.all("a") if a["href"].startswith("#")]


def rendered(form: forms.Form) -> str:
    template = Template(
        "{% load crispy_forms_tags crispy_forms_gds %}{% error_summary form %}{% crispy form %}"
    )
    context = {"form": form, "request": RequestFactory().get("/"), "csrf_token": "token"}
    return template.render(Context(context))


def unbound() -> EveryField:
    return EveryField()


def empty() -> EveryField:
    """Every field in error, since every one is required."""
    return EveryField(data={})


def wrong() -> EveryField:
    return EveryField(
        data={
            "text": "too long <i>for this</i>",
            "note": "<i>kept</i>",
            "answer": "MAYBE",
            "inline": "MAYBE",
            "several": ["YES", "MAYBE"],
            "group": "POST",
            "day_0": "31",
            "day_1": "two",
            "day_2": "",
            "email": "nobody",
            "password": "",
            "count": "many",
            "reference": "",
        },
        files={"file": SimpleUploadedFile("empty.json", b"")},
    )


STATES = pytest.mark.parametrize("form", [unbound(), empty(), wrong()], ids=["new", "empty", "bad"])
IN_ERROR = pytest.mark.parametrize("form", [empty(), wrong()], ids=["empty", "bad"])


@STATES
def test_every_input_has_an_id_of_its_own_and_a_label(form: EveryField) -> None:
    page = Page(rendered(form))
    labelled = [a["for"] for a in page.all("label")]
    for given in page.inputs:
        assert labelled.count(given["id"]) == 1, given
    assert len(page.ids) == len(set(page.ids))


@IN_ERROR
def test_every_error_links_to_an_input(form: EveryField) -> None:
    page = Page(rendered(form))
    fillable = {a["id"] for a in page.inputs}
    assert page.error_links
    assert set(page.error_links) <= fillable


def test_each_field_in_error_has_a_link_in_the_summary_in_order() -> None:
    links = Page(rendered(empty())).error_links
    first = {"answer": "_1", "inline": "_1", "several": "_1", "day": "_0"}
    assert links == [f"id_{name}{first.get(name, '')}" for name in VISIBLE]


def test_a_wrong_month_links_to_the_month() -> None:
    links = Page(rendered(wrong())).error_links
    assert "id_day_1" in links


@STATES
def test_what_describes_an_input_is_on_the_page(form: EveryField) -> None:
    page = Page(rendered(form))
    for _, attributes in page.elements:
        for target in attributes.get("aria-describedby", "").split():
            # The character count's script puts its own message under this id.
            assert target in page.ids, attributes


@STATES
def test_nothing_a_person_wrote_becomes_markup(form: EveryField) -> None:
    html = rendered(form)
    for forbidden in ("<script", "<b>", "<i>"):
        assert forbidden not in html
    assert f"Text {HOSTILE}" in Page(html).text


def test_what_was_filled_in_is_kept() -> None:
    page = Page(rendered(wrong()))
    kept = {a["name"]: a.get("value") for a in page.all("input")}
    assert kept["text"] == "too long <i>for this</i>"
    assert kept["count"] == "many"
    assert (kept["day_0"], kept["day_1"]) == ("31", "two")
    assert "<i>kept</i>" in page.text
    checked = [a["id"] for a in page.all("input") if "checked" in a]
    assert checked == ["id_several_1"]


def test_a_password_is_never_sent_back() -> None:
    form = EveryField(data={"password": "a secret that was typed"})
    assert "a secret that was typed" not in rendered(form)


@STATES
def test_every_kind_of_input_has_its_govuk_class(form: EveryField) -> None:
    expected = {
        "text": "govuk-input",
        "email": "govuk-input",
        "password": "govuk-input",
        "number": "govuk-input",
        "file": "govuk-file-upload",
        "radio": "govuk-radios__input",
        "checkbox": "govuk-checkboxes__input",
        "textarea": "govuk-textarea",
        "select": "govuk-select",
    }
    page = Page(rendered(form))
    seen = set()
    for tag, attributes in page.elements:
        if tag in ("input", "select", "textarea") and attributes.get("type") != "hidden":
            kind = attributes.get("type", tag)
            seen.add(kind)
            assert expected[kind] in attributes["class"].split(), attributes
    assert seen == set(expected)


@IN_ERROR
def test_an_input_in_error_is_marked_as_its_kind_is(form: EveryField) -> None:
    page = Page(rendered(form))
    by_name = {a["name"]: a["class"].split() for a in page.inputs}
    for name in ("text", "email", "password", "count"):
        assert "govuk-input--error" in by_name[name]
    assert "govuk-select--error" in by_name["group"]
    assert "govuk-file-upload--error" in by_name["file"]


def test_a_textarea_in_error_is_marked() -> None:
    page = Page(rendered(empty()))
    assert "govuk-textarea--error" in page.all("textarea")[0]["class"].split()


def test_radios_in_a_row_keep_the_class_that_makes_them_radios() -> None:
    page = Page(rendered(unbound()))
    assert page.classes("govuk-radios--inline") == [{"govuk-radios", "govuk-radios--inline"}]


def test_groups_of_inputs_have_a_legend() -> None:
    page = Page(rendered(unbound()))
    # The group of all, the two answers, the several and the date.
    assert len(page.all("fieldset")) == len(page.all("legend")) == 5


def test_the_browser_leaves_checking_to_the_service() -> None:
    page = Page(rendered(unbound()))
    (form,) = page.all("form")
    assert "novalidate" in form
    assert form["enctype"] == "multipart/form-data"
    assert not any("required" in a for a in page.inputs)


@STATES
def test_there_is_no_inline_style_or_script(form: EveryField) -> None:
    for _, attributes in Page(rendered(form)).elements:
        assert not [name for name in attributes if name == "style" or re.match("on[a-z]+$", name)]


def test_a_form_without_errors_has_no_summary() -> None:
    assert "govuk-error-summary" not in rendered(unbound())


def test_an_error_of_the_whole_form_is_in_the_summary_without_a_link() -> None:
    form = EveryField(data={})
    form.is_valid()
    form.add_error(None, "The meeting is closed")
    page = Page(rendered(form))
    assert "The meeting is closed" in page.text
    assert "The meeting is closed" not in " ".join(page.error_links)


def test_a_date_is_shown_in_three_parts() -> None:
    page = Page(rendered(EveryField(initial={"day": date(2024, 3, 27)})))
    shown = {a["name"]: a.get("value") for a in page.all("input")}
    assert (shown["day_0"], shown["day_1"], shown["day_2"]) == ("27", "3", "2024")
