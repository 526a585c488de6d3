"""Sampled cases, their answers with every save, comments, samples and who records which case."""

from cases.caseload.models import (
    CaseList,
    CaseSource,
    Draw,
    DrawnCase,
    LeadChoice,
    ListedCase,
    PutBack,
    Sample,
    TakenOut,
)
from cases.models.allocation import (
    DeclaredInterest,
    ExpectedMinutes,
    InterviewedCase,
    InterviewSlot,
    LinkedCase,
    LinkedCases,
)
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
    OffenceCategory,
    ProtectionPlan,
    YesNo,
    YesNoUnknown,
)
from cases.models.comments import Comment, CommentReply
from cases.models.reads import CaseRead
from cases.models.saves import DetailSave

__all__ = [
    "DISPOSALS_OF_GROUP",
    "Answer",
    "AnswerSave",
    "AnswerValue",
    "Case",
    "CaseList",
    "CaseQuerySet",
    "CaseRead",
    "CaseSource",
    "Comment",
    "CommentReply",
    "DeclaredInterest",
    "DetailSave",
    "DisposalType",
    "Draw",
    "DrawnCase",
    "EducationStatus",
    "Ethnicity",
    "ExpectedMinutes",
    "Factor",
    "Gender",
    "InterviewSlot",
    "InterviewedCase",
    "LeadChoice",
    "Level",
    "LinkedCase",
    "LinkedCases",
    "ListedCase",
    "OffenceCategory",
    "ProtectionPlan",
    "PutBack",
    "Sample",
    "TakenOut",
    "YesNo",
    "YesNoUnknown",
]
