"""Findings under key questions, and the evidence they rest on."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.functional import cached_property

from inspections.invariants import EDITION, has_words, one_of, refuse_unless
from inspections.models import Inspection, Membership, User
from inspections.versions import Versioned


def _under_a_qualitative_key_question(name: str, edition: str = EDITION) -> pgtrigger.Trigger:
    """``edition`` is SQL for the code of the edition that the key question has to be of."""
    return refuse_unless(
        name,
        f"""
            EXISTS (
                SELECT FROM inspections_editionquestion
                WHERE edition_id = {edition} AND code = NEW.key_question
                    AND is_key_question AND "group" = ''
            )
        """,
        "% is not a key question of a qualitative standard of this edition.",
        "NEW.key_question",
    )


class FindingQuerySet(models.QuerySet["Finding"]):
    def with_evidence(self) -> FindingQuerySet:
        """In the order of the report, each with the evidence that it names."""
        supports = FindingSupport.objects.order_by("use__evidence_id").select_related(
            "use__evidence"
        )
        return self.order_by("key_question", "-kind", "position").prefetch_related(
            Prefetch("supports", supports)
        )


@pghistory.track()
class Finding(Versioned):
    """A strength or an area for improvement under a key question of a qualitative standard.

    ``position`` orders the findings of one kind under one key question, from 1.
    """

    class Kind(models.TextChoices):
        STRENGTH = "STRENGTH", "Strength"
        AREA_FOR_IMPROVEMENT = "AREA_FOR_IMPROVEMENT", "Area for improvement"

        @property
        def plural(self) -> str:
            """“Strengths”, “Areas for improvement”."""
            first, *rest = self.label.split(" ")
            return " ".join([f"{first}s", *rest])

        @property
        def with_article(self) -> str:
            """“a strength”, “an area for improvement”."""
            label = self.label.lower()
            return f"an {label}" if label[0] in "aeiou" else f"a {label}"

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="findings")
    key_question = models.CharField(max_length=10)
    kind = models.CharField(max_length=20, choices=Kind)
    text = models.TextField()
    position = models.PositiveIntegerField()

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("inspection", "key_question", "-kind", "position")
        constraints = [
            *Versioned.Meta.constraints,
            # Two findings swap positions in one statement, so this is checked after it.
            models.UniqueConstraint(
                fields=["inspection", "key_question", "kind", "position"],
                name="finding_one_at_a_position",
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            one_of("finding_kind_known", "kind", ["STRENGTH", "AREA_FOR_IMPROVEMENT"]),
            has_words("finding_has_words", "text"),
            models.CheckConstraint(condition=Q(position__gte=1), name="finding_position_from_one"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="finding_keeps_its_key_question",
                fields=["inspection", "key_question", "kind"],
            ),
            _under_a_qualitative_key_question("finding_under_a_qualitative_key_question"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} under {self.key_question}"

    @cached_property
    def named_evidence(self) -> list[Evidence]:
        """The evidence that it names; empty if it rests on all of its key question's."""
        return [support.use.evidence for support in self.supports.all()]


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def with_uses(self) -> EvidenceQuerySet:
        """By kind and title, each with the key questions it is used under."""
        ordered = self.order_by("kind", "title", "pk")
        return ordered.select_related("added_by").prefetch_related("uses")


@pghistory.track()
class Evidence(Versioned):
    """An evidence item for the qualitative standards.

    Its fields depend on its kind: a document may have an ``evidence_date``; a meeting or an
    interview has a date and ``roles`` (never names); a survey has the numbers ``sent`` and
    ``returned``; case data has the question asked in cases (``case_question``), whose figure is
    always computed and never stored.
    """

    class Kind(models.TextChoices):
        DOCUMENT = "DOCUMENT", "Document"
        MEETING = "MEETING", "Meeting"
        SURVEY = "SURVEY", "Survey"
        INTERVIEW = "INTERVIEW", "Interview"
        CASE_DATA = "CASE_DATA", "Case data"

    ADDED_IT = "ADDED_IT"
    """The role of an inspector of the team in the evidence that they added."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=200)
    evidence_date = models.DateField(null=True, blank=True)
    roles = models.CharField(max_length=500, blank=True)
    sent = models.PositiveIntegerField(null=True, blank=True)
    returned = models.PositiveIntegerField(null=True, blank=True)
    case_question = models.CharField(max_length=10, blank=True)
    notes = models.TextField(blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ("inspection", "kind", "title", "pk")
        constraints = [
            *Versioned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="DOCUMENT", roles="", sent=None, returned=None, case_question="")
                | Q(
                    kind__in=["MEETING", "INTERVIEW"],
                    evidence_date__isnull=False,
                    roles__regex=r"\S",
                    sent=None,
                    returned=None,
                    case_question="",
                )
                | Q(
                    kind="SURVEY",
                    evidence_date=None,
                    roles="",
                    sent__isnull=False,
                    returned__isnull=False,
                    case_question="",
                )
                | (
                    Q(kind="CASE_DATA", evidence_date=None, roles="", sent=None, returned=None)
                    & ~Q(case_question="")
                ),
                name="evidence_holds_what_its_kind_does",
            ),
            has_words("evidence_has_a_title", "title"),
            models.CheckConstraint(
                condition=Q(sent=None) | Q(sent__gte=1, returned__gte=0, returned__lte=F("sent")),
                name="evidence_no_more_returned_than_sent",
            ),
            models.UniqueConstraint(
                fields=["inspection", "case_question"],
                condition=Q(kind="CASE_DATA"),
                name="evidence_case_data_once_a_question",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="evidence_keeps_its_kind", fields=["inspection", "kind"]),
            refuse_unless(
                "evidence_of_a_question_asked_in_cases",
                f"""
                    NEW.case_question = '' OR EXISTS (
                        SELECT FROM inspections_editionquestion
                        WHERE edition_id = {EDITION} AND code = NEW.case_question
                            AND "group" <> ''
                    )
                """,
                "Question % is not asked in the cases of this edition.",
                "NEW.case_question",
                on=pgtrigger.Insert | pgtrigger.UpdateOf("case_question"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def used_under(self) -> list[str]:
        """The codes of the key questions that it is used under."""
        return sorted(use.key_question for use in self.uses.all())

    @property
    def inspection_state(self) -> str:
        return self.inspection.state

    @property
    def case_state(self) -> str:
        return ""

    def roles_of(self, user: User) -> frozenset[str]:
        """The roles for the table of permissions."""
        roles = self.inspection.roles_of(user)
        if Membership.Role.INSPECTOR in roles and self.added_by_id == user.pk:
            return roles | {self.ADDED_IT}
        return roles


@pghistory.track()
class EvidenceUse(models.Model):
    """An evidence item used under one key question; it may be used under several."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="uses")
    key_question = models.CharField(max_length=10)

    class Meta:
        ordering = ("evidence", "key_question")
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "key_question"], name="evidence_used_once_a_key_question"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="evidence_use_stays_where_it_is", fields=["evidence", "key_question"]
            ),
            _under_a_qualitative_key_question(
                "evidence_use_under_a_qualitative_key_question",
                """(
                    SELECT i.edition_id FROM ratings_evidence e
                    JOIN inspections_inspection i ON i.id = e.inspection_id
                    WHERE e.id = NEW.evidence_id
                )""",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence} under {self.key_question}"


@pghistory.track()
class FindingSupport(models.Model):
    """A finding names this evidence, which is used under its key question.

    A finding without any rests on all that is used there (``ratings.evidence.matrix``).
    """

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="supports")
    use = models.ForeignKey(EvidenceUse, on_delete=models.RESTRICT, related_name="supports")

    class Meta:
        ordering = ("finding", "use")
        constraints = [
            models.UniqueConstraint(fields=["finding", "use"], name="finding_support_once"),
        ]
        triggers = [
            refuse_unless(
                "finding_support_under_the_same_key_question",
                """
                    EXISTS (
                        SELECT FROM ratings_finding f
                        JOIN ratings_evidence e ON e.inspection_id = f.inspection_id
                        JOIN ratings_evidenceuse u
                            ON u.evidence_id = e.id AND u.key_question = f.key_question
                        WHERE f.id = NEW.finding_id AND u.id = NEW.use_id
                    )
                """,
                "A finding rests on evidence that is used under its key question.",
                on=pgtrigger.Insert | pgtrigger.UpdateOf("finding_id", "use_id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding} rests on {self.use}"
