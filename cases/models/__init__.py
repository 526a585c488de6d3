"""Sampled cases, their answers with every save, comments and samples."""

from cases.caseload.models import Sample
from cases.models.answers import Answer, AnswerSave
from cases.models.case import Case, CaseQuerySet
from cases.models.choices import (
    DISPOSALS_OF_GROUP,
    AnswerValue,
    DisposalType,
    EducationStatus,
    Ethnicity,
    Factor,
    Gender,
    Level,
    ProtectionPlan,
    YesNo,
    YesNoUnknown,
)
from cases.models.comments import Comment, CommentReply

__all__ = [
    "DISPOSALS_OF_GROUP",
    "Answer",
    "AnswerSave",
    "AnswerValue",
    "Case",
    "CaseQuerySet",
    "Comment",
    "CommentReply",
    "DisposalType",
    "EducationStatus",
    "Ethnicity",
    "Factor",
    "Gender",
    "Level",
    "ProtectionPlan",
    "Sample",
    "YesNo",
    "YesNoUnknown",
]
