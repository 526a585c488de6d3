"""What makes a file of published results valid, and how a fault in one is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from inspections.framework import Group, NotValid, Rating
from ratings.engine import Discretion
from ratings.national.format import ReplayFile, parse
from tests.unit.replay.figures import NAMES, figures, path_of, written

Change = Callable[[dict[str, Any]], object]


def changed(change: Change, name: str = "gateshead-2023") -> ReplayFile:
    data = figures(name)
    change(data)
    return parse(written(data), "results.json")


@pytest.mark.parametrize("name", NAMES)
def test_the_published_inspections_are_valid(name: str) -> None:
    file = parse(path_of(name).read_bytes(), name)

    assert file.report.title.startswith("An inspection of youth offending services in")
    assert len(file.published.standards) >= 12


def test_a_file_holds_samples_counts_judgements_and_decisions() -> None:
    file = changed(lambda data: None)

    assert file.service.name == "Gateshead Youth Justice Service"
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


@pytest.mark.parametrize("section", ["service", "report"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_text_that_a_report_may_lack_is_empty_where_it_is_null_or_blank(
    section: str, value: str | None
) -> None:
    keys = ("area", "title", "published", "isbn")
    file = changed(lambda data: data[section].update(dict.fromkeys(keys, value)))
    read = getattr(file, section).model_dump()
    assert [read[key] for key in keys if key in read] == [""] * len(set(keys) & set(read))


def test_counts_that_are_left_out_are_none_and_a_percentage_need_not_be_stated() -> None:
    counts = changed(
        lambda data: data["key_questions"].update({"2.1.2": {"yes": 5, "no": 0}})
    ).key_questions["2.1.2"]

    assert (counts.tally.not_applicable, counts.tally.unanswered) == (0, 0)
    assert not counts.states_percent


def test_unknown_names_are_ignored() -> None:
    def change(data: dict[str, Any]) -> None:
        data["made_with"] = {"tool": "a spreadsheet"}
        data["context"]["anything"] = [1, None]
        data["key_questions"]["2.1.1"]["note"] = "footnoted"

    assert changed(change)


def test_a_byte_order_mark_is_accepted() -> None:
    assert parse(b"\xef\xbb\xbf" + written(figures()), "results.json")


def test_a_judgement_on_resettlement_without_cases_is_accepted() -> None:
    assert changed(lambda data: data["samples"].update(resettlement=0)).judgements["4.1"]


def at(*path: Any) -> Callable[[Any], Change]:
    """Sets, or with ``GONE`` removes, the value at ``path``."""

    def to(value: Any) -> Change:
        def change(data: dict[str, Any]) -> None:
            holder: Any = data
            for key in path[:-1]:
                holder = holder[key]
            if value is GONE:
                del holder[path[-1]]
            else:
                holder[path[-1]] = value

        return change

    return to


GONE = object()
COUNTED = {"yes": 1, "no": 0}
MOVE = {"standard": "2.2", "key_question": None, "from": "good", "to": "outstanding"}
QUESTION = ("key_questions", "2.1.2")
RATINGS = ("inadequate", "requires_improvement", "good", "outstanding")

FAULTS: list[tuple[Change, str, tuple[str, ...]]] = [
    # what is changed, the place that is named, and what is said of it: the value that stands
    # there and what was expected
    (at("schema")("inspection-results/2"), "schema", ("results/2", "inspection-results/1")),
    (at("schema")(GONE), "schema", ("missing", "inspection-results/1")),
    (at("service")("Gateshead"), "service", ("object", "Gateshead")),
    (at("service", "name")(GONE), "service › name", ("text", "missing")),
    (at("service", "name")(""), "service › name", ("text", "of 1 to 200", '""')),
    (at("service", "name")(" \t"), "service › name", ("text", "of 1 to 200")),
    (at("service", "name")(7), "service › name", ("text", "7")),
    (at("service", "name")("a" * 201), "service › name", ("of 1 to 200 characters", "aaa")),
    (at("service", "name")("a\u0000b"), "service › name", ("control characters",)),
    (at("service", "name")("\ud800"), "service › name", ("control characters",)),
    (at("service", "area")("a\nb"), "service › area", ("control characters", "a\\nb")),
    (at("report")([]), "report", ("object", "a list")),
    (at("report", "isbn")(978), "report › isbn", ("text", "978")),
    (at("edition")(GONE), "edition", ("missing", '"2018" or "2021"')),
    (at("edition")("2019"), "edition", ('"2019"', '"2018" or "2021"')),
    (at("edition")(2021), "edition", ("known edition", "2021")),
    (at("edition")([]), "edition", ("known edition", "a list")),
    (at("samples")(GONE), "samples", ("object", "missing")),
    (at("samples", "court")(True), "samples › court", ("whole number from 0 to 5000", "true")),
    (at("samples", "court")(6.0), "samples › court", ("whole number", "6.0")),
    (at("samples", "court")("6"), "samples › court", ("whole number", '"6"')),
    (at("samples", "court")(-1), "samples › court", ("from 0", "-1")),
    (at("samples", "court")(5001), "samples › court", ("to 5000", "5001")),
    (at("samples", "custody")(1), "samples › custody", ("court, out_of_court, resettlement",)),
    (at("samples", "court")(5), "key_questions › 2.1.1", ("at most 5", "samples › court", "6")),
    (at("samples", "court")(GONE), "key_questions › 2.1.1", ("at most 0", "6")),
    (at("key_questions")(None), "key_questions", ("object", "null")),
    (at("key_questions", "2.9.1")(COUNTED), "key_questions › 2.9.1", ("key question", "2021")),
    (at("key_questions", "1.1.1")(COUNTED), "key_questions › 1.1.1", ("standard 1.1 is judged",)),
    (at("key_questions", "2.1.1a")(COUNTED), "key_questions › 2.1.1a", ("key question",)),
    (at(*QUESTION)([]), "key_questions › 2.1.2", ("object", "a list")),
    (at(*QUESTION, "yes")(GONE), "key_questions › 2.1.2 › yes", ("whole number", "missing")),
    (at(*QUESTION, "no")(None), "key_questions › 2.1.2 › no", ("whole number", "null")),
    (at(*QUESTION, "yes")(-1), "key_questions › 2.1.2 › yes", ("of 0 or more", "-1")),
    (at(*QUESTION, "yes")(1.5), "key_questions › 2.1.2 › yes", ("whole number", "1.5")),
    (at(*QUESTION, "yes")(10**30), "key_questions › 2.1.2", ("at most 6", str(10**30))),
    (at(*QUESTION, "no")(1), "key_questions › 2.1.2", ("at most 6", "samples › court", "7")),
    (at(*QUESTION, "unanswered")(1), "key_questions › 2.1.2", ("at most 6", "7")),
    (at(*QUESTION, "unanswered")(None), "2.1.2 › unanswered", ("whole number", "null")),
    (at(*QUESTION, "yess")(1), "key_questions › 2.1.2 › yess", ("yes, no, not_applicable",)),
    (
        at(*QUESTION)({"yes": 5, "no": 0, "not_applicable": 1}),
        "key_questions › 2.1.2 › not_applicable",
        ("expected 0", "edition 2021", "Yes or No in every case", "not 1"),
    ),
    (at(*QUESTION, "published_percent")(101), "2.1.2 › published_percent", ("100, or null", "101")),
    (at(*QUESTION, "published_percent")(99.5), "2.1.2 › published_percent", ("whole", "99.5")),
    (at("prompts", "2.1.1z")(COUNTED), "prompts › 2.1.1z", ("a prompt of edition 2021",)),
    (at("prompts", "2.1.1")(COUNTED), "prompts › 2.1.1", ("a prompt of edition 2021",)),
    (at("judgements", "2.1")("good"), "judgements › 2.1", ("qualitative standard", "1.1, 1.2")),
    (at("judgements", "5.1")(None), "judgements › 5.1", ("qualitative standard", "1.1, 1.2")),
    (at("judgements", "1.1")("excellent"), "judgements › 1.1", (*RATINGS, '"excellent"')),
    (at("judgements", "1.1")("Good"), "judgements › 1.1", (*RATINGS, '"Good"')),
    (at("judgements", "1.1")(2), "judgements › 1.1", (*RATINGS, "not 2")),
    (at("discretion")({}), "discretion", ("a list", "an object")),
    (at("discretion", 0)("2.1"), "discretion › 1", ("an object", '"2.1"')),
    (at("discretion", 0, "standard")("9.9"), "discretion › 1 › standard", ("2.1, 2.2", '"9.9"')),
    (
        at("discretion", 0, "key_question")("2.2.1"),
        "discretion › 1 › key_question",
        ("2.1.1, 2.1.2", "or null", '"2.2.1"'),
    ),
    (
        at("discretion", 0)(MOVE | {"standard": "1.1", "key_question": "1.1.1"}),
        "discretion › 1 › key_question",
        ("null", "standard 1.1 is judged as a whole"),
    ),
    (at("discretion", 0, "from")(GONE), "discretion › 1 › from", (*RATINGS, "missing")),
    (at("discretion", 0, "from")("perfect"), "discretion › 1 › from", (*RATINGS, '"perfect"')),
    (
        at("discretion", 0, "from")("good"),
        "discretion › 1 › from",
        ("expected outstanding", "the computed rating of 2.1.1", "not good"),
    ),
    (
        at("discretion", 0, "to")("requires_improvement"),
        "discretion › 1 › to",
        ("expected good", "one band from outstanding", "not requires_improvement"),
    ),
    (at("discretion", 0, "to")("outstanding"), "discretion › 1 › to", ("good", "outstanding")),
    (
        at("discretion", 0, "why")("w" * 1001),
        "discretion › 1 › why",
        ("of 0 to 1000 characters", "www"),
    ),
    (at("discretion")([MOVE, MOVE]), "discretion › 2", ("one decision about 2.2", "two")),
    (
        at("discretion", 0)(MOVE | {"from": "inadequate", "to": "good"}),
        "discretion › 1 › from",
        ("expected good", "the computed rating of 2.2", "not inadequate"),
    ),
    (at("published")(GONE), "published", ("object", "missing")),
    (at("published", "standards")(GONE), "published › standards", ("object", "missing")),
    (at("published", "standards", "9.9")("good"), "published › standards › 9.9", ("2.1, 2.2",)),
    (
        at("published", "standards", "2.1")("fair"),
        "published › standards › 2.1",
        (*RATINGS, "or null", '"fair"'),
    ),
    (at("published", "score")(GONE), "published › score", ("whole number", "null", "missing")),
    (at("published", "score")(37), "published › score", ("from 0 to 36, or null", "37")),
    (at("published", "score")(-1), "published › score", ("0 or more, or null", "-1")),
    (at("published", "score")(False), "published › score", ("whole number", "null", "false")),
    (at("published", "overall")("fine"), "published › overall", (*RATINGS, "null", '"fine"')),
]


@pytest.mark.parametrize(("change", "path", "said"), FAULTS)
def test_a_fault_is_named_with_its_file_its_path_and_what_was_expected(
    change: Change, path: str, said: tuple[str, ...]
) -> None:
    with pytest.raises(NotValid) as refused:
        changed(change)

    assert refused.value.source == "results.json"
    lines = str(refused.value).splitlines()
    assert all(line.startswith("results.json: ") for line in lines)
    (line,) = [line for line in lines if f"{path}: " in line]
    assert all(part in line.split(f"{path}: ")[1] for part in said), line


def test_every_fault_is_named_up_to_a_limit() -> None:
    def change(data: dict[str, Any]) -> None:
        data["samples"]["court"] = "6"
        data["published"]["overall"] = "fine"
        for code in data["key_questions"]:
            data["key_questions"][code]["yes"] = None

    with pytest.raises(NotValid) as refused:
        changed(change)
    faults = len(refused.value.faults)
    assert faults == len(figures()["key_questions"]) + 2
    lines = str(refused.value).splitlines()
    assert lines[0].startswith("results.json: samples › court: ")
    assert lines[20:] == [f"results.json: and {faults - 20} more"]


def test_the_edition_without_prompts_takes_none() -> None:
    with pytest.raises(NotValid, match="prompts › 2.1.1a: expected no prompts.*2018"):
        changed(at("prompts", "2.1.1a")(COUNTED), "surrey-2019")


def test_a_decision_on_a_standard_without_a_rating_is_refused() -> None:
    def change(data: dict[str, Any]) -> None:
        del data["judgements"]["1.1"]
        data["discretion"] = [MOVE | {"standard": "1.1"}]

    with pytest.raises(NotValid, match="discretion › 1 › from: .*1.1 has no rating"):
        changed(change)


def text_of(figures_as_text: Callable[[str], str]) -> bytes:
    return figures_as_text(written(figures()).decode()).encode()


@pytest.mark.parametrize(
    ("raw", "path", "said"),
    [
        (b"", "line 1, column 1", "valid JSON"),
        (b'{"schema": ', "line 1, column 12", "valid JSON"),
        (b"[]", "", "object, not a list"),
        (b"\xff\xfe{", "byte 1", "UTF-8"),
        (b"[" * 100_000, "", "not nested so deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "", "numbers of a sensible size"),
        (b'{"a": {"b": NaN}}', "a › b", "not NaN or infinity"),
        (b'{"a": [1, 1e999]}', "a › 2", "not NaN or infinity"),
        (b'{"a": {"b": 1, "b": 1}}', "a › b", "twice"),
        (b'{"a": [{"b\\u0007": 1, "b\\u0007": 1}]}', "a › 1 › 'b\\x07'", "twice"),
    ],
)
def test_what_is_not_plain_json_is_refused_in_words(raw: bytes, path: str, said: str) -> None:
    with pytest.raises(NotValid) as refused:
        parse(raw, "results.json")

    (fault,) = refused.value.faults
    assert fault[0] == path
    assert said in fault[1]
    assert str(refused.value).startswith("results.json: ")


def test_a_question_that_is_there_twice_is_refused() -> None:
    raw = text_of(lambda text: text.replace('"2.1.2": {', '"2.1.1": {', 1))

    with pytest.raises(NotValid, match="key_questions › 2.1.1: .*twice"):
        parse(raw, "results.json")
