"""What people gave by hand, and whether all of it is where the service says that it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from cases.models import AnswerSave
from tests.browser.recording.random_steps.devices import Content, Device, Shown, Tab


@dataclass(frozen=True)
class Arrived:
    """A save in the history.

    ``version`` is ``None`` if it was not accepted: it was in conflict, or the same as version
    ``same_as``, which had come first.
    """

    id: UUID
    case: int
    question: str
    content: Content
    base: int
    version: int | None
    same_as: int | None
    by: int
    by_name: str

    def __str__(self) -> str:
        got = f"version {self.version}" if self.version else f"none, or as {self.same_as}"
        return f"{self.question} {self.content} by {self.by_name} on {self.base}: {got}"


def arrived(inspection: int) -> list[Arrived]:
    saves = AnswerSave.objects.filter(case__inspection=inspection).select_related("saved_by")
    return [
        Arrived(
            one.pk,
            one.case_id,
            one.question,
            (one.value, one.note),
            one.base_version,
            one.version,
            one.same_as,
            one.saved_by_id,
            str(one.saved_by),
        )
        for one in saves.order_by("saved_at")
    ]


@dataclass(eq=False)
class Edit:
    """One act of a person: the content that was on the screen, and what they made of it.

    ``seen`` is the version on the screen, or ``None`` where something unsent was shown; the edit
    that made that is then ``follows``. ``copies`` counts what the history had of the same content.
    ``replaced`` are earlier edits that this one was made over.
    """

    device: Device
    case: int
    question: str
    before: Content
    after: Content
    seen: int | None
    follows: Edit | None
    copies: int
    copies_of_all: int
    replaced: list[Edit] = field(default_factory=list)
    may_be_lost: bool = False
    """The tab was killed at once, or left although it had asked not to."""

    @property
    def place(self) -> tuple[Device, int, str]:
        return self.device, self.case, self.question

    def lose(self) -> None:
        self.may_be_lost = True
        for one in self.replaced:
            if not one.device.keeps(one.case, one.question, one.after):
                one.lose()

    def bases(self, history: list[Arrived]) -> Iterator[int]:
        """The versions that the person had seen when they made it."""
        if self.seen is not None:
            yield self.seen
        if self.follows is not None:
            yield from self.follows.bases(history)
            for one in history:
                if is_of(one, self.follows):
                    yield one.version or one.same_as or 0


def is_of(save: Arrived, edit: Edit) -> bool:
    return (save.case, save.question, save.content, save.by) == (
        edit.case,
        edit.question,
        edit.after,
        edit.device.person.pk,
    )


class Given:
    """Everything that people gave, in order; and of that what is not in the history yet."""

    def __init__(self, inspection: int) -> None:
        self.inspection = inspection
        self.edits: list[Edit] = []
        self.open: list[Edit] = []
        self.history: list[Arrived] = []

    def edit(self, device: Device, tab: Tab, question: str, before: Shown, after: Shown) -> Edit:
        """Somebody changed ``before``, what a tab showed, to ``after``."""
        follows = None
        if not before.is_said_to_stand:
            follows = self._last(device, tab, question, before.content)
        seen = before.version if before.is_said_to_stand else None
        return self._add(device, tab, question, before.content, after.content, seen, follows)

    def keep_mine(self, device: Device, tab: Tab, question: str, shown: Shown) -> Edit:
        """Somebody chose what they had entered over version ``shown.version``."""
        return self._add(
            device, tab, question, shown.content, shown.content, shown.version, follows=None
        )

    def _add(
        self,
        device: Device,
        tab: Tab,
        question: str,
        before: Content,
        after: Content,
        seen: int | None,
        follows: Edit | None,
    ) -> Edit:
        assert tab.case is not None
        edit = Edit(device, tab.case, question, before, after, seen, follows, 0, 0)
        edit.copies = sum(is_of(one, edit) for one in self.history)
        edit.copies_of_all = len(self._same(edit))
        edit.replaced = [
            one for one in self.open if one.place == edit.place and one.after == before
        ]
        self.open = [one for one in self.open if one not in edit.replaced]
        self.edits.append(edit)
        self.open.append(edit)
        return edit

    def _same(self, edit: Edit) -> list[Arrived]:
        wanted = (edit.case, edit.question, edit.after)
        return [one for one in self.history if (one.case, one.question, one.content) == wanted]

    def _last(self, device: Device, tab: Tab, question: str, content: Content) -> Edit | None:
        wanted = (device, tab.case, question, content)
        found = [one for one in self.edits if (*one.place, one.after) == wanted]
        return found[-1] if found else None

    def discarded(self, device: Device, case: int, question: str, content: Content) -> None:
        """Somebody gave up what they saw."""
        gone = (device, case, question, content)
        self.open = [one for one in self.open if (*one.place, one.after) != gone]

    def may_be_lost(self, device: Device, case: int, question: str) -> None:
        """Somebody lost the tab, and what was nowhere else."""
        for one in self.open:
            if one.place == (device, case, question):
                one.lose()

    def problems(self, devices: list[Device]) -> Iterator[str]:
        known = {one.id for one in self.history}
        self.history = arrived(self.inspection)
        for save in self.history:
            if save.id not in known:
                yield from self._problems_of(save)
        yield from self._gaps()
        for device in devices:
            for tab in device.tabs:
                for question, shown in tab.fields.items():
                    if shown.is_said_to_stand and tab.case:
                        yield from self._wrongly_saved(tab, question, shown)
        yield from self._lost()

    def _problems_of(self, save: Arrived) -> Iterator[str]:
        made = [one for one in self.edits if is_of(save, one)]
        if not made:
            yield f"nobody gave this: {save}"
        elif save.version and not any(save.base in one.bases(self.history) for one in made):
            yield f"made over a version that its author had not seen: {save}"

    def _gaps(self) -> Iterator[str]:
        """Each version was made from the one before it."""
        last: dict[tuple[int, str], int] = {}
        # By version: of two that arrive together the second may have begun before the first.
        for save in sorted(self.history, key=lambda one: one.version or 0):
            if save.version is not None:
                before = last.get((save.case, save.question), 0)
                if (save.base, save.version) != (before, before + 1):
                    yield f"not made from version {before}: {save}"
                last[save.case, save.question] = save.version

    def _wrongly_saved(self, tab: Tab, question: str, shown: Shown) -> Iterator[str]:
        """A field that says "Saved" shows what the database has as that version."""
        stood = self.version(tab.case, question, shown.version)
        content, name = (stood.content, stood.by_name) if stood else (("", ""), "")
        by = shown.status.partition(", by ")[2]
        if content != shown.content or (by and by != name):
            yield f"{tab.name} shows {question} {shown}, but the database has {stood}"

    def version(self, case: int | None, question: str, version: int) -> Arrived | None:
        wanted = (case, question, version)
        found = [one for one in self.history if (one.case, one.question, one.version) == wanted]
        return found[0] if found else None

    def standing(self, case: int, question: str) -> Content:
        found = [one for one in self.history if (one.case, one.question) == (case, question)]
        accepted = [one for one in found if one.version]
        return max(accepted, key=lambda one: one.version or 0).content if accepted else ("", "")

    def _lost(self) -> Iterator[str]:
        """What a person gave and is not in the history is on a screen or in the outbox."""
        for edit in list(self.open):
            if sum(is_of(one, edit) for one in self.history) > edit.copies:
                self.open.remove(edit)
            elif edit.device.has(edit.case, edit.question, edit.after):
                continue
            elif len(self._same(edit)) > edit.copies_of_all:
                self.open.remove(edit)  # somebody else gave the same
            else:
                self.open.remove(edit)
                if edit.may_be_lost:
                    self.open += edit.replaced
                    yield from self._lost()
                    return
                yield f"lost from {edit.device.name}: {edit.question} {edit.after}"
