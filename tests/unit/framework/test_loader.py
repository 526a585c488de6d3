"""What an edition's file must hold, and what is said when it does not."""

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.framework import (
    Group,
    NotValid,
    Rating,
    UnknownEdition,
    available_editions,
    load_edition,
    parse_edition,
)
from inspections.framework.loader import FOLDER

SMALL = (Path(__file__).parent / "small.toml").read_text()
"""Two standards, one judged and one counted: the least that an edition can be."""


def with_change(old: str, new: str) -> bytes:
    """The small edition with the first ``old`` replaced; ``old`` must be there."""
    assert old in SMALL
    return SMALL.replace(old, new, 1).encode()


def test_an_edition_is_read_as_it_is_written() -> None:
    edition = parse_edition(SMALL.encode(), "2030.toml")
    assert (edition.code, edition.name, edition.reports) == (
        "2030",
        "2030 framework",
        "Reports to come",
    )
    assert [domain.code for domain in edition.domains] == ["1", "2"]
    assert edition.standards_by_code["1.1"].needs_cases_of is Group.RESETTLEMENT
    assert edition.standards_by_code["2.1"].group is Group.COURT
    assert edition.key_questions_by_code["2.1.1"].guidance == "Count."
    assert edition.key_questions_by_code["2.1.2"].guidance == ""
    assert edition.case_questions(Group.COURT) == ("2.1.1a", "2.1.1b", "2.1.1", "2.1.2")
    assert edition.limits[0].overall_at_most is Rating.GOOD
    assert edition.highest_score == 6
    assert edition.allows_not_applicable("2.1.1a")
    assert not edition.allows_not_applicable("2.1.1")


def test_the_digest_is_of_the_bytes_of_the_file() -> None:
    commented = SMALL.encode() + b"# read again\n"
    assert parse_edition(commented, "2030.toml").digest == sha256(commented).hexdigest()
    assert (
        parse_edition(commented, "2030.toml").digest
        != parse_edition(SMALL.encode(), "2030.toml").digest
    )


def test_a_third_edition_is_added_by_adding_its_file(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "2030.toml").write_text(SMALL)
    assert available_editions(tmp_path) == ("2018", "2021", "2030")
    assert load_edition("2030", tmp_path).name == "2030 framework"
    assert load_edition("2021", tmp_path) == load_edition("2021")
    with pytest.raises(UnknownEdition):
        load_edition("2030")


def test_an_edition_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "2030.toml").write_text(SMALL)
    assert load_edition("2030", tmp_path) is load_edition("2030", tmp_path)


def test_an_edition_unknown_at_first_is_found_once_its_file_is_there(tmp_path: Path) -> None:
    with pytest.raises(UnknownEdition, match="Known editions: none"):
        load_edition("2030", tmp_path)
    (tmp_path / "2030.toml").write_text(SMALL)
    assert load_edition("2030", tmp_path).code == "2030"


def test_a_file_is_named_after_its_edition(tmp_path: Path) -> None:
    (tmp_path / "2031.toml").write_text(SMALL)
    with pytest.raises(NotValid, match='2031.toml: code: expected "2031"'):
        load_edition("2031", tmp_path)


def test_an_edition_need_not_limit_anything() -> None:
    limit = SMALL[SMALL.index("[[limits]]") : SMALL.index("[[domains]]")]
    assert parse_edition(with_change(limit, ""), "2030.toml").limits == ()


def test_a_file_that_is_not_text_is_refused() -> None:
    with pytest.raises(NotValid, match="2030.toml: byte 3: expected text in UTF-8"):
        parse_edition(b"a \xff", "2030.toml")


def test_a_file_that_is_not_toml_is_refused_with_its_line() -> None:
    with pytest.raises(NotValid, match="2030.toml: the file: expected valid TOML.*line 2"):
        parse_edition(b'code = "2030"\nname = \n', "2030.toml")


FAULTS: list[tuple[str, str, str, tuple[str, ...]]] = [
    # old, new, the place that is named; what is said: what stands there, what was expected
    ('code = "2030"\n', "", "code", ("text", "missing")),
    (
        'code = "2030"',
        'code = "20/30"',
        "code",
        ("lower-case letters, digits and hyphens", "20/30"),
    ),
    ('code = "2030"', "code = 2030", "code", ("text", "2030")),
    ('name = "2030 framework"', 'name = " "', "name", ("text", "empty")),
    ('reports = "Reports to come"\n', "", "reports", ("text", "missing")),
    ('code = "2030"', 'code = "2030"\nauthor = "us"', "author", ("known", "code, name, reports")),
    (
        "[not_applicable]\nkey_questions = false\nprompts = true\n",
        "",
        "not_applicable",
        ("object", "missing"),
    ),
    (
        "key_questions = false",
        "key_questions = 0",
        "not_applicable › key_questions",
        ("true or false", "0"),
    ),
    ("prompts = true\n", "", "not_applicable › prompts", ("true or false", "missing")),
    (
        "prompts = true",
        "prompts = true\nstandards = true",
        "not_applicable › standards",
        ("known",),
    ),
    ("[not_applicable]", "[[not_applicable]]", "not_applicable", ("object", "a list")),
    ("lowest = 0", "lowest = 1", "bands › 1 › lowest", ("expected 0", "not 1")),
    ("lowest = 50", "lowest = 51", "bands › 2 › lowest", ("expected 50", "not 51")),
    ("lowest = 50", "lowest = 49", "bands › 2 › lowest", ("expected 50", "not 49")),
    ("highest = 64", "highest = 48", "bands › 2 › highest", ("50 or more", "48")),
    ("highest = 100", "highest = 99", "bands › 4 › highest", ("expected 100", "99")),
    ("highest = 100", "highest = 101", "bands › 4 › highest", ("expected 100", "101")),
    ("lowest = 0", "lowest = 0.0", "bands › 1 › lowest", ("whole number", "0.0")),
    ("lowest = 0", "lowest = false", "bands › 1 › lowest", ("whole number", "false")),
    ("highest = 49\n", "", "bands › 1 › highest", ("whole number", "missing")),
    ('name = "Minority"', 'name = ""', "bands › 1 › name", ("text", "empty")),
    (
        'rating = "inadequate"',
        'rating = "bad"',
        "bands › 1 › rating",
        ("inadequate, requires_improvement, good, outstanding", "bad"),
    ),
    ('rating = "inadequate"', 'rating = "good"', "bands", ("one band for each rating",)),
    ('name = "Too few"', 'name = "Too few"\ncolour = 1', "bands › 2 › colour", ("known",)),
    ("highest = 1\n", "highest = 2\n", "score_bands › 2 › lowest", ("expected 3", "not 2")),
    ("highest = 6\n", "highest = 36\n", "score_bands › 4 › highest", ("expected 6", "36")),
    (
        'rating = "requires_improvement"\nlowest = 2',
        'rating = "good"\nlowest = 2',
        "score_bands",
        ("one band for each rating",),
    ),
    ('standard = "1.1"', 'standard = "9.9"', "limits › 1 › standard", ("1.1, 2.1", "9.9")),
    (
        'overall_at_most = "good"',
        'overall_at_most = "fair"',
        "limits › 1 › overall_at_most",
        ("good", "fair"),
    ),
    ('overall_at_most = "good"', "", "limits › 1 › overall_at_most", ("good", "missing")),
    (
        "[[domains]]",
        '[[limits]]\nstandard = "1.1"\nrating = "inadequate"\n'
        'overall_at_most = "inadequate"\n[[domains]]',
        "limits › 2 › standard",
        ("one limit for 1.1 at inadequate", "two"),
    ),
    ('code = "1"', 'code = "one"', "domains › one › code", ("a number",)),
    ('code = "1"', 'code = "01"', "domains › 01 › code", ("a number",)),
    ('code = "1"\n', "", "domains › 1 › code", ("text", "missing")),
    (
        'code = "2"',
        'code = "1"',
        "standards › 2.1 › code",
        ('"1." and a number, such as 1.1', "2.1"),
    ),
    ('name = "First domain"', 'name = ""', "domains › 1 › name", ("text", "empty")),
    ('name = "First domain"', 'name = "First"\nx = 1', "domains › 1 › x", ("known",)),
    ('code = "2.1"', 'code = "3.1"', "standards › 3.1 › code", ('"2." and a number', "3.1")),
    ('code = "2.1"', 'code = "2.1.1"', "standards › 2.1.1 › code", ('"2." and a number', "2.1.1")),
    ('code = "2.1"\n', "", "domains › 2 › standards › 1 › code", ("text", "missing")),
    (
        'statement = "It is judged."',
        'statement = ""',
        "standards › 1.1 › statement",
        ("text", "empty"),
    ),
    (
        'evidence = "cases"',
        'evidence = "luck"',
        "standards › 2.1 › evidence",
        ("cases, qualitative", "luck"),
    ),
    ('group = "court"\n', "", "standards › 2.1 › group", ("court, out_of_court", "missing")),
    (
        'group = "court"',
        'group = "crown"',
        "standards › 2.1 › group",
        ("court, out_of_court", "crown"),
    ),
    (
        'group = "court"',
        'group = "court"\nneeds_cases_of = "court"',
        "standards › 2.1 › needs_cases_of",
        ("only for a qualitative standard",),
    ),
    (
        'needs_cases_of = "resettlement"',
        'group = "court"',
        "standards › 1.1 › group",
        ("only for a standard rated from cases",),
    ),
    (
        'needs_cases_of = "resettlement"',
        'needs_cases_of = "none"',
        "standards › 1.1 › needs_cases_of",
        ("court, out_of_court", "none"),
    ),
    (
        "in_score = true",
        'in_score = "yes"',
        "standards › 1.1 › in_score",
        ("true or false", '"yes"'),
    ),
    (
        'evidence = "cases"',
        'evidence = "cases"\nweight = 2',
        "standards › 2.1 › weight",
        ("known",),
    ),
    (
        'code = "2.1.1"',
        'code = "2.2.1"',
        "key_questions › 2.2.1 › code",
        ('"2.1." and a number', "2.2.1"),
    ),
    ('code = "2.1.2"', 'code = "2.1.1"', "key_questions › 2.1.1 › code", ("2.1.1", "twice")),
    ('text = "Is it judged well?"', 'text = ""', "key_questions › 1.1.1 › text", ("text", "empty")),
    ('guidance = "Count."', 'guidance = ""', "key_questions › 2.1.1 › guidance", ("text", "empty")),
    ('guidance = "Count."', 'guidence = "Count."', "key_questions › 2.1.1 › guidence", ("known",)),
    (
        'text = "Is it judged well?"',
        'text = "Is it judged well?"\n[[domains.standards.key_questions.prompts]]\n'
        'code = "1.1.1a"\ntext = "Is it?"',
        "key_questions › 1.1.1 › prompts",
        ("only for a standard rated from cases",),
    ),
    (
        'text = "Is it counted at all?"',
        'text = "Is it counted at all?"\nprompts = []',
        "key_questions › 2.1.2 › prompts",
        ("list", "at least 1", "empty"),
    ),
    (
        'text = "Is it counted at all?"',
        'text = "Is it counted at all?"\nprompts = ["2.1.2a"]',
        "key_questions › 2.1.2 › prompts › 1",
        ("object", "2.1.2a"),
    ),
    (
        'text = "Is it counted at all?"',
        'text = "Is it counted at all?"\nprompts = 2',
        "key_questions › 2.1.2 › prompts",
        ("list", "2"),
    ),
    ('code = "2.1.1b"', 'code = "2.1.1c"', "prompts › 2.1.1c › code", ("2.1.1b", "2.1.1c")),
    ('code = "2.1.1b"', 'code = "2.1.1a"', "prompts › 2.1.1a › code", ("2.1.1b", "2.1.1a")),
    ('code = "2.1.1a"', 'code = "2.1.2a"', "prompts › 2.1.2a › code", ("2.1.1a", "2.1.2a")),
    ('code = "2.1.1a"', 'code = "2.1.1A"', "prompts › 2.1.1A › code", ("2.1.1a", "2.1.1A")),
    ('code = "2.1.1a"\n', "", "key_questions › 2.1.1 › prompts › 1 › code", ("text", "missing")),
    ('text = "Is it counted once?"\n', "", "prompts › 2.1.1a › text", ("text", "missing")),
    (
        'text = "Is it counted once?"',
        'text = "Is it counted once?"\nhint = "1"',
        "prompts › 2.1.1a › hint",
        ("known",),
    ),
]


@pytest.mark.parametrize(("old", "new", "path", "said"), FAULTS)
def test_a_fault_is_refused_with_its_file_its_path_and_what_was_expected(
    old: str, new: str, path: str, said: tuple[str, ...]
) -> None:
    with pytest.raises(NotValid) as refused:
        parse_edition(with_change(old, new), "2030.toml")
    lines = str(refused.value).splitlines()
    assert all(line.startswith("2030.toml: ") for line in lines)
    assert any(
        f"{path}: " in line and all(part in line.split(f"{path}: ")[1] for part in said)
        for line in lines
    ), lines


def test_every_fault_is_named() -> None:
    faulty = SMALL.replace("lowest = 50", "lowest = 51").replace('code = "2.1.1b"', 'code = "b"')
    with pytest.raises(NotValid) as refused:
        parse_edition(faulty.encode(), "2030.toml")
    assert [path.split(" › ")[0] for path, _ in refused.value.faults] == ["domains", "bands"]


def test_two_domains_cannot_share_a_code() -> None:
    twice = SMALL + '\n[[domains]]\ncode = "2"\nname = "Again"\n'
    twice += SMALL[SMALL.index('[[domains.standards]]\ncode = "2.1"') :]
    with pytest.raises(NotValid, match='domains › 2 › code: .*"2".*twice'):
        parse_edition(twice.encode(), "2030.toml")


def test_two_standards_cannot_share_a_code() -> None:
    twice = SMALL + SMALL[SMALL.index('[[domains.standards]]\ncode = "2.1"') :]
    with pytest.raises(NotValid, match='standards › 2.1 › code: .*"2.1".*twice'):
        parse_edition(twice.encode(), "2030.toml")


def test_an_edition_without_a_scored_standard_is_refused() -> None:
    unscored = SMALL.replace("in_score = true", "in_score = false").encode()
    with pytest.raises(NotValid, match="domains: expected at least one standard"):
        parse_edition(unscored, "2030.toml")


def test_a_standard_without_key_questions_is_refused() -> None:
    without = SMALL[: SMALL.index('\n[[domains.standards.key_questions]]\ncode = "2.1.1"')]
    with pytest.raises(NotValid, match="standards › 2.1 › key_questions: .*missing"):
        parse_edition(without.encode(), "2030.toml")


def test_the_alphabet_ends_the_prompts_of_a_key_question() -> None:
    prompt = '[[domains.standards.key_questions.prompts]]\ncode = "2.1.2{}"\ntext = "Is it?"\n'
    letters = "abcdefghijklmnopqrstuvwxyz"
    full = SMALL + "".join(prompt.format(letter) for letter in letters)
    assert len(parse_edition(full.encode(), "2030.toml").prompts_by_code) == 28
    with pytest.raises(NotValid, match="key_questions › 2.1.2 › prompts: expected at most 26"):
        parse_edition((full + prompt.format("aa")).encode(), "2030.toml")


@given(cuts=st.lists(st.integers(1, 100), min_size=3, max_size=3, unique=True).map(sorted))
def test_wherever_the_bands_are_cut_every_percentage_has_one_rating(cuts: list[int]) -> None:
    bands = zip(Rating, [0, *cuts], [*(cut - 1 for cut in cuts), 100], strict=True)
    written = "".join(
        f'[[bands]]\nname = "Band"\nrating = "{rating.key}"\nlowest = {low}\nhighest = {high}\n\n'
        for rating, low, high in bands
    )
    rest = SMALL.index("[[score_bands]]")
    text = SMALL[: SMALL.index("[[bands]]")] + written + SMALL[rest:]
    edition = parse_edition(text.encode(), "2030.toml")
    for percent in range(101):
        expected = sum(percent >= cut for cut in cuts)
        assert edition.rating_of_percent(percent) == expected


@given(raw=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_the_file_holds_it_is_read_or_refused_in_words(raw: bytes) -> None:
    with pytest.raises(NotValid, match="^2030.toml: "):
        parse_edition(raw, "2030.toml")
