"""Answers as a person gives and sees them on a page, and as they are stored."""

from __future__ import annotations

from cases.actions import Save, record_answers
from cases.models import AnswerSave
from inspections.models import User
from tests.browsers.tab import Tab
from tests.scenes import Scene


def open_record(tab: Tab, scene: Scene, standard: str = "2.1") -> None:
    tab.open(scene.record_page(standard))
    is_shown(tab)


def is_shown(tab: Tab) -> None:
    """Wait until the page's scripts have shown what stands and what waits."""
    tab.until("document.querySelector('form[data-shown]') !== null")


def choose(tab: Tab, code: str, words: str) -> None:
    tab.click(f"{_question(code)} label", words)


def write_note(tab: Tab, code: str, words: str) -> None:
    open_note(tab, code)
    tab.write(f"{_question(code)} textarea", words)


def open_note(tab: Tab, code: str) -> None:
    if not tab.evaluate(f"document.querySelector('{_question(code)} textarea').checkVisibility()"):
        tab.click(f"{_question(code)} summary", "Note")


def says(tab: Tab, code: str, words: str) -> None:
    """Wait until the line below a question says this."""
    tab.sees(f"{_question(code)} [data-status]", words)


def everything_saved(tab: Tab) -> None:
    """Wait until nothing waits any more, on this page or in the outbox."""
    is_shown(tab)
    tab.until(
        "document.body.dataset.waiting === '0' && "
        "!document.querySelector('[data-state]:not([data-state=saved])')"
    )


def shown(tab: Tab, code: str) -> tuple[str, str]:
    """The value and the note that the fields of a question hold."""
    value = f"document.querySelector('{_question(code)} input:checked')?.value ?? ''"
    note = f"document.querySelector('{_question(code)} textarea').value"
    return tuple(tab.evaluate(f"[{value}, {note}]"))


def keep_offline(tab: Tab, scene: Scene) -> None:
    """Take the case along, and wait until the service worker answers for its pages."""
    tab.open(scene.case_page)
    # Its button is made anew when the device has become this person's.
    tab.until("document.body.dataset.waiting !== undefined")
    tab.click("button", "Make available offline")
    tab.sees("p", "On this device since")
    tab.until("navigator.serviceWorker.controller !== null")


def elsewhere(scene: Scene, value: str, note: str, base: int, by: User | None = None) -> None:
    """Another device saves an answer to 2.1.1a."""
    save = Save("2.1.1a", value, note, base)
    record_answers(case_id=scene.case.pk, saves=[save], by=by or scene.inspector)


def history(scene: Scene) -> list[tuple[str, str, str, int | None]]:
    """Every save of the case as it arrived: question, value, note, and version if accepted."""
    saves = AnswerSave.objects.filter(case=scene.case).order_by("saved_at", "made_at")
    return list(saves.values_list("question", "value", "note", "version"))


def _question(code: str) -> str:
    return f'section[data-question="{code}"]'
