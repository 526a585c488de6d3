"""What each value of a list means, and what is said of one that means nothing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from cases.caseload.lists.cells import (
    Cell,
    Unfit,
    age,
    choice,
    clean,
    day,
    looks_like_name,
    reference,
    text_of,
    yes,
)
from cases.caseload.lists.checking import disposal
from cases.caseload.lists.spellings import ETHNICITIES, GENDERS, GROUPS, LEVELS, offence_category
from tests.unit.caseload.lists.lists import read, row_with, words

DAY = date(2021, 3, 14)


@pytest.mark.parametrize(
    "cell",
    [
        "14/03/2021",
        "14/3/2021",
        "14-03-2021",
        "14.03.2021",
        "14 03 2021",
        "14 March 2021",
        "14th March 2021",
        "14 mar 2021",
        "14-Mar-2021",
        "14 MARCH, 2021",
        "2021-03-14",
        "2021/03/14",
        " 14/03/2021 ",
        "14/03/2021\u00a0",
        "14/03/2021 00:00",
        "14/03/2021 00:00:00",
        "14/03/2021 12:00:00 AM",
        "2021-03-14T00:00:00",
        "2021-03-14T00:00:00.000Z",
        datetime.combine(DAY, time()),
        DAY,
    ],
)
def test_british_and_iso_dates_and_those_of_spreadsheets_are_read(cell: Cell) -> None:
    assert day(cell) == DAY


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("14/03/21", "The year has two digits."),
        ("14-Mar-21", "The year has two digits."),
        ("30 February 2021", "There is no 30 February 2021."),
        ("29/02/2021", "There is no 29 February 2021."),
        ("31/09/2021", "There is no 31 September 2021."),
        ("2021-02-30", "There is no 30 February 2021."),
        ("0/03/2021", "There is no 0 March 2021."),
        ("03/14/2021", "There is no month 14."),
        ("14 Brumaire 2021", "There is no month brumaire."),
        ("14/03/1821", "It is before 1900."),
        (date(1899, 12, 31), "It is before 1900."),
        ("14/03/2210", "It is too far in the future."),
        ("14/03/2021 13:45", "It has a time of day."),
        ("2021-03-14T12:00:00", "It has a time of day."),
        ("14/03/2021 1:00 AM", "It has a time of day."),
        (datetime.combine(DAY, time(13, 45)), "It has a time of day."),
        ("last week", "It isn't a date that is understood."),
        ("20210314", "It isn't a date that is understood."),
        ("14/03/2021 and 15/03/2021", "It isn't a date that is understood."),
        (44269.0, "It isn't a date. Format the column as a date"),
        (True, "It isn't a date."),
        (time(9, 30), "It isn't a date."),
        (timedelta(hours=30), "It isn't a date."),
    ],
)
def test_every_other_date_is_refused_in_words(cell: Cell, words: str) -> None:
    with pytest.raises(Unfit) as unfit:
        day(cell)
    assert unfit.value.message.startswith(words)


@pytest.mark.parametrize("cell", ["", " ", "-", "not known", "TBC", "N/K"])
def test_an_empty_date_may_say_so(cell: str) -> None:
    assert day(cell) is None


@pytest.mark.parametrize(
    ("cell", "years"),
    [("14", 14), (14.0, 14), ("14.0", 14), ("14 years", 14), ("8", 8), ("21", 21), ("", None)],
)
def test_an_age_is_of_whole_years(cell: Cell, years: int | None) -> None:
    assert age(cell) == years


@pytest.mark.parametrize(
    "cell",
    [
        "7",
        "22",
        "140",
        "-14",
        "14.5",
        14.5,
        "fourteen",
        True,
    ],
)
def test_another_age_is_refused_in_words(cell: Cell) -> None:
    with pytest.raises(Unfit, match="from 8 to 21"):
        age(cell)


@pytest.mark.parametrize(
    "cell",
    ["14/03/2007", "2007-03-14", "14 Mar 2007", DAY, 39155.0, "14.03.07", "14 03 2007", "14 or 15"],
)
def test_a_date_of_birth_in_place_of_an_age_is_not_repeated(cell: Cell) -> None:
    with pytest.raises(Unfit, match="dates of birth are not taken") as unfit:
        age(cell)
    assert not unfit.value.is_shown


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("C-1", "C-1"),
        ("0012", "0012"),
        (1234.0, "1234"),
        (1234, "1234"),
        ("  C  1 ", "C 1"),
        ("C\u200b1\u00ad", "C1"),
        ("C\t1\n", "C 1"),
        ("=1+1", "=1+1"),
        ("O'Neill-12", "O'Neill-12"),
        ("-", ""),
    ],
)
def test_a_reference_is_cleaned_and_keeps_its_digits(cell: Cell, found: str) -> None:
    assert reference(cell, 40) == found


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("x" * 41, "It is longer than 40 characters."),
        ("1.23E+18", "The spreadsheet has shortened this number."),
        (1.23e18, "The spreadsheet has shortened this number."),
        (date(2021, 12, 3), "The spreadsheet has made a date or time of it."),
        (datetime.combine(DAY, time()), "The spreadsheet has made a date or time of it."),
        (time(9, 30), "The spreadsheet has made a date or time of it."),
    ],
)
def test_a_reference_that_a_spreadsheet_spoilt_is_refused(cell: Cell, words: str) -> None:
    with pytest.raises(Unfit) as unfit:
        reference(cell, 40)
    assert unfit.value.message.startswith(words)


@pytest.mark.parametrize(
    "cell", ["Jane Smith", "SMITH, Jane", "jane o'neill", "J Smith", "j.smith@x.example"]
)
def test_a_name_in_place_of_a_reference_is_not_repeated(cell: str) -> None:
    with pytest.raises(Unfit, match="looks like a name") as unfit:
        reference(cell, 40)
    assert not unfit.value.is_shown


@pytest.mark.parametrize(
    "text", ["CM12", "JS", "North Team", "Duty worker", "C-1", "A B", "Court 3"]
)
def test_what_is_no_name(text: str) -> None:
    assert not looks_like_name(text)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("RLRH", "LOW"),
        ("rmrh", "MEDIUM"),
        ("RHRH", "HIGH"),
        ("RVRH", "VERY_HIGH"),
        ("Very  High", "VERY_HIGH"),
        ("v.high", "VERY_HIGH"),
        ("VERY_HIGH", "VERY_HIGH"),
        ("M", "MEDIUM"),
        ("High ROSH", "HIGH"),
        ("Low (RLRH)", "LOW"),
        ("RVRH - Very high", "VERY_HIGH"),
        ("n/a", "NOT_CLASSIFIED"),
        ("not known", ""),
        ("", ""),
    ],
)
def test_levels(cell: str, code: str) -> None:
    assert choice(cell, LEVELS) == code


@pytest.mark.parametrize(
    "cell", ["High - raised", "Low (High)", "Low (was RHRH)", "Lowish", "1", "Low/Medium"]
)
def test_a_level_is_never_guessed(cell: str) -> None:
    with pytest.raises(Unfit, match="Write Low, Medium, High, Very high or Not classified."):
        choice(cell, LEVELS)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("M", "MALE"),
        ("f", "FEMALE"),
        ("F - Female", "FEMALE"),
        ("Non-binary", "OTHER"),
        ("Prefer not to say", "UNKNOWN"),
        ("unknown", "UNKNOWN"),
    ],
)
def test_genders(cell: str, code: str) -> None:
    assert choice(cell, GENDERS, loosely=True) == code


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("W1", "WHITE"),
        ("W9", "WHITE"),
        ("B1", "BLACK"),
        ("A3", "ASIAN"),
        ("M1", "MIXED"),
        ("O9", "OTHER"),
        ("O2", "OTHER"),
        ("NS", "UNKNOWN"),
        ("W1 - White British", "WHITE"),
        ("White: English/Welsh/Scottish/Northern Irish/British", "WHITE"),
        ("Gypsy or Irish Traveller", "WHITE"),
        ("Black/African/Caribbean/Black British", "BLACK"),
        ("Mixed - White and Black Caribbean", "MIXED"),
        ("White & Asian", "MIXED"),
        ("White and Black African", "MIXED"),
        ("Asian or Asian British - Pakistani", "ASIAN"),
        ("Chinese", "ASIAN"),
        ("Arab", "OTHER"),
        ("Not stated", "UNKNOWN"),
    ],
)
def test_ethnicities(cell: str, code: str) -> None:
    assert choice(cell, ETHNICITIES, loosely=True) == code


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("court", "COURT"),
        ("Court disposals", "COURT"),
        ("Out-of-court", "OUT_OF_COURT"),
        ("OOCD", "OUT_OF_COURT"),
        ("Out-of-court (OOC)", "OUT_OF_COURT"),
        ("OUT_OF_COURT", "OUT_OF_COURT"),
        ("resettlement", "RESETTLEMENT"),
        ("Custody", "RESETTLEMENT"),
    ],
)
def test_groups(cell: str, code: str) -> None:
    assert choice(cell, GROUPS) == code


@pytest.mark.parametrize(
    ("words", "group", "found"),
    [
        ("RO", "COURT", ("REFERRAL_ORDER", "")),
        ("Referral Order (6 months)", "COURT", ("REFERRAL_ORDER", "")),
        ("Youth rehabilitation order (YRO)", "COURT", ("YOUTH_REHABILITATION_ORDER", "")),
        ("YRO 12 months", "COURT", ("YOUTH_REHABILITATION_ORDER", "")),
        ("YRO with ISS", "COURT", ("YOUTH_REHABILITATION_ORDER", "")),
        ("DTO", "RESETTLEMENT", ("DETENTION_AND_TRAINING_ORDER", "")),
        ("s.250", "COURT", ("OTHER_CUSTODY", "")),
        ("Licence", "RESETTLEMENT", ("LICENCE", "")),
        ("YC", "OUT_OF_COURT", ("YOUTH_CAUTION", "")),
        ("YCC", "OUT_OF_COURT", ("YOUTH_CONDITIONAL_CAUTION", "")),
        ("CR", "OUT_OF_COURT", ("COMMUNITY_RESOLUTION", "")),
        ("OUTCOME 22", "OUT_OF_COURT", ("OUTCOME_22", "")),
        ("O22", "OUT_OF_COURT", ("OUTCOME_22", "")),
        ("Reparation order", "COURT", ("OTHER", "Reparation order")),
        ("Triage", "OUT_OF_COURT", ("OTHER", "Triage")),
        ("Other: Engage", "OUT_OF_COURT", ("OTHER", "Engage")),
        ("Other (Engage)", "COURT", ("OTHER", "Engage")),
        ("Other", "COURT", ("OTHER", "")),
        ("YCC", None, ("YOUTH_CONDITIONAL_CAUTION", "")),
        ("", "COURT", ("", "")),
    ],
)
def test_disposals(words: str, group: str | None, found: tuple[str, str]) -> None:
    assert disposal(words, group) == found


def test_a_disposal_of_another_group_is_refused_in_words() -> None:
    with pytest.raises(Unfit) as unfit:
        disposal("YCC", "COURT")
    assert unfit.value.message == (
        "It doesn't belong to the group Court. Correct the group, or write Referral order, Youth "
        "rehabilitation order, Detention and training order, Other custody, Licence, or Other: and "
        "its name."
    )
    with pytest.raises(Unfit, match="belong to the group Out of court"):
        disposal("Reparation order", "OUT_OF_COURT")


def test_a_disposal_that_is_not_known_is_refused_in_words() -> None:
    with pytest.raises(Unfit, match=r"isn't a disposal type that is known. Write Youth caution, "):
        disposal("Engage", "OUT_OF_COURT")
    with pytest.raises(Unfit, match="isn't a disposal type that is known"):
        disposal("Youth caution (YCC)", "OUT_OF_COURT")


@pytest.mark.parametrize(
    ("offence", "category"),
    [
        ("Assault occasioning actual bodily harm", "VIOLENCE_AGAINST_THE_PERSON"),
        ("Possession of a bladed article", "VIOLENCE_AGAINST_THE_PERSON"),
        ("Causing death by dangerous driving", "VIOLENCE_AGAINST_THE_PERSON"),
        ("Harassment without violence", "VIOLENCE_AGAINST_THE_PERSON"),
        ("Harassment, alarm or distress", "PUBLIC_ORDER"),
        ("Attempted robbery", "ROBBERY"),
        ("Assault with intent to rob", "ROBBERY"),
        ("Sexual assault", "SEXUAL"),
        ("Taking indecent images of a child", "SEXUAL"),
        ("Possession with intent to supply class B", "DRUGS"),
        ("Possession of cannabis", "DRUGS"),
        ("Driving under the influence of drugs", "MOTORING"),
        ("Shoplifting", "THEFT_AND_HANDLING"),
        ("Theft from a motor vehicle", "THEFT_AND_HANDLING"),
        ("Handling stolen goods", "THEFT_AND_HANDLING"),
        ("TWOC", "THEFT_AND_HANDLING"),
        ("Taking a vehicle without consent", "THEFT_AND_HANDLING"),
        ("Aggravated burglary", "BURGLARY"),
        ("Criminal damage to a vehicle", "CRIMINAL_DAMAGE"),
        ("Arson", "CRIMINAL_DAMAGE"),
        ("No insurance", "MOTORING"),
        ("Dangerous driving", "MOTORING"),
        ("Affray", "PUBLIC_ORDER"),
        ("Drunk and disorderly", "PUBLIC_ORDER"),
        ("Racially aggravated common assault", "RACIALLY_AGGRAVATED"),
        ("Racially or religiously aggravated harassment", "RACIALLY_AGGRAVATED"),
        ("Breach of referral order", "OTHER"),
        ("Violence against the person", "VIOLENCE_AGAINST_THE_PERSON"),
        ("Theft and handling", "THEFT_AND_HANDLING"),
        ("Xyzzy", ""),
    ],
)
def test_an_offence_is_put_into_a_published_category(offence: str, category: str) -> None:
    assert offence_category(offence) == category


@pytest.mark.parametrize(
    ("cell", "is_yes"), [("Y", True), (True, True), ("no", False), ("", False), (0.0, False)]
)
def test_sensitive_is_yes_or_no(cell: Cell, is_yes: bool) -> None:
    assert yes(cell) is is_yes


def test_whether_a_case_is_sensitive_is_never_guessed() -> None:
    with pytest.raises(Unfit, match="Write Yes or No."):
        yes("unknown")


def test_text_is_cleaned() -> None:
    assert clean("  a\u200b b\u00a0\u00a0c\r\nd\x07 ") == "a b c d"
    assert clean("cafe\u0301") == "café"
    assert text_of(14.0) == "14"
    assert text_of(14.5) == "14.5"
    assert text_of(float("inf")) == "inf"
    assert text_of(float("nan")) == "nan"
    assert text_of(datetime.combine(DAY, time())) == "14/03/2021"


@pytest.mark.parametrize(
    "text", ["14/03/2008", "14/3/08", "2008-03-14", "14 March 2008", "14.03.2008", "14-Mar-2008"]
)
def test_a_date_is_no_reference_and_is_not_repeated(text: str) -> None:
    for cell in (text, date(2008, 3, 14)):
        with pytest.raises(Unfit) as unfit:
            reference(cell, 40)
        assert not unfit.value.is_shown


@pytest.mark.parametrize("text", ["YJ/2021/001", "10-01-22", "1234567", "99/99/2008", "01/02/3456"])
def test_what_only_resembles_a_date_is_a_reference(text: str) -> None:
    assert reference(text, 40) == text


@pytest.mark.parametrize("text", ["Emma Jones", "14/03/2008"])
def test_a_name_or_a_date_where_columns_have_slipped_is_not_repeated(text: str) -> None:
    found = read(
        row_with(Group=text, Gender=text, Disposal_type=text, Safety_and_wellbeing=text),
        row_with(Case_reference="C-2", Age_at_disposal=text),
    )
    assert len(found.problems) == 5
    assert not any(text in problem for problem in words(found))


def test_what_shares_a_word_with_a_choice_is_a_slip_and_is_repeated() -> None:
    found = read(row_with(Safety_and_wellbeing="Very hgih", Disposal_type="Referal order"))
    assert [problem.value for problem in found.problems] == ["Referal order", "Very hgih"]
