"""What people send about cases, and whether it can be."""

from cases.forms.cases import (
    AllocationForm,
    CaseFilterForm,
    CommentForm,
    HistoryFilterForm,
    OutboxFileForm,
    is_comment,
)
from cases.forms.details import DetailsForm
from cases.forms.record import RecordForm

__all__ = [
    "AllocationForm",
    "CaseFilterForm",
    "CommentForm",
    "DetailsForm",
    "HistoryFilterForm",
    "OutboxFileForm",
    "RecordForm",
    "is_comment",
]
