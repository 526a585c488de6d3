"""Choices for the details of a case, and for answers."""

from __future__ import annotations

from django.db import models


class DisposalType(models.TextChoices):
    REFERRAL_ORDER = "REFERRAL_ORDER", "Referral order"
    YOUTH_REHABILITATION_ORDER = "YOUTH_REHABILITATION_ORDER", "Youth rehabilitation order"
    DETENTION_AND_TRAINING_ORDER = "DETENTION_AND_TRAINING_ORDER", "Detention and training order"
    OTHER_CUSTODY = "OTHER_CUSTODY", "Other custody"
    LICENCE = "LICENCE", "Licence"
    YOUTH_CAUTION = "YOUTH_CAUTION", "Youth caution"
    YOUTH_CONDITIONAL_CAUTION = "YOUTH_CONDITIONAL_CAUTION", "Youth conditional caution"
    COMMUNITY_RESOLUTION = "COMMUNITY_RESOLUTION", "Community resolution"
    OUTCOME_22 = "OUTCOME_22", "Outcome 22"
    OTHER = "OTHER", "Other"


DISPOSALS_OF_GROUP: dict[str, tuple[str, ...]] = {
    "COURT": (
        "REFERRAL_ORDER",
        "YOUTH_REHABILITATION_ORDER",
        "DETENTION_AND_TRAINING_ORDER",
        "OTHER_CUSTODY",
        "LICENCE",
        "OTHER",
    ),
    "OUT_OF_COURT": (
        "YOUTH_CAUTION",
        "YOUTH_CONDITIONAL_CAUTION",
        "COMMUNITY_RESOLUTION",
        "OUTCOME_22",
        "OTHER",
    ),
    "RESETTLEMENT": ("DETENTION_AND_TRAINING_ORDER", "OTHER_CUSTODY", "LICENCE", "OTHER"),
}
"""The disposal types that can occur in each group; empty means not recorded yet."""


class OffenceCategory(models.TextChoices):
    """The published category of the most serious offence, so that offences can be tabled."""

    VIOLENCE_AGAINST_THE_PERSON = "VIOLENCE_AGAINST_THE_PERSON", "Violence against the person"
    ROBBERY = "ROBBERY", "Robbery"
    SEXUAL = "SEXUAL", "Sexual offences"
    DRUGS = "DRUGS", "Drugs"
    THEFT_AND_HANDLING = "THEFT_AND_HANDLING", "Theft and handling stolen goods"
    BURGLARY = "BURGLARY", "Burglary"
    CRIMINAL_DAMAGE = "CRIMINAL_DAMAGE", "Criminal damage"
    MOTORING = "MOTORING", "Motoring offences"
    PUBLIC_ORDER = "PUBLIC_ORDER", "Public order"
    RACIALLY_AGGRAVATED = "RACIALLY_AGGRAVATED", "Racially aggravated"
    OTHER = "OTHER", "Other"


class Gender(models.TextChoices):
    FEMALE = "FEMALE", "Female"
    MALE = "MALE", "Male"
    OTHER = "OTHER", "Other"
    UNKNOWN = "UNKNOWN", "Not known"


class Ethnicity(models.TextChoices):
    ASIAN = "ASIAN", "Asian or Asian British"
    BLACK = "BLACK", "Black, Black British, Caribbean or African"
    MIXED = "MIXED", "Mixed or multiple ethnic groups"
    WHITE = "WHITE", "White"
    OTHER = "OTHER", "Other ethnic group"
    UNKNOWN = "UNKNOWN", "Not known"


class YesNo(models.TextChoices):
    YES = "YES", "Yes"
    NO = "NO", "No"


class YesNoUnknown(models.TextChoices):
    YES = "YES", "Yes"
    NO = "NO", "No"
    UNKNOWN = "UNKNOWN", "Not known"


class ProtectionPlan(models.TextChoices):
    CHILD_PROTECTION = "CHILD_PROTECTION", "Child protection plan"
    CHILD_IN_NEED = "CHILD_IN_NEED", "Child-in-need plan"
    NONE = "NONE", "Neither"
    UNKNOWN = "UNKNOWN", "Not known"


class EducationStatus(models.TextChoices):
    MAINSTREAM = "MAINSTREAM", "Mainstream school or college"
    ALTERNATIVE = "ALTERNATIVE", "Pupil referral unit or alternative provision"
    REDUCED = "REDUCED", "Reduced timetable"
    TRAINING = "TRAINING", "Training or apprenticeship"
    EMPLOYED = "EMPLOYED", "Employed"
    NOT_IN_EDUCATION = "NOT_IN_EDUCATION", "Not in education, training or employment"
    UNKNOWN = "UNKNOWN", "Not known"


class Level(models.TextChoices):
    """A classification of risk of serious harm, or of safety and wellbeing."""

    LOW = "LOW", "Low"
    MEDIUM = "MEDIUM", "Medium"
    HIGH = "HIGH", "High"
    VERY_HIGH = "VERY_HIGH", "Very high"
    NOT_CLASSIFIED = "NOT_CLASSIFIED", "Not classified"


class Factor(models.TextChoices):
    """Factors most related to a child's offending."""

    EDUCATION = "EDUCATION", "Education, training and employment"
    SUBSTANCE_MISUSE = "SUBSTANCE_MISUSE", "Substance misuse"
    LIVING_ARRANGEMENTS = "LIVING_ARRANGEMENTS", "Living arrangements"
    FAMILY = "FAMILY", "Family relationships"
    PEERS = "PEERS", "Friends and peers"
    LIFESTYLE = "LIFESTYLE", "Lifestyle"
    MENTAL_HEALTH = "MENTAL_HEALTH", "Emotional wellbeing and mental health"
    SPEECH_AND_LANGUAGE = "SPEECH_AND_LANGUAGE", "Speech, language and communication"
    LEARNING = "LEARNING", "Learning needs or disability"
    EXPLOITATION = "EXPLOITATION", "Exploitation by others"
    ATTITUDES = "ATTITUDES", "Attitudes to offending"
    OTHER = "OTHER", "Other"


class AnswerValue(models.TextChoices):
    """An answer. An empty value is no answer, which is different from Not applicable."""

    YES = "YES", "Yes"
    NO = "NO", "No"
    NOT_APPLICABLE = "NOT_APPLICABLE", "Not applicable"
