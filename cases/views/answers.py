"""The answers of all cases to one question: what its percentage is made of."""

from __future__ import annotations

from collections import Counter

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.loading import cases_crumb, note_shown
from cases.models import Answer, AnswerValue
from cases.permissions import SEE_ANSWERS
from inspections.access.requests import SignedInRequest
from inspections.loading import load_inspection

NOT_ANSWERED = ""
ORDER = (AnswerValue.NO, AnswerValue.YES, AnswerValue.NOT_APPLICABLE, NOT_ANSWERED)
"""No comes first: those are the cases that are looked at."""


@require_safe
def answers(request: SignedInRequest, inspection_id: int, code: str) -> HttpResponse:
    inspection = load_inspection(request.user, inspection_id, to=SEE_ANSWERS)
    edition = inspection.framework
    standard = edition.standard_of_question.get(code)
    if standard is None or standard.group is None:
        raise Http404(f"No case answers question {code}.")
    question = edition.key_questions_by_code.get(code) or edition.prompts_by_code[code]
    in_sample = inspection.cases.in_sample().filter(group=standard.group)
    cases = list(in_sample.select_related("allocated_to").in_order())
    given = {one.case_id: one for one in Answer.objects.filter(case__in=cases, question=code)}
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
            (case, values[case.pk], given.get(case.pk))
            for value in ORDER
            for case in cases
            if values[case.pk] == value
        ],
    }
    return render(request, "cases/answers.html", context)
