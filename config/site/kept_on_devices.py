"""What the service puts on a person's device, for the page about cookies.

Regulation 6 of the Privacy and Electronic Communications Regulations 2003 asks for consent unless
what is stored is strictly necessary for a service that the person asked for. All of this is, so
there is no banner; whatever is added here has to be as necessary. Tests compare these lists with
the settings and the scripts.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Kept:
    """``name`` is what the code calls it."""

    name: str
    purpose: str
    how_long: str


MESSAGES_COOKIE = "messages"
"""Of Django's messages framework."""


def cookies() -> list[Kept]:
    idle, in_all = settings.SESSION_IDLE_AGE // 60, settings.SESSION_COOKIE_AGE // 3600
    weeks = settings.CSRF_COOKIE_AGE // (7 * 24 * 3600)
    return [
        Kept(
            settings.SESSION_COOKIE_NAME,
            "Keeps you signed in. After you sign out it only says that you did so in this browser, "
            "so that copies of cases leave the device.",
            f"{idle} minutes after you last did something; {in_all} hours at most",
        ),
        Kept(
            settings.CSRF_COOKIE_NAME,
            "Makes sure that what is sent in your name comes from a page of this service.",
            f"{weeks} weeks",
        ),
        Kept(
            MESSAGES_COOKIE,
            "Carries a message, such as “The case was submitted”, to the page that shows it.",
            "Until that page is shown",
        ),
    ]


DATABASE = (
    Kept(
        "outbox",
        "Answers, notes, details and comments that the service has not accepted yet.",
        "Until they are saved, or you give them up. If somebody else signs in here, they are "
        "hidden until you do again, and removed after 7 days of that",
    ),
    Kept(
        "drafts",
        "What you typed into other forms and have not saved.",
        "Until you save or discard it; as the outbox if somebody else signs in",
    ),
    Kept(
        "offline_cases",
        "Which cases you made available offline, and since when.",
        "7 days; less if you sign out, the case is no longer yours, or fieldwork closes",
    ),
    Kept(
        "standing",
        "The latest answers of these cases, where they are newer than the kept pages.",
        "As long as the case is kept",
    ),
    Kept(
        "acks",
        "Which of your changes the service has accepted; no answers.",
        "One day",
    ),
    Kept(
        "receipts",
        "How much of yours was removed from this device before it was sent, and when.",
        "Until you have read it",
    ),
    Kept(
        "device",
        "Whose copies this device keeps, and how far its clock is from the service’s.",
        "Until you sign out and nothing of yours waits; the clock until you clear the browser’s "
        "data",
    ),
)
"""The stores of the database ``fieldwork`` in the browser (IndexedDB)."""

CACHES = (
    Kept(
        "pages-",
        "The pages of cases that you made available offline.",
        "7 days; less if you sign out, the case is no longer yours, or fieldwork closes",
    ),
    Kept(
        "assets",
        "Styles, scripts and two pages that name nobody, so that the service opens without a "
        "network.",
        "Until a newer version of the service replaces them",
    ),
)
"""Cache storage, which the service worker fills."""

SETTINGS = (
    Kept("shortcuts", "Whether you turned keyboard shortcuts off.", "Until you clear it"),
    Kept(
        "advance",
        "Whether you chose to go on to the next question after an answer.",
        "Until you clear it",
    ),
)
"""Local storage."""

OF_ADMINISTRATION = (
    Kept("theme", "Whether you chose light or dark colours.", "Until you clear it"),
    Kept(
        "django.admin.navSidebarIsOpen",
        "Whether you closed the list at the side.",
        "Until you clear it",
    ),
    Kept(
        "django.admin.navSidebarFilterValue",
        "What you typed to find something in that list.",
        "Until you close the tab",
    ),
    Kept("django.admin.filtersState", "Which filters you opened.", "Until you close the tab"),
)
"""Local and session storage of the pages on which administrators keep accounts."""
