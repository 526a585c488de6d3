"""What becomes of cases and interviews when their inspector leaves the team."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Count, F, QuerySet
from django.utils import timezone

from cases.models import Case, DeclaredInterest, InterviewSlot
from inspections.models import Inspection, User


class HeldCases:
    """The cases that people of an inspection hold (``inspections.team.work.HeldWork``)."""

    def counts(self, inspection: Inspection) -> Mapping[int, int]:
        held = Case.objects.in_sample().filter(inspection=inspection).exclude(allocated_to=None)
        return dict(held.order_by().values_list("allocated_to").annotate(Count("pk")))

    def words(self, number: int) -> str:
        return f"{number} case{'' if number == 1 else 's'}"

    def hand_over(
        self, *, inspection: Inspection, people: Collection[int], to: User, by: User
    ) -> User | None:
        """Allocate all their cases to ``to``, also submitted and signed-off ones, so that each has
        somebody to return it to; to nobody if ``to`` declared an interest in the service. Saves
        that are on their way are waited for, and later ones are refused, as after any other
        allocation."""
        interests = DeclaredInterest.objects.filter(person=to, service=inspection.service_id)
        holder = None if interests.exists() else to
        held = Case.objects.filter(inspection=inspection, allocated_to__in=people)
        # In one order, as for any change of many cases.
        locked = held.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True)
        Case.objects.filter(pk__in=list(locked)).update(allocated_to=holder)
        return holder


class HeldInterviews:
    """The interviews of an inspection that are not over."""

    def counts(self, inspection: Inspection) -> Mapping[int, int]:
        held = self._to_come(inspection).order_by()
        return dict(held.values_list("inspector").annotate(Count("pk")))

    def words(self, number: int) -> str:
        return f"{number} interview{'' if number == 1 else 's'}"

    def hand_over(
        self, *, inspection: Inspection, people: Collection[int], to: User, by: User
    ) -> User | None:
        """As the next version of each, so that nobody changes one unseen. The timetable shows
        where the lead inspector has two at once now."""
        self._to_come(inspection).filter(inspector__in=people).update(
            inspector=to, version=F("version") + 1, saved_at=timezone.now(), saved_by=by
        )
        return to

    def _to_come(self, inspection: Inspection) -> QuerySet[InterviewSlot]:
        return InterviewSlot.objects.filter(inspection=inspection).ending_after(timezone.now())
