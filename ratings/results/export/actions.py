"""Recording that an inspection is exported: before anything of it is written."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from inspections.history import action
from inspections.models import Inspection, User
from ratings.models import InspectionExport
from ratings.retention_permissions import EXPORT

READY_FOR = timedelta(hours=1)
"""In which whoever asked for an export fetches its file; then they ask again, which is recorded."""


@action
def record_export(
    *, inspection: Inspection, redacted: bool, purpose: str, by: User
) -> InspectionExport:
    """Raises ``Refused``."""
    EXPORT.check(by, inspection)
    return InspectionExport.objects.create(
        inspection=inspection,
        redacted=redacted,
        purpose=purpose,
        exported_at=timezone.now(),
        exported_by=by,
    )


def record_export_by_command(
    *, inspection: Inspection, redacted: bool, purpose: str, user: str
) -> InspectionExport:
    """By the account ``user`` of the machine, whoever that is."""
    return InspectionExport.objects.create(
        inspection=inspection,
        redacted=redacted,
        purpose=purpose,
        exported_at=timezone.now(),
        command_user=user,
    )
