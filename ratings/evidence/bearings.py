"""Which case findings bear on which organisational key question, and why.

The framework asks inspectors to hold what cases show against what the organisation says
of itself, without laying down which question belongs to which. This table is a decision
of this project; it decides no rating. An edition that isn't in it has no such figures.
No Django in here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from inspections.framework import Group


class Detail(StrEnum):
    """What the record of a case holds besides its answers, as far as it bears on these."""

    MANAGEMENT_OVERSIGHT = "Management oversight met the needs of the case"
    SERIOUS_HARM_AGREED = "The inspector agrees with the risk of serious harm classification"
    SAFETY_AGREED = "The inspector agrees with the safety and wellbeing classification"
    FACTORS = "Factors most related to the offending"


@dataclass(frozen=True, slots=True)
class Bearing:
    """Case findings on one ``topic``, and ``why`` they bear on an organisational question.

    ``details`` are counted in the cases of each of ``groups``.
    """

    topic: str
    why: str
    questions: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()
    groups: tuple[Group, ...] = (Group.COURT, Group.OUT_OF_COURT)


OVERSIGHT = Bearing(
    "Management oversight",
    "Oversight that works shows in the cases that it was meant for.",
    details=(Detail.MANAGEMENT_OVERSIGHT,),
)
CLASSIFICATIONS = Bearing(
    "Classifications",
    "A classification that an inspector agrees with shows that staff can weigh risk.",
    details=(Detail.SERIOUS_HARM_AGREED, Detail.SAFETY_AGREED),
)
NEEDS = Bearing(
    "Needs",
    "What lies behind the offending tells which services these children need.",
    details=(Detail.FACTORS,),
)
RESETTLEMENT = Bearing(
    "Resettlement cases",
    "They are inspected to illustrate this standard and answer no questions; their records "
    "still tell how the work was overseen and how risk was weighed.",
    details=(Detail.MANAGEMENT_OVERSIGHT, Detail.SERIOUS_HARM_AGREED, Detail.SAFETY_AGREED),
    groups=(Group.RESETTLEMENT,),
)

OF_2021: Mapping[str, tuple[Bearing, ...]] = {
    "1.1.1": (
        Bearing(
            "Diversity",
            "A strategy for a personal service shows in work that responds to each child.",
            ("2.1.1b", "2.2.1b", "2.3.1b", "2.4.1c", "3.1.1b", "3.2.1b", "3.3.1b"),
        ),
        Bearing(
            "Barriers",
            "A strategy that works looks at what stands in children’s way.",
            ("2.1.1f", "3.1.1f"),
        ),
    ),
    "1.1.2": (
        Bearing(
            "Work shared with others",
            "Partners that help the service on the board also help it in cases.",
            ("2.3.2b", "2.3.3c", "3.3.2b"),
        ),
    ),
    "1.2.1": (
        Bearing(
            "Time for the child",
            "Workloads that leave room show in relationships that are built and work that is "
            "reviewed.",
            ("2.3.1e", "3.3.1d", "2.4.1", "2.4.2", "2.4.3"),
        ),
    ),
    "1.2.2": (
        Bearing(
            "Analysis",
            "Analysing offending, safety and risk of harm takes the skills asked about here.",
            ("2.1.1a", "2.1.2a", "2.1.3a", "3.1.1a", "3.1.2a", "3.1.3a"),
        ),
        CLASSIFICATIONS,
    ),
    "1.2.3": (
        OVERSIGHT,
        Bearing(
            "Contingency arrangements",
            "A missing contingency plan is what a manager who reads the plan would notice.",
            ("2.2.2d", "2.2.3e", "3.2.2c", "3.2.3d"),
        ),
    ),
    "1.2.4": (
        Bearing(
            "Assessing safety and risk of harm",
            "Where these fall short in many cases, staff have needed learning that they lack.",
            ("2.1.2", "2.1.3", "3.1.2", "3.1.3"),
        ),
    ),
    "1.3.1": (
        NEEDS,
        Bearing(
            "Diversity and barriers",
            "A full picture of all children begins with a full picture of each.",
            ("2.1.1b", "2.1.1f", "3.1.1b", "3.1.1f"),
        ),
    ),
    "1.3.2": (
        Bearing(
            "Services delivered",
            "Enough services of good quality show in what children received.",
            (
                *("2.3.1", "2.3.2", "2.3.3", "2.3.1a", "2.3.1f"),
                *("3.3.1", "3.3.2", "3.3.3", "3.3.1a", "3.3.1f"),
            ),
        ),
        Bearing(
            "Victims",
            "Provision for victims and restorative justice shows in what their needs and wishes "
            "led to.",
            ("2.1.1h", "2.2.1f", "2.3.3b", "3.1.1h", "3.2.1g", "3.3.3b"),
        ),
        NEEDS,
    ),
    "1.3.3": (
        Bearing(
            "Other agencies’ involvement",
            "Links that are put to good use show in information shared and work joined up.",
            (
                *("2.1.1d", "2.1.2b", "2.1.3b", "2.2.2b", "2.2.3b"),
                *("2.3.2b", "2.3.3c", "2.4.2b", "2.4.3b"),
                *("3.1.1d", "3.1.2b", "3.1.3b", "3.2.2b", "3.2.3b", "3.3.2b"),
            ),
        ),
    ),
    "1.4.1": (
        Bearing(
            "Compliance and enforcement",
            "Guidance that staff know and use shows in what they do when a child doesn’t comply.",
            ("2.3.1g", "2.3.1h", "3.3.1e"),
        ),
    ),
    "1.4.3": (
        Bearing(
            "Use of what others hold",
            "Access to other agencies’ records shows in assessments that draw on them.",
            ("2.1.2b", "2.1.3b", "3.1.2b", "3.1.3b"),
        ),
    ),
    "1.4.4": (
        Bearing(
            "The views of children and parents or carers",
            "A service can learn from views only where they were asked for.",
            ("2.1.1i", "2.2.1g", "2.4.1f", "3.1.1i", "3.2.1h"),
        ),
    ),
    "3.4.1": (
        Bearing(
            "What the policy asks of assessment",
            "A policy that promotes suitable diversion shows in how each child was assessed.",
            ("3.1.1", "3.1.2", "3.1.3", "3.1.1h"),
        ),
    ),
    "3.4.2": (
        Bearing(
            "Services delivered",
            "The work provided is the work that the inspected children received.",
            ("3.3.1", "3.3.2", "3.3.3", "3.3.1a", "3.3.1f", "3.2.1f"),
        ),
    ),
    "4.1.2": (RESETTLEMENT,),
}

OF_2018: Mapping[str, tuple[Bearing, ...]] = {
    "1.1.2": (
        Bearing(
            "Joint working",
            "Partners that help the service on the board also help it in cases.",
            ("3.4.1", "3.4.2"),
        ),
    ),
    "1.2.1": (
        Bearing(
            "Reviewing",
            "Workloads that leave room show in work that is reviewed.",
            ("2.4.1", "2.4.2", "2.4.3"),
        ),
    ),
    "1.2.2": (
        Bearing(
            "Assessment",
            "Analysing offending, safety and risk of harm takes the skills asked about here.",
            ("2.1.1", "2.1.2", "2.1.3", "3.1.1", "3.1.2", "3.1.3"),
        ),
        CLASSIFICATIONS,
    ),
    "1.2.3": (OVERSIGHT,),
    "1.2.4": (
        Bearing(
            "Assessing safety and risk of harm",
            "Where these fall short in many cases, staff have needed learning that they lack.",
            ("2.1.2", "2.1.3", "3.1.2", "3.1.3"),
        ),
    ),
    "1.3.1": (NEEDS,),
    "1.3.2": (
        Bearing(
            "Services delivered",
            "Enough services of good quality show in what children received.",
            ("2.3.1", "2.3.2", "2.3.3", "3.3.1", "3.3.2", "3.3.3"),
        ),
        NEEDS,
    ),
    "1.3.3": (
        Bearing(
            "Work shared with others",
            "Links that are put to good use show in keeping children and other people safe, and "
            "in joint working.",
            ("2.3.2", "2.3.3", "3.3.2", "3.3.3", "3.4.1", "3.4.2"),
        ),
    ),
}

BEARINGS: Mapping[str, Mapping[str, tuple[Bearing, ...]]] = {"2018": OF_2018, "2021": OF_2021}
"""By edition and organisational key question."""


def bearings_on(edition: str, key_question: str) -> tuple[Bearing, ...]:
    """What bears on ``key_question``; nothing where the table knows of none."""
    return BEARINGS.get(edition, {}).get(key_question, ())
