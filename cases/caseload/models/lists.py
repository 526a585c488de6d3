"""Lists of cases that a service sent, their rows, and what the lead decided about single ones."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils.crypto import salted_hmac

from cases.caseload.rows import CaseRow, reference_key
from inspections.framework import Group
from inspections.invariants import both_or_neither, has_words, one_of
from inspections.models import GroupChoice, Inspection, User


def hash_of_child(inspection: int, child_reference: str) -> str:
    """A child's reference as it is stored: HMAC-SHA-256 under a key of the inspection.

    The key is derived from the service's secret key and the inspection's number, so a copy of the
    database alone doesn't let anybody try references, and one child has other hashes elsewhere.
    """
    if not child_reference:
        return ""
    salt = f"cases.caseload.child_reference/{inspection}"
    return salted_hmac(salt, reference_key(child_reference), algorithm="sha256").hexdigest()


class CaseListQuerySet(models.QuerySet["CaseList"]):
    def taken(self) -> CaseListQuerySet:
        """Those that count: that were taken, and weren't withdrawn since."""
        return self.filter(taken_at__isnull=False, withdrawn_at=None)

    def waiting(self) -> CaseListQuerySet:
        """Those that were read, and are neither taken nor discarded yet."""
        return self.filter(taken_at=None)


@pghistory.track(exclude=["problems"])
class CaseList(models.Model):
    """A list of cases, read from a file that was not kept.

    A list that isn't taken yet counts nowhere and can be discarded with its rows. ``sha256`` is of
    the file. ``mapping`` says as which of our headings each heading was read, ``dropped`` which
    columns held names or dates of birth, ``unknown`` which weren't read. ``problems`` has for each
    cell that isn't valid its row, column, value and message; those rows are not among ``rows``.
    ``rows_left`` counts the rows that were left as an earlier list has them.

    A list that was read wrongly can be withdrawn until a sample is drawn: it counts nowhere from
    then on, stays with its rows, and its file can be loaded again.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="case_lists")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    dropped = models.JSONField(default=list)
    unknown = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    rows_read = models.PositiveIntegerField()
    rows_left = models.PositiveIntegerField(default=0)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[CaseListQuerySet] = CaseListQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("inspection", "-loaded_at", "-pk")
        constraints = [
            both_or_neither("caselist_taken_by_somebody_at_some_time", "taken_at", "taken_by"),
            both_or_neither(
                "caselist_withdrawn_by_somebody_at_some_time", "withdrawn_at", "withdrawn_by"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(taken_at__isnull=False),
                name="caselist_withdrawn_once_taken",
            ),
            models.UniqueConstraint(
                fields=["inspection", "sha256"],
                condition=models.Q(withdrawn_at=None),
                name="caselist_of_a_file_once",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="taken_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__taken_at__isnull=False),
                func="""
                    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL
                        OR to_jsonb(NEW) - '{withdrawn_at,withdrawn_by_id}'::text[]
                            <> to_jsonb(OLD) - '{withdrawn_at,withdrawn_by_id}'::text[]
                    THEN
                        RAISE EXCEPTION 'A list that was taken stays as it is.'
                            USING ERRCODE = 'check_violation';
                    ELSIF NEW.withdrawn_at IS NOT NULL AND EXISTS (
                        SELECT FROM cases_draw d JOIN cases_sample s ON s.id = d.sample_id
                        WHERE s.inspection_id = OLD.inspection_id AND d.drawn_at >= OLD.taken_at
                    ) THEN
                        RAISE EXCEPTION 'A sample was drawn since, so the list stays.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("cases:list", args=[self.inspection_id, self.pk])

    @property
    def rows_left_out(self) -> int:
        """How many of its rows have a problem."""
        return len({problem["row"] for problem in self.problems})


class ListedCaseQuerySet(models.QuerySet["ListedCase"]):
    def that_count(self, inspection: Inspection | int) -> ListedCaseQuerySet:
        """Every row of the lists that count."""
        return self.filter(
            case_list__inspection=inspection,
            case_list__taken_at__isnull=False,
            case_list__withdrawn_at=None,
        )

    def current(self, inspection: Inspection) -> ListedCaseQuerySet:
        """The latest row of each reference, of the lists that count."""
        latest = (
            self.that_count(inspection)
            .order_by("reference", "-case_list__taken_at", "-case_list_id", "row")
            .distinct("reference")
        )
        return self.filter(pk__in=latest.values("pk")).order_by("row", "pk")


class ListedCase(models.Model):
    """A row of a list, as ``CaseRow`` has it. It never changes; a later list may have another one.

    ``child_hash`` is all that is kept of the child's reference.
    """

    case_list = models.ForeignKey(CaseList, on_delete=models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField()
    reference = models.CharField(max_length=40)
    group = models.CharField(max_length=12, choices=GroupChoice)
    disposal_type = models.CharField(max_length=30, blank=True)
    disposal_local_name = models.CharField(max_length=100, blank=True)
    disposal_date = models.DateField(null=True)
    offence = models.CharField(max_length=30, blank=True)
    offence_detail = models.CharField(max_length=100, blank=True)
    age = models.PositiveSmallIntegerField(null=True)
    gender = models.CharField(max_length=10, blank=True)
    ethnicity = models.CharField(max_length=10, blank=True)
    serious_harm_level = models.CharField(max_length=14, blank=True)
    safety_level = models.CharField(max_length=14, blank=True)
    child_hash = models.CharField(max_length=64, blank=True)
    start_date = models.DateField(null=True)
    release_date = models.DateField(null=True)
    is_sensitive = models.BooleanField(default=False)
    case_manager = models.CharField(max_length=40, blank=True)
    team = models.CharField(max_length=100, blank=True)

    objects: ClassVar[ListedCaseQuerySet] = ListedCaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("case_list", "row")
        indexes = [models.Index(fields=["reference"], name="listedcase_reference")]
        constraints = [
            models.UniqueConstraint(fields=["case_list", "row"], name="listedcase_row_once"),
            models.CheckConstraint(
                condition=~models.Q(reference=""), name="listedcase_reference_given"
            ),
            one_of("listedcase_group_known", "group", GroupChoice.values),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="stays_as_read",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'DELETE' AND NOT EXISTS (
                        SELECT FROM cases_caselist
                        WHERE id = OLD.case_list_id AND taken_at IS NOT NULL
                    ) THEN
                        RETURN OLD;
                    END IF;
                    RAISE EXCEPTION 'Rows of a list stay as they were read.'
                        USING ERRCODE = 'check_violation';
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def as_row(self) -> CaseRow:
        """For the pure rules. Its number is ``pk``, because rows of several lists come together,
        and the child's reference is the hash."""
        values: dict[str, Any] = {name: getattr(self, name) for name in AS_READ}
        values["group"] = Group(self.group)
        return CaseRow(row=self.pk, child_reference=self.child_hash, **values)


AS_READ = tuple(
    name for name in CaseRow.__dataclass_fields__ if name not in {"row", "child_reference"}
)
"""What a stored row and a ``CaseRow`` have in common."""


class LeadChoiceQuerySet(models.QuerySet["LeadChoice"]):
    def latest_of(self, inspection: Inspection) -> LeadChoiceQuerySet:
        """The latest choice about each reference, which is the one that counts."""
        of = self.filter(inspection=inspection)
        return of.order_by("reference", "-pk").distinct("reference")


class LeadChoice(models.Model):
    """What the lead inspector decided about one case of the lists; the latest one counts.

    It is about the service's reference, so it holds for the case in later lists too. Rows can
    only be added.
    """

    class Kind(models.TextChoices):
        LEFT_OUT = "LEFT_OUT", "Left out"
        KEPT = "KEPT", "Kept"
        """Kept among the cases of one child, or taken in although the list calls it sensitive."""
        WITHDRAWN = "WITHDRAWN", "As the rules say"

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.TextField()
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[LeadChoiceQuerySet] = LeadChoiceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("inspection", "reference", "-pk")
        indexes = [
            models.Index(fields=["inspection", "reference", "-id"], name="leadchoice_latest")
        ]
        constraints = [
            one_of("leadchoice_kind_known", "kind", ["LEFT_OUT", "KEPT", "WITHDRAWN"]),
            has_words("leadchoice_has_a_reason", "reason"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.get_kind_display()}"
