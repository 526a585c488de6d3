"""What people send about cases, and whether it can be."""

from cases.forms.allocation import AllocationForm
from cases.forms.details import DetailsForm
from cases.forms.listing import CaseFilterForm
from cases.forms.outbox_file import OutboxFileForm
from cases.forms.record import RecordForm
from cases.forms.remarks import RemarkForm, is_remark

__all__ = [
    "AllocationForm",
    "CaseFilterForm",
    "DetailsForm",
    "OutboxFileForm",
    "RecordForm",
    "RemarkForm",
    "is_remark",
]
