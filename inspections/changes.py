"""The history that pages show: who changed what in which record, when, before and after.

``entries`` makes it from the events of records (``inspections.history``). Rows that only tie two
records together, such as a key question to evidence, show as a field of one of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Field, ForeignKey

from inspections.models import User
from inspections.versions import in_words

Names = Callable[[int | None], str]
"""The name of the person of this number, as pages show it."""


class FieldChange(NamedTuple):
    """One field before and after, in words; empty where there was nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What one save did to one record: ``did`` is “Added”, “Changed” or “Removed”. ``who`` is empty
    where no person did it; ``reason`` is theirs, if the form asks for one."""

    at: datetime
    who: str
    record: str
    did: str
    fields: tuple[FieldChange, ...]
    reason: str = ""

    @property
    def whole(self) -> list[dict[str, str]]:
        """All that a record held that was added or removed; nothing of one that was changed."""
        if self.did == "Changed":
            return []
        return [{"key": one.label, "value": one.after or one.before} for one in self.fields]


@dataclass(frozen=True, slots=True)
class Links:
    """Events of the rows that tie a record to others. ``of`` is the column with the record's
    number, ``item`` says what it is tied to."""

    events: Iterable[Any]
    of: str
    label: str
    item: Callable[[Any, Names], str]


@dataclass(frozen=True, slots=True)
class Tracked:
    """Events of the records of one model, and how they are worded.

    ``called`` names a record and ``labels`` its fields by the words of its form, both from an
    event. Fields in ``if_changed`` say nothing of a record that is added or removed. ``reasons``
    are fields with the reason for a change, each with the field that says when it was given.
    """

    events: Iterable[Any]
    called: Callable[[Any, Names], str]
    labels: Callable[[Any], Mapping[str, str]]
    if_changed: Collection[str] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    links: Sequence[Links] = ()


def entries(*tracked: Tracked) -> list[Entry]:
    """Every entry, the latest first. One query for the names, besides those of the events."""
    known = [
        _Loaded(one, list(one.events), [list(link.events) for link in one.links]) for one in tracked
    ]
    names = _names_in(event for one in known for event in one.every_event())
    found = [entry for one in known for entry in one.entries(names)]
    # Those of one moment: the latest event first, too.
    found.reverse()
    return sorted(found, key=lambda entry: entry.at, reverse=True)


Save = tuple[datetime, int]
"""What one person wrote in one transaction: when it began, and the person's number, 0 for none."""


@dataclass(slots=True)
class _Step:
    """What one save did to one record: its events before and after, and the fields of its links."""

    save: Save
    before: Any
    after: Any
    linked: list[FieldChange] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Loaded:
    tracked: Tracked
    events: list[Any]
    links: list[list[Any]]

    def every_event(self) -> Iterator[Any]:
        yield from self.events
        for events in self.links:
            yield from events

    def entries(self, names: Names) -> Iterator[Entry]:
        steps: list[_Step] = []
        known: dict[int, list[_Step]] = {}
        for event in sorted(self.events, key=_number):
            own = known.setdefault(event.pgh_obj_id, [])
            # Nothing is known of a record before its history began.
            earlier = own[-1].after if own else None if event.pgh_label == "insert" else event
            after = None if event.pgh_label == "delete" else event
            own.append(_Step(_save_of(event), earlier, after))
            steps.append(own[-1])
        for link, events in zip(self.tracked.links, self.links, strict=True):
            for record, save, change in _linked(link, events, names):
                own = known.setdefault(record, [])
                step = next((one for one in reversed(own) if one.save == save), None)
                if step is None:
                    earlier = [one.after for one in own if one.save < save]
                    here = earlier[-1] if earlier else None
                    step = _Step(save, here, here)
                    steps.append(step)
                step.linked.append(change)
        found = (self._entry(step, names) for step in steps)
        return (entry for entry in found if entry)

    def _entry(self, step: _Step, names: Names) -> Entry | None:
        (at, who), before, after = step.save, step.before, step.after
        event = after or before
        if event is None:
            return None
        did = "Changed" if before and after else "Added" if after else "Removed"
        said = [
            FieldChange(label, _said(before, name, names), _said(after, name, names))
            for name, label in self.tracked.labels(event).items()
            if did == "Changed" or name not in self.tracked.if_changed
        ]
        fields = [one for one in said if one.before != one.after]
        reasons = [
            str(getattr(after, reason))
            for reason, given_at in self.tracked.reasons.items()
            if after and getattr(after, given_at) != getattr(before, given_at, None)
        ]
        fields += step.linked
        if did == "Changed" and not fields and not reasons:
            return None
        if did == "Added" and not who:
            # What a command stored, such as of a published report, may say in whose name.
            who = getattr(after, "saved_by_id", None) or 0
        called = self.tracked.called(event, names)
        return Entry(at, names(who or None), called, did, tuple(fields), " ".join(reasons))


def _linked(
    link: Links, events: Iterable[Any], names: Names
) -> Iterator[tuple[int, Save, FieldChange]]:
    tied: dict[int, dict[int, str]] = {}
    before: dict[tuple[int, Save], list[str]] = {}
    after: dict[tuple[int, Save], list[str]] = {}
    for event in sorted(events, key=_number):
        record = getattr(event, link.of)
        here, step = tied.setdefault(record, {}), (record, _save_of(event))
        before.setdefault(step, sorted(here.values()))
        if event.pgh_label == "delete":
            here.pop(event.pgh_obj_id, None)
        else:
            here[event.pgh_obj_id] = link.item(event, names)
        after[step] = sorted(here.values())
    for step, items in before.items():
        if items != after[step]:
            yield *step, FieldChange(link.label, in_words(items), in_words(after[step]))


def _number(event: Any) -> int:
    return int(event.pgh_id)


def _save_of(event: Any) -> Save:
    return event.pgh_created_at, _who(event)


def _who(event: Any) -> int:
    return int((event.pgh_context or {}).get("user") or 0)


def _said(event: Any, name: str, names: Names) -> str:
    """A field of a record in the words of its form; empty for nothing."""
    if event is None:
        return ""
    known = event._meta.get_field(name)
    if _is_person(known):
        return names(getattr(event, known.attname))
    return in_words(getattr(event, name), dict(known.flatchoices))


def _is_person(known: Field[Any, Any]) -> bool:
    return isinstance(known, ForeignKey) and known.related_model is User


def _names_in(events: Iterable[Any]) -> Names:
    """Names of everybody whom the events name, in one query."""
    numbers = set()
    for event in events:
        numbers.add(_who(event))
        to_people = (one for one in event._meta.concrete_fields if _is_person(one))
        numbers.update(getattr(event, one.attname) for one in to_people)
    people = {one.pk: str(one) for one in User.objects.filter(pk__in=numbers - {None})}

    def name(number: int | None) -> str:
        if number is None:
            return ""
        return people.get(number, f"Account {number}, removed since")

    return name


ENTRIES_A_PAGE = 50


def page_of(found: Sequence[Entry], number: str | None) -> Page[Entry]:
    """A page of a long history, for ``inspections/history.html``."""
    return Paginator(found, ENTRIES_A_PAGE).get_page(number)
