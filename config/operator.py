"""Who operates the service, as its accessibility statement, privacy notice and cookies page say.

The law asks a public body to name itself: regulation 8 of the Public Sector Bodies (Websites and
Mobile Applications) (No. 2) Accessibility Regulations 2018, and articles 13 and 14 of the UK GDPR.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from config import environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """What only the operator knows; empty while it is not set. Each field is set by the variable of
    its name, ``OPERATOR_NAME`` and so on."""

    name: str = ""
    address: str = ""
    """By post."""
    accessibility_email: str = ""
    """Where problems with accessibility are reported, and other formats asked for."""
    data_protection_email: str = ""
    """Of the data protection officer."""
    recipients: str = ""
    """Who else handles the data for the operator, such as whoever hosts the service, and where."""
    backups_kept: str = ""
    """For how long, such as “30 days”."""
    supervisory_authority: str = ""
    """To whom people complain about the use of their data, with its address."""
    enforcement_body: str = ""
    """Who enforces the accessibility regulations, and who advises people, with addresses."""
    statement_prepared: date | None = None
    """The day on which the accessibility statement was first published."""
    statement_reviewed: date | None = None
    """The day on which it was last compared with the service."""

    @classmethod
    def from_environment(cls) -> Operator:
        """Raises ImproperlyConfigured for an address or a date that is none."""
        reads: dict[str, Callable[[str], Any]] = {
            "accessibility_email": environment.email,
            "data_protection_email": environment.email,
            "statement_prepared": environment.date,
            "statement_reviewed": environment.date,
        }
        return cls(
            **{
                one.name: reads.get(one.name, environment.text)(variable(one.name))
                for one in fields(cls)
            }
        )

    @property
    def not_set(self) -> list[str]:
        """The variables that still have to be set."""
        return [variable(one.name) for one in fields(self) if not getattr(self, one.name)]


def variable(name: str) -> str:
    return f"OPERATOR_{name.upper()}"
