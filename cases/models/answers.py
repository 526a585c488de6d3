"""Answers, and every save of them."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.models.choices import AnswerValue
from cases.models.saves import KeptSave
from inspections.access.users import name_of
from inspections.invariants import one_of
from inspections.models import Inspection, User

MARK = (
    "(OLD.quotable_version, OLD.quotable_by_id) IS DISTINCT FROM "
    "(NEW.quotable_version, NEW.quotable_by_id)"
)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def of_sample(self, *inspections: Inspection | int) -> AnswerQuerySet:
        """The answers that count in these inspections: not those of cases that were taken out."""
        return self.filter(case__inspection__in=inspections).exclude(
            case__state=Case.State.TAKEN_OUT
        )

    def quotable(self) -> AnswerQuerySet:
        return self.filter(quotable_version=models.F("version"))

    def with_people(self) -> AnswerQuerySet:
        """Each with whose it is, and with ``loaded_by``: the name of the lead inspector who loaded
        it from the file of a device, if one did."""
        saved = AnswerSave.objects.filter(
            **{key: models.OuterRef(key) for key in ("case", "question", "version")}
        )
        loader = models.Subquery(saved.values_list(name_of("loaded_by")))
        return self.select_related("answered_by").annotate(loaded_by=loader)


@pghistory.track(
    pghistory.UpdateEvent(
        "quotable",
        condition=pgtrigger.Condition(f"({MARK} AND NEW.quotable_version IS NOT NULL)"),
    ),
    pghistory.UpdateEvent(
        "not_quotable",
        condition=pgtrigger.Condition(f"({MARK} AND NEW.quotable_version IS NULL)"),
    ),
    fields=["case", "question", "version", "quotable_version", "quotable_by"],
    model_name="QuotableMarkEvent",
)
class Answer(models.Model):
    """The current answer to one question in one case.

    ``value`` is empty if there is only a note. ``version`` counts accepted saves; a save names
    the version that it is based on. ``quotable_version`` is the version whose note may be quoted
    in the report, as the lead inspector ``quotable_by`` marked it: no later one. Answers have their
    saves (``AnswerSave``) for a history; events are of these marks alone, and a save writes none.
    """

    # ``answer_once`` is the index that finds a case's answers.
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="answers", db_index=False)
    question = models.CharField(max_length=10)
    value = models.CharField(max_length=14, choices=AnswerValue, blank=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField()
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    quotable_version = models.PositiveIntegerField(null=True)
    quotable_at = models.DateTimeField(null=True)
    # No index: every save would update it.
    quotable_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects: ClassVar[AnswerQuerySet] = AnswerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "question"], name="answer_once"),
            one_of("answer_value_known", "value", ["", *AnswerValue.values]),
            models.CheckConstraint(condition=Q(version__gte=1), name="answer_version_from_one"),
            models.CheckConstraint(
                condition=Q(quotable_version=None, quotable_at=None, quotable_by=None)
                | Q(
                    quotable_version__gte=1,
                    quotable_version__lte=models.F("version"),
                    quotable_at__isnull=False,
                    quotable_by__isnull=False,
                ),
                name="answer_quotable_whole",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="answer_to_a_question_of_its_case",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("case_id", "question", "value"),
                declare=[("not_applicable_allowed", "boolean")],
                # An existing answer belongs to a question of its case already.
                func="""
                    IF TG_OP = 'UPDATE' AND NEW.value <> 'NOT_APPLICABLE'
                        AND NEW.case_id = OLD.case_id AND NEW.question = OLD.question
                    THEN
                        RETURN NEW;
                    END IF;
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

    @property
    def is_quotable(self) -> bool:
        return self.quotable_version == self.version

    @property
    def was_quotable(self) -> bool:
        """Whether it was marked before the note or the answer changed."""
        return self.quotable_version is not None and not self.is_quotable


class AnswerSave(KeptSave):
    """One save of one answer."""

    # No index of its own: every save would update it, and the history filters by question.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="saves", db_index=False)
    question = models.CharField(max_length=10)
    value = models.CharField(max_length=14, choices=AnswerValue, blank=True)
    note = models.TextField(blank=True)

    class Meta(KeptSave.Meta):
        indexes = [
            models.Index(fields=["case", "question", "saved_at"], name="answersave_history"),
            # The record of everything is searched by time and by person. Both grow at their end,
            # which costs a save little.
            models.Index(fields=["saved_at"], name="answersave_when"),
            models.Index(fields=["saved_by", "saved_at"], name="answersave_who"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "question", "version"], name="answersave_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.get_value_display() or 'no answer'}"
