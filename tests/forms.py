"""Every form of the service, found by opening the pages that people get to by links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit
from uuid import uuid4

from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import timezone

from cases.actions import comment_on
from cases.models import Answer, Case
from cases.sampling.actions import replace_case
from config.demonstration import builder
from inspections.models import KeptForm, Membership, SentForm, Service, User
from ratings.results.actions import agree_to_seal, readiness
from tests import scenes
from tests.integration.sampling import scenes as sampling
from tests.pages import signed_in


@dataclass
class Input:
    """``options`` are the values that can be chosen, ``values`` those that are."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form as a page showed it: its element's attributes, what is in it, and its buttons."""

    page: str
    attributes: dict[str, str]
    inputs: dict[str, Input] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.name} on {self.page}"

    @property
    def address(self) -> str:
        return urljoin(self.page, self.attributes.get("action") or self.page)

    @property
    def name(self) -> str:
        """The name of the address that it is sent to."""
        return resolve(urlsplit(self.address).path).view_name

    @property
    def is_posted(self) -> bool:
        return self.attributes.get("method", "get").lower() == "post"

    @property
    def has_password(self) -> bool:
        return any(one.kind == "password" for one in self.inputs.values())

    @property
    def id(self) -> str:
        return self.inputs["form_id"].values[0]

    def filled(self, button: tuple[str, str] | None = None) -> dict[str, list[str]]:
        """What is sent by somebody who fills in every field, changes every choice and presses
        ``button``, the first one unless it is given."""
        data = {name: _entered(one) for name, one in self.inputs.items()}
        name, value = button or (self.buttons or [("", "")])[0]
        if name:
            data[name] = [value]
        return {name: values for name, values in data.items() if values}


TYPED = {
    "_date_0": "14",
    "_date_1": "3",
    "_date_2": "2026",
    "meeting_date_2": "2036",
    "months": "24",
    "age": "15",
    "sent": "9",
    "returned": "9",
    "minutes": "45",
    "case_manager": "CM-7",
    "start_time": "10:30",
    "password1": "a long enough password",
    "password2": "a long enough password",
    "own_number": "",
    "reserve_percent": "25",
    "cap": "6",
    "seed": "7",
    "contact_emails": "post@service.example",
}
"""What is typed into fields that don't take any words, by how their names end."""


def _entered(one: Input) -> list[str]:
    if one.kind == "hidden" or re.search(r"-[1-9]\d*-|__prefix__", one.name):
        # Of several rows to be filled in, the first is.
        return one.values
    if one.name == "home_service":
        # Left as it is: only a local assessor has one.
        return one.values
    if one.kind in ("radio", "select"):
        return [value for value in (*one.values, *one.options) if value][:1]
    if one.kind in ("checkbox", "select-multiple"):
        return one.values if len(one.options) == 1 else one.options
    if one.kind == "file":
        return []
    if one.name == "email":
        return [f"{uuid4()}@fieldwork.example"]
    if one.name == "service_reference":
        return [str(uuid4())]
    # A result is published after it was sealed, which is today in tests, also after midnight.
    today = timezone.localdate()
    parts = enumerate((today.day, today.month, today.year))
    typing = TYPED | {f"published_date_{number}": str(part) for number, part in parts}
    typed = [typing[ending] for ending in typing if one.name.endswith(ending)]
    return typed[-1:] or [f"Words that were typed, {uuid4()}"]


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.form: Form | None = None
        self.select: Input | None = None
        self.textarea: Input | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(urljoin(self.page, given["href"]))
        if tag == "form":
            self.form = Form(self.page, given)
            self.forms.append(self.form)
        if self.form is None or "disabled" in given:
            return
        name = given.get("name", "")
        kind = given.get("type", "submit" if tag == "button" else "text")
        if tag in ("button", "input") and kind == "submit":
            self.form.buttons.append((name, given.get("value", "")))
        elif tag == "input" and name:
            one = self.form.inputs.setdefault(name, Input(name, kind))
            if kind in ("radio", "checkbox"):
                one.options.append(given.get("value", "on"))
                if "checked" in given:
                    one.values.append(given.get("value", "on"))
            elif given.get("value"):
                one.values.append(given["value"])
        elif tag == "textarea" and name:
            self.textarea = self.form.inputs.setdefault(name, Input(name, "textarea"))
            self.textarea.values.append("")
        elif tag == "select" and name:
            kind = "select-multiple" if "multiple" in given else "select"
            self.select = self.form.inputs.setdefault(name, Input(name, kind))
        elif tag == "option" and self.select is not None:
            self.select.options.append(given.get("value", ""))
            if "selected" in given:
                self.select.values.append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.textarea is not None:
            self.textarea.values[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        if tag == "select":
            self.select = None
        if tag == "textarea":
            self.textarea = None


def read_page(address: str, html: str) -> tuple[list[Form], list[str]]:
    """The forms of a page, and where its links lead."""
    reader = _Reader(address)
    reader.feed(html)
    return [one for one in reader.forms if one.is_posted], reader.links


def forms_on(client: Client, address: str) -> list[Form]:
    return read_page(address, client.get(address).content.decode())[0]


def kind_of_page(match: ResolverMatch) -> tuple[Any, ...]:
    """Pages of one kind differ only in the records that they show."""
    return match.view_name, match.kwargs.get("kind"), match.kwargs.get("to")


def pages(client: Client, *starts: str) -> Iterator[tuple[str, list[Form]]]:
    """``starts`` and every other kind of page that links lead to, each with its forms."""
    seen: set[tuple[Any, ...]] = set()
    to_open = list(starts)
    opened = 0
    while to_open:
        address = urldefrag(to_open.pop(0)).url
        parts = urlsplit(address)
        try:
            kind = kind_of_page(resolve(parts.path))
        except Resolver404:
            continue
        opened += 1
        if parts.netloc or (kind in seen and opened > len(starts)):
            continue
        seen.add(kind)
        response = client.get(address, follow=True)
        if response.status_code != 200 or "html" not in response.headers.get("Content-Type", ""):
            continue
        if response.redirect_chain:
            address = response.redirect_chain[-1][0]
        forms, links = read_page(address, response.content.decode())
        yield address, forms
        to_open += links


def walk(client: Client, *starts: str) -> Iterator[Form]:
    """The forms of ``starts`` and of every other kind of page that links lead to."""
    for _, forms in pages(client, *starts):
        yield from forms


People = list[tuple[User, list[str]]]
"""Who walks, and from which addresses."""


def _fieldwork() -> People:
    """With a case in every state, one taken out of the sample, comments, evidence and a finding;
    linked cases, a declared interest and an interview."""
    made = scenes.team()
    builder.fill(made.inspection, made.inspector, yes={})
    first, second, third, *_ = made.inspection.cases.exclude(pk=made.case.pk).order_by("pk")
    Case.objects.filter(pk=first.pk).update(state=Case.State.IN_PROGRESS)
    Case.objects.filter(pk__in=[second.pk, third.pk]).update(state=Case.State.SUBMITTED)
    for case in (first, second, made.case):
        for question in ("", "2.1.1"):
            comment_on(case=case, question=question, text="Why?", by=made.lead)
    builder.interview(made.inspection, made.inspector, made.case, by=made.lead)
    builder.linked_cases(made.inspection, first, second, by=made.lead)
    builder.interest(made.inspection, made.colleague, by=made.lead)
    made.evidence("MEETING", "1.1.1", "1.1.2")
    made.evidence("DOCUMENT", "1.1.2")
    made.finding("One.")
    made.finding("Another.")
    wrong = builder.case(made.inspection)
    replace_case(case=wrong, reason="It is another service’s.", by=made.lead)
    pages = [case.get_absolute_url() for case in (made.case, first, second)]
    put_back = reverse("cases:put-back", args=[made.inspection.pk, wrong.pk])
    return [(made.lead, [*pages, put_back, made.home]), (made.inspector, [*pages, made.home])]


def _preparation() -> People:
    """With a list that is taken and a sample drawn from it, and a list that waits."""
    made = sampling.preparation()
    sampling.take(made, sampling.rows(12))
    waiting = sampling.store(made, [sampling.row(1), sampling.row(13)])
    sampling.draw(made, rule="own/2021", own_number=3, size_reason="Three days.")
    return [(made.lead, [f"{made.home}sample/", waiting.get_absolute_url()])]


def _review() -> People:
    made = scenes.in_review()
    asked = Answer.objects.filter(case__inspection=made.inspection, question="2.1.1")
    asked.update(note="Seen in the case record.")
    return [(made.lead, [made.home, f"{made.home}answers/2.1.1/"])]


def _panel() -> People:
    made = scenes.before_panel()
    scenes.decide(made)
    decided = f"{made.home}ratings/discretion/3.1/"
    return [(person, [made.home, decided]) for person in (made.chair, made.member, made.lead)]


def _sealed() -> People:
    made = scenes.before_panel()
    for person in (made.lead, made.chair):
        digest = readiness(made.fresh()).result_sha256
        agree_to_seal(inspection=made.inspection, result_sha256=digest, by=person)
    return [(made.chair, [made.home]), (made.lead, [f"{made.home}retention/publication/"])]


def _administration() -> People:
    made = scenes.scene()
    alex = builder.user("Alex Administrator", is_staff=True)
    empty = Service.objects.create(name=f"Without an inspection, {uuid4()}")
    invited = builder.user("Ines Invited", password=None)
    Membership.objects.create(inspection=made.inspection, user=invited, role="INSPECTOR")
    set_up = [f"{made.home}announcement/", f"{made.home}team/", f"/services/{empty.pk}/"]
    return [(alex, ["/", "/admin/", *set_up])]


SCENES: dict[str, Callable[[], People]] = {
    "preparation": _preparation,
    "fieldwork": _fieldwork,
    "review": _review,
    "panel": _panel,
    "sealed": _sealed,
    "administration": _administration,
}
"""Inspections in every state, that forms are found in."""


Sending = tuple[User, Form, tuple[str, str]]
"""A form with who can send it and the button that they press."""


def sendings_in(scene: str) -> Iterator[Sending]:
    """Every way in which a form of the service's own is sent, each once."""
    seen = set()
    for person, form in forms_in(scene):
        for button in form.buttons:
            kind = kind_of_sending(form, button)
            if kind not in seen and not form.name.startswith(("account_", "mfa_", "admin:logout")):
                seen.add(kind)
                yield person, form, button


def kind_of_sending(form: Form, button: tuple[str, str]) -> tuple[Any, ...]:
    """The same for forms that differ only in the records they are about."""
    names = {re.sub(r"\d+", "", name) for name in form.inputs}
    return form.name, frozenset(names), re.sub(r"\d+", "", "=".join(button))


def opened_again(client: Client, form: Form, button: tuple[str, str]) -> Form | None:
    """The form as its page shows it now, if it still does."""
    kind = kind_of_sending(form, button)
    for one in forms_on(client, form.page):
        if one.address == form.address and button in one.buttons:
            return one if kind_of_sending(one, button) == kind else None
    return None


def pages_in(scene: str) -> Iterator[tuple[User, str]]:
    """Every kind of page in a new scene of this name, with each person who can open it."""
    for person, starts in SCENES[scene]():
        for address, _ in pages(signed_in(person), *starts):
            yield person, address


def forms_in(scene: str) -> Iterator[tuple[User, Form]]:
    """Every form in a new scene of this name, with the person who can send it."""
    for person, starts in SCENES[scene]():
        for form in walk(signed_in(person), *starts):
            yield person, form


OUR_TABLES = [
    model._meta.db_table
    for model in apps.get_models()
    if model._meta.app_label in ("inspections", "cases", "ratings")
    and model not in (SentForm, KeptForm)
]


def rows() -> dict[str, int]:
    """How many rows each table has, of records and of histories."""
    union = " UNION ALL ".join(
        f"SELECT '{table}' AS name, count(*) FROM \"{table}\"" for table in OUR_TABLES
    )
    with connection.cursor() as cursor:
        cursor.execute(union)
        return dict(cursor.fetchall())


def made_since(before: dict[str, int]) -> dict[str, int]:
    return {table: n - before[table] for table, n in rows().items() if n != before[table]}


NOT_ACCEPTED = {
    "cases:outbox-file": "takes a file, whose saves are recognised by their own ids",
    "cases:lists": "takes a file, which is recognised by its digest",
    "ratings:remove_evidence": "refused while findings rest on the evidence",
}
"""Addresses whose forms lead nowhere, at least in some of the inspections."""
