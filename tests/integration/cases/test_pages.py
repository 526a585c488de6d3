"""The pages of inspections and cases: who opens which, and what they say."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cases.actions import comment_on, reply_to
from cases.forms.cases import CaseFilterForm
from cases.models import Case
from config.demonstration import builder
from inspections.models import Inspection, User
from tests import scenes
from tests.pages import read, signed_in, words
from tests.scenes import Scene

State = Inspection.State


def answer_everything(scene: Scene) -> None:
    questions = scene.inspection.framework.case_questions("COURT")
    builder.answers(scene.case, scene.inspector, **dict.fromkeys(questions, "YES"))


@pytest.mark.parametrize(
    ("page", "ada", "grace", "lead", "panel"),
    [
        ("", 200, 200, 200, 200),
        ("cases/", 200, 200, 200, 200),
        ("cases/{case}/", 200, 200, 200, 200),
        ("cases/{case}/2.1/", 200, 200, 200, 200),
        ("cases/{case}/details/", 200, 403, 403, 403),
        ("cases/{case}/history/", 200, 403, 200, 200),
        ("progress/", 200, 200, 200, 200),
        ("contradictions/", 403, 403, 200, 403),
        ("judgements/", 403, 403, 200, 403),
        ("judgements/1.1/", 403, 403, 200, 403),
        ("move/REVIEW/", 403, 403, 200, 403),
        ("move/PANEL/", 404, 404, 404, 404),
        ("move/NOWHERE/", 404, 404, 404, 404),
    ],
)
def test_each_page_opens_for_those_whose_it_is(
    scene: Scene, page: str, ada: int, grace: int, lead: int, panel: int
) -> None:
    url = scene.home + page.format(case=scene.case.pk)
    seen = [
        signed_in(person).get(url).status_code
        for person in (scene.inspector, scene.colleague, scene.lead, scene.panel, scene.outsider)
    ]
    assert seen == [ada, grace, lead, panel, 404]


def test_a_refusal_says_why_in_words(scene: Scene) -> None:
    assert "Inspectors see ratings and judgements once fieldwork has closed" in read(
        scene.inspector, f"{scene.home}judgements/", expect=403
    )
    assert "allocated to Ada Inspector" in read(
        scene.colleague, f"{scene.case_page}details/", expect=403
    )


def test_my_inspections_are_those_i_am_on(scene: Scene) -> None:
    other = builder.inspection()
    page = read(scene.inspector, "/")
    assert str(scene.inspection.service) in page
    assert str(other.service) not in page
    assert "Inspector" in page
    assert "0 of 70" in page


def test_someone_on_no_inspection_is_told_so(db: None) -> None:
    assert "You are not on an inspection yet." in read(builder.user(), "/")


@pytest.mark.parametrize("inspections", [1, 4])
def test_my_inspections_take_the_same_few_queries_however_many(
    db: None, inspections: int, django_assert_num_queries: Any
) -> None:
    person = builder.user()
    for _ in range(inspections):
        inspection = builder.inspection()
        inspection.memberships.create(user=person, role="INSPECTOR")
        builder.case(inspection, to=person)
    client = signed_in(person)
    with django_assert_num_queries(8):
        client.get("/")


def test_home_shows_each_role_what_to_do_next(scene: Scene) -> None:
    builder.case(scene.inspection)
    assert "Answer 70 questions in your cases" in read(scene.inspector, scene.home)
    lead = read(scene.lead, scene.home)
    assert "Allocate 1 case" in lead
    assert "Judge 5 qualitative standards" in lead
    assert "Nothing waits for you here" in read(scene.colleague, scene.home)
    heard = scenes.before_panel()
    assert "Look at the ratings before the panel and decide" in read(heard.member, heard.home)


def test_home_without_cases_says_so(db: None) -> None:
    inspection = builder.inspection()
    lead = builder.lead_inspector(inspection)
    assert "No case has been sampled yet." in read(lead, inspection.get_absolute_url())


def test_home_takes_the_same_few_queries_however_many_cases(
    scene: Scene, django_assert_num_queries: Any
) -> None:
    client = signed_in(scene.lead)
    for _ in range(2):
        with django_assert_num_queries(11):
            client.get(scene.home)
        for _ in range(10):
            builder.case(scene.inspection, to=scene.colleague)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", {"C-001", "O-002", "C-003"}),
        ("?group=COURT", {"C-001", "C-003"}),
        ("?state=UNALLOCATED", {"C-003"}),
        ("?state=NOT_STARTED", {"C-001"}),
        ("?state=SIGNED_OFF", {"O-002"}),
        ("?mine=on", {"C-001"}),
        ("?group=nonsense", {"C-001", "O-002", "C-003"}),
        ("?group=RESETTLEMENT", set()),
    ],
)
def test_cases_are_filtered(scene: Scene, asked: str, shown: set[str]) -> None:
    builder.case(
        scene.inspection, "OUT_OF_COURT", scene.colleague, reference="O-002", state="SIGNED_OFF"
    )
    builder.case(scene.inspection, reference="C-003")
    page = read(scene.inspector, f"{scene.home}cases/{asked}")
    assert set(re.findall(r"[CO]-00\d", page)) == shown
    assert ("No case matches." in page) == (not shown)


def references(page: str) -> list[str]:
    return re.findall(r"[CO]-\d\d\d", page)


def test_own_cases_are_listed_first_in_the_order_of_what_is_to_do(scene: Scene) -> None:
    states = {
        "C-011": Case.State.SUBMITTED,
        "C-012": Case.State.NOT_STARTED,
        "C-013": Case.State.RETURNED,
        "C-014": Case.State.IN_PROGRESS,
        "C-010": Case.State.RETURNED,
    }
    for reference, state in states.items():
        builder.case(scene.inspection, to=scene.inspector, reference=reference, state=state)
    builder.case(scene.inspection, to=scene.colleague, reference="C-000")
    mine = ["C-010", "C-013", "C-014", "C-001", "C-012", "C-011"]
    page = read(scene.inspector, f"{scene.home}cases/")
    assert references(page) == [*mine, "C-000"]
    assert "Allocated to you, 6" in page and "Other cases, 1" in page
    # The lead's begins with a link to the next submitted case.
    assert references(read(scene.lead, f"{scene.home}cases/"))[1:3] == ["C-000", "C-001"]


def test_a_case_is_found_by_part_of_its_reference(scene: Scene) -> None:
    builder.case(scene.inspection, reference="C-017")
    assert references(read(scene.lead, f"{scene.home}cases/?reference=17")) == ["C-017"]
    assert references(read(scene.lead, f"{scene.home}cases/?reference=c-00")) == ["C-001"]


def test_the_filter_that_a_person_chose_is_remembered(scene: Scene) -> None:
    builder.case(scene.inspection, "OUT_OF_COURT", reference="O-002")
    client, page = signed_in(scene.lead), f"{scene.home}cases/"
    client.get(f"{page}?remember=on&group=OUT_OF_COURT")
    assert references(words(client.get(page))) == ["O-002"]
    # A link with filters of its own shows what it says, once.
    assert references(words(client.get(f"{page}?group=COURT"))) == ["C-001"]
    assert references(words(client.get(page))) == ["O-002"]
    client.get(f"{page}?remember=on")
    assert references(words(client.get(page))) == ["C-001", "O-002"]


def test_each_state_to_filter_by_lists_the_cases_tagged_so(scene: Scene) -> None:
    states: list[tuple[str, str]] = list(CaseFilterForm().fields["state"].choices)[1:]  # type: ignore[attr-defined]
    for state in Case.State:
        for to in (None, scene.colleague):
            builder.case(scene.inspection, to=to, state=state)
    for value, label in states:
        page = signed_in(scene.lead).get(f"{scene.home}cases/?state={value}").content.decode()
        tags = re.findall(r'<strong class="govuk-tag[^"]*">\s*(.*?)\s*</strong>', page)
        assert set(tags) == {label}


@pytest.mark.parametrize(
    ("page", "queries"),
    [
        ("cases/", 8),
        ("progress/", 6),
        ("contradictions/", 7),
        ("cases/{case}/", 12),
        ("cases/{case}/2.1/", 9),
        ("cases/{case}/history/", 9),
    ],
)
def test_a_page_takes_the_same_few_queries_however_much_there_is(
    scene: Scene, page: str, queries: int, django_assert_num_queries: Any
) -> None:
    client = signed_in(scene.lead)
    questions = scene.inspection.framework.case_questions("COURT")
    for number in (1, 20):
        builder.answers(scene.case, scene.inspector, **{questions[number]: "YES"})
        made = comment_on(case=scene.case, question=questions[0], text="Why?", by=scene.lead)
        reply_to(comment=made, text="See the file.", by=scene.inspector)
        builder.details(scene.case, scene.inspector, number, age=10 + number % 10)
        scene.case.refresh_from_db()
        with django_assert_num_queries(queries):
            client.get(scene.home + page.format(case=scene.case.pk))
        for _ in range(number):
            builder.case(scene.inspection, to=scene.colleague)


def test_the_details_page_takes_few_queries(scene: Scene, django_assert_num_queries: Any) -> None:
    client = signed_in(scene.inspector)
    with django_assert_num_queries(7):
        client.get(f"{scene.case_page}details/")


class TestMovingACase:
    def move(self, scene: Scene, person: User, action: str, comment: str = "") -> Any:
        return signed_in(person).post(f"{scene.case_page}{action}/", {"return-comment": comment})

    def state(self, scene: Scene) -> str:
        return Case.objects.values_list("state", flat=True).get(pk=scene.case.pk)

    def test_submitted_returned_and_signed_off(self, scene: Scene) -> None:
        answer_everything(scene)
        assert "Submit case to the lead inspector" in read(scene.inspector, scene.case_page)
        self.move(scene, scene.inspector, "submit")
        assert self.state(scene) == "SUBMITTED"
        self.move(scene, scene.lead, "return", "Say why 2.1.1 is Yes.")
        assert self.state(scene) == "RETURNED"
        self.move(scene, scene.inspector, "submit")
        self.move(scene, scene.lead, "sign_off")
        assert self.state(scene) == "SIGNED_OFF"

    @pytest.mark.parametrize("action", ["submit", "sign_off"])
    def test_missing_answers_block_and_are_listed(self, scene: Scene, action: str) -> None:
        questions = scene.inspection.framework.case_questions("COURT")
        builder.answers(scene.case, scene.inspector, **dict.fromkeys(questions[:-2], "YES"))
        person = scene.inspector
        if action == "sign_off":
            Case.objects.filter(pk=scene.case.pk).update(state="SUBMITTED")
            person = scene.lead
        response = self.move(scene, person, action)
        html = response.content.decode()
        assert response.status_code == 409
        assert "2 questions have no answer yet." in html
        for code in questions[-2:]:
            assert f"{scene.record_page('2.4')}#q-{code.replace('.', '-')}" in html
        assert self.state(scene) == ("IN_PROGRESS" if action == "submit" else "SUBMITTED")

    def test_nobody_else_moves_it(self, scene: Scene) -> None:
        answer_everything(scene)
        for person in (scene.colleague, scene.lead, scene.panel):
            assert self.move(scene, person, "submit").status_code == 403
        assert self.move(scene, scene.outsider, "submit").status_code == 404
        assert self.move(scene, scene.inspector, "sign_off").status_code == 403
        assert self.state(scene) == "IN_PROGRESS"

    def test_a_link_moves_nothing(self, scene: Scene) -> None:
        answer_everything(scene)
        page = signed_in(scene.inspector).get(f"{scene.case_page}submit/", follow=True)
        assert page.redirect_chain == [(scene.case_page, 302)]
        assert "Nothing was done." in words(page)
        assert self.state(scene) == "IN_PROGRESS"


class TestAllocation:
    def allocate(self, scene: Scene, to: object, by: User) -> Any:
        holder = scene.inspector.pk
        return signed_in(by).post(f"{scene.case_page}allocate/", {"to": to, "instead_of": holder})

    def holder(self, scene: Scene) -> str:
        return str(Case.objects.get(pk=scene.case.pk).allocated_to)

    def test_the_lead_inspector_gives_a_case_to_an_inspector(self, scene: Scene) -> None:
        self.allocate(scene, scene.colleague.pk, scene.lead)
        assert self.holder(scene) == "Grace Inspector"
        assert "allocated to Grace Inspector" in read(scene.inspector, scene.case_page)

    def test_the_lead_inspector_may_hold_a_case_too(self, scene: Scene) -> None:
        self.allocate(scene, scene.lead.pk, scene.lead)
        assert signed_in(scene.lead).get(f"{scene.case_page}details/").status_code == 200

    @pytest.mark.parametrize("to", ["panel", "outsider", "nobody", ""])
    def test_only_inspectors_of_the_team_hold_cases(self, scene: Scene, to: str) -> None:
        chosen = getattr(scene, to).pk if hasattr(scene, to or "-") else to
        response = self.allocate(scene, chosen, scene.lead)
        assert response.status_code == 200
        assert "There is a problem" in response.content.decode()
        assert self.holder(scene) == "Ada Inspector"

    def test_nobody_else_allocates(self, scene: Scene) -> None:
        for person in (scene.inspector, scene.colleague, scene.panel):
            assert self.allocate(scene, scene.colleague.pk, person).status_code == 403
        assert self.holder(scene) == "Ada Inspector"


class TestMovingAnInspection:
    def test_the_lead_inspector_is_asked_once_more_and_told_what_follows(
        self, scene: Scene
    ) -> None:
        page = read(scene.lead, f"{scene.home}move/REVIEW/")
        assert "1 case is not signed off" in page
        assert "Nobody can change an answer" in page

    def test_fieldwork_is_closed_and_reopened(self, scene: Scene) -> None:
        for to in (State.REVIEW, State.FIELDWORK):
            response = signed_in(scene.lead).post(
                f"{scene.home}move/{to}/", {"reason": "C-01 was recorded twice."}
            )
            assert response["Location"] == scene.home
            scene.inspection.refresh_from_db()
            assert scene.inspection.state == to

    def test_it_goes_to_the_panel_only_by_a_meeting(self, scene: Scene) -> None:
        ready = scenes.in_review()
        assert signed_in(ready.lead).post(f"{ready.home}move/PANEL/").status_code == 404
        page = signed_in(ready.lead).get(ready.home).content.decode()
        assert f"{ready.home}panel/submit/" in page

    def test_nobody_else_moves_it(self, scene: Scene) -> None:
        for person in (scene.inspector, scene.panel):
            assert signed_in(person).post(f"{scene.home}move/REVIEW/").status_code == 403
        assert signed_in(scene.outsider).post(f"{scene.home}move/REVIEW/").status_code == 404
        scene.inspection.refresh_from_db()
        assert scene.inspection.state == State.FIELDWORK


def test_a_resettlement_case_has_no_questions(scene: Scene) -> None:
    case = builder.case(scene.inspection, "RESETTLEMENT", scene.inspector)
    page = read(scene.inspector, case.get_absolute_url())
    assert "no questions are answered in them" in page
    signed_in(scene.inspector).post(f"{case.get_absolute_url()}submit/")
    case.refresh_from_db()
    assert case.state == "SUBMITTED"


def test_a_case_of_another_inspection_is_not_found_under_this_one(scene: Scene) -> None:
    elsewhere = builder.case(builder.inspection())
    assert signed_in(scene.inspector).get(f"{scene.home}cases/{elsewhere.pk}/").status_code == 404


def test_from_the_answers_of_all_cases_into_one_there_is_a_way_back(scene: Scene) -> None:
    builder.fill(scene.inspection, scene.inspector, yes={})
    case = scene.inspection.cases.filter(group="COURT").exclude(pk=scene.case.pk).earliest("pk")
    html = scene.get(scene.lead, "answers/2.1.1/").text
    into = f"{scene.home}cases/{case.pk}/2.1/?answers=2.1.1"
    assert f'href="{into}#q-2-1-1"' in html
    back = f'href="{scene.home}answers/2.1.1/#case-{case.pk}"'
    lead = signed_in(scene.lead)
    assert back in lead.get(into).text
    assert "Answers to" not in lead.get(into.replace("=2.1.1", "=nonsense")).text
