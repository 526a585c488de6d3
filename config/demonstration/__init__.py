"""The demonstration: three published inspections, three invented ones, and people to sign in as.

This module does not import Django, so the sign-ins can be printed without setting it up.
"""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "quiet-harbour-lantern"
"""The public password of everyone in the demonstration. Never enter real cases there."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person of the demonstration and their role in its inspections."""

    role: str
    name: str
    email: str


LEAD_INSPECTOR = SignIn("Lead inspector", "Marian Thistlewood", "lead@fieldwork.example")
INSPECTORS = (
    SignIn("Inspector", "Owen Farrowdale", "inspector1@fieldwork.example"),
    SignIn("Inspector", "Priya Lanternhill", "inspector2@fieldwork.example"),
    SignIn("Inspector", "Tomasz Quillmere", "inspector3@fieldwork.example"),
)
PANEL_MEMBERS = (
    SignIn("Ratings panel member", "Helena Brackenside", "panel1@fieldwork.example"),
    SignIn("Ratings panel member", "Desmond Oakhollow", "panel2@fieldwork.example"),
)
DEPUTY_LEAD = SignIn("Deputy lead inspector", "Rosalind Emberwick", "deputy@fieldwork.example")
REVIEWER = SignIn("Quality reviewer", "Idris Calloway", "reviewer@fieldwork.example")
OBSERVER = SignIn("Observer", "Wilhelmina Stagg", "observer@fieldwork.example")
PUBLISHER = SignIn("Publisher", "Bertrand Ashlock", "publisher@fieldwork.example")
LOCAL_ASSESSOR = SignIn(
    "Local assessor, on loan from Southmere", "Nerys Thornfield", "assessor@fieldwork.example"
)
ADMINISTRATOR = SignIn("Administrator", "Ada Merrivale", "admin@fieldwork.example")

SIGN_INS: tuple[SignIn, ...] = (
    LEAD_INSPECTOR,
    DEPUTY_LEAD,
    *INSPECTORS,
    LOCAL_ASSESSOR,
    REVIEWER,
    *PANEL_MEMBERS,
    OBSERVER,
    PUBLISHER,
    ADMINISTRATOR,
)
