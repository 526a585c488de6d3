"""What makes a file of published results valid, and how a fault in one is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from inspections.framework import Group, Rating
from ratings.engine import Discretion
from ratings.national.replay.format import NotValid, ReplayFile, parse
from tests.unit.replay.figures import NAMES, figures, path_of, written

Change = Callable[[dict[str, Any]], object]


def changed(change: Change, name: str = "gateshead-2023") -> ReplayFile:
    data = figures(name)
    change(data)
    return parse(written(data), "results.json")


@pytest.mark.parametrize("name", NAMES)
def test_the_published_inspections_are_valid(name: str) -> None:
    file = parse(path_of(name).read_bytes(), name)

    assert file.report_title.startswith("An inspection of youth offending services in")
    assert len(file.published.standards) >= 12


def test_a_file_holds_samples_counts_judgements_and_decisions() -> None:
    file = changed(lambda data: None)

    assert file.service_name == "Gateshead Youth Justice Service"
    assert file.edition.code == "2021"
    assert file.samples == {Group.COURT: 6, Group.OUT_OF_COURT: 9, Group.RESETTLEMENT: 2}
    assert file.key_questions["2.1.1"].tally.yes == 5
    assert file.key_questions["2.1.1"].published_percent == 83
    assert file.judgements["1.3"] is Rating.REQUIRES_IMPROVEMENT
    assert file.decisions[0].move == Discretion("2.1", "2.1.1", Rating.OUTSTANDING, Rating.GOOD)
    assert file.decisions[0].why == "diversity not analysed well enough in the assessments"
    assert (file.published.score, file.published.overall) == (26, Rating.GOOD)


def test_a_report_is_told_apart_by_service_edition_date_and_isbn() -> None:
    gateshead = changed(lambda data: None)

    assert changed(lambda data: data["samples"].update(court=60)).key == gateshead.key
    for other in (
        changed(lambda data: data["service"].update(name="Gateshead")),
        changed(lambda data: data["report"].update(published="2024-05")),
        changed(lambda data: data["report"].update(isbn="978-0-00-000000-0")),
    ):
        assert other.key != gateshead.key


@pytest.mark.parametrize("key", ["prompts", "report", "fieldwork", "context", "discretion"])
@pytest.mark.parametrize("absent", [True, False], ids=["absent", "null"])
def test_a_section_that_a_report_may_lack_can_be_absent_or_null(key: str, absent: bool) -> None:
    assert changed(lambda data: data.pop(key) if absent else data.update({key: None}))


def test_counts_that_are_left_out_are_none_and_a_percentage_need_not_be_stated() -> None:
    counts = changed(
        lambda data: data["key_questions"].update({"2.1.2": {"yes": 5, "no": 0}})
    ).key_questions["2.1.2"]

    assert (counts.tally.not_applicable, counts.tally.unanswered) == (0, 0)
    assert not counts.states_percent


def test_names_that_mean_nothing_to_us_are_let_pass() -> None:
    def change(data: dict[str, Any]) -> None:
        data["made_with"] = {"tool": "a spreadsheet"}
        data["context"]["anything"] = [1, None]
        data["key_questions"]["2.1.1"]["note"] = "footnoted"

    assert changed(change)


def test_a_byte_order_mark_is_let_pass() -> None:
    assert parse(b"\xef\xbb\xbf" + written(figures()), "results.json")


def test_a_judgement_on_resettlement_without_cases_is_let_pass() -> None:
    assert changed(lambda data: data["samples"].update(resettlement=0)).judgements["4.1"]


def at(*path: Any) -> Callable[[Any], Change]:
    """Sets, or with ``GONE`` removes, the value at ``path``."""

    def to(value: Any) -> Change:
        def change(data: dict[str, Any]) -> None:
            place: Any = data
            for key in path[:-1]:
                place = place[key]
            if value is GONE:
                del place[path[-1]]
            else:
                place[path[-1]] = value

        return change

    return to


GONE = object()
COUNTED = {"yes": 1, "no": 0}
MOVE = {"standard": "2.2", "key_question": None, "from": "good", "to": "outstanding"}
QUESTION = ("key_questions", "2.1.2")

FAULTS: list[tuple[Change, str, str]] = [
    (at("schema")("inspection-results/2"), "schema", 'expected "inspection-results/1"'),
    (at("schema")(GONE), "schema", "it is missing"),
    (at("service")("Gateshead"), "service", "expected an object"),
    (at("service", "name")(""), "service › name", "expected text, not an empty one"),
    (at("service", "name")(" \t"), "service › name", "expected text, not an empty one"),
    (at("service", "name")(7), "service › name", "expected text, not 7"),
    (at("service", "name")("a" * 201), "service › name", "at most 200 characters"),
    (at("service", "name")("a\u0000b"), "service › name", "without control characters"),
    (at("service", "name")("\ud800"), "service › name", "without control characters"),
    (at("report")([]), "report", "expected an object"),
    (at("report", "isbn")(978), "report › isbn", "expected text"),
    (at("edition")("2019"), "edition", '"2018" or "2021", not "2019"'),
    (at("edition")(2021), "edition", "expected a known edition"),
    (at("samples")(GONE), "samples", "it is missing"),
    (at("samples", "court")(True), "samples › court", "a whole number from 0 to 5000, not true"),
    (at("samples", "court")(6.0), "samples › court", "not 6.0"),
    (at("samples", "court")("6"), "samples › court", 'not "6"'),
    (at("samples", "court")(-1), "samples › court", "not -1"),
    (at("samples", "court")(5001), "samples › court", "from 0 to 5000, not 5001"),
    (at("samples", "custody")(1), "samples › custody", "court, out_of_court, resettlement"),
    (at("samples", "court")(5), "key_questions › 2.1.1", "at most 5, as samples › court gives"),
    (at("samples", "court")(GONE), "key_questions › 2.1.1", "add up to at most 0"),
    (at("key_questions")(None), "key_questions", "expected an object, not null"),
    (at("key_questions", "2.9.1")(COUNTED), "key_questions › 2.9.1", "a key question of edition"),
    (at("key_questions", "1.1.1")(COUNTED), "key_questions › 1.1.1", "standard 1.1 is judged"),
    (at("key_questions", "2.1.1a")(COUNTED), "key_questions › 2.1.1a", "expected a key question"),
    (at(*QUESTION)([]), "key_questions › 2.1.2", "expected an object, not a list"),
    (at(*QUESTION, "yes")(GONE), "key_questions › 2.1.2 › yes", "it is missing"),
    (at(*QUESTION, "no")(None), "key_questions › 2.1.2 › no", "not null"),
    (at(*QUESTION, "yes")(-1), "key_questions › 2.1.2 › yes", "a whole number of 0 or more"),
    (at(*QUESTION, "yes")(1.5), "key_questions › 2.1.2 › yes", "not 1.5"),
    (at(*QUESTION, "no")(1), "key_questions › 2.1.2", "at most 6, as samples › court gives, not 7"),
    (at(*QUESTION, "unanswered")(1), "key_questions › 2.1.2", "not 7"),
    (at(*QUESTION, "yess")(1), "key_questions › 2.1.2 › yess", "expected one of yes, no"),
    (
        at(*QUESTION)({"yes": 5, "no": 0, "not_applicable": 1}),
        "key_questions › 2.1.2 › not_applicable",
        "edition 2021 has this question answered Yes or No in every case, not 1",
    ),
    (at(*QUESTION, "published_percent")(101), "2.1.2 › published_percent", "0 to 100, or null"),
    (at(*QUESTION, "published_percent")(99.5), "2.1.2 › published_percent", "not 99.5"),
    (at("prompts", "2.1.1z")(COUNTED), "prompts › 2.1.1z", "expected a prompt of edition 2021"),
    (at("prompts", "2.1.1")(COUNTED), "prompts › 2.1.1", "expected a prompt of edition 2021"),
    (at("judgements", "2.1")("good"), "judgements › 2.1", "expected a qualitative standard"),
    (at("judgements", "5.1")("good"), "judgements › 5.1", "expected a qualitative standard"),
    (at("judgements", "1.1")("excellent"), "judgements › 1.1", "requires_improvement, good"),
    (at("judgements", "1.1")("Good"), "judgements › 1.1", 'not "Good"'),
    (at("discretion")({}), "discretion", "expected a list"),
    (at("discretion", 0, "standard")("9.9"), "discretion › 1 › standard", "expected a standard"),
    (at("discretion", 0, "key_question")("2.2.1"), "discretion › 1 › key_question", "2.1.1, 2.1.2"),
    (
        at("discretion", 0)(MOVE | {"standard": "1.1", "key_question": "1.1.1"}),
        "discretion › 1 › key_question",
        "standard 1.1 is judged as a whole",
    ),
    (at("discretion", 0, "from")("perfect"), "discretion › 1 › from", "expected a rating"),
    (
        at("discretion", 0, "from")("good"),
        "discretion › 1 › from",
        "expected outstanding, the computed rating of 2.1.1, not good",
    ),
    (
        at("discretion", 0, "to")("requires_improvement"),
        "discretion › 1 › to",
        "expected good, one band from outstanding, not requires_improvement",
    ),
    (at("discretion", 0, "to")("outstanding"), "discretion › 1 › to", "one band from outstanding"),
    (at("discretion")([MOVE, MOVE]), "discretion › 2", "one decision about 2.2"),
    (
        at("discretion", 0)(MOVE | {"from": "inadequate", "to": "good"}),
        "discretion › 1 › from",
        "expected good, the computed rating of 2.2, not inadequate",
    ),
    (at("published")(GONE), "published", "it is missing"),
    (at("published", "standards")(GONE), "published › standards", "it is missing"),
    (at("published", "standards", "9.9")("good"), "published › standards › 9.9", "a standard of"),
    (at("published", "standards", "2.1")("fair"), "published › standards › 2.1", "or null"),
    (at("published", "score")(GONE), "published › score", "it is missing"),
    (at("published", "score")(37), "published › score", "from 0 to 36, or null, not 37"),
    (at("published", "score")(False), "published › score", "not false"),
    (at("published", "overall")("fine"), "published › overall", "expected a rating"),
]


@pytest.mark.parametrize(("change", "place", "expected"), FAULTS)
def test_a_fault_is_named_with_its_file_its_place_and_what_was_expected(
    change: Change, place: str, expected: str
) -> None:
    with pytest.raises(NotValid) as refused:
        changed(change)

    assert refused.value.source == "results.json"
    assert refused.value.place.endswith(place)
    assert expected in refused.value.expected
    assert str(refused.value).startswith(f"results.json: {refused.value.place}: ")


def test_the_edition_without_prompts_takes_none() -> None:
    with pytest.raises(NotValid, match="prompts › 2.1.1a: expected no prompts: edition 2018"):
        changed(at("prompts", "2.1.1a")(COUNTED), "surrey-2019")


def test_a_decision_on_a_standard_without_a_rating_is_refused() -> None:
    def change(data: dict[str, Any]) -> None:
        del data["judgements"]["1.1"]
        data["discretion"] = [MOVE | {"standard": "1.1"}]

    with pytest.raises(NotValid, match="1.1 has no rating to move"):
        changed(change)


def text_of(figures_as_text: Callable[[str], str]) -> bytes:
    return figures_as_text(written(figures()).decode()).encode()


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "line 1, column 1: expected valid JSON"),
        (b'{"schema": ', "expected valid JSON"),
        (b"[]", "expected a JSON object, not a list"),
        (b"\xff\xfe{", "byte 1: expected text in UTF-8"),
        (b"[" * 100_000, "not nested so deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "numbers of a sensible size"),
        (b'{"a": {"b": NaN}}', "a › b: expected a number, not NaN or infinity"),
        (b'{"a": [1, 1e999]}', "a › 2: expected a number, not NaN or infinity"),
        (b'{"a": {"b": 1, "b": 1}}', "a › b: expected this name once, but it is there twice"),
    ],
)
def test_what_is_not_plain_json_is_refused_in_words(raw: bytes, message: str) -> None:
    with pytest.raises(NotValid) as refused:
        parse(raw, "results.json")

    assert message in str(refused.value)


def test_a_question_that_is_there_twice_is_refused() -> None:
    raw = text_of(lambda text: text.replace('"2.1.2": {', '"2.1.1": {', 1))

    with pytest.raises(NotValid, match="key_questions › 2.1.1: expected this name once"):
        parse(raw, "results.json")
