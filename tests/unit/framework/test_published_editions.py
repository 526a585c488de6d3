"""The editions behind the published reports, as their annexes lay them out."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.framework import (
    Edition,
    Evidence,
    Group,
    KeyQuestion,
    Limit,
    Prompt,
    Rating,
    UnknownEdition,
    available_editions,
    load_edition,
)

DIGESTS = Path(__file__).parents[2] / "golden" / "edition_digests.toml"
EDITIONS = available_editions()

CASE_STANDARDS = ["2.1", "2.2", "2.3", "2.4", "3.1", "3.2", "3.3"]
PROMPTS_2021 = {
    "2.1.1": 9, "2.1.2": 3, "2.1.3": 3,
    "2.2.1": 7, "2.2.2": 4, "2.2.3": 5,
    "2.3.1": 8, "2.3.2": 2, "2.3.3": 3,
    "2.4.1": 7, "2.4.2": 3, "2.4.3": 4,
    "3.1.1": 9, "3.1.2": 2, "3.1.3": 2,
    "3.2.1": 8, "3.2.2": 3, "3.2.3": 4,
    "3.3.1": 6, "3.3.2": 2, "3.3.3": 2,
}  # fmt: skip


def questions(edition: Edition) -> list[KeyQuestion | Prompt]:
    return [*edition.key_questions_by_code.values(), *edition.prompts_by_code.values()]


def questions_per_standard(edition: Edition) -> dict[str, int]:
    return {standard.code: len(standard.key_questions) for standard in edition.standards}


def prompts_of(edition: Edition, group: Group) -> list[str]:
    return [code for code in edition.case_questions(group) if code in edition.prompts_by_code]


def test_the_editions_of_2018_and_2021_are_there() -> None:
    assert {"2018", "2021"} <= set(EDITIONS)


@pytest.mark.parametrize("code", ["1999", "", "../2021", "2021.toml"])
def test_an_unknown_edition_is_refused_in_words_that_name_the_known_ones(code: str) -> None:
    with pytest.raises(UnknownEdition) as refused:
        load_edition(code)
    assert isinstance(refused.value, LookupError)
    assert repr(code) in str(refused.value)
    assert all(known in str(refused.value) for known in EDITIONS)


def test_an_edition_in_use_never_changes() -> None:
    recorded = tomllib.loads(DIGESTS.read_text())
    assert {code: load_edition(code).digest for code in EDITIONS} == recorded


@pytest.mark.parametrize("code", EDITIONS)
def test_twelve_standards_make_the_score_of_36(code: str) -> None:
    edition = load_edition(code)
    assert [standard.code for standard in edition.scored_standards] == [
        *("1.1", "1.2", "1.3", "1.4"),
        *("2.1", "2.2", "2.3", "2.4"),
        *("3.1", "3.2", "3.3", "3.4"),
    ]
    assert edition.highest_score == 36


def test_the_key_questions_of_2018() -> None:
    assert questions_per_standard(load_edition("2018")) == {
        **{"1.1": 3, "1.2": 4, "1.3": 3, "1.4": 4},
        **dict.fromkeys(CASE_STANDARDS, 3),
        "3.4": 2,
    }


def test_the_key_questions_of_2021() -> None:
    assert questions_per_standard(load_edition("2021")) == {
        **{"1.1": 3, "1.2": 5, "1.3": 3, "1.4": 4},
        **dict.fromkeys(CASE_STANDARDS, 3),
        **{"3.4": 3, "4.1": 3},
    }


def test_2018_publishes_no_prompts() -> None:
    assert not load_edition("2018").prompts_by_code


def test_2021_has_58_court_and_38_out_of_court_prompts() -> None:
    edition = load_edition("2021")
    assert len(prompts_of(edition, Group.COURT)) == 58
    assert len(prompts_of(edition, Group.OUT_OF_COURT)) == 38
    assert len(edition.prompts_by_code) == 96
    assert {
        code: len(question.prompts)
        for code, question in edition.key_questions_by_code.items()
        if question.prompts
    } == PROMPTS_2021


def test_the_letter_printed_twice_under_2_4_1_becomes_two_codes() -> None:
    prompts = load_edition("2021").prompts_by_code
    assert "circumstances" in prompts["2.4.1d"].text
    assert "motivated" in prompts["2.4.1e"].text
    assert "2.4.1g" in prompts


def test_standards_of_domains_2_and_3_are_rated_from_their_cases() -> None:
    for code in EDITIONS:
        standards = load_edition(code).standards_by_code
        assert {standards[s].group for s in CASE_STANDARDS[:4]} == {Group.COURT}
        assert {standards[s].group for s in CASE_STANDARDS[4:]} == {Group.OUT_OF_COURT}


def test_3_4_is_joint_working_from_cases_in_2018() -> None:
    standard = load_edition("2018").standards_by_code["3.4"]
    assert standard.name == "Joint working"
    assert standard.evidence is Evidence.CASES
    assert standard.group is Group.OUT_OF_COURT


def test_3_4_is_policy_and_provision_and_judged_in_2021() -> None:
    standard = load_edition("2021").standards_by_code["3.4"]
    assert standard.name == "Out-of-court disposal policy and provision"
    assert standard.evidence is Evidence.QUALITATIVE
    assert standard.in_score


def test_resettlement_is_outside_the_score_and_needs_cases() -> None:
    standard = load_edition("2021").standards_by_code["4.1"]
    assert standard.is_qualitative
    assert not standard.in_score
    assert standard.needs_cases_of is Group.RESETTLEMENT
    assert "4.1" not in load_edition("2018").standards_by_code


def test_an_inadequate_resettlement_caps_the_overall_rating_at_good() -> None:
    limit = Limit(standard="4.1", rating=Rating.INADEQUATE, overall_at_most=Rating.GOOD)
    assert load_edition("2021").limits == (limit,)
    assert load_edition("2018").limits == ()


def test_not_applicable_is_for_key_questions_in_2018_and_for_prompts_in_2021() -> None:
    assert load_edition("2018").allows_not_applicable("2.1.1")
    assert not load_edition("2021").allows_not_applicable("2.1.1")
    assert load_edition("2021").allows_not_applicable("2.1.1a")


@pytest.mark.parametrize("code", EDITIONS)
def test_every_question_answered_in_a_case_has_guidance(code: str) -> None:
    edition = load_edition(code)
    guidance = {question.code: question.guidance for question in questions(edition)}
    without = [q for group in Group for q in edition.case_questions(group) if not guidance[q]]
    assert without == []


@pytest.mark.parametrize("code", EDITIONS)
def test_guidance_offers_not_applicable_only_where_it_may_be_answered(code: str) -> None:
    edition = load_edition(code)
    offered = {
        question.code for question in questions(edition) if "Not applicable" in question.guidance
    }
    assert {
        question for question in offered if not edition.allows_not_applicable(question)
    } == set()
    assert offered


@pytest.mark.parametrize("code", EDITIONS)
def test_every_key_question_and_prompt_is_one_question_in_plain_text(code: str) -> None:
    edition = load_edition(code)
    for question in questions(edition):
        assert question.text.endswith("?"), question.code
        assert question.text.count("?") == 1, question.code
        assert "young person" not in question.text or code == "2018"


@pytest.mark.parametrize("code", EDITIONS)
def test_no_two_questions_of_a_standard_read_the_same(code: str) -> None:
    for standard in load_edition(code).standards:
        texts = [question.text for question in standard.key_questions]
        texts += [prompt.text for question in standard.key_questions for prompt in question.prompts]
        assert len(set(texts)) == len(texts), standard.code


@pytest.mark.parametrize(
    ("percent", "rating"),
    [
        (0, Rating.INADEQUATE),
        (49, Rating.INADEQUATE),
        (50, Rating.REQUIRES_IMPROVEMENT),
        (64, Rating.REQUIRES_IMPROVEMENT),
        (65, Rating.GOOD),
        (79, Rating.GOOD),
        (80, Rating.OUTSTANDING),
        (100, Rating.OUTSTANDING),
    ],
)
def test_the_bands_of_a_key_question(percent: int, rating: Rating) -> None:
    for code in EDITIONS:
        assert load_edition(code).rating_of_percent(percent) is rating


@pytest.mark.parametrize(
    ("score", "rating"),
    [
        (0, Rating.INADEQUATE),
        (6, Rating.INADEQUATE),
        (7, Rating.REQUIRES_IMPROVEMENT),
        (18, Rating.REQUIRES_IMPROVEMENT),
        (19, Rating.GOOD),
        (30, Rating.GOOD),
        (31, Rating.OUTSTANDING),
        (36, Rating.OUTSTANDING),
    ],
)
def test_the_bands_of_the_score(score: int, rating: Rating) -> None:
    for code in EDITIONS:
        assert load_edition(code).rating_of_score(score) is rating


@given(code=st.sampled_from(EDITIONS), percent=st.integers(0, 100))
def test_every_percentage_has_exactly_one_rating(code: str, percent: int) -> None:
    edition = load_edition(code)
    found = [band.rating for band in edition.bands if band.lowest <= percent <= band.highest]
    assert found == [edition.rating_of_percent(percent)]


@given(code=st.sampled_from(EDITIONS), data=st.data())
def test_every_score_has_exactly_one_rating(code: str, data: st.DataObject) -> None:
    edition = load_edition(code)
    score = data.draw(st.integers(0, edition.highest_score))
    found = [band.rating for band in edition.score_bands if band.lowest <= score <= band.highest]
    assert found == [edition.rating_of_score(score)]
