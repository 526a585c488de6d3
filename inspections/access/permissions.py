"""The one table of who may do what: action × role × state of the inspection × state of the case.

Each app adds the rows of its own actions in its ``permissions`` module; views, templates and
tests read the same rows. A row asks no question of the database: what it needs (the person's
roles, the hearing) is loaded with the inspection, once a request.

People who are neither on an inspection's team nor on its panel get 404 before any permission is
checked (``inspections.loading``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied

from inspections.access.users import User


class Refused(PermissionDenied):
    """This person may not take the action, or not now; the message says why."""


class Subject(Protocol):
    """What an action is taken on: an inspection, or a case, hearing or record of one."""

    def roles_of(self, user: User) -> frozenset[str]:
        """Every role that ``user`` has here; asks the database at most once an object."""

    @property
    def inspection_state(self) -> str:
        """The state of the inspection that this is or belongs to; empty outside inspections."""

    @property
    def case_state(self) -> str:
        """The state of the case that this is or belongs to; empty outside cases."""


ADMINISTRATOR = "ADMINISTRATOR"
"""The role of people who keep accounts, services, inspections and teams, and see no evidence."""

States = Collection[str] | None
"""Some states, or ``None`` for every one."""

ANY: States = None

NEVER: States = frozenset()

TABLE: dict[str, Permission] = {}
"""Every row, by the name of its action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One action: who may take it, in which states, with the refusals in words beside it.

    ``who`` gives for each role the states of the inspection in which it may take the action,
    ``case_states`` the states of the case. All texts are reasons for refusing:

    - ``refusal``: the person has none of these roles, or only roles that may not act in any
      state of the case; ``refusals`` replaces it for single roles;
    - ``closed``: the inspection is in another state; by state, ``""`` for all others;
    - ``case_closed``: the case is in another state;
    - ``barred``: roles that never may, even with another role.

    ``refusals`` and ``case_closed`` are formatted with the case as ``subject``. ``extra_roles``
    gives roles besides those of the subject, from what is loaded with it. ``check_first`` and
    ``check_last`` are for conditions that a table can't express, such as a date: they return a
    reason against the action, or ``None``.
    """

    action: str
    who: Mapping[str, States]
    refusal: str
    refusals: Mapping[str, str] = field(default_factory=dict)
    closed: Mapping[str, str] = field(default_factory=dict)
    case_states: Mapping[str, States] = field(default_factory=dict)
    case_closed: str = ""
    barred: Mapping[str, str] = field(default_factory=dict)
    extra_roles: Callable[[User, Any], Collection[str]] | None = None
    check_first: Callable[[User, Any], str | None] | None = None
    check_last: Callable[[User, Any], str | None] | None = None

    def __post_init__(self) -> None:
        if self.action in TABLE:
            raise ValueError(f"The table has a row for {self.action} already.")
        TABLE[self.action] = self

    def why_not(self, user: User, subject: Subject) -> str | None:
        """Why ``user`` may not do this to ``subject`` now, in words, or ``None``."""
        if self.check_first and (words := self.check_first(user, subject)):
            return words
        roles = subject.roles_of(user)
        if self.extra_roles:
            roles = roles.union(self.extra_roles(user, subject))
        for role, words in self.barred.items():
            if role in roles:
                return words
        mine = roles & self.who.keys()
        if not mine:
            return self.refusal
        state = subject.inspection_state
        now = {role for role in mine if _includes(self.who[role], state)}
        if not now:
            return self.closed.get(state) or self.closed[""]
        in_case = {role: self.case_states.get(role) for role in now}
        if all(states == NEVER for states in in_case.values()):
            own_words = [self.refusals[role] for role in in_case if role in self.refusals]
            return own_words[0].format(subject=subject) if own_words else self.refusal
        if not any(_includes(states, subject.case_state) for states in in_case.values()):
            return self.case_closed.format(subject=subject)
        return self.check_last(user, subject) if self.check_last else None

    def is_for(self, user: User, subject: Subject) -> bool:
        """Whether ``user`` has a role that may do this in some state or other."""
        return not subject.roles_of(user).isdisjoint(self.who)

    def can(self, user: User, subject: Subject) -> bool:
        return self.why_not(user, subject) is None

    def check(self, user: User, subject: Subject) -> None:
        """Raise ``Refused`` in words unless ``user`` may do this to ``subject`` now."""
        refuse(self.why_not(user, subject))


def _includes(states: States, state: str) -> bool:
    return states is None or state in states


def refuse(reason: str | None) -> None:
    """Raise ``Refused`` when there is a reason."""
    if reason is not None:
        raise Refused(reason)
