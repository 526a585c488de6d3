"""Recording a publication, changing for how long case content is kept, and removing it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.formats import date_format

from inspections.access.permissions import Refused
from inspections.history import action
from inspections.models import DeletionCertificate, Inspection, KeptForm, User
from ratings.models import FEWEST_MONTHS, MOST_MONTHS, Publication, RetentionPeriod
from ratings.results.history import link_history, verify_history
from ratings.results.retention.standing import standing_of
from ratings.retention_permissions import PUBLISH, SET_MONTHS


class NotPurged(Exception):
    """Nothing of this inspection was removed; the message says why."""


class NotADate(Exception):
    """The result can't have been published on this day; the message says why."""


@action
def record_publication(*, inspection: Inspection, published_date: date, by: User) -> Publication:
    """Record when the sealed result was published. A date that was wrong is recorded anew.

    Raises ``Refused`` and ``NotADate``.
    """
    locked = Inspection.objects.select_for_update().get(pk=inspection.pk)
    PUBLISH.check(by, locked)
    seal = standing_of(locked).seal
    assert seal is not None, "the permission is for sealed inspections alone"
    sealed_date = timezone.localdate(seal.sealed_at)
    if published_date < sealed_date:
        raise NotADate(f"The result was sealed on {date_format(sealed_date, 'j F Y')}, not before.")
    if published_date > timezone.localdate():
        raise NotADate("Enter a date that is today or in the past.")
    return Publication.objects.create(
        sealed_result=seal,
        published_date=published_date,
        months=settings.CASE_CONTENT_MONTHS,
        recorded_at=timezone.now(),
        recorded_by=by,
    )


@action
def set_months(*, inspection: Inspection, months: int, reason: str, by: User) -> RetentionPeriod:
    """Keep the case content for ``months`` after publication. Raises ``Refused``."""
    locked = Inspection.objects.select_for_update().get(pk=inspection.pk)
    SET_MONTHS.check(by, locked)
    if not FEWEST_MONTHS <= months <= MOST_MONTHS:
        raise Refused(f"Case content is kept for {FEWEST_MONTHS} to {MOST_MONTHS} months.")
    return RetentionPeriod.objects.create(
        inspection=locked, months=months, reason=reason, changed_at=timezone.now(), changed_by=by
    )


def purge(*, inspection: Inspection, called: str) -> DeletionCertificate:
    """Remove the case content of ``inspection``, all of it or nothing, and certify it.

    ``called`` says who asked. The function in the database checks the date by itself. A history
    that doesn't hold is somebody's to look at first: with its entries, what was changed would go.
    Raises ``NotPurged``.
    """
    try:
        with transaction.atomic():
            link_history(inspection.pk)
            found = verify_history(inspection.pk)
            if found.breaks:
                raise NotPurged(f"Its history does not hold. {found.breaks[0].words}")
            with connection.cursor() as cursor:
                cursor.execute("SELECT ratings_purge(%s, %s)", [inspection.pk, called])
                (number,) = cursor.fetchone()
            # What was sent too late, and waits for its person to send it again.
            KeptForm.objects.filter(address__startswith=f"/inspections/{inspection.pk}/").delete()
            # The certificate itself becomes an entry, and the new head.
            link_history(inspection.pk)
    except DatabaseError as error:
        raise NotPurged(str(error).splitlines()[0]) from error
    return DeletionCertificate.objects.get(pk=number)
