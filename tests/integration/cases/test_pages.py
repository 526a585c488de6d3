"""The pages of inspections and cases: who opens which, and what they say."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cases.actions import comment_on, record_details, reply_to
from cases.models import Case
from inspections.models import Inspection, User
from tests import build
from tests.integration.cases.conftest import Team, signed_in

State = Inspection.State


def words_of(person: User, url: str, status: int = 200) -> str:
    response = signed_in(person).get(url)
    assert response.status_code == status, url
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def answer_everything(team: Team) -> None:
    questions = team.inspection.framework.case_questions("COURT")
    build.answers(team.case, team.ada, **dict.fromkeys(questions, "YES"))


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
        ("contradictions/", 403, 403, 200, 200),
        ("judgements/", 403, 403, 200, 200),
        ("judgements/1.1/", 403, 403, 200, 200),
        ("move/REVIEW/", 403, 403, 200, 403),
        ("move/PANEL/", 404, 404, 404, 404),
        ("move/NOWHERE/", 404, 404, 404, 404),
    ],
)
def test_each_page_opens_for_those_whose_it_is(
    team: Team, page: str, ada: int, grace: int, lead: int, panel: int
) -> None:
    url = team.home + page.format(case=team.case.pk)
    seen = [
        signed_in(person).get(url).status_code
        for person in (team.ada, team.grace, team.lead, team.panel, team.outsider)
    ]
    assert seen == [ada, grace, lead, panel, 404]


def test_a_refusal_says_why_in_words(team: Team) -> None:
    assert "Inspectors see ratings and judgements once fieldwork has closed" in words_of(
        team.ada, f"{team.home}judgements/", 403
    )
    assert "allocated to Ada Inspector" in words_of(team.grace, f"{team.case_page}details/", 403)


def test_my_inspections_are_those_i_am_on(team: Team) -> None:
    other = build.inspection()
    page = words_of(team.ada, "/")
    assert str(team.inspection.service) in page
    assert str(other.service) not in page
    assert "Inspector" in page
    assert "0 of 70" in page


def test_someone_on_no_inspection_is_told_so(db: None) -> None:
    assert "You are not on an inspection yet." in words_of(build.user(), "/")


@pytest.mark.parametrize("inspections", [1, 4])
def test_my_inspections_take_the_same_few_queries_however_many(
    db: None, inspections: int, django_assert_num_queries: Any
) -> None:
    person = build.user()
    for _ in range(inspections):
        inspection = build.inspection()
        inspection.memberships.create(user=person, role="INSPECTOR")
        build.case(inspection, to=person)
    client = signed_in(person)
    with django_assert_num_queries(7):
        client.get("/")


def test_home_shows_each_role_what_to_do_next(team: Team) -> None:
    build.case(team.inspection)
    assert "Answer 70 questions in your cases" in words_of(team.ada, team.home)
    lead = words_of(team.lead, team.home)
    assert "Allocate 1 case" in lead
    assert "Judge 6 qualitative standards" in lead
    assert "Nothing waits for you here" in words_of(team.grace, team.home)
    Inspection.objects.update(state=State.PANEL)
    assert "Look at the ratings before the panel and decide" in words_of(team.panel, team.home)


def test_home_without_cases_says_so(db: None) -> None:
    inspection = build.inspection()
    lead = build.lead_inspector(inspection)
    assert "No case has been sampled yet." in words_of(lead, inspection.get_absolute_url())


def test_home_takes_the_same_few_queries_however_many_cases(
    team: Team, django_assert_num_queries: Any
) -> None:
    client = signed_in(team.lead)
    for _ in range(2):
        with django_assert_num_queries(8):
            client.get(team.home)
        for _ in range(10):
            build.case(team.inspection, to=team.grace)


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
def test_cases_are_filtered(team: Team, asked: str, shown: set[str]) -> None:
    build.case(team.inspection, "OUT_OF_COURT", team.grace, reference="O-002", state="SIGNED_OFF")
    build.case(team.inspection, reference="C-003")
    page = words_of(team.ada, f"{team.home}cases/{asked}")
    assert set(re.findall(r"[CO]-00\d", page)) == shown
    assert ("No case matches." in page) == (not shown)


@pytest.mark.parametrize(
    ("page", "queries"),
    [
        ("cases/", 8),
        ("progress/", 7),
        ("contradictions/", 8),
        ("cases/{case}/", 11),
        ("cases/{case}/2.1/", 9),
        ("cases/{case}/history/", 9),
    ],
)
def test_a_page_takes_the_same_few_queries_however_much_there_is(
    team: Team, page: str, queries: int, django_assert_num_queries: Any
) -> None:
    client = signed_in(team.lead)
    questions = team.inspection.framework.case_questions("COURT")
    for number in (1, 20):
        build.answers(team.case, team.ada, **{questions[number]: "YES"})
        made = comment_on(case=team.case, question=questions[0], text="Why?", by=team.lead)
        reply_to(comment=made, text="See the file.", by=team.ada)
        record_details(
            case=team.case,
            details={"age": 10 + number % 10},
            base_version=team.case.version,
            by=team.ada,
        )
        team.case.refresh_from_db()
        with django_assert_num_queries(queries):
            client.get(team.home + page.format(case=team.case.pk))
        for _ in range(number):
            build.case(team.inspection, to=team.grace)


def test_the_details_page_takes_few_queries(team: Team, django_assert_num_queries: Any) -> None:
    client = signed_in(team.ada)
    with django_assert_num_queries(6):
        client.get(f"{team.case_page}details/")


class TestMovingACase:
    def move(self, team: Team, person: User, action: str, comment: str = "") -> Any:
        return signed_in(person).post(f"{team.case_page}{action}/", {"return-comment": comment})

    def state(self, team: Team) -> str:
        return Case.objects.values_list("state", flat=True).get(pk=team.case.pk)

    def test_submitted_returned_and_signed_off(self, team: Team) -> None:
        answer_everything(team)
        assert "Submit case to the lead inspector" in words_of(team.ada, team.case_page)
        self.move(team, team.ada, "submit")
        assert self.state(team) == "SUBMITTED"
        self.move(team, team.lead, "return", "Say why 2.1.1 is Yes.")
        assert self.state(team) == "RETURNED"
        self.move(team, team.ada, "submit")
        self.move(team, team.lead, "sign_off")
        assert self.state(team) == "SIGNED_OFF"

    @pytest.mark.parametrize("action", ["submit", "sign_off"])
    def test_missing_answers_block_and_are_listed(self, team: Team, action: str) -> None:
        questions = team.inspection.framework.case_questions("COURT")
        build.answers(team.case, team.ada, **dict.fromkeys(questions[:-2], "YES"))
        person = team.ada
        if action == "sign_off":
            Case.objects.filter(pk=team.case.pk).update(state="SUBMITTED")
            person = team.lead
        response = self.move(team, person, action)
        html = response.content.decode()
        assert response.status_code == 409
        assert "2 questions have no answer yet." in html
        for code in questions[-2:]:
            assert f"{team.record_page('2.4')}#q-{code.replace('.', '-')}" in html
        assert self.state(team) == ("IN_PROGRESS" if action == "submit" else "SUBMITTED")

    def test_nobody_else_moves_it(self, team: Team) -> None:
        answer_everything(team)
        for person in (team.grace, team.lead, team.panel):
            assert self.move(team, person, "submit").status_code == 403
        assert self.move(team, team.outsider, "submit").status_code == 404
        assert self.move(team, team.ada, "sign_off").status_code == 403
        assert self.state(team) == "IN_PROGRESS"

    def test_a_link_moves_nothing(self, team: Team) -> None:
        answer_everything(team)
        assert signed_in(team.ada).get(f"{team.case_page}submit/").status_code == 405


class TestAllocation:
    def allocate(self, team: Team, to: object, by: User) -> Any:
        return signed_in(by).post(f"{team.case_page}allocate/", {"to": to})

    def holder(self, team: Team) -> str:
        return str(Case.objects.get(pk=team.case.pk).allocated_to)

    def test_the_lead_inspector_gives_a_case_to_an_inspector(self, team: Team) -> None:
        self.allocate(team, team.grace.pk, team.lead)
        assert self.holder(team) == "Grace Inspector"
        assert "allocated to Grace Inspector" in words_of(team.ada, team.case_page)

    def test_the_lead_inspector_may_hold_a_case_too(self, team: Team) -> None:
        self.allocate(team, team.lead.pk, team.lead)
        assert signed_in(team.lead).get(f"{team.case_page}details/").status_code == 200

    @pytest.mark.parametrize("to", ["panel", "outsider", "nobody", ""])
    def test_only_inspectors_of_the_team_hold_cases(self, team: Team, to: str) -> None:
        chosen = getattr(team, to).pk if hasattr(team, to or "-") else to
        response = self.allocate(team, chosen, team.lead)
        assert response.status_code == 200
        assert "There is a problem" in response.content.decode()
        assert self.holder(team) == "Ada Inspector"

    def test_nobody_else_allocates(self, team: Team) -> None:
        for person in (team.ada, team.grace, team.panel):
            assert self.allocate(team, team.grace.pk, person).status_code == 403
        assert self.holder(team) == "Ada Inspector"


class TestMovingAnInspection:
    def test_the_lead_inspector_is_asked_once_more_and_told_what_follows(self, team: Team) -> None:
        page = words_of(team.lead, f"{team.home}move/REVIEW/")
        assert "1 case is not signed off" in page
        assert "Nobody can change an answer" in page

    def test_fieldwork_is_closed_and_reopened(self, team: Team) -> None:
        for to in (State.REVIEW, State.FIELDWORK):
            response = signed_in(team.lead).post(f"{team.home}move/{to}/")
            assert response["Location"] == team.home
            team.inspection.refresh_from_db()
            assert team.inspection.state == to

    def test_it_goes_to_the_panel_only_by_a_meeting(self, team: Team) -> None:
        Inspection.objects.update(state=State.REVIEW)
        assert signed_in(team.lead).post(f"{team.home}move/PANEL/").status_code == 404
        page = signed_in(team.lead).get(team.home).content.decode()
        assert f"{team.home}panel/submit/" in page

    def test_nobody_else_moves_it(self, team: Team) -> None:
        for person in (team.ada, team.panel):
            assert signed_in(person).post(f"{team.home}move/REVIEW/").status_code == 403
        assert signed_in(team.outsider).post(f"{team.home}move/REVIEW/").status_code == 404
        team.inspection.refresh_from_db()
        assert team.inspection.state == State.FIELDWORK


def test_a_resettlement_case_has_no_questions(team: Team) -> None:
    case = build.case(team.inspection, "RESETTLEMENT", team.ada)
    page = words_of(team.ada, case.get_absolute_url())
    assert "no questions are answered in them" in page
    signed_in(team.ada).post(f"{case.get_absolute_url()}submit/")
    case.refresh_from_db()
    assert case.state == "SUBMITTED"


def test_a_case_of_another_inspection_is_not_found_under_this_one(team: Team) -> None:
    elsewhere = build.case(build.inspection())
    assert signed_in(team.ada).get(f"{team.home}cases/{elsewhere.pk}/").status_code == 404
