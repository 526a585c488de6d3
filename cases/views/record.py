"""One standard of a case: its prompts and key questions, read or recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.actions import Outcome, Save, record_answers
from cases.changed_answers import NOTHING, Content, changes, outdated
from cases.forms.cases import typed_comments
from cases.forms.record import RecordForm
from cases.loading import comments_for, crumbs_to, load_case
from cases.models import Answer, Case
from cases.permissions import RECORD, SEE_ANSWERS
from cases.progress import StandardProgress, case_progress
from cases.views.case import comment_form, save_comments
from cases.words import anchor, counted, standard_url, what_notes_hold
from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest
from inspections.framework import Group, Standard


def record(
    request: SignedInRequest, inspection_id: int, case_id: int, standard: str
) -> HttpResponse:
    case = load_case(request, inspection_id, case_id)
    for found in case.inspection.framework.case_standards(case.group):
        if found.code == standard:
            page = RecordPage(request, case, found)
            return page.receive() if request.method == "POST" else page.show_as_it_stands()
    raise Http404


class RecordPage:
    """The page of one standard of one case, for one request."""

    def __init__(self, request: SignedInRequest, case: Case, standard: Standard) -> None:
        self.request = request
        self.case = case
        self.standard = standard
        self.as_of = timezone.now()
        """Everything saved before this is in ``answers``; later saves may be."""
        self.answers = self._load_answers()
        self.comment_form = comment_form(request, case)
        self.typed = typed_comments(request.POST)
        """The words of comments and replies that are not saved yet, by field."""
        self.refused_comments: list[tuple[str, str]] = []
        """Those that can't be saved any more: why, and the words."""

    def _crumbs(self) -> list[tuple[str, str]]:
        """With the way back to the answers of all cases, for those who came from there."""
        crumbs = crumbs_to(self.case, f"{self.standard.code} {self.standard.name}")
        question, inspection = self.request.GET.get("answers"), self.case.inspection
        if question in inspection.framework.standard_of_question and SEE_ANSWERS.can(
            self.request.user, inspection
        ):
            back = reverse("cases:answers", args=[inspection.pk, question])
            crumbs.insert(1, (f"Answers to {question}", f"{back}#case-{self.case.pk}"))
        return crumbs

    def _load_answers(self) -> dict[str, Answer]:
        """The current answers of the whole case, by question."""
        return {answer.question: answer for answer in self.case.answers.with_people()}

    def form(self, *, read_only: bool = False, shows_submitted: bool = True) -> RecordForm:
        """The questions, as submitted if this page was."""
        return RecordForm(
            self.request.POST if self.request.method == "POST" and shows_submitted else None,
            edition=self.case.inspection.framework,
            standard=self.standard,
            answers=self.answers,
            read_only=read_only,
            comments=comments_for(self.request.user, self.case),
        )

    def receive(self) -> HttpResponse:
        """Answers, and comments, replies and a resolution; answers are saved first."""
        sends_answers = any(name.endswith("-base") for name in self.request.POST)
        return self.save() if self.comment_form is None or sends_answers else self._go_on()

    def show_as_it_stands(self, status: int = 200) -> HttpResponse:
        reason = RECORD.why_not(self.request.user, self.case)
        form = self.form(read_only=reason is not None, shows_submitted=False)
        return self.show(form, reason=reason, status=status)

    def _go_on(self) -> HttpResponse:
        """Save the comments, if any; then to the question they are about, or where was asked."""
        here = self.case.record_url(self.standard.code)
        then = self.request.POST.get("then")
        if self.comment_form is not None:
            if not self.comment_form.is_valid():
                self.answers = self._load_answers()
                return self.show_as_it_stands(status=409)
            saved = save_comments(self.request, self.case, self.comment_form)
            self.typed, self.refused_comments = {}, saved.refused
            if self.refused_comments:
                self.answers = self._load_answers()
                self.case = load_case(self.request, self.case.inspection_id, self.case.pk)
                return self.show_as_it_stands(status=403)
            if then not in ("continue", "stay"):
                return redirect(f"{here}#{anchor(saved.question)}")
        return redirect(self._onward() if then == "continue" else here)

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
            self.answers = self._load_answers()
            form = self.form()
            form.is_valid()
            form.show_conflicts(conflicts)
            return self.show(form, status=409)
        if saves:
            saved = counted(len(saves), "change")
            messages.success(self.request, f"{saved} to {self.standard.code} saved.")
        if self.request.POST.get("then") == "continue":
            notes = {f"your note on {save.question}": save.note for save in saves}
            if words := what_notes_hold(notes):
                messages.warning(self.request, words)
        return self._go_on()

    def _seen(self, submitted: Iterable[Save]) -> Mapping[str, Content]:
        """What an outdated page showed for the questions that were answered since."""
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

    def _following(self) -> Standard | None:
        standards = self.case.inspection.framework.case_standards(self.case.group)
        number = standards.index(self.standard) + 1
        return standards[number] if number < len(standards) else None

    def _onward(self) -> str:
        """The next standard, at its first question without an answer; after the last, the case."""
        following = self._following()
        if following is None:
            return self.case.get_absolute_url()
        found = next(one for one in self._progress() if one.standard is following)
        return standard_url(self.case, found)

    def _progress(self) -> list[StandardProgress]:
        answered = {code for code, answer in self.answers.items() if answer.value}
        edition = self.case.inspection.framework
        return case_progress(edition, Group(self.case.group), answered)

    def _show_refused(self, refusal: Refused) -> HttpResponse:
        """The current answers, with the submitted ones that can't be saved any more."""
        self.case = load_case(self.request, self.case.inspection_id, self.case.pk)
        self.answers = self._load_answers()
        form = self.form(read_only=True)
        self.refused_comments = [(str(refusal), words) for words in self.typed.values()]
        return self.show(form, reason=str(refusal), refused=True, status=403)

    def show(
        self,
        form: RecordForm,
        *,
        reason: str | None = None,
        refused: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        progress = self._progress()
        here = next(one for one in progress if one.standard is self.standard)
        asked_by_link = self.request.GET.get("comment")
        context = {
            "case": self.case,
            "onward": self._onward(),
            "following": self._following(),
            "standard": self.standard,
            "standards": progress,
            "progress": here.progress,
            "missing": here.missing,
            "crumbs": self._crumbs(),
            "form": form,
            "as_of": self.as_of,
            "problems": list(form.problems),
            "conflicts": form.conflict_codes,
            "comment_form": self.comment_form,
            "typed": self.typed,
            "refused_comments": self.refused_comments,
            "commenting_on": self.request.POST.get("comment-question", asked_by_link),
            "open_comments": [one for one in form.comments if one.resolved_at is None],
            "reason": reason,
            "refused": refused,
        }
        return render(self.request, "cases/record.html", context, status=status)
