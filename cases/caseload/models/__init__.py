"""What a service's lists said, what was drawn from them, and how each case came into a sample."""

from cases.caseload.models.lists import CaseList, LeadChoice, ListedCase
from cases.caseload.models.origins import CaseSource, PutBack, TakenOut
from cases.caseload.models.samples import Draw, DrawnCase, Sample

__all__ = [
    "CaseList",
    "CaseSource",
    "Draw",
    "DrawnCase",
    "LeadChoice",
    "ListedCase",
    "PutBack",
    "Sample",
    "TakenOut",
]
