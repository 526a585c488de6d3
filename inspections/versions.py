"""Versions of records that several people edit, conflicts between them, and their differences."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, TypeVar

from django import forms
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.formats import date_format

from inspections.access.users import User
from inspections.invariants import both_or_neither


class Versioned(models.Model):
    """A record that several people edit. ``saved_at`` and ``saved_by`` are of the latest save,
    ``version`` is its number, from 1.

    A save names the version that it was made from, and is refused if that is not the current one.
    A save of what stands already writes nothing: it has no author, and is in nobody's way.
    """

    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(version__gte=1), name="%(class)s_version_from_one"),
        ]

    def fill(self, values: Mapping[str, Any]) -> bool:
        """Give it these values. Whether it is another record than before, as a new one is."""
        changed = self._state.adding or any(
            getattr(self, name) != value for name, value in values.items()
        )
        for name, value in values.items():
            setattr(self, name, value)
        return changed

    def mark_saved(self, *, by: User) -> None:
        """Make it the next version, by this person and now; the caller saves it."""
        self.version += 1
        self.saved_at, self.saved_by = timezone.now(), by


class VersionedSince(Versioned):
    """The same of records that also come from elsewhere, such as a published report: until a
    person saves one, nobody did."""

    saved_at = models.DateTimeField(null=True, blank=True)  # type: ignore[assignment]
    saved_by = models.ForeignKey(  # type: ignore[assignment]
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True
        constraints = [
            *Versioned.Meta.constraints,
            both_or_neither("%(class)s_saved_at_by", "saved_at", "saved_by"),
        ]


class HasVersion(Protocol):
    """Anything with a version, such as a ``Versioned`` record."""

    @property
    def version(self) -> int: ...


class Conflict(Exception):
    """Somebody else saved first. ``current`` is the current record, ``None`` if it was removed."""

    def __init__(
        self,
        current: Any | None,
        words: str = "Someone else has changed or removed this since you opened it.",
    ) -> None:
        super().__init__(words)
        self.current = current


Row = TypeVar("Row", bound=Versioned)


def lock_version(rows: models.QuerySet[Row], version: int) -> Row:
    """The one row of ``rows``, locked and at this version. Raises ``Conflict`` otherwise."""
    locked = rows.select_related("saved_by").select_for_update(of=("self",), no_key=True)
    current = locked.first()
    if current is None or current.version != version:
        raise Conflict(current)
    return current


def digest(values: Iterable[object]) -> str:
    """The version of what has no number for it: another for other values."""
    return sha256(json.dumps([str(value) for value in values]).encode()).hexdigest()


class Difference(NamedTuple):
    """One field in which two versions differ, in words."""

    label: str
    mine: str
    saved: str


def differences(form: forms.BaseForm) -> list[Difference]:
    """The fields in which a submitted form differs from its ``initial``, the saved values.

    ``components/conflict.html`` shows them.
    """
    form.full_clean()
    return differences_of(form)


def differences_of(form: forms.BaseForm) -> list[Difference]:
    """The same of a form that was checked already."""
    pairs = [
        Difference(
            str(form[name].label),
            _words(field, form.cleaned_data.get(name)) or "Nothing",
            _words(field, form.get_initial_for_field(field, name)) or "Nothing",
        )
        for name, field in form.fields.items()
        if not field.widget.is_hidden
    ]
    return [pair for pair in pairs if pair.mine != pair.saved]


def based_on(current: HasVersion, sent: QueryDict) -> QueryDict:
    """What was submitted, but based on ``current``: submitting it again replaces that version."""
    again = sent.copy()
    again["base_version"] = str(current.version)
    return again


def in_words(value: Any, labels: Mapping[Any, Any] = MappingProxyType({})) -> str:
    """A value as pages say it, by the ``labels`` of its choices; empty for nothing."""
    if isinstance(value, list | tuple | set):
        return "; ".join(in_words(one, labels) for one in value)
    if value in (None, ""):
        return ""
    known = next((labels[key] for key in labels if str(key) == str(value)), None)
    if known is not None:
        return str(known)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    return date_format(value, "j F Y") if isinstance(value, date) else str(value)


def _words(field: forms.Field, value: Any) -> str:
    choices: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
    return in_words(value, dict[Any, Any](flatten_choices(choices)))
