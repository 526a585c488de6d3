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
ADMINISTRATOR = SignIn("Administrator", "Ada Merrivale", "admin@fieldwork.example")

SIGN_INS: tuple[SignIn, ...] = (LEAD_INSPECTOR, *INSPECTORS, *PANEL_MEMBERS, ADMINISTRATOR)
