"""The answers of all cases to one question: what its percentage is made of."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cases.actions import mark_quotable
from cases.forms.quotable import QuotableForm
from cases.history import marks_taken_off
from cases.loading import cases_crumb, note_shown
from cases.models import Answer, AnswerValue
from cases.models.order import ReferenceOrder
from cases.permissions import MARK_QUOTABLE, SEE_ANSWERS
from inspections.access.requests import SignedInRequest
from inspections.framework import KeyQuestion, Prompt, Standard
from inspections.loading import load_inspection
from inspections.models import Inspection
from inspections.versions import Conflict

NOT_ANSWERED = ""
ORDER = (AnswerValue.NO, AnswerValue.YES, AnswerValue.NOT_APPLICABLE, NOT_ANSWERED)
"""No comes first: those are the cases that are looked at."""


@require_safe
def answers(request: SignedInRequest, inspection_id: int, code: str) -> HttpResponse:
    inspection = load_inspection(request.user, inspection_id, to=SEE_ANSWERS)
    standard, question = _asked(inspection, code)
    in_sample = inspection.cases.in_sample().filter(group=standard.group)
    cases = list(in_sample.select_related("allocated_to").in_order())
    found = Answer.objects.filter(case__in=cases, question=code).select_related("quotable_by")
    given = {one.case_id: one for one in found}
    taken_off = marks_taken_off(given.values())
    values = {case.pk: given[case.pk].value if case.pk in given else NOT_ANSWERED for case in cases}
    note_shown(request, [case for case in cases if case.pk in given])
    counts = Counter(values.values())
    context = {
        "inspection": inspection,
        "crumbs": [cases_crumb(inspection), (f"Answers to {code}", "")],
        "standard": standard,
        "question": question,
        "counts": [(value, counts[value]) for value in ORDER if counts[value]],
        "rows": [
            (case, values[case.pk], answer, taken_off.get(answer.pk) if answer else None)
            for value in ORDER
            for case in cases
            if values[case.pk] == value
            for answer in [given.get(case.pk)]
        ],
    }
    return render(request, "cases/answers.html", context)


@require_POST
def quotable(request: SignedInRequest, inspection_id: int, code: str) -> HttpResponse:
    """Mark the note of one case as quotable, or take the mark away; back to the answers."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_ANSWERS)
    _asked(inspection, code)
    MARK_QUOTABLE.check(request.user, inspection)
    form = QuotableForm(request.POST)
    back = reverse("cases:answers", args=[inspection.pk, code])
    if not form.is_valid():
        messages.error(request, "Nothing was marked. Use the button beside the note.")
        return HttpResponseRedirect(back)
    case, mark = form.cleaned_data["case"], form.cleaned_data["mark"]
    in_sample = Answer.objects.of_sample(inspection)
    answer = get_object_or_404(in_sample, case=case, question=code)
    try:
        if not answer.note:
            raise Conflict(answer)
        mark_quotable(
            answer=answer,
            version=form.cleaned_data["base_version"],
            quotable=mark == "quotable",
            by=request.user,
        )
    except Conflict:
        messages.warning(
            request,
            "The answer was changed after you opened this page, and nothing was marked. "
            "Read the note again.",
        )
        return HttpResponseRedirect(back)
    # Its row takes the focus, and says that it is marked.
    return HttpResponseRedirect(f"{back}#case-{case}")


@require_safe
def quotable_notes(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Every note that the report may quote, in the report's order."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_ANSWERS)
    found = (
        Answer.objects.of_sample(inspection)
        .quotable()
        .select_related("case__inspection", "quotable_by")
        .order_by(ReferenceOrder("case__reference"))
    )
    edition = inspection.framework
    order = {code: place for place, code in enumerate(edition.standard_of_question)}
    notes = sorted(found, key=lambda one: order[one.question])
    note_shown(request, [one.case for one in notes])
    context = {
        "inspection": inspection,
        "crumbs": [cases_crumb(inspection), ("Quotable notes", "")],
        "notes": notes,
    }
    return render(request, "cases/quotable_notes.html", context)


def _asked(inspection: Inspection, code: str) -> tuple[Standard, KeyQuestion | Prompt]:
    """The question with this code and its standard. Raises ``Http404`` unless cases answer it."""
    edition = inspection.framework
    standard = edition.standard_of_question.get(code)
    if standard is None or standard.group is None:
        raise Http404(f"No case answers question {code}.")
    return standard, edition.key_questions_by_code.get(code) or edition.prompts_by_code[code]
