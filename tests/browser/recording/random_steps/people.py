"""An inspector with a laptop and a tablet, a colleague, and a lead who hands cases over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from playwright.sync_api import BrowserContext, expect

from cases.actions import allocate_case
from cases.models import Case
from inspections.models import User
from tests.browser.recording.conftest import question, record_url, wait_until
from tests.browser.recording.random_steps.devices import Device, Tab
from tests.browser.recording.random_steps.model import Given
from tests.conftest import SignIn
from tests.scenes import scene

T = TypeVar("T")

QUESTIONS = ("2.1.1a", "2.1.1b")


def one_of(some: Sequence[T], number: int) -> T:
    return some[number % len(some)]


class People:
    """Who they are, what they have, and everything that they do; ``told`` says it in words."""

    def __init__(self, new_context: Callable[[], BrowserContext], sign_in: SignIn) -> None:
        self.new_context = new_context
        self.sign_in = sign_in
        self.scene = scene()
        self.cases = [self.scene.case, self.scene.second_case]
        self.given = Given(self.scene.inspection.pk)
        self.told: list[str] = []
        self.notes = 0
        self.devices: list[Device] = []
        self.opened: Tab | None = None
        """The page that was opened in this step."""
        self.new_device("Ada’s laptop", self.scene.inspector)

    def new_device(self, name: str, person: User) -> None:
        device = Device(name, person, self.new_context())
        device.sign_in(self.sign_in)
        device.open_tab(record_url(self.cases[0]))
        device.tabs[0].page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.devices.append(device)

    def tell(self, step: str) -> None:
        self.told.append(f"{len(self.told) + 1}. {step}")

    # What can be chosen from

    @property
    def tabs(self) -> list[tuple[Device, Tab]]:
        return [(device, tab) for device in self.devices for tab in device.tabs]

    @property
    def forms(self) -> list[tuple[Device, Tab]]:
        """Tabs in which answers can be recorded."""
        return [(device, tab) for device, tab in self.tabs if QUESTIONS[0] in tab.fields]

    @property
    def conflicts(self) -> list[tuple[Device, Tab, str]]:
        return [
            (device, tab, code)
            for device, tab in self.forms
            if not device.is_full
            for code, shown in tab.fields.items()
            if shown.has_conflict
        ]

    @property
    def refused(self) -> list[tuple[Device, int]]:
        """Devices on which something of a case was refused, and which can do something about it."""
        return [
            (device, case)
            for device in self.devices
            if device.works
            for case in sorted({one.case for one in device.outbox if one.state == "refused"})
        ]

    @property
    def to_take_along(self) -> list[tuple[Device, Case]]:
        held = Case.objects.filter(inspection=self.scene.inspection).order_by("reference")
        return [
            (device, case)
            for device in self.devices
            if device.works
            for case in held
            if case.allocated_to_id == device.person.pk and case.pk not in device.kept
        ]

    @property
    def has_tablet(self) -> bool:
        return any(one.name == "Ada’s tablet" for one in self.devices)

    # Recording

    def answered(self, device: Device, tab: Tab, code: str, value: str) -> None:
        """A person chooses ``value``, or what there is to choose instead."""
        radios = question(tab.page, code).locator(".app-answers input")
        there = radios.evaluate_all("all => all.map(one => [one.id, one.value, one.checked])")
        free = [one for one in there if not one[2]]
        chosen = next((one for one in free if one[1] == value), free[0])
        self.tell(f"{tab.name}: answer {chosen[1] or 'nothing'} to {code}")
        self.edited(device, tab, code, lambda: tab.page.click(f'label[for="{chosen[0]}"]'))

    def wrote(self, device: Device, tab: Tab, code: str, then: str) -> None:
        """A person writes something more into a note, and stays in the field unless ``then``."""
        self.notes += 1
        words = f" {'abcdefghij'[self.notes % 10]}{self.notes}"
        self.tell(f"{tab.name}: write “{words}” in the note on {code}{then and ', ' + then}")
        section = question(tab.page, code)
        textarea = section.locator("textarea[name$=-note]")
        if not textarea.is_visible():
            section.locator("summary", has_text="Note").click()
        textarea.focus()
        textarea.press("Control+End")

        def write() -> None:
            tab.page.keyboard.insert_text(words)
            if then:
                textarea.blur()

        self.edited(device, tab, code, write)

    def edited(self, device: Device, tab: Tab, code: str, edit: Callable[[], Any]) -> None:
        tab.look()
        before = tab.fields[code]
        edit()
        tab.look()
        self.given.edit(device, tab, code, before, tab.fields[code])

    def edited_and_gone(self, device: Device, tab: Tab, code: str, value: str, way: str) -> None:
        """Before the page can have done anything."""
        if value:
            self.answered(device, tab, code, value)
        else:
            self.wrote(device, tab, code, "")
        case = tab.case
        if way == "killed":
            self.killed(device, tab)
            assert case is not None
            self.given.may_be_lost(device, case, code)
        elif way == "closed":
            self.shut(device, tab)
        else:
            self.gone(device, tab, way)

    def chose(self, device: Device, tab: Tab, code: str, is_mine: bool) -> None:
        """A person settled a conflict."""
        self.tell(f"{tab.name}: in the conflict on {code} keep {'mine' if is_mine else 'theirs'}")
        tab.look()
        shown = tab.fields[code]
        assert tab.case is not None
        place = device, tab.case, code
        self.given.discarded(*place, shown.content)
        if is_mine:
            self.given.keep_mine(device, tab, code, shown)
        choice = question(tab.page, code).locator(".app-conflict").element_handle()
        button = question(tab.page, code).locator(".app-conflict button").nth(0 if is_mine else 1)
        button.click()
        wait_until(lambda: not choice.evaluate("one => one.isConnected"), tab.page)

    # Going about

    def gone(self, device: Device, tab: Tab, way: str) -> None:
        self.tell(f"{tab.name}: leave {way}")
        asked = len(tab.asked)
        page = tab.page
        case = self.cases[0] if tab.case == self.cases[1].pk else self.cases[1]
        address = record_url(case if way == "to the other case" else self.cases[0])
        link = page.locator(".app-standards a:not([aria-current])").first
        page.evaluate("window.isOld = true")
        if way == "Back" and tab.can_go_back:
            page.evaluate("history.back()")
        elif way == "Forward" and tab.can_go_forward:
            page.evaluate("history.forward()")
        elif way == "by a reload":
            page.evaluate("location.reload()")
        elif way == "by a link" and link.count():
            link.click(no_wait_after=True)
        else:
            page.goto(address)
        wait_until(partial(is_another, tab), page)
        self.left(device, tab, len(tab.asked) > asked)
        self.opened = tab

    def left(self, device: Device, tab: Tab, has_asked: bool) -> None:
        """``tab`` is gone, and as it was when last looked at it had asked not to go."""
        if has_asked and tab.case is not None:
            for code in tab.fields:
                self.given.may_be_lost(device, tab.case, code)

    def opened_another(self, device: Device, case: Case) -> None:
        self.tell(f"{device.name}: open a tab")
        self.opened = device.open_tab(record_url(case))

    def shut(self, device: Device, tab: Tab) -> None:
        self.tell(f"{tab.name}: close it")
        asked = len(tab.asked)
        tab.shut()
        self.left(device, tab, len(tab.asked) > asked)
        self.without(device, tab)

    def killed(self, device: Device, tab: Tab) -> None:
        self.tell(f"{tab.name}: is killed")
        for code, shown in tab.fields.items():
            if shown.is_only_on_screen and tab.case:
                self.given.may_be_lost(device, tab.case, code)
        tab.crash()
        self.without(device, tab)

    def without(self, device: Device, tab: Tab) -> None:
        device.tabs.remove(tab)
        if device.tabs:
            device.wake_worker()
        else:
            device.open_tab(record_url(self.cases[0]))

    # Devices

    def network_went_or_came(self, device: Device) -> None:
        self.tell(f"{device.name}: {'no network' if device.is_online else 'network again'}")
        device.set_online(not device.is_online)

    def storage_filled_or_freed(self, device: Device) -> None:
        self.tell(f"{device.name}: storage {'has room again' if device.is_full else 'is full'}")
        device.set_full(not device.is_full)

    def session_ended_or_began(self, device: Device) -> None:
        if device.session:
            self.tell(f"{device.name}: the session ends")
            device.end_session()
            return
        self.tell(f"{device.name}: sign in again")
        device.sign_in(self.sign_in)
        if device.is_online:
            self.gone(device, device.tabs[0], "to the record")

    def storage_was_cleared(self, device: Device) -> None:
        """What a page shows goes back into the storage; what no page shows is gone."""
        self.tell(f"{device.name}: storage is cleared")
        for one in device.outbox:
            shown = [here.content for here in device.screens(one.case, one.question)]
            if one.content not in shown:
                self.given.discarded(device, one.case, one.question, one.content)
        device.clear_storage()

    def took_the_tablet(self) -> None:
        self.tell("Ada takes her tablet")
        self.new_device("Ada’s tablet", self.scene.inspector)

    def took_along(self, device: Device, case: Case) -> None:
        self.tell(f"{device.name}: take {case.reference} along")
        tab = device.open_tab(case.get_absolute_url())
        tab.page.get_by_role("button", name="Make available offline").click()
        expect(tab.page.get_by_text("On this device since")).to_be_visible()
        device.kept.add(case.pk)
        self.shut(device, tab)

    def answered_refusal(self, device: Device, case: int, is_given_up: bool) -> None:
        """A person did something about what was refused, on the outbox page."""
        name = "Give up what was refused" if is_given_up else "Try again"
        self.tell(f"{device.name}: {name} in the outbox")
        if is_given_up:
            for one in device.outbox:
                if one.case == case and one.state == "refused":
                    self.given.discarded(device, case, one.question, one.content)
        tab = device.open_tab("/outbox/")
        button = tab.page.get_by_role("button", name=name).nth(
            [one for its, one in self.refused if its is device].index(case)
        )
        pressed = button.element_handle()
        button.click()
        wait_until(lambda: not pressed.evaluate("one => one.isConnected"), tab.page)
        self.shut(device, tab)

    def handed_over(self, case: Case) -> None:
        handed = Case.objects.get(pk=case.pk)
        ada, grace = self.scene.inspector, self.scene.colleague
        to = grace if handed.allocated_to_id == ada.pk else ada
        self.tell(f"the lead hands {handed.reference} to {to.name}")
        allocate_case(case=handed, to=to, by=self.scene.lead)
        if all(device.person != grace for device in self.devices):
            self.new_device("Grace’s laptop", grace)

    def all_is_well_again(self) -> None:
        for device in self.devices:
            device.set_full(False)
            device.set_online(True)
            if not device.session:
                device.sign_in(self.sign_in)
            self.gone(device, device.tabs[0], "at the end")
        # What waited on one device may arrive after a page of another one was opened.
        for device in self.devices:
            device.settle()
        self.gone(device, device.tabs[0], "at the end")

    def state(self) -> list[str]:
        """What can be seen now, in words."""
        lines = ["The history:", *map(str, self.given.history)]
        for device in self.devices:
            lines += ["", f"{device.name} waits with:", *map(str, device.outbox)]
            for tab in device.tabs:
                shown = [f"{code} {tab.fields[code]}" for code in QUESTIONS if code in tab.fields]
                lines += [f"{tab.name} shows case {tab.case}:", *shown, *tab.errors]
        return lines


def is_another(tab: Tab) -> bool:
    """Whether another page than that which was marked as old is there."""
    return bool(tab.page.evaluate("!window.isOld && document.readyState === 'complete'"))
