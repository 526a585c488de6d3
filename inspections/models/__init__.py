"""Services, their inspections, the people of each, and the editions they are inspected against."""

from __future__ import annotations

from inspections.access.kept_forms import KeptForm
from inspections.access.sent_forms import SentForm
from inspections.access.sign_in_records import SignInRecord
from inspections.access.users import User, UserManager
from inspections.models.announcements import RequestedItem, SamplingWindow
from inspections.models.editions import EditionQuestion, EditionRecord, EditionStandard, GroupChoice
from inspections.models.exports import HistoryExport
from inspections.models.inspections import (
    Inspection,
    InspectionQuerySet,
    Membership,
    roles_from,
)
from inspections.models.removal import DeletionCertificate
from inspections.models.services import Service

__all__ = [
    "DeletionCertificate",
    "EditionQuestion",
    "EditionRecord",
    "EditionStandard",
    "GroupChoice",
    "HistoryExport",
    "Inspection",
    "InspectionQuerySet",
    "KeptForm",
    "Membership",
    "RequestedItem",
    "SamplingWindow",
    "SentForm",
    "Service",
    "SignInRecord",
    "User",
    "UserManager",
    "roles_from",
]
