"""What became of a case."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from cases import presenters
from cases.forms.history import HistoryFilterForm
from cases.history import history_of, questions_saved
from cases.permissions import READ_CASE_HISTORY
from cases.views.loading import crumbs_to, load_case
from inspections.access.requests import SignedInRequest

LINES_A_PAGE = 200


def history(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    case = load_case(request.user, inspection_id, case_id)
    READ_CASE_HISTORY.check(request.user, case)
    form = HistoryFilterForm(request.GET, questions=questions_saved(case))
    lines = history_of(case, request.user, form.chosen)
    context = {
        "case": case,
        "crumbs": crumbs_to(case, "History"),
        "form": form,
        "part": form.chosen,
        "page": Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page")),
        "count": presenters.counted(len(lines), "line", "lines"),
    }
    return render(request, "cases/history.html", context)
