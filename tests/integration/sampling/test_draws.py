"""Drawing samples: what is kept of a draw, its cases, a second draw, and two leads at once."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import Error, connection, transaction

from cases.caseload.sizes import NoSize
from cases.models import Case, CaseSource, Draw, DrawnCase, LeadChoice, ListedCase, Sample
from cases.sampling.actions import DrawRequest, choose_case, draw_sample, replace_case
from cases.sampling.eligible import load_caseload
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.framework import Group
from inspections.history import events_of
from inspections.versions import Conflict
from ratings.service import rate_inspection
from tests import scenes as every
from tests.integration.sampling import scenes
from tests.integration.sampling.scenes import draw, references, row, rows, take
from tests.scenes import Scene


@pytest.fixture
def scene(db: None) -> Scene:
    return scenes.preparation()


def test_a_draw_makes_cases_with_our_references_and_what_the_list_says(scene: Scene) -> None:
    take(scene, [row(1, offence="Robbery of a phone", team="North"), *rows(40)[1:]])
    made = draw(scene, rule="own/2021", own_number=10, size_reason="One week.")
    cases = list(scene.inspection.cases.order_by("reference"))
    assert [case.reference for case in cases] == [f"C-{place:02}" for place in range(1, 11)]
    assert {case.state for case in cases} == {"NOT_STARTED"}
    for case in cases:
        listed = ListedCase.objects.get(reference=case.source.service_reference)
        assert (case.disposal_type, case.disposal_date, case.age, case.gender) == (
            listed.disposal_type,
            listed.disposal_date,
            listed.age,
            listed.gender,
        )
        assert (case.offence_category, case.offence_type) == (
            listed.offence,
            listed.offence_detail,
        )
        assert (case.serious_harm_level, case.safety_level, case.ethnicity) == (
            listed.serious_harm_level,
            listed.safety_level,
            listed.ethnicity,
        )
    assert (made.size, made.eligible_cases, made.size_reason) == (10, 40, "One week.")
    assert made.drawn.filter(is_reserve=True).count() == 2


def test_the_sample_takes_its_numbers_and_its_window_from_the_draw(scene: Scene) -> None:
    take(scene, [*rows(30), row(31, disposal_date="2025-01-01"), row(32, sensitive="Yes")])
    made = draw(scene)
    [sample] = Sample.objects.filter(inspection=scene.inspection)
    assert (sample.eligible_cases, sample.wanted_cases) == (30, made.size)
    assert (made.listed_cases, made.left_out) == (32, {"OUT_OF_WINDOW": 1, "SENSITIVE": 1})
    assert sample.window_start_date == made.window_start_date
    assert rate_inspection(scene.fresh()).eligible[Group.COURT] == 30


def test_the_window_stays_from_its_first_draw_on(scene: Scene) -> None:
    take(scene, rows(20))
    scene.inspection.windows.create(
        group="OUT_OF_COURT", start_date="2026-01-05", end_date="2026-01-06"
    )
    made = draw(scene)
    window = scene.inspection.windows.get(group="COURT")
    assert (window.start_date, window.end_date) == (made.window_start_date, made.window_end_date)
    first_drawn_at = window.drawn_at
    assert first_drawn_at is not None
    with pytest.raises(Error, match="so it stays as it is"), transaction.atomic():
        scene.inspection.windows.filter(group="COURT").update(end_date="2026-01-31")
    assert scene.inspection.windows.get(group="OUT_OF_COURT").drawn_at is None
    draw(scene, instead_of=1, seed=9, reason="Another seed.")
    window.refresh_from_db()
    assert window.drawn_at == first_drawn_at


def test_the_same_seed_draws_the_same_cases_from_what_is_kept(scene: Scene) -> None:
    from cases.caseload.draw import draw as pure_draw

    take(scene, rows(40))
    made = draw(scene, rule="own/2021", own_number=9, size_reason="One week.", seed=4711)
    rows_then = ListedCase.objects.in_bulk(made.eligible_rows)
    again = pure_draw(
        [rows_then[key].as_row() for key in made.eligible_rows], size=made.size, seed=made.seed
    )
    kept = made.drawn.select_related("listed")
    assert [one.listed.reference for one in kept if not one.is_reserve] == [
        one.reference for one in again.selected
    ]
    assert [one.listed.reference for one in kept if one.is_reserve] == [
        one.reference for one in again.reserves
    ]


def test_a_draw_and_its_cases_stay_as_they_are(scene: Scene) -> None:
    take(scene, rows(10))
    draw(scene)
    for write in (
        lambda: Draw.objects.update(seed=1),
        lambda: Draw.objects.all().delete(),
        lambda: DrawnCase.objects.update(place=99),
        lambda: DrawnCase.objects.all().delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            write()
    assert events_of(Draw).count() == 1


def test_a_second_draw_keeps_the_first_and_says_why(scene: Scene) -> None:
    take(scene, rows(40))
    first = draw(scene, rule="own/2021", own_number=10, size_reason="One week.", seed=1)
    before = set(references(scene))
    kept_cases = dict(
        CaseSource.objects.values_list("service_reference", "case_id").order_by("case_id")
    )
    Case.objects.filter(inspection=scene.inspection).update(allocated_to=scene.inspector)
    second = draw(
        scene,
        instead_of=1,
        rule="own/2021",
        own_number=12,
        size_reason="Two weeks.",
        seed=2,
        reason="Two inspectors more.",
    )
    assert (second.number, second.reason) == (2, "Two inspectors more.")
    assert Draw.objects.get(pk=first.pk).seed == 1
    assert first.drawn.filter(is_reserve=False).count() == 10
    selected = second.drawn.filter(is_reserve=False).values_list("listed__reference", flat=True)
    assert references(scene) == sorted(selected)
    in_both = before & set(selected)
    assert in_both and before - in_both
    for source in CaseSource.objects.filter(service_reference__in=in_both).select_related("case"):
        assert source.case_id == kept_cases[source.service_reference]
        assert source.case.allocated_to == scene.inspector
    assert not scene.inspection.cases.taken_out().exists()


def test_a_second_draw_takes_out_and_keeps_a_case_in_which_something_is_recorded(
    scene: Scene,
) -> None:
    take(scene, rows(40))
    draw(scene, rule="own/2021", own_number=20, size_reason="One week.", seed=1)
    every.move_to(scene.inspection, "FIELDWORK")
    Case.objects.filter(inspection=scene.inspection).update(allocated_to=scene.inspector)
    recorded = {
        case.source.service_reference: case
        for case in scene.inspection.cases.select_related("source")
    }
    for case in recorded.values():
        builder.answers(case, scene.inspector, **{"2.1.1": "YES"})
    every.move_to(scene.inspection, "PREPARATION")
    draw(
        scene,
        instead_of=1,
        rule="own/2021",
        own_number=5,
        size_reason="One day.",
        seed=2,
        reason="Too many.",
    )
    out = scene.inspection.cases.taken_out()
    assert scene.inspection.cases.in_sample().count() == 5
    assert out.count() == 20 - len(recorded.keys() & set(references(scene)))
    assert all(case.answers.count() == 1 for case in out)
    assert {case.taken_out.reason for case in out} == {"Draw 2 has other cases: Too many."}
    # They were eligible, and still are.
    assert Sample.objects.get(inspection=scene.inspection).eligible_cases == 40


def test_a_second_draw_needs_a_reason(scene: Scene) -> None:
    take(scene, rows(10))
    draw(scene)
    with pytest.raises(Error), transaction.atomic():
        draw(scene, instead_of=1, reason=" ")


def test_a_draw_is_refused_where_the_page_showed_another_draw_or_caseload(scene: Scene) -> None:
    take(scene, rows(10))
    seen = load_caseload(scene.fresh()).version(Group.COURT)
    take(scene, [row(11)])
    with pytest.raises(Conflict, match="11 cases are eligible now, and they aren’t those"):
        draw_sample(
            inspection=scene.inspection,
            group=Group.COURT,
            request=DrawRequest(rule="formula/2021", seed=1),
            instead_of=0,
            eligible_seen=seen,
            by=scene.lead,
        )
    first = draw(scene)
    with pytest.raises(Conflict, match="Somebody else has drawn") as raised:
        draw(scene, instead_of=0)
    assert raised.value.current == first
    assert Draw.objects.count() == 1


def test_a_draw_is_refused_where_as_many_other_cases_are_eligible(scene: Scene) -> None:
    take(scene, rows(10))
    seen = load_caseload(scene.fresh()).version(Group.COURT)
    take(scene, [row(1, gender="Other")])
    assert len(load_caseload(scene.fresh()).eligible(Group.COURT)) == 10
    with pytest.raises(Conflict, match="aren’t those that were"):
        draw_sample(
            inspection=scene.inspection,
            group=Group.COURT,
            request=DrawRequest(rule="formula/2021", seed=1),
            instead_of=0,
            eligible_seen=seen,
            by=scene.lead,
        )
    assert not Draw.objects.exists()


def test_a_reference_of_ours_never_becomes_another_cases(scene: Scene) -> None:
    take(scene, rows(40))
    draw(scene, rule="own/2021", own_number=5, size_reason="Few.")
    first = {
        case.source.service_reference: case.reference
        for case in scene.inspection.cases.select_related("source")
    }
    assert sorted(first.values()) == ["C-01", "C-02", "C-03", "C-04", "C-05"]
    last = scene.inspection.cases.get(reference="C-05").source.service_reference
    choose_case(
        inspection=scene.inspection,
        case=ListedCase.objects.get(reference=last),
        kind=LeadChoice.Kind.LEFT_OUT,
        reason="Another service’s.",
        by=scene.lead,
    )
    draw(scene, instead_of=1, seed=8, reason="Again.")
    for case in scene.inspection.cases.select_related("source"):
        known = first.get(case.source.service_reference)
        assert case.reference == known if known else case.reference not in first.values()


def test_the_size_of_a_rule_that_gives_none_is_refused_in_words(scene: Scene) -> None:
    take(scene, rows(10))
    with pytest.raises(NoSize, match="can’t be more than the 10 eligible"):
        draw(scene, rule="own/2021", own_number=11, size_reason="Why not.")
    assert not Draw.objects.exists()


def test_out_of_court_takes_its_share_beside_the_court_sample(scene: Scene) -> None:
    take(scene, [*rows(40), *rows(20, "Out of court")])
    court = draw(scene)
    out_of_court = draw(scene, Group.OUT_OF_COURT, rule="share/2021")
    assert out_of_court.size == -(-court.size * 20 // 40)
    assert {case.reference[:2] for case in scene.inspection.cases.filter(group="OUT_OF_COURT")} == {
        "O-"
    }


@pytest.mark.parametrize("state", ["ANNOUNCED", "FIELDWORK", "REVIEW", "PANEL"])
def test_a_sample_is_drawn_only_in_preparation_and_only_by_the_lead(
    scene: Scene, state: str
) -> None:
    take(scene, rows(10))
    lead, scene.lead = scene.lead, scene.inspector
    with pytest.raises(Refused, match="Only the lead inspector"):
        draw(scene)
    scene.lead = lead
    every.move_to(scene.inspection, state)
    with pytest.raises(Refused):
        draw(scene)


def test_a_case_wrongly_sampled_is_not_drawn_again(scene: Scene) -> None:
    take(scene, rows(10))
    draw(scene)
    wrong = scene.inspection.cases.first()
    assert wrong is not None
    reference = wrong.source.service_reference
    replace_case(case=wrong, reason="It is another service’s.", by=scene.lead)
    draw(scene, instead_of=1, reason="One was wrong.")
    assert reference not in references(scene)
    assert Draw.objects.get(number=2).left_out == {"BY_LEAD": 1}


@pytest.mark.django_db(transaction=True)
def test_of_two_draws_at_the_same_moment_one_is_made_and_the_other_is_a_conflict() -> None:
    scene = scenes.preparation()
    take(scene, rows(30))
    seen = load_caseload(scene.fresh()).version(Group.COURT)
    barrier = Barrier(2)
    results: list[int | Conflict] = []

    def draw_now(seed: int) -> None:
        try:
            barrier.wait()
            results.append(
                draw_sample(
                    inspection=scene.inspection,
                    group=Group.COURT,
                    request=DrawRequest(rule="formula/2021", seed=seed),
                    instead_of=0,
                    eligible_seen=seen,
                    by=scene.lead,
                ).seed
            )
        except Conflict as conflict:
            results.append(conflict)
        finally:
            connection.close()

    threads = [Thread(target=draw_now, args=[seed]) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [made] = Draw.objects.all()
    [lost] = [one for one in results if isinstance(one, Conflict)]
    assert lost.current == made
    assert scene.inspection.cases.count() == made.size
