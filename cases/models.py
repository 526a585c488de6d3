"""Sampled cases and what inspectors answered in them."""

from __future__ import annotations

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse

from inspections.models import GroupChoice, Inspection, User


class Sample(models.Model):
    """What was known of one group's cases when its sample was drawn.

    ``eligible_cases`` is the number of cases whose disposal falls in the window;
    ``wanted_cases`` is the size the lead inspector set, with ``size_reason`` where it
    differs from the calculated one. Both are empty where nobody recorded them, as for
    an inspection replayed from its report.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="samples")
    group = models.CharField(max_length=12, choices=GroupChoice)
    window_start_date = models.DateField(null=True, blank=True)
    window_end_date = models.DateField(null=True, blank=True)
    eligible_cases = models.PositiveIntegerField(null=True, blank=True)
    wanted_cases = models.PositiveIntegerField(null=True, blank=True)
    size_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("inspection", "group")
        constraints = [
            models.UniqueConstraint(fields=["inspection", "group"], name="sample_once_a_group"),
            models.CheckConstraint(
                condition=Q(group__in=["COURT", "OUT_OF_COURT", "RESETTLEMENT"]),
                name="sample_group_known",
            ),
            models.CheckConstraint(
                condition=Q(window_end_date__gte=F("window_start_date")),
                name="sample_window_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()} sample of {self.inspection}"


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
    """What can be most related to a child's offending."""

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
    """An answer; an empty value is no answer, which is not the same as Not applicable."""

    YES = "YES", "Yes"
    NO = "NO", "No"
    NOT_APPLICABLE = "NOT_APPLICABLE", "Not applicable"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> CaseQuerySet:
        """The cases of the inspections that ``user`` has a part in."""
        return self.filter(inspection__memberships__user=user.pk)

    def allocated_to(self, user: User) -> CaseQuerySet:
        return self.filter(allocated_to=user.pk)

    def with_answered(self) -> CaseQuerySet:
        """Each case with ``answered``, the number of its questions that have an answer."""
        return self.annotate(answered=Count("answers", filter=~Q(answers__value=""), distinct=True))


class Case(models.Model):
    """One sampled case; a reference stands for the child, whose name is never held.

    An empty detail is not recorded yet; *not known* is an answer of its own.
    """

    class State(models.TextChoices):
        ALLOCATED = "ALLOCATED", "Allocated"
        IN_PROGRESS = "IN_PROGRESS", "In progress"
        SUBMITTED = "SUBMITTED", "Submitted"
        RETURNED = "RETURNED", "Returned with comments"
        SIGNED_OFF = "SIGNED_OFF", "Signed off"

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="cases")
    reference = models.CharField(max_length=40)
    group = models.CharField(max_length=12, choices=GroupChoice)
    state = models.CharField(max_length=12, choices=State, default=State.ALLOCATED)
    allocated_to = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    disposal_type = models.CharField(max_length=30, choices=DisposalType, blank=True)
    disposal_local_name = models.CharField(max_length=100, blank=True)
    disposal_date = models.DateField(null=True, blank=True)
    offence_type = models.CharField(max_length=100, blank=True)
    gender = models.CharField(max_length=10, choices=Gender, blank=True)
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    ethnicity = models.CharField(max_length=10, choices=Ethnicity, blank=True)
    looked_after = models.CharField(max_length=10, choices=YesNoUnknown, blank=True)
    protection_plan = models.CharField(max_length=20, choices=ProtectionPlan, blank=True)
    education_status = models.CharField(max_length=20, choices=EducationStatus, blank=True)

    serious_harm_level = models.CharField(max_length=14, choices=Level, blank=True)
    serious_harm_agreed = models.CharField(max_length=3, choices=YesNo, blank=True)
    serious_harm_own_level = models.CharField(max_length=14, choices=Level, blank=True)
    serious_harm_reason = models.TextField(blank=True)
    safety_level = models.CharField(max_length=14, choices=Level, blank=True)
    safety_agreed = models.CharField(max_length=3, choices=YesNo, blank=True)
    safety_own_level = models.CharField(max_length=14, choices=Level, blank=True)
    safety_reason = models.TextField(blank=True)

    case_manager_interviewed = models.CharField(max_length=3, choices=YesNo, blank=True)
    no_interview_reason = models.TextField(blank=True)
    management_oversight_met_needs = models.CharField(
        max_length=14, choices=AnswerValue, blank=True
    )
    factors = ArrayField(models.CharField(max_length=20, choices=Factor), default=list, blank=True)
    good_practice = models.TextField(blank=True)
    poor_practice = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)

    answered: int
    """How many of its questions have an answer, where ``with_answered`` loaded it."""

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("inspection", "group", "reference")
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "reference"],
                name="case_reference_once",
                violation_error_message="Another case of this inspection has this reference.",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="case_reference_given"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["ALLOCATED", "IN_PROGRESS", "SUBMITTED", "RETURNED", "SIGNED_OFF"]
                ),
                name="case_state_known",
            ),
            models.CheckConstraint(
                condition=Q(disposal_type="")
                | Q(group="COURT", disposal_type__in=DISPOSALS_OF_GROUP["COURT"])
                | Q(group="OUT_OF_COURT", disposal_type__in=DISPOSALS_OF_GROUP["OUT_OF_COURT"])
                | Q(group="RESETTLEMENT", disposal_type__in=DISPOSALS_OF_GROUP["RESETTLEMENT"]),
                name="case_disposal_of_its_group",
                violation_error_message="This disposal type doesn't belong to the case's group.",
            ),
            models.CheckConstraint(
                condition=Q(group__in=["COURT", "OUT_OF_COURT", "RESETTLEMENT"]),
                name="case_group_known",
            ),
            models.CheckConstraint(
                condition=Q(age__isnull=True) | Q(age__gte=8, age__lte=21),
                name="case_age_of_a_child_in_youth_justice",
                violation_error_message="Enter an age between 8 and 21.",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="case_keeps_its_group", fields=["inspection", "group"]),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[self.inspection_id, self.pk])


class Answer(models.Model):
    """What stands as the answer to one question in one case.

    ``value`` is empty where only a note was written. ``version`` counts the saves that
    were accepted; a save names the version it was made from.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=10)
    value = models.CharField(max_length=14, choices=AnswerValue, blank=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField()
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "question"], name="answer_once"),
            models.CheckConstraint(
                condition=Q(value__in=["", "YES", "NO", "NOT_APPLICABLE"]),
                name="answer_value_known",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="answer_version_from_one"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="answer_to_a_question_of_its_case",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("case_id", "question", "value"),
                declare=[("not_applicable_allowed", "boolean")],
                func="""
                    SELECT q.allows_not_applicable INTO not_applicable_allowed
                    FROM cases_case c
                    JOIN inspections_inspection i ON i.id = c.inspection_id
                    JOIN inspections_editionquestion q
                        ON q.edition_id = i.edition_id
                        AND q.code = NEW.question AND q."group" = c."group"
                    WHERE c.id = NEW.case_id;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'Question % is not asked in this case.', NEW.question
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.value = 'NOT_APPLICABLE' AND NOT not_applicable_allowed THEN
                        RAISE EXCEPTION
                            'Question % is answered Yes or No in every case of this edition.',
                            NEW.question USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.get_value_display() or 'no answer'}"


class AnswerSave(models.Model):
    """One save that reached the server, accepted or not; rows are only ever added.

    The device that sends a save chooses its ``id``, so that a retry after a lost reply
    is recognised. ``base_version`` is the version that the inspector saw, ``version``
    the one that the save became: empty when another save had come first, a conflict.
    ``made_at`` is what the device's clock said; it is kept, never relied upon.
    ``loaded_by`` is the lead inspector who loaded it from a file of a device's outbox;
    ``saved_by`` is then whose answer it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="saves")
    question = models.CharField(max_length=10)
    value = models.CharField(max_length=14, choices=AnswerValue, blank=True)
    note = models.TextField(blank=True)
    base_version = models.PositiveIntegerField()
    version = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    loaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "question", "saved_at"], name="answersave_history")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "question", "version"], name="answersave_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.get_value_display() or 'no answer'}"
