"""The pages of findings and evidence: who may see and do what, and the refusals."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.demonstration import builder
from config.demonstration.builder import DETAILS
from inspections.models import Inspection
from ratings.evidence.actions import add_evidence, remove_evidence, remove_finding
from ratings.models import Evidence, Finding
from ratings.results.build import build_result
from ratings.results.document import canonical
from ratings.service import rate_inspection
from tests import scenes
from tests.pages import signed_in, words
from tests.scenes import Scene, scene

pytestmark = pytest.mark.django_db

State = Inspection.State
TEXT = "The board acts on what it sees."


@pytest.fixture
def here() -> Scene:
    """In fieldwork: five of seven relevant court cases meet 2.1.1b, one is not answered."""
    here = scene()
    for number in range(8):
        case = builder.case(here.inspection, "COURT", here.inspector)
        if number < 7:
            answer = "YES" if number < 5 else "NO"
            builder.answers(case, here.inspector, **{"2.1.1b": answer, "2.1.1": answer})
    return here


def addresses(here: Scene) -> list[str]:
    finding, item = here.finding(TEXT), here.evidence("DOCUMENT", "1.1.1")
    return [
        "evidence/",
        "evidence/add/meeting/",
        f"evidence/{item.pk}/",
        f"evidence/{item.pk}/remove/",
        "key-questions/1.1.1/",
        "key-questions/1.1.1/add/strength/",
        f"findings/{finding.pk}/",
        f"findings/{finding.pk}/remove/",
    ]


def test_the_lead_opens_every_page_and_an_outsider_none(here: Scene) -> None:
    outsider = builder.lead_inspector(builder.inspection())
    for address in addresses(here):
        assert here.get(here.lead, address).status_code == 200, address
        assert here.get(outsider, address).status_code == 404, address
        assert here.post(outsider, address).status_code in {404, 405}, address


def test_the_panel_reads_and_writes_nothing(here: Scene) -> None:
    finding, item = here.finding(TEXT), here.evidence("DOCUMENT", "1.1.1")
    assert TEXT not in words(here.get(here.panel, "key-questions/1.1.1/"))
    scenes.move_to(here.inspection, State.PANEL)
    page = words(here.get(here.panel, "key-questions/1.1.1/"))
    assert TEXT in page
    assert "Only the lead inspector writes strengths" in page
    assert "Add a strength" not in page
    assert "5 of 7 relevant cases, 71%" in page
    assert "Only the lead inspector and the inspectors add" in words(
        here.get(here.panel, f"evidence/{item.pk}/")
    )
    for address in ("evidence/add/meeting/", f"findings/{finding.pk}/"):
        assert here.get(here.panel, address).status_code == 403, address
    refused = here.post(here.panel, f"findings/{finding.pk}/", text="Mine", base_version=1)
    assert refused.status_code == 403
    assert "Mine" in words(refused)


def test_an_inspector_in_fieldwork_sees_evidence_but_neither_findings_nor_figures(
    here: Scene,
) -> None:
    here.finding(TEXT)
    item = here.evidence("CASE_DATA", "1.1.1", case_question="2.1.1b")
    for address in ("evidence/", "key-questions/1.1.1/", f"evidence/{item.pk}/"):
        page = words(here.get(here.inspector, address))
        assert TEXT not in page, address
        assert "71%" not in page and "5 of 7" not in page, address
        assert "strength rest" not in page, address
    assert "The figure shows once fieldwork has closed" in words(
        here.get(here.inspector, "key-questions/1.1.1/")
    )
    assert here.get(here.inspector, "judgements/1.1/").status_code == 403
    Inspection.objects.update(state=State.REVIEW)
    page = words(here.get(here.inspector, "key-questions/1.1.1/"))
    assert TEXT in page
    assert page.count("5 of 7 relevant cases, 71%") == 2


def test_an_inspector_adds_evidence(here: Scene) -> None:
    response = here.post(
        here.inspector,
        "evidence/add/interview/?key_question=1.2.1",
        title="Workloads",
        evidence_date_0="13",
        evidence_date_1="3",
        evidence_date_2="2026",
        roles="operational manager",
        key_questions=["1.2.1", "1.2.3"],
        base_version=0,
    )
    assert response["Location"] == f"{here.home}key-questions/1.2.1/#evidence"
    item = Evidence.objects.get()
    assert (item.added_by, item.roles) == (here.inspector, "operational manager")
    assert [use.key_question for use in item.uses.all()] == ["1.2.1", "1.2.3"]


@pytest.mark.parametrize(
    ("kind", "sent", "message"),
    [
        ("document", {"title": " "}, "Enter a title."),
        ("document", {"title": "T" * 201}, "Shorten this to 200 characters. It has 201."),
        ("meeting", {"roles": ""}, "Enter the roles of those present."),
        ("meeting", {"evidence_date_0": "31"}, "Enter a real date"),
        ("meeting", {"evidence_date_2": "9" * 40}, "Enter a year of four digits"),
        ("meeting", {"evidence_date_2": "2099"}, "Enter a date that is today or in the past."),
        ("survey", {"returned": "21"}, "Enter a number up to 20: no more can come back"),
        ("survey", {"sent": "many"}, "Enter how many were sent, as a whole number"),
        ("case-data", {"case_question": "1.1.1"}, "Select a question that is asked in cases."),
        ("case-data", {"key_questions": ["2.1.1"]}, "Select key questions of this inspection"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    here: Scene, kind: str, sent: dict[str, Any], message: str
) -> None:
    data: dict[str, Any] = {
        "title": "Kept",
        "evidence_date_0": "3",
        "evidence_date_1": "2",
        "evidence_date_2": "2026",
        "roles": "chair",
        "sent": "20",
        "returned": "12",
        "case_question": "2.1.1",
        "notes": "Kept as typed",
        "base_version": "0",
    }
    response = here.post(here.lead, f"evidence/add/{kind}/", **data | sent)
    page = words(response)
    assert message in page
    assert "Kept as typed" in page
    assert not Evidence.objects.exists()


def test_the_figure_of_a_question_is_added_once(here: Scene) -> None:
    here.evidence("CASE_DATA")
    data = {"case_question": "2.1.1", "base_version": 0}
    response = here.post(here.lead, "evidence/add/case-data/", **data)
    assert "The figure of question 2.1.1 is evidence already." in words(response)


def test_a_strength_is_added_named_evidence_changed_and_removed(here: Scene) -> None:
    item = here.evidence("MEETING", "1.1.1")
    empty = here.post(here.lead, "key-questions/1.1.1/add/strength/", text=" ", base_version=0)
    assert "Enter the strength." in words(empty)
    here.post(
        here.lead,
        "key-questions/1.1.1/add/strength/",
        text=TEXT,
        rests_on=[item.pk],
        base_version=0,
    )
    finding = Finding.objects.get()
    page = words(here.get(here.lead, "key-questions/1.1.1/"))
    assert "Rests on: Management board." in page
    assert "Based on a single source" in page
    here.post(here.lead, f"findings/{finding.pk}/", text="Better", base_version=1)
    assert Finding.objects.get().text == "Better"
    late = here.post(here.lead, f"findings/{finding.pk}/remove/", base_version=1)
    assert late.status_code == 409
    assert words(late).startswith("Error: Remove this strength")
    assert "It is not removed yet" in words(late)
    here.post(here.lead, f"findings/{finding.pk}/remove/", base_version=2)
    assert not Finding.objects.exists()


def test_of_two_changes_at_once_the_second_is_shown_both(here: Scene) -> None:
    finding = here.finding(TEXT)
    address = f"findings/{finding.pk}/"
    here.post(here.lead, address, text="written first", base_version=1)
    response = here.post(here.lead, address, text="written second", base_version=1)
    page = words(response)
    assert response.status_code == 409
    assert "written first" in page and "written second" in page
    assert "You saved another version at" in page
    assert 'name="base_version" value="2"' in response.content.decode()
    here.post(here.lead, address, text="written second", base_version=2)
    assert Finding.objects.get().text == "written second"


def test_what_was_typed_is_shown_back_when_it_was_removed_or_came_too_late(here: Scene) -> None:
    finding, item = here.finding(TEXT), here.evidence("DOCUMENT")
    Inspection.objects.update(state=State.PANEL)
    for address, data in (
        (f"findings/{finding.pk}/", {"text": "typed too late"}),
        ("key-questions/1.1.1/add/strength/", {"text": "typed too late"}),
        (f"evidence/{item.pk}/", {"title": "Plan", "notes": "typed too late"}),
        ("evidence/add/document/", {"title": "Plan", "notes": "typed too late"}),
    ):
        response = here.post(here.lead, address, base_version=1, **data)
        assert response.status_code == 403, address
        assert "typed too late" in words(response), address
        assert "with the ratings panel or sealed" in words(response), address
    Inspection.objects.update(state=State.REVIEW)
    Finding.objects.all().delete()
    gone = here.post(here.lead, f"findings/{finding.pk}/", text="typed too late", base_version=1)
    assert gone.status_code == 404
    assert "This has been removed since you opened it." in words(gone)
    assert "typed too late" in words(gone)


def test_what_was_typed_about_evidence_that_a_colleague_removed_is_shown_back(here: Scene) -> None:
    item = here.evidence("MEETING", "1.1.1")
    remove_evidence(evidence=item, base_version=1, by=here.lead)
    sent = {"title": "Board", "roles": "chair", "notes": "typed too late", "base_version": 1}
    gone = here.post(here.lead, f"evidence/{item.pk}/", **sent)
    assert gone.status_code == 404
    assert "This evidence has been removed since you opened it." in words(gone)
    assert "Roles present chair" in words(gone)
    assert "typed too late" in words(gone)


def test_what_a_colleague_removed_first_is_removed_already(here: Scene) -> None:
    item, finding = here.evidence("DOCUMENT", title="Youth justice plan"), here.finding(TEXT)
    remove_evidence(evidence=item, base_version=1, by=here.lead)
    remove_finding(finding=finding, base_version=1, by=here.lead)
    client = signed_in(here.lead)
    for address, said in (
        (f"evidence/{item.pk}/remove/", "“Youth justice plan” has been removed already."),
        (f"findings/{finding.pk}/remove/", "This strength has been removed already."),
    ):
        for answer in (
            client.post(here.home + address, {"base_version": 1}, follow=True),
            client.get(here.home + address, follow=True),
        ):
            assert answer.status_code == 200
            assert said in words(answer)
    for address in ("evidence/0/remove/", "findings/0/remove/", "evidence/0/"):
        assert here.post(here.lead, address, base_version=1).status_code == 404


def test_evidence_is_used_under_further_key_questions_and_no_longer(here: Scene) -> None:
    item = here.evidence("MEETING", "1.1.1")
    assert "Use evidence that is there already" in words(
        here.get(here.lead, "key-questions/1.3.3/")
    )
    here.post(here.lead, "key-questions/1.3.3/evidence/", evidence=[item.pk])
    assert "Used under 1.1.1, 1.3.3" in words(here.get(here.lead, "key-questions/1.3.3/"))
    here.post(here.lead, f"key-questions/1.1.1/evidence/{item.pk}/stop/")
    assert [use.key_question for use in item.uses.all()] == ["1.3.3"]
    nothing = signed_in(here.lead).post(f"{here.home}key-questions/1.3.3/evidence/", follow=True)
    assert "Select the evidence to use here first." in words(nothing)


def test_evidence_to_choose_from_is_grouped_by_standard(here: Scene) -> None:
    here.evidence("MEETING", "1.1.1", "1.3.3", title="Management board")
    here.evidence("DOCUMENT", "1.3.1", title="Needs analysis")
    add_evidence(
        inspection=here.inspection,
        kind="DOCUMENT",
        details={**DETAILS["DOCUMENT"], "title": "Plan"},
        key_questions=[],
        by=here.lead,
    )
    page = words(here.get(here.lead, "key-questions/1.2.1/"))
    assert (
        "1.1 Governance and leadership Meeting: Management board "
        "1.3 Partnerships and services Document: Needs analysis "
        "Under no key question yet Document: Plan" in page
    )


def test_key_questions_to_choose_from_are_grouped_by_standard(here: Scene) -> None:
    page = here.get(here.lead, "evidence/add/meeting/").content.decode()
    legends = re.findall(r"<legend[^>]*>\s*(\d\.\d [^<]*?)\s*</legend>", page)
    qualitative = [one for one in here.inspection.framework.standards if one.is_qualitative]
    assert legends == [f"{one.code} {one.name}" for one in qualitative]


def test_a_count_of_none_is_quiet_and_the_link_short(here: Scene) -> None:
    here.evidence("MEETING", "1.1.1")
    for address in ("evidence/", "judgements/1.1/"):
        page = here.get(here.lead, address).content.decode()
        row = page.partition('app-matrix__code"')[2].partition("</tr>")[0]
        assert words(row.partition(">")[2].partition("</a>")[0]) == "Key question 1.1.1"
        counts = re.findall(r'<td class="([^"]*)"[^>]*>(\d)</td>', row)
        assert {number for _, number in counts} == {"0", "1"}
        assert all(("app-quiet" in style) == (number == "0") for style, number in counts)


def test_evidence_of_another_inspection_is_not_used(here: Scene) -> None:
    foreign = scene().evidence("DOCUMENT")
    here.post(here.lead, "key-questions/1.1.1/evidence/", evidence=[foreign.pk])
    assert [use.key_question for use in foreign.uses.all()] == ["1.1.1"]
    assert not here.inspection.evidence.exists()
    stop = f"key-questions/1.1.1/evidence/{foreign.pk}/stop/"
    assert here.post(here.lead, stop).status_code == 404


def test_the_matrix_says_where_a_finding_rests_on_one_source_alone(here: Scene) -> None:
    here.evidence("MEETING", "1.1.1")
    here.finding(TEXT)
    page = words(here.get(here.lead, "evidence/"))
    assert "1 strength is based on a single source: 1.1.1" in page
    assert page.count("No evidence yet") == 18
    here.evidence("SURVEY", "1.1.1")
    assert "one source alone" not in words(here.get(here.lead, "evidence/"))


def test_a_figure_follows_the_cases(here: Scene) -> None:
    item = here.evidence("CASE_DATA", "1.1.1", case_question="2.1.1b")
    address = f"evidence/{item.pk}/"
    assert "5 of 7 relevant cases, 71% Of 8 court cases, 1 not answered yet" in words(
        here.get(here.lead, address)
    )
    waiting = here.inspection.cases.exclude(answers__question="2.1.1b").get()
    builder.answers(waiting, here.inspector, **{"2.1.1b": "NOT_APPLICABLE"})
    assert "5 of 7 relevant cases, 71% Of 8 court cases, 1 not applicable" in words(
        here.get(here.lead, address)
    )


def test_case_details_are_shown_beside_oversight(here: Scene) -> None:
    cases = list(here.inspection.cases.order_by("pk"))
    for case, value in zip(cases, ["YES", "YES", "NO", "NOT_APPLICABLE"], strict=False):
        case.management_oversight_met_needs = value
        case.factors = ["EDUCATION", "FAMILY"] if value == "YES" else ["FAMILY"]
        case.save()
    page = words(here.get(here.lead, "key-questions/1.2.3/"))
    assert (
        "Court cases Management oversight met the needs of the case 2 of 3 relevant cases, 67% "
        "Of 8 court cases, 1 not applicable and 4 not recorded yet" in page
    )
    page = words(here.get(here.lead, "key-questions/1.3.1/"))
    assert "Factor: Family relationships 4 of 4 cases with factors recorded, 100%" in page
    assert "Factor: Education, training and employment 2 of 4 cases" in page


def test_both_editions_show_case_findings() -> None:
    here = scene("2018")
    case = builder.case(here.inspection, "OUT_OF_COURT", here.inspector)
    builder.answers(case, here.inspector, **{"3.4.2": "YES"})
    page = words(here.get(here.lead, "key-questions/1.3.3/"))
    assert "1 of 1 relevant case, 100%" in page
    assert here.get(here.lead, "key-questions/3.4.1/").status_code == 404


@pytest.mark.parametrize("code", ["2.1.1", "1.1", "nonsense", "2.1.1a"])
def test_no_other_question_has_a_page(here: Scene, code: str) -> None:
    assert here.get(here.lead, f"key-questions/{code}/").status_code == 404


def test_the_judgement_page_counts_what_was_found(here: Scene) -> None:
    here.evidence("MEETING", "1.1.1")
    here.finding(TEXT)
    page = words(here.get(here.lead, "judgements/1.1/"))
    assert "1 strength is based on a single source" in page
    assert "No evidence yet" in page


BUDGET = {
    "evidence/": 9,
    "key-questions/1.1.1/": 10,
    "judgements/1.1/": 10,
    "key-questions/1.2.3/": 11,
    "judgements/": 6,
    "evidence/{item}/": 6,
    "evidence/{item}/remove/": 6,
    "evidence/add/meeting/": 4,
    "findings/{finding}/": 7,
    "findings/{finding}/remove/": 5,
    "key-questions/1.1.1/add/strength/": 5,
}
"""How many questions each page asks of the database, session and account among them."""


@pytest.mark.parametrize("address", BUDGET)
def test_a_page_asks_the_same_of_the_database_however_much_there_is(
    here: Scene, address: str
) -> None:
    client = signed_in(here.lead)

    def queries() -> int:
        item = here.evidence("DOCUMENT", "1.1.1", "1.1.2")
        finding = here.finding(rests_on=(item.pk,))
        page = here.home + address.format(item=item.pk, finding=finding.pk)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    assert [queries() for _ in range(3)] == [BUDGET[address]] * 3


def test_what_is_sealed_says_what_findings_rest_on(here: Scene) -> None:
    items = [here.evidence(kind, "1.1.1", "1.1.2") for kind in DETAILS]
    here.finding(TEXT, rests_on=(items[2].pk,))
    result: Any = build_result(rate_inspection(here.inspection))
    assert canonical(result) == canonical(build_result(rate_inspection(here.fresh())))
    sealed = result["judged_from"]
    assert [one["number"] for one in sealed["pieces"]] == [1, 2, 3, 4, 5]
    assert sealed["pieces"][2] | {"at": ""} == {
        "number": 3,
        "kind": "SURVEY",
        "title": "Survey of staff",
        "date": None,
        "roles": "",
        "sent": 20,
        "returned": 12,
        "case_question": None,
        "notes": "",
        "key_questions": ["1.1.1", "1.1.2"],
        "added_by": here.lead.name,
        "at": "",
        "by": here.lead.name,
    }
    assert sealed["findings"][0]["rests_on"] == [3]
    assert sealed["findings"][0]["text"] == TEXT


def test_an_inspector_reads_evidence_of_another_and_is_told_why_not_to_change_it(
    here: Scene,
) -> None:
    item = here.evidence("INTERVIEW", by=here.inspector)
    page = words(here.get(builder.inspector(here.inspection), f"evidence/{item.pk}/"))
    assert "the person who added this evidence can change it" in page
    assert "operational manager" in page
    assert "Remove this evidence" not in page
