"""The demonstration: three published inspections and two invented ones, with people to sign in as.

What stands here knows no Django, so that whoever prints it need not set Django up.
"""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "quiet-harbour-lantern"
"""The password of every person of the demonstration, which is why it is no place for real cases."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person of the demonstration, by the part they have in its inspections."""

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
