"""The ratings page and the pages of discretion: who sees what, and what they say."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from config.demonstration import builder
from inspections.framework import Rating
from inspections.models import Inspection, User
from ratings.models import Discretion
from tests.pages import signed_in, words
from tests.scenes import Scene, decide_as

pytestmark = pytest.mark.django_db


def read(user: User, name: str, *args: object, expect: int = 200) -> str:
    response = signed_in(user).get(reverse(f"ratings:{name}", args=args))
    assert response.status_code == expect
    return words(response.content.decode())


def html_of(person: User, inspection: Inspection) -> str:
    address = reverse("ratings:ratings", args=[inspection.pk])
    return signed_in(person).get(address).content.decode()


def closed_row(person: User, inspection: Inspection, code: str) -> str:
    """What is seen of a standard that is not opened."""
    html = html_of(person, inspection)
    return html.partition(f'id="standard-{code}"')[2].partition("</summary>")[0].partition(">")[2]


def entries(page: Inspection, user: User, **changed: object) -> dict[str, object]:
    """What the panel fills in on 3.1; ``changed`` replaces entries."""
    return {
        "from_rating": "INADEQUATE",
        "to_rating": "REQUIRES_IMPROVEMENT",
        "lead_view": "The lead inspector’s own words",
        "evidence": "Nine of twenty cases",
        "reason": "Close to the boundary",
        "footnote": "Professional discretion was applied.",
        **changed,
    }


def post(at: Scene, user: User, target: str, expect: int, **changed: object) -> str:
    response = signed_in(user).post(
        reverse("ratings:discretion", args=[at.inspection.pk, target]),
        entries(at.inspection, user, **changed),
    )
    assert response.status_code == expect
    return words(response.content.decode())


class TestRatingsPage:
    def test_it_is_laid_out_as_the_published_one(self, at_panel: Scene) -> None:
        page = read(at_panel.panel, "ratings", at_panel.inspection.pk)

        assert "Score 28 out of 36 Overall rating Good" in page
        assert "1. Organisational delivery 1.1 Governance and leadership Good" in page
        assert "4. Resettlement Rated apart from the score" in page
        assert "3.1 Assessment Inadequate" in page

    def test_the_score_comes_first_and_then_a_strip_of_links_to_every_standards_row(
        self, at_panel: Scene
    ) -> None:
        html = html_of(at_panel.lead, at_panel.inspection)

        links = re.findall(r'<a class="app-strip__link[^>]*href="#standard-([^"]+)"[^>]*>', html)
        assert links == [one.code for one in at_panel.inspection.framework.standards]
        assert all(f'<details class="app-standard" id="standard-{code}">' in html for code in links)
        assert html.index("app-outcome__score") < html.index("app-strip") < html.index("app-domain")

    def test_the_strip_says_every_rating_in_full_beside_its_initials(self, at_panel: Scene) -> None:
        at_panel.inspection.judgements.filter(standard="1.2").delete()

        html = html_of(at_panel.lead, at_panel.inspection)

        strip = html[html.index("app-strip__list") : html.index("</nav>", html.index("app-strip"))]
        assert 'title="3.1 Assessment: Inadequate"' in strip
        assert 'title="1.2 Staff: Not rated"' in strip
        assert re.search(r'app-strip__word">Inadequate</span>.*?aria-hidden="true">I</span>', strip)
        assert "1.2 Staff: Not rated –" in words(strip)

    def test_resettlement_stands_apart_in_the_strip_as_the_edition_says(
        self, at_panel: Scene
    ) -> None:
        html = html_of(at_panel.lead, at_panel.inspection)

        (apart,) = re.findall(r'app-strip__item--apart" data-live="([^"]+)-strip"', html)
        assert apart == "4.1"
        assert ", rated apart from the score" in html

    def test_a_closed_row_shows_the_deciding_key_question_and_the_cases_to_the_next_ratings(
        self, at_panel: Scene
    ) -> None:
        row = closed_row(at_panel.lead, at_panel.inspection, "3.1")

        assert "3.1 Assessment Inadequate 3.1.2: 40% (4 of 10) 1 answer up" in words(row)
        assert "app-bar--small" in row

    def test_of_several_deciding_key_questions_a_closed_row_shows_the_lowest(self) -> None:
        inspection = builder.inspection()
        lead = builder.lead_inspector(inspection)
        builder.fill(inspection, lead, yes={"2.1.1": 6, "2.1.2": 5, "2.1.3": 6})

        row = words(closed_row(lead, inspection, "2.1"))

        assert "2.1.2: 50% (5 of 10) as low: 2.1.1 and 2.1.3 " in row

    def test_a_closed_row_says_how_far_the_standard_is_from_another_rating_as_the_panel_reads_it(
        self,
    ) -> None:
        inspection = builder.inspection()
        lead = builder.lead_inspector(inspection)
        # 2.1.2 alone would be Good with 2 more Yes; the others are as low, and need 1 each.
        builder.fill(inspection, lead, yes={"2.1.1": 6, "2.1.2": 5, "2.1.3": 6})

        row = words(closed_row(lead, inspection, "2.1"))

        assert "4 answers up · 1 down" in row
        assert "case up" not in row

    def test_a_closed_row_without_a_percentage_says_where_its_rating_comes_from(
        self, at_panel: Scene
    ) -> None:
        inspection = at_panel.inspection
        inspection.judgements.filter(standard="1.2").delete()

        assert "Good Judged by the lead inspector" in words(
            closed_row(at_panel.lead, inspection, "1.1")
        )
        assert "Not rated The lead inspector has not judged it yet" in words(
            closed_row(at_panel.lead, inspection, "1.2")
        )

    def test_a_row_opens_to_one_table_of_its_key_questions(self, at_panel: Scene) -> None:
        html = html_of(at_panel.lead, at_panel.inspection)

        assert html.count("<caption") == 2 * 7  # of key questions and of prompts, 2.1 to 3.3

    @pytest.mark.parametrize(
        ("who", "links"), [("lead", True), ("panel", True), ("observer", False)]
    )
    def test_a_percentage_opens_to_its_cases_for_those_who_see_answers(
        self, at_panel: Scene, who: str, links: bool
    ) -> None:
        inspection = at_panel.inspection
        observer = builder.member(inspection, "OBSERVER", "Olive Observer")
        person = observer if who == "observer" else getattr(at_panel, who)

        html = html_of(person, inspection)

        assert "40% (4 of 10)" in html
        for code in ("3.1.2", "3.1.2a"):
            assert (reverse("cases:answers", args=[inspection.pk, code]) in html) is links

    def test_a_qualitative_standard_shows_its_judgement_and_whose_it_is(
        self, at_panel: Scene
    ) -> None:
        page = read(at_panel.lead, "ratings", at_panel.inspection.pk)

        judgement = at_panel.inspection.judgements.get(standard="1.1")
        assert f"Judged by the lead inspector. {judgement.saved_by.name}, " in page
        assert judgement.rationale in page

    def test_a_key_question_shows_its_counts_and_what_they_are_out_of(
        self, at_panel: Scene
    ) -> None:
        page = read(at_panel.lead, "ratings", at_panel.inspection.pk)

        assert (
            "Lowest band: decides the rating 40% (4 of 10) answers to 3.1.2 One case is 10 "
            "points Minority Inadequate"
        ) in page

    def test_a_standard_shows_what_would_move_it_and_the_likelihoods_of_its_key_questions(
        self, at_panel: Scene
    ) -> None:
        inspection = at_panel.inspection
        builder.sample(inspection, "OUT_OF_COURT", eligible_cases=10)
        builder.case(inspection, "COURT", at_panel.inspector)

        page = read(at_panel.lead, "ratings", inspection.pk)

        assert "From 10 out-of-court cases, of 10 eligible." in page
        assert "From 11 court cases, the number eligible is not recorded." in page
        assert "Changed answers 1 from No to Yes would make this Requires improvement." in page
        assert "1 case to Requires improvement 10 points, from No to Yes" in page
        assert "Nothing else: all answered. Inadequate (certain)" in page
        assert "Of 11 court cases, 1 not answered yet" in page
        assert "1 of 11 cases to come: Outstanding whether all Yes or all No." in page
        assert "Not known: the number of eligible court cases is not recorded." in page
        assert page.count("How these likelihoods are worked out") == 1

    def test_the_key_of_the_bars_stands_only_where_there_is_one(self, at_panel: Scene) -> None:
        inspection = at_panel.inspection
        pages = [f"{at_panel.home}{page}" for page in ("ratings/", "panel/", "panel/pack/")]
        pages.append(f"{at_panel.home}ratings/discretion/3.1/")
        client = signed_in(at_panel.panel)

        # How many cases are eligible is not recorded, so no likelihood is known.
        for page in pages:
            assert "in the bars:" not in client.get(page).text, page

        builder.sample(inspection, "OUT_OF_COURT", eligible_cases=40)
        for page in pages:
            html = client.get(page).text
            assert "app-likely__share--now" in html, page
            assert "in the bars:" in html, page
            assert "The tall part is the rating as computed now." in html

    def test_each_rating_says_how_likely_it_is_across_the_whole_caseload(
        self, at_panel: Scene
    ) -> None:
        inspection = at_panel.inspection
        for group in ("COURT", "OUT_OF_COURT"):
            builder.sample(inspection, group, eligible_cases=40)

        page = read(at_panel.lead, "ratings", inspection.pk)

        assert (
            "Overall rating Good Over 99% likely to be the same across the whole caseload" in page
        )
        assert (
            "3.1.2: 40% (4 of 10) 1 answer up "
            "73% likely to stay the same across the whole caseload" in page
        )
        assert "Whole caseload Inadequate 73%, Requires improvement 24%, Good 4%" in page
        assert "the likeliest score is 28 (" in page

    def test_a_decision_of_the_panel_leaves_the_likelihood_of_the_computed_rating(
        self, at_panel: Scene
    ) -> None:
        builder.sample(at_panel.inspection, "OUT_OF_COURT", eligible_cases=40)
        decide_as(
            at_panel.inspection,
            at_panel.panel,
            "3.1",
            Rating.REQUIRES_IMPROVEMENT,
            Rating.INADEQUATE,
        )

        page = read(at_panel.lead, "ratings", at_panel.inspection.pk)

        assert "Computed rating: 73% likely to stay the same across the whole caseload" in page

    def test_the_headline_shows_what_would_move_the_overall_rating(self, at_panel: Scene) -> None:
        page = read(at_panel.lead, "ratings", at_panel.inspection.pk)

        assert "Next overall rating: 3 points up to Outstanding; 10 points down to" in page
        assert (
            "Closest to a higher or lower rating: 3.1 (1 changed answer from Requires improvement)"
            in page
        )

    def test_a_key_question_and_prompts_that_contradict_each_other_are_shown(self) -> None:
        inspection = builder.inspection()
        lead = builder.lead_inspector(inspection)
        prompts = inspection.framework.key_questions_by_code["2.1.1"].prompts
        builder.fill(inspection, lead, yes={prompt.code: 1 for prompt in prompts})

        page = read(lead, "ratings", inspection.pk)

        assert (
            f"2.1.1 is met in 100% of its cases, but {len(prompts)} of its {len(prompts)} prompts "
            "in under half of the relevant cases (2.1.1a, "
        ) in page

    def test_unsigned_cases_make_it_provisional(self, at_panel: Scene) -> None:
        inspection = at_panel.inspection
        assert "Provisional" not in read(at_panel.lead, "ratings", inspection.pk)

        builder.case(inspection, "COURT", at_panel.inspector)

        page = read(at_panel.lead, "ratings", inspection.pk)
        assert "Provisional: 30 of 31 cases signed off." in page

    def test_without_a_score_it_says_which_standards_are_missing_and_why(
        self, at_panel: Scene
    ) -> None:
        at_panel.inspection.judgements.filter(standard="1.2").delete()

        Inspection.objects.update(state="REVIEW")

        page = read(at_panel.lead, "ratings", at_panel.inspection.pk)

        assert "No score yet" in page
        assert "Not rated yet: 1.2 waits for your judgement." in page

    def test_what_waits_for_the_lead_inspector_is_said_to_others_too(self, at_panel: Scene) -> None:
        at_panel.inspection.judgements.filter(standard__in=["1.2", "1.3"]).delete()

        page = read(at_panel.panel, "ratings", at_panel.inspection.pk)

        assert "Not rated yet: 1.2 and 1.3 wait for the lead inspector’s judgement." in page

    def test_a_limiting_judgement_that_applies_is_explained(self) -> None:
        inspection = builder.inspection()
        lead = builder.lead_inspector(inspection)
        outstanding = dict.fromkeys(("1.1", "1.2", "1.3", "1.4", "3.4"), Rating.OUTSTANDING)
        builder.fill(inspection, lead, judged={**outstanding, "4.1": Rating.INADEQUATE})

        page = read(lead, "ratings", inspection.pk)

        assert "Score 36 out of 36 Overall rating Good" in page
        assert (
            "The score alone would give Outstanding. But 4.1 Resettlement policy and provision "
            "is Inadequate, and the overall rating can then be no higher than Good"
        ) in page

    def test_both_ratings_and_the_footnote_are_shown_where_discretion_moved_one(
        self, at_panel: Scene
    ) -> None:
        inspection, panel = at_panel.inspection, at_panel.panel
        decide_as(inspection, panel, "3.1", Rating.REQUIRES_IMPROVEMENT, Rating.INADEQUATE)

        page = read(at_panel.lead, "ratings", inspection.pk)

        assert "Score 29 out of 36" in page
        assert "Without professional discretion: 28 out of 36, Good." in page
        assert "Computed: Inadequate. Decided: Requires improvement Note 1" in page
        assert "Note 1, on 3.1 Assessment: A footnote on 3.1." in page

    def test_a_stale_decision_says_what_it_moved_and_what_is_computed_now(
        self, at_panel: Scene
    ) -> None:
        inspection, panel = at_panel.inspection, at_panel.panel
        decide_as(inspection, panel, "3.4", Rating.OUTSTANDING, Rating.GOOD)
        inspection.judgements.filter(standard="3.4").update(rating="REQUIRES_IMPROVEMENT")

        page = read(at_panel.lead, "ratings", inspection.pk)

        assert page.count("The ratings panel moved 3.4 from Good to Outstanding on") == 2
        assert "It is now computed as Requires improvement, so the decision no longer" in page
        assert "Note 1" not in page

    def test_the_panel_alone_finds_links_to_decide(self, at_panel: Scene) -> None:
        inspection = at_panel.inspection.pk

        assert "Decide discretion on 3.1.2" in read(at_panel.panel, "ratings", inspection)
        assert "Decide discretion on" not in read(at_panel.lead, "ratings", inspection)

    def test_an_inspector_is_refused_in_words_while_fieldwork_is_open(
        self, at_panel: Scene
    ) -> None:
        Inspection.objects.update(state="FIELDWORK")

        page = read(at_panel.inspector, "ratings", at_panel.inspection.pk, expect=403)

        assert "Inspectors see ratings and judgements once fieldwork has closed" in page

    def test_an_inspector_sees_ratings_once_fieldwork_has_closed(self, at_panel: Scene) -> None:
        assert "Score 28" in read(at_panel.inspector, "ratings", at_panel.inspection.pk)

    def test_for_an_outsider_there_is_no_such_inspection(self, at_panel: Scene) -> None:
        read(at_panel.outsider, "ratings", at_panel.inspection.pk, expect=404)
        read(at_panel.outsider, "discretion", at_panel.inspection.pk, "3.1", expect=404)

    @pytest.mark.parametrize(("name", "budget"), [("ratings", 13), ("what-if", 8)])
    def test_it_costs_the_same_however_many_cases(
        self,
        at_panel: Scene,
        django_assert_num_queries: DjangoAssertNumQueries,
        name: str,
        budget: int,
    ) -> None:
        inspection = at_panel.inspection
        for who in (at_panel.lead, at_panel.panel):
            client = signed_in(who)
            with django_assert_num_queries(budget):
                client.get(reverse(f"ratings:{name}", args=[inspection.pk]))
            for _ in range(10):
                builder.case(inspection, "COURT", at_panel.inspector)

    @pytest.mark.parametrize(("state", "budget"), [("REVIEW", 8), ("PANEL", 13)])
    def test_hearings_are_loaded_once_the_panel_has_the_inspection(
        self,
        at_panel: Scene,
        django_assert_num_queries: DjangoAssertNumQueries,
        state: str,
        budget: int,
    ) -> None:
        Inspection.objects.update(state=state)
        client = signed_in(at_panel.lead)
        with django_assert_num_queries(budget):
            client.get(reverse("ratings:ratings", args=[at_panel.inspection.pk]))

    def test_an_inspection_without_cases_has_a_page(self) -> None:
        inspection = builder.inspection(edition="2018")
        lead = builder.lead_inspector(inspection)
        builder.judge(inspection, lead, "1.1", Rating.GOOD)

        page = read(lead, "ratings", inspection.pk)

        assert "Provisional: no case is sampled yet." in page
        assert "2.1, 2.2, 2.3, 2.4, 3.1, 3.2, 3.3 and 3.4, because no inspected case is" in page
        assert "1.2, 1.3 and 1.4 wait for your judgement" in page
        assert "Closest to a higher or lower rating" not in page


class TestDiscretionPage:
    def test_it_shows_the_computed_rating_the_figures_and_the_possible_moves(
        self, at_panel: Scene
    ) -> None:
        page = read(at_panel.panel, "discretion", at_panel.inspection.pk, "3.1")

        assert "Computed rating Inadequate" in page
        assert "40% (4 of 10) answers to 3.1.2" in page
        assert "Minority Inadequate" in page
        assert "Up one band, to Requires improvement" in page
        assert "Down one band" not in page

    def test_the_lead_inspector_reads_it_and_finds_no_form(self, at_panel: Scene) -> None:
        page = read(at_panel.lead, "discretion", at_panel.inspection.pk, "3.1")

        assert "Only a member of this inspection&#x27;s ratings panel decides discretion." in page
        assert "Save the panel’s decision" not in page

    @pytest.mark.parametrize("who", ["lead", "inspector"])
    def test_whoever_is_not_on_the_panel_is_refused(self, at_panel: Scene, who: str) -> None:
        page = post(at_panel, getattr(at_panel, who), "3.1", 403)

        assert "Only a member of this inspection" in page
        assert not Discretion.objects.exists()

    @pytest.mark.parametrize("target", ["1.1.1", "9.9", "3.1.2a", "3.1.9", "x"])
    def test_what_carries_no_rating_has_no_page(self, at_panel: Scene, target: str) -> None:
        read(at_panel.panel, "discretion", at_panel.inspection.pk, target, expect=404)
        post(at_panel, at_panel.panel, target, 404)

    def test_a_decision_is_saved_with_all_that_was_written(self, at_panel: Scene) -> None:
        post(at_panel, at_panel.panel, "3.1", 302)

        decision = Discretion.objects.get()
        assert (decision.standard, decision.key_question) == ("3.1", "")
        assert (decision.from_rating, decision.to_rating) == ("INADEQUATE", "REQUIRES_IMPROVEMENT")
        assert decision.meeting_date == timezone.localdate()
        assert [str(one) for one in decision.members_present] == ["Pat Panel", "Sam Member"]
        assert decision.reason == "Close to the boundary"
        assert decision.decided_by == at_panel.panel

    def test_a_rating_that_changed_since_the_form_was_opened_is_shown_and_nothing_is_lost(
        self, at_panel: Scene
    ) -> None:
        panel = at_panel.panel

        page = post(
            at_panel, panel, "3.4", 200, from_rating="REQUIRES_IMPROVEMENT", to_rating="GOOD"
        )

        assert "it was Requires improvement and is now Good" in page
        assert "The lead inspector’s own words" in page
        assert "Professional discretion was applied." in page
        assert "Up one band, to Outstanding" in page
        assert not Discretion.objects.exists()

    def test_a_rating_that_is_gone_since_the_form_was_opened_is_shown_and_nothing_is_lost(
        self, at_panel: Scene
    ) -> None:
        at_panel.inspection.judgements.filter(standard="3.4").delete()

        page = post(
            at_panel, at_panel.panel, "3.4", 200, from_rating="GOOD", to_rating="OUTSTANDING"
        )

        assert "is now not rated, because the lead inspector has not judged it yet" in page
        assert "The lead inspector’s own words" in page

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"to_rating": ""}, "Select which way the panel moves the rating"),
            ({"to_rating": "GOOD"}, "Select one of the moves by one band"),
            ({"lead_view": " "}, "Enter the lead inspector’s view"),
            ({"evidence": ""}, "Enter the evidence that the panel weighed"),
            ({"reason": ""}, "Enter the reason for the decision"),
            ({"footnote": ""}, "Enter the footnote to print in the report"),
            ({"footnote": "x" * 401}, "the footnote to 400 characters. It has 401."),
            ({"from_rating": ""}, "Open this page again"),
            ({"from_rating": "SPLENDID"}, "Open this page again"),
        ],
    )
    def test_errors_are_shown_and_the_rest_is_kept(
        self, at_panel: Scene, changed: dict[str, object], message: str
    ) -> None:
        page = post(at_panel, at_panel.panel, "3.1", 200, **changed)

        assert "There is a problem" in page
        assert message in page
        assert not Discretion.objects.exists()

    def test_withdrawing_asks_first(self, at_panel: Scene) -> None:
        inspection, panel = at_panel.inspection, at_panel.panel
        decision = decide_as(
            inspection, panel, "3.1", Rating.REQUIRES_IMPROVEMENT, Rating.INADEQUATE
        )
        client = signed_in(panel)
        address = reverse("ratings:withdraw", args=[inspection.pk, decision.pk])

        assert "Withdraw the decision on standard 3.1 Assessment?" in read(
            panel, "withdraw", inspection.pk, decision.pk
        )
        assert Discretion.objects.current().exists()

        assert "Enter why the decision is withdrawn" in client.post(address).content.decode()
        assert Discretion.objects.current().exists()
        client.post(address, {"reason": "It weighed a case twice."})
        assert not Discretion.objects.current().exists()
        assert client.post(address).status_code == 403

    def test_a_withdrawn_decision_can_still_be_read(self, at_panel: Scene) -> None:
        inspection, panel = at_panel.inspection, at_panel.panel
        decision = decide_as(
            inspection, panel, "3.1", Rating.REQUIRES_IMPROVEMENT, Rating.INADEQUATE
        )
        client = signed_in(panel)
        client.post(
            reverse("ratings:withdraw", args=[inspection.pk, decision.pk]),
            {"reason": "It weighed a case twice."},
        )

        page = read(at_panel.lead, "discretion", inspection.pk, "3.1")

        assert "From Inadequate to Requires improvement" in page
        assert "Withdrawn by Pat Panel" in page
        assert "It weighed a case twice." in page

    def test_a_decision_of_another_inspection_is_not_found(self, at_panel: Scene) -> None:
        inspection, panel = at_panel.inspection, at_panel.panel
        decision = decide_as(
            inspection, panel, "3.1", Rating.REQUIRES_IMPROVEMENT, Rating.INADEQUATE
        )
        other = builder.inspection(state="PANEL")
        stranger = builder.panel_member(other)
        builder.hearing(other, builder.lead_inspector(other), stranger)

        read(stranger, "withdraw", other.pk, decision.pk, expect=404)
        read(stranger, "withdraw", inspection.pk, decision.pk, expect=404)
