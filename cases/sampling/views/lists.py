"""The service's lists of cases: loading one, its problems, taking or discarding it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from cases.caseload.lists import (
    FIELDS,
    Problem,
    ReadList,
    problems_csv,
    template_csv,
    template_xlsx,
)
from cases.models import CaseList
from cases.permissions import LOAD_LISTS, SEE_SAMPLING
from cases.sampling.actions import (
    AlreadyTaken,
    DrawnSince,
    NothingToTake,
    discard_list,
    store_list,
    take_list,
    withdraw_list,
)
from cases.sampling.actions.lists import drawn_since, known_before
from cases.sampling.eligible import Caseload, windows_of
from cases.sampling.forms.lists import ColumnsForm, ListForm, TakeForm
from cases.sampling.views.groups import crumbs
from cases.words import counted
from inspections.access.requests import SignedInRequest
from inspections.framework import Group
from inspections.loading import load_inspection
from inspections.models import Inspection
from inspections.versions import Conflict

PROBLEMS_A_PAGE = 100


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATES: dict[str, tuple[Callable[[], bytes], str]] = {
    "csv": (template_csv, "text/csv; charset=utf-8"),
    "xlsx": (template_xlsx, XLSX),
}


def lists(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The lists that were loaded, and the form to load one."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_SAMPLING)
    if request.method != "POST":
        return _show_lists(request, inspection, ListForm())
    LOAD_LISTS.check(request.user, inspection)
    columns = ColumnsForm(request.POST)
    is_told = bool(columns.headings)
    form = ListForm(
        request.POST,
        request.FILES,
        mapping=columns.mapping() if is_told else _mapping_before(inspection),
    )
    if not form.is_valid():
        return _show_lists(request, inspection, form, status=200)
    assert form.read is not None
    asks = not is_told and form.cleaned_data["asks"]
    if asks or ((not is_told or "again" in request.POST) and needs_mapping(form.read)):
        return _ask_for_columns(request, inspection, form)
    file = form.cleaned_data["file"]
    try:
        stored = store_list(
            inspection=inspection,
            file_name=file.name,
            sha256=form.sha256,
            read=form.read,
            by=request.user,
        )
    except AlreadyTaken as error:
        messages.info(
            request,
            f"This file was loaded already, as {error.case_list}. Nothing was loaded again.",
        )
        return redirect(error.case_list)
    return redirect(stored)


def needs_mapping(read: ReadList) -> bool:
    """Whether somebody must say which column is which: one that is needed is missing while others
    aren't known, or two could be the same."""
    ours = list(read.mapping.values())
    return bool(read.missing and read.unknown) or len(ours) > len(set(ours))


def _mapping_before(inspection: Inspection) -> dict[str, str]:
    """How the columns of the latest list of this inspection were read, and which were not."""
    latest = inspection.case_lists.taken().first()
    return dict.fromkeys(latest.unknown, "") | latest.mapping if latest else {}


def _ask_for_columns(
    request: SignedInRequest, inspection: Inspection, form: ListForm
) -> HttpResponse:
    context = {
        "inspection": inspection,
        "crumbs": crumbs(inspection, _crumb(inspection), ("Columns", "")),
        "form": ListForm(may_ask=False),
        "file_name": form.cleaned_data["file"].name,
        "read": form.read,
        "columns": ColumnsForm(read=form.read),
    }
    return render(request, "cases/sampling/columns.html", context)


def _show_lists(
    request: SignedInRequest, inspection: Inspection, form: ListForm, status: int = 200
) -> HttpResponse:
    found = list(inspection.case_lists.select_related("loaded_by", "taken_by", "withdrawn_by"))
    context = {
        "inspection": inspection,
        "crumbs": crumbs(inspection, ("Lists of cases", "")),
        "form": form,
        "taken": [one for one in found if one.taken_at and not one.withdrawn_at],
        "withdrawn": [one for one in found if one.withdrawn_at],
        "waiting": [one for one in found if not one.taken_at],
        "fields": FIELDS,
        "refused": LOAD_LISTS.why_not(request.user, inspection),
    }
    return render(request, "cases/sampling/lists.html", context, status=status)


def _crumb(inspection: Inspection) -> tuple[str, str]:
    return ("Lists of cases", reverse("cases:lists", args=[inspection.pk]))


def template(request: SignedInRequest, inspection_id: int, kind: str) -> HttpResponse:
    """The template of a list, to send to the service."""
    load_inspection(request.user, inspection_id, to=SEE_SAMPLING)
    if kind not in TEMPLATES:
        raise Http404
    make, content_type = TEMPLATES[kind]
    return _download(make(), f"list-of-cases.{kind}", content_type)


def case_list(request: SignedInRequest, inspection_id: int, list_id: int) -> HttpResponse:
    """What was read of a list and every problem of it; taking it."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_SAMPLING)
    found = _load(inspection, list_id)
    known = known_before(found).count() if found.taken_at is None else 0
    if request.method != "POST":
        form = TakeForm(None, case_list=found, known=known)
        return _show_list(request, inspection, found, form, known)
    LOAD_LISTS.check(request.user, inspection)
    form = TakeForm(request.POST, case_list=found, known=known)
    if not form.is_valid():
        return _show_list(request, inspection, found, form, known)
    try:
        taken = take_list(
            case_list=found,
            leaves_out=form.leaves_rows_out,
            replaces_earlier=form.replaces_earlier,
            by=request.user,
        )
    except Conflict as conflict:
        return _changed(request, inspection, conflict)
    except NothingToTake as error:
        form.add_error(None, str(error))
        return _show_list(request, inspection, found, form, known)
    number = taken.rows.count()
    left = f", and {taken.rows_left} left as they were" if taken.rows_left else ""
    messages.success(request, f"{counted(number, 'case')} of {taken} are taken{left}.")
    return redirect("cases:sample", inspection.pk)


def _load(inspection: Inspection, list_id: int) -> CaseList:
    found = get_object_or_404(
        inspection.case_lists.select_related("loaded_by", "taken_by", "withdrawn_by"), pk=list_id
    )
    found.inspection = inspection
    return found


def _show_list(
    request: SignedInRequest,
    inspection: Inspection,
    found: CaseList,
    form: TakeForm,
    known: int,
) -> HttpResponse:
    caseload = Caseload(
        inspection=inspection,
        windows=windows_of(inspection),
        as_of=timezone.localdate(),
        rows={row.pk: row for row in found.rows.all()},
        choices={},
    )
    groups = [
        {
            "group": group,
            "window": caseload.windows[group],
            "listed": len(caseload.eligible(group)) + left_out.total(),
            "eligible": len(caseload.eligible(group)),
            "left_out": [(reason.words, number) for reason, number in left_out.most_common()],
        }
        for group in Group
        for left_out in [caseload.left_out(group)]
    ]
    page = Paginator(found.problems, PROBLEMS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "inspection": inspection,
        "crumbs": crumbs(inspection, _crumb(inspection), (str(found), "")),
        "list": found,
        "rows": len(caseload.rows),
        "groups": groups,
        "page": page,
        "known": known,
        "form": form,
        "refused": LOAD_LISTS.why_not(request.user, inspection),
        "drawn_since": bool(found.taken_at) and drawn_since(found),
    }
    return render(request, "cases/sampling/list.html", context)


def _changed(request: SignedInRequest, inspection: Inspection, conflict: Conflict) -> HttpResponse:
    """Somebody else took, discarded or withdrew the list since the page was opened."""
    if conflict.current is None:
        messages.warning(request, "This list was discarded since you opened it.")
        return redirect("cases:lists", inspection.pk)
    is_withdrawn, is_taken = conflict.current.withdrawn_at, conflict.current.taken_at
    done = "was withdrawn" if is_withdrawn else "was taken" if is_taken else "isn’t taken yet"
    since = " since you opened it" if is_taken else ""
    messages.warning(request, f"This list {done}{since}. Nothing was changed.")
    return redirect(conflict.current)


@require_POST
def discard(request: SignedInRequest, inspection_id: int, list_id: int) -> HttpResponse:
    """Remove a list that wasn't taken."""
    inspection = load_inspection(request.user, inspection_id, to=LOAD_LISTS)
    found = _load(inspection, list_id)
    try:
        discard_list(case_list=found, by=request.user)
    except Conflict as conflict:
        return _changed(request, inspection, conflict)
    messages.success(request, f"{found} is discarded. Nothing of it is kept.")
    return redirect("cases:lists", inspection.pk)


@require_POST
def withdraw(request: SignedInRequest, inspection_id: int, list_id: int) -> HttpResponse:
    """Let a list that was taken count no more, so that its file can be loaded again."""
    inspection = load_inspection(request.user, inspection_id, to=LOAD_LISTS)
    found = _load(inspection, list_id)
    try:
        withdraw_list(case_list=found, by=request.user)
    except Conflict as conflict:
        return _changed(request, inspection, conflict)
    except DrawnSince:
        messages.warning(request, f"A sample was drawn since {found} was taken, so it stays.")
        return redirect(found)
    messages.success(request, f"{found} is withdrawn, and none of its cases counts.")
    return redirect("cases:lists", inspection.pk)


def problems(request: SignedInRequest, inspection_id: int, list_id: int) -> HttpResponse:
    """Every problem of a list as a file, to correct the list by."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_SAMPLING)
    found = _load(inspection, list_id)
    content = problems_csv(Problem(**problem) for problem in found.problems)
    return _download(content, "problems.csv", "text/csv; charset=utf-8")


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
