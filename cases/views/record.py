"""One standard of a case: its prompts and key questions, read or recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases import presenters
from cases.actions import Outcome, Save, record_answers
from cases.changed_answers import NOTHING, Content, changes, outdated
from cases.forms import RecordForm
from cases.models import Answer, Case
from cases.permissions import READ_CASE, RECORD
from cases.progress import case_progress
from cases.threads import threads_of
from cases.views.loading import crumbs_to, load_case
from cases.views.remarks import remark_form, take_remark
from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest
from inspections.framework import Group, Standard


def record(
    request: SignedInRequest, inspection_id: int, case_id: int, standard: str
) -> HttpResponse:
    case = load_case(request.user, inspection_id, case_id)
    READ_CASE.check(request.user, case)
    page = RecordPage(request, case, _standard_of(case, standard))
    if request.method == "POST":
        return page.receive()
    return page.show_as_it_stands()


def _standard_of(case: Case, code: str) -> Standard:
    for standard in case.inspection.framework.case_standards(Group(case.group)):
        if standard.code == code:
            return standard
    raise Http404


class RecordPage:
    """The page of one standard of one case, for one request."""

    def __init__(self, request: SignedInRequest, case: Case, standard: Standard) -> None:
        self.request = request
        self.case = case
        self.standard = standard
        self.as_of = timezone.now()
        """Whatever was saved before is in ``answers``; what comes later may be."""
        self.answers = self._standing()
        self.remark = remark_form(request, case)

    def _standing(self) -> dict[str, Answer]:
        """What stands in the whole case, by question."""
        answers = self.case.answers.select_related("answered_by")
        return {answer.question: answer for answer in answers}

    def form(self, *, read_only: bool = False, is_typed: bool = True) -> RecordForm:
        """The questions, as they were typed where this page was sent and ``is_typed``."""
        request = self.request
        asked = request.GET.get("comment")
        return RecordForm(
            request.POST if request.method == "POST" and is_typed else None,
            edition=self.case.inspection.framework,
            standard=self.standard,
            answers=self.answers,
            reader=request.user,
            read_only=read_only,
            threads=threads_of(
                self.case,
                request.user,
                typed=request.POST.dict(),
                errors=self.remark.errors_by_field if self.remark else {},
                commenting_on=request.POST.get("comment-question", asked) or None,
            ),
        )

    def receive(self) -> HttpResponse:
        """Answers, and what was said about a comment; answers that came along go first."""
        sends_answers = any(name.endswith("-base") for name in self.request.POST)
        if self.remark is None or sends_answers:
            return self.save()
        return self._take_remark()

    def show_as_it_stands(self, status: int = 200) -> HttpResponse:
        reason = RECORD.why_not(self.request.user, self.case)
        form = self.form(read_only=reason is not None, is_typed=False)
        return self.show(form, reason=reason, status=status)

    def _take_remark(self) -> HttpResponse:
        assert self.remark is not None
        if not self.remark.is_valid():
            self.answers = self._standing()
            return self.show_as_it_stands(status=409)
        question, said = take_remark(self.case, self.remark, self.request)
        messages.success(self.request, said)
        return redirect(
            presenters.record_url(self.case, self.standard) + f"#{presenters.anchor(question)}"
        )

    def save(self) -> HttpResponse:
        try:
            RECORD.check(self.request.user, self.case)
            form = self.form()
            if not form.is_valid():
                return self.show(form)
            submitted = form.submitted()
            saves = changes(submitted, self.answers, self._seen(submitted))
            results = record_answers(case_id=self.case.pk, saves=saves, by=self.request.user)
        except Refused as refusal:
            return self._show_refused(refusal)
        conflicts = [r.save.question for r in results if r.outcome is Outcome.CONFLICT]
        if conflicts:
            return self._show_conflicts(conflicts)
        if saves:
            saved = presenters.counted(len(saves), "change", "changes")
            messages.success(self.request, f"{saved} to {self.standard.code} saved.")
        return redirect(self._next()) if self.remark is None else self._take_remark()

    def _seen(self, submitted: Iterable[Save]) -> Mapping[str, Content]:
        """What those parts of the page showed that have been replaced since."""
        late = outdated(submitted, self.answers)
        seen: dict[str, Content] = {
            sent.question: NOTHING for sent in late if sent.base_version == 0
        }
        versions = [
            Q(question=sent.question, version=sent.base_version)
            for sent in late
            if sent.base_version
        ]
        if versions:
            history = self.case.saves.filter(reduce(or_, versions))
            seen |= {earlier.question: (earlier.value, earlier.note) for earlier in history}
        return seen

    def _next(self) -> str:
        if self.request.POST.get("then") != "continue":
            return presenters.record_url(self.case, self.standard)
        return self._onward()

    def _onward(self) -> str:
        """The next standard, or the case after the last."""
        following = self._following()
        if following:
            return presenters.record_url(self.case, following)
        return self.case.get_absolute_url()

    def _following(self) -> Standard | None:
        standards = self.case.inspection.framework.case_standards(Group(self.case.group))
        place = standards.index(self.standard) + 1
        return standards[place] if place < len(standards) else None

    def _show_conflicts(self, questions: list[str]) -> HttpResponse:
        self.answers = self._standing()
        form = self.form()
        form.is_valid()
        form.show_conflicts(questions)
        return self.show(form, status=409)

    def _show_refused(self, refusal: Refused) -> HttpResponse:
        """What stands, and beside it whatever was typed and can't be saved any more."""
        self.case = load_case(self.request.user, self.case.inspection_id, self.case.pk)
        self.answers = self._standing()
        form = self.form(read_only=True)
        return self.show(form, reason=str(refusal), refused=True, status=403)

    def show(
        self,
        form: RecordForm,
        *,
        reason: str | None = None,
        refused: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        answered = {code for code, answer in self.answers.items() if answer.value}
        progress = case_progress(form.edition, Group(self.case.group), answered)
        title = presenters.standard_title(self.standard)
        context = {
            "case": self.case,
            "onward": self._onward(),
            "standard": self.standard,
            "title": title,
            "crumbs": crumbs_to(self.case, title),
            "form": form,
            "as_of": self.as_of,
            "problems": list(form.problems),
            "remark_errors": self.remark.errors_by_field if self.remark else {},
            "conflicts": [
                {"code": code, "anchor": presenters.anchor(code)}
                for code in form.codes
                if code in form.conflicts
            ],
            "reason": reason,
            "refused": refused,
            "following": self._following(),
            "standards": [
                {
                    "title": presenters.standard_title(one.standard),
                    "href": presenters.record_url(self.case, one.standard),
                    "progress": one.progress,
                    "is_here": one.standard is self.standard,
                }
                for one in progress
            ],
            "progress": next(p.progress for p in progress if p.standard is self.standard),
        }
        return render(self.request, "cases/record.html", context, status=status)
