"""Devices with tabs, driven as people drive them, and what can be seen of them from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, CDPSession, Dialog, Error, Page

from inspections.models import User
from tests.browser.recording.conftest import wait_until

Content = tuple[str, str]
"""The value and the note of an answer."""

LOOK = """() => {
    const form = document.querySelector("form[data-saves]");
    const sections = [...document.querySelectorAll("section[data-question]")];
    const fields = sections.filter((one) => one.querySelector("textarea[name$=-note]"));
    return {
        user: Number(document.body?.dataset.user) || null,
        case: form && Number(form.dataset.case),
        is_ready: document.readyState === "complete" && (!form || "shown" in form.dataset),
        can_go_back: navigation.canGoBack,
        can_go_forward: navigation.canGoForward,
        fields: fields.map((section) => [section.dataset.question, {
            value: section.querySelector(".app-answers input:checked")?.value ?? "",
            note: section.querySelector("textarea").value.trim(),
            status: section.querySelector("[data-status]").textContent.trim(),
            version: Number(section.dataset.version),
            state: section.dataset.state ?? "",
            has_conflict: section.querySelector(".app-conflict") !== null,
        }]),
    };
}"""

# Opened without a version, so that no database is made where none is.
OUTBOX = """async () => {
    const isThere = ({ name }) => name === "fieldwork";
    if (!(await indexedDB.databases()).some(isThere)) return [];
    const done = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const database = await done(indexedDB.open("fieldwork"));
    try {
        return await done(database.transaction("outbox").objectStore("outbox").getAll());
    } finally {
        database.close();
    }
}"""

# The browser looks only now and then how much room there is, so that a quota set in mid-work would
# take effect at some time later. This takes effect at once, in every tab, and ends at once.
FULL = """() => {
    for (const name of ["put", "add"]) {
        const stored = IDBObjectStore.prototype[name];
        IDBObjectStore.prototype[name] = function (...given) {
            if (localStorage.full) throw new DOMException("", "QuotaExceededError");
            return stored.apply(this, given);
        };
    }
}"""


@dataclass(frozen=True)
class Shown:
    """A question as a tab shows it."""

    value: str
    note: str
    status: str
    version: int
    state: str
    has_conflict: bool

    @property
    def content(self) -> Content:
        return self.value, self.note

    @property
    def is_said_to_stand(self) -> bool:
        return self.status.startswith("Saved") or self.status == "Not answered yet"

    @property
    def is_edited(self) -> bool:
        """Since it was last put into the outbox."""
        return self.state == "saving"

    @property
    def is_only_on_screen(self) -> bool:
        """And the screen says so."""
        return self.state == "unkept" or self.is_edited


@dataclass(eq=False)
class Tab:
    page: Page
    name: str
    user: int | None = None
    case: int | None = None
    is_ready: bool = False
    can_go_back: bool = False
    can_go_forward: bool = False
    fields: dict[str, Shown] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """The page asked whether to leave it; the person left."""
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("dialog", self._leave)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _leave(self, dialog: Dialog) -> None:
        self.asked.append(dialog.type)
        dialog.accept()

    def look(self) -> None:
        """Raises playwright's ``Error`` while the page is changing."""
        seen = self.page.evaluate(LOOK)
        seen["fields"] = {code: Shown(**shown) for code, shown in seen["fields"]}
        for name, value in seen.items():
            setattr(self, name, value)

    def crash(self) -> None:
        with self.page.expect_event("crash"), suppress(Error):
            self.page.goto("chrome://crash", wait_until="commit")
        self.page.close()

    def shut(self) -> None:
        with self.page.expect_event("close"):
            self.page.close(run_before_unload=True)


@dataclass(frozen=True)
class Waiting:
    """An entry of a device's outbox."""

    case: int
    question: str
    content: Content
    state: str


class Device:
    """A person's own browser. It has a tab at least while somebody is looking."""

    def __init__(self, name: str, person: User, context: BrowserContext) -> None:
        self.name = name
        self.person = person
        self.context = context
        self.tabs: list[Tab] = []
        self.outbox: list[Waiting] = []
        self.is_online = True
        self.is_full = False
        self.kept: set[int] = set()
        """The cases that were taken along."""
        self.session = ""
        self._opened = 0
        context.add_init_script(f"({FULL})()")

    def open_tab(self, address: str) -> Tab:
        self._opened += 1
        tab = Tab(self.context.new_page(), f"{self.name}, tab {self._opened}")
        tab.page.goto(address)
        self.tabs.append(tab)
        return tab

    def sign_in(self, sign_in: Callable[[Page, User], None]) -> None:
        page = self.tabs[0].page if self.tabs else self.context.new_page()
        sign_in(page, self.person)
        cookies = {one.get("name"): one.get("value") for one in self.context.cookies()}
        self.session = cookies[settings.SESSION_COOKIE_NAME] or ""
        if not self.tabs:
            page.close()

    def end_session(self) -> None:
        Session.objects.filter(session_key=self.session).delete()
        self.session = ""

    def wake_worker(self) -> None:
        """One that fell with a killed tab would not hear that there is no network."""
        self.tabs[0].page.evaluate(
            "navigator.serviceWorker.ready.then(({ active }) => active.postMessage(''))"
        )

    def set_online(self, is_online: bool) -> None:
        self.is_online = is_online
        self.context.set_offline(not is_online)

    def set_full(self, is_full: bool) -> None:
        self.is_full = is_full
        asked = str(is_full).lower()
        change = "localStorage.full = 1" if is_full else "localStorage.removeItem('full')"
        self.tabs[0].page.evaluate(change)
        for tab in self.tabs:
            wait_until(
                partial(tab.page.evaluate, f"Boolean(localStorage.full) === {asked}"), tab.page
            )

    def clear_storage(self) -> None:
        with self._devtools() as devtools:
            origin = self.tabs[0].page.evaluate("location.origin")
            cleared = {"origin": origin, "storageTypes": "indexeddb"}
            devtools.send("Storage.clearDataForOrigin", cleared)

    @contextmanager
    def _devtools(self) -> Iterator[CDPSession]:
        devtools = self.context.new_cdp_session(self.tabs[0].page)
        yield devtools
        devtools.detach()

    def look(self) -> None:
        for tab in self.tabs:
            tab.look()
        entries: list[dict[str, Any]] = self.tabs[0].page.evaluate(OUTBOX)
        self.outbox = [
            Waiting(
                one["case"],
                one["subject"],
                (one["content"]["value"], one["content"]["note"]),
                one["state"],
            )
            for one in entries
            if one["kind"] == "answer" and one["user"] == self.person.pk
        ]

    @property
    def works(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.is_online and self.session != "" and not self.is_full

    @property
    def _can_send(self) -> bool:
        return self.is_online and self.session != "" and any(tab.user for tab in self.tabs)

    @property
    def is_settled(self) -> bool:
        """Whether everything has been done that can be done as things are; looks anew."""
        self.look()
        shown = [one for tab in self.tabs for one in tab.fields.values()]
        # A full device has no room to store what became of a save; the page knows it.
        waits = not self.is_full and any(one.state == "waiting" for one in self.outbox)
        if not all(tab.is_ready for tab in self.tabs) or any(one.is_edited for one in shown):
            return False
        unsettled = ("Saving", "Waiting") if self._can_send else ("Saving",)
        return not (self._can_send and waits) and not any(
            one.status.startswith(unsettled) for one in shown
        )

    def settle(self) -> None:
        wait_until(lambda: self.is_settled, self.tabs[0].page)

    def screens(self, case: int, question: str) -> Iterator[Shown]:
        for tab in self.tabs:
            if tab.case == case and question in tab.fields:
                yield tab.fields[question]

    def has(self, case: int, question: str, content: Content) -> bool:
        """Whether this is on a screen, or waits here."""
        on_screen = any(one.content == content for one in self.screens(case, question))
        return on_screen or self.keeps(case, question, content)

    def keeps(self, case: int, question: str, content: Content) -> bool:
        """Whether this waits in the browser's storage."""
        wanted = (case, question, content)
        return any((one.case, one.question, one.content) == wanted for one in self.outbox)
