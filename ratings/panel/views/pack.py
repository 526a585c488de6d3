"""The pack for the meeting: all that the panel reads of one inspection, made for paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inspections.access.requests import SignedInRequest
from inspections.framework import Standard
from ratings.evidence.figures import Figure
from ratings.evidence.matrix import MatrixRow, load_matrix
from ratings.evidence.tallies import count_cases
from ratings.evidence.views import live_figure
from ratings.models import Evidence, current_hearing, decisions_of
from ratings.panel.decisions import find_target
from ratings.panel.page import earlier_hearings, givings_back, left_since
from ratings.panel.precedents import Precedents
from ratings.panel.readiness import stale_decisions
from ratings.panel.views.loading import crumbs_to, load_for_panel
from ratings.permissions import SEE_FINDINGS
from ratings.service import rate_inspection
from ratings.unrated import says_if_unrated


@require_safe
@says_if_unrated
def pack(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Ratings, figures, judgements with what they rest on, decisions and similar past ones, for
    everyone who may see the panel's page."""
    inspection = load_for_panel(request.user, inspection_id, SEE_FINDINGS)
    rated = rate_inspection(inspection)
    precedents = Precedents(rated, viewer=request.user)
    matrix = load_matrix(inspection, sees_findings=True)
    counts = count_cases(inspection)

    def found_under(
        standard: Standard,
    ) -> list[tuple[MatrixRow, list[tuple[Evidence, Figure | None]]]]:
        if not standard.is_qualitative:
            return []
        return [
            (row, [(item, live_figure(item, counts)) for item in row.evidence])
            for row in matrix.rows_of(standard)
        ]

    context = {
        "inspection": inspection,
        "rated": rated,
        "hearing": current_hearing(inspection),
        "earlier_hearings": earlier_hearings(inspection),
        "left_since": left_since(inspection),
        "givings_back": givings_back(inspection),
        "stale": list(stale_decisions(rated)),
        "domains": [
            (domain, [(row, found_under(row.rated.standard)) for row in standards])
            for domain, standards in rated.domains
        ],
        "decisions": [
            (find_target(inspection.framework, decision.target), decision)
            for decision in decisions_of(inspection)
        ],
        "precedents": [
            (row.rated, found)
            for row in rated.standards
            if (found := precedents.of_standard(row.rated.code))
        ],
        "crumbs": crumbs_to(inspection, "Pack for the meeting"),
    }
    return render(request, "ratings/panel/pack.html", context)
