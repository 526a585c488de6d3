"""Plausible details of invented cases."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TypeVar

from cases.models import (
    AnswerValue,
    Case,
    DisposalType,
    EducationStatus,
    Ethnicity,
    Factor,
    Gender,
    Level,
    OffenceCategory,
    ProtectionPlan,
    Sample,
    YesNo,
    YesNoUnknown,
)
from config.demonstration import words
from inspections.framework import Group

_Choice = TypeVar("_Choice")

# A choice is in its list as often as it is likely.
DISPOSALS = {
    Group.COURT: [DisposalType.REFERRAL_ORDER] * 7
    + [DisposalType.YOUTH_REHABILITATION_ORDER] * 4
    + [DisposalType.DETENTION_AND_TRAINING_ORDER],
    Group.OUT_OF_COURT: [DisposalType.COMMUNITY_RESOLUTION] * 4
    + [DisposalType.YOUTH_CONDITIONAL_CAUTION] * 3
    + [DisposalType.YOUTH_CAUTION] * 2
    + [DisposalType.OUTCOME_22] * 2,
    Group.RESETTLEMENT: [DisposalType.DETENTION_AND_TRAINING_ORDER, DisposalType.LICENCE],
}
OFFENCE_CATEGORIES = {
    "Assault occasioning actual bodily harm": OffenceCategory.VIOLENCE_AGAINST_THE_PERSON,
    "Common assault": OffenceCategory.VIOLENCE_AGAINST_THE_PERSON,
    "Criminal damage": OffenceCategory.CRIMINAL_DAMAGE,
    "Possession of a bladed article": OffenceCategory.OTHER,
    "Possession of cannabis": OffenceCategory.DRUGS,
    "Robbery": OffenceCategory.ROBBERY,
    "Shoplifting": OffenceCategory.THEFT_AND_HANDLING,
    "Taking a vehicle without consent": OffenceCategory.THEFT_AND_HANDLING,
    "Burglary of a dwelling": OffenceCategory.BURGLARY,
    "Threatening behaviour": OffenceCategory.PUBLIC_ORDER,
}
GENDERS = [Gender.MALE] * 4 + [Gender.FEMALE]
ETHNICITIES = [
    *[Ethnicity.WHITE] * 6,
    *(Ethnicity.ASIAN, Ethnicity.BLACK, Ethnicity.MIXED, Ethnicity.MIXED, Ethnicity.UNKNOWN),
]
LOOKED_AFTER = [YesNoUnknown.NO] * 4 + [YesNoUnknown.YES]
PLANS = [ProtectionPlan.NONE] * 5 + [ProtectionPlan.CHILD_IN_NEED] * 2
PLANS.append(ProtectionPlan.CHILD_PROTECTION)
EDUCATION = [
    *[EducationStatus.MAINSTREAM] * 4,
    *[EducationStatus.ALTERNATIVE] * 2,
    *(EducationStatus.REDUCED, EducationStatus.TRAINING, EducationStatus.NOT_IN_EDUCATION),
]
LEVELS = {
    Group.COURT: [Level.LOW] + [Level.MEDIUM] * 4 + [Level.HIGH] * 2,
    Group.OUT_OF_COURT: [Level.LOW] * 4 + [Level.MEDIUM] * 4 + [Level.HIGH],
    Group.RESETTLEMENT: [Level.HIGH] * 2 + [Level.VERY_HIGH],
}
ONE_HIGHER = {
    Level.LOW: Level.MEDIUM,
    Level.MEDIUM: Level.HIGH,
    Level.HIGH: Level.VERY_HIGH,
}


def fill_details(case: Case, sample: Sample, share: float, chance: Random) -> None:
    """Fill what the service's list of cases says, and what an inspector found beyond it.

    ``share`` is how much of the case is recorded: nothing beyond the list where it is
    0, all details from a half on.
    """
    group = Group(case.group)
    assert sample.window_start_date and sample.window_end_date
    window = (sample.window_end_date - sample.window_start_date).days
    case.disposal_type = chance.choice(DISPOSALS[group])
    case.disposal_date = sample.window_start_date + timedelta(days=chance.randint(0, window))
    case.offence_type = chance.choice(
        words.CUSTODY_OFFENCES if group is Group.RESETTLEMENT else words.OFFENCES
    )
    case.offence_category = OFFENCE_CATEGORIES[case.offence_type]
    case.gender = chance.choice(GENDERS)
    case.age = chance.randint(15, 17) if group is Group.RESETTLEMENT else chance.randint(12, 17)
    case.ethnicity = chance.choice(ETHNICITIES)
    case.serious_harm_level = chance.choice(LEVELS[group])
    case.safety_level = chance.choice(LEVELS[group])
    if share:
        case.looked_after = chance.choice(LOOKED_AFTER)
        case.protection_plan = chance.choice(PLANS)
        case.education_status = chance.choice(EDUCATION)
        case.factors = _some_factors(chance)
    if share >= 0.5:
        _fill_judged_details(case, chance)


def _fill_judged_details(case: Case, chance: Random) -> None:
    case.serious_harm_agreed, case.serious_harm_own_level, case.serious_harm_reason = _agreement(
        case.serious_harm_level, chance
    )
    case.safety_agreed, case.safety_own_level, case.safety_reason = _agreement(
        case.safety_level, chance
    )
    case.case_manager_interviewed = YesNo.YES
    if chance.random() < 0.12:
        case.case_manager_interviewed = YesNo.NO
        case.no_interview_reason = chance.choice(words.NO_INTERVIEW_REASONS)
    case.management_oversight_met_needs = _likely(chance, 0.55, AnswerValue.YES, AnswerValue.NO)
    if chance.random() < 0.2:
        case.good_practice = chance.choice(words.GOOD_PRACTICE)
    elif chance.random() < 0.15:
        case.poor_practice = chance.choice(words.POOR_PRACTICE)


def _agreement(level: str, chance: Random) -> tuple[str, str, str]:
    """Whether the inspector agrees with ``level``; if not, their own level and why."""
    if level not in ONE_HIGHER or chance.random() < 0.8:
        return YesNo.YES, "", ""
    return YesNo.NO, ONE_HIGHER[Level(level)], chance.choice(words.HIGHER_RISK_REASONS)


def _some_factors(chance: Random) -> list[str]:
    known = [factor.value for factor in Factor if factor is not Factor.OTHER]
    chosen = set(chance.sample(known, chance.randint(2, 4)))
    return [factor for factor in known if factor in chosen]


def _likely(chance: Random, share: float, likely: _Choice, otherwise: _Choice) -> _Choice:
    return likely if chance.random() < share else otherwise
