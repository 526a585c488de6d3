"""The pages of lists: loading, columns, problems, taking, discarding."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from cases.models import CaseList, ListedCase
from cases.sampling.eligible import load_caseload
from inspections.framework import Group
from tests.integration.sampling import scenes
from tests.integration.sampling.scenes import as_csv, row, rows, upload
from tests.pages import read, signed_in, words
from tests.scenes import Scene


@pytest.fixture
def scene(db: None) -> Scene:
    return scenes.preparation()


def load(scene: Scene, content: bytes, name: str = "list.csv", expect: int = 302, **also: str):  # type: ignore[no-untyped-def]
    response = signed_in(scene.lead).post(
        f"{scene.home}lists/", {"file": upload(content, name), **also}
    )
    assert response.status_code == expect, words(response)
    return response


def test_a_list_is_loaded_looked_at_and_taken(scene: Scene) -> None:
    response = load(scene, as_csv([*rows(3), row(4, disposal_date="30/02/2026")]))
    [stored] = CaseList.objects.all()
    assert response["Location"] == stored.get_absolute_url()
    page = read(scene.lead, stored.get_absolute_url())
    assert "Not taken yet, so nothing of it counts" in page
    assert "4 rows read: 3 valid, 1 with problems." in page
    assert "5 Disposal date 30/02/2026" in page
    # Not without the tick.
    client = signed_in(scene.lead)
    refused = client.post(stored.get_absolute_url(), {})
    assert "Tick that the rows with problems are left out" in words(refused)
    assert not load_caseload(scene.fresh()).rows
    taken = client.post(stored.get_absolute_url(), {"leaves_out": "on"}, follow=True)
    assert "3 cases of list.csv are taken." in words(taken)
    assert len(load_caseload(scene.fresh()).eligible(Group.COURT)) == 3


def test_the_problems_are_a_file_too(scene: Scene) -> None:
    load(scene, as_csv([row(1, disposal_date="30/02/2026", age_at_disposal=99)]))
    [stored] = CaseList.objects.all()
    response = signed_in(scene.lead).get(f"{stored.get_absolute_url()}problems.csv")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Row,Column,Value,Problem"
    assert [line.split(",")[:3] for line in lines[1:]] == [
        ["2", "Disposal date", "30/02/2026"],
        ["2", "Age at disposal", "99"],
    ]


def test_names_and_dates_of_birth_are_dropped_and_that_is_said(scene: Scene) -> None:
    listed = [one | {"Surname": "Secretname", "Date of birth": "2010-05-04"} for one in rows(2)]
    load(scene, as_csv(listed))
    [stored] = CaseList.objects.all()
    page = read(scene.lead, stored.get_absolute_url())
    assert "Not taken, because they hold names or dates of birth: Surname, Date of birth." in page
    assert "Secretname" not in page


def test_columns_that_are_not_known_are_asked_for_and_remembered(scene: Scene) -> None:
    def renamed(numbers: range) -> bytes:
        return as_csv(
            {("Thingummy" if name == "Group" else name): value for name, value in row(one).items()}
            for one in numbers
        )

    page = load(scene, renamed(range(1, 3)), expect=200)
    assert "Which column is which?" in words(page)
    assert "Not found: Group." in words(page)
    assert b'name="form_id"' in page.content
    assert b'autocomplete="off"' in page.content
    assert not CaseList.objects.exists()
    columns = page.context["columns"]
    sent = {name: heading for name, heading, _ in columns.rows}
    sent |= {field.html_name: field.initial or "" for _, _, field in columns.rows}
    [place] = [name[-3:] for name, heading, _ in columns.rows if heading == "Thingummy"]
    load(scene, renamed(range(1, 3)), **sent | {f"column-{place}": "Group"})
    [stored] = CaseList.objects.all()
    assert stored.mapping["Thingummy"] == "Group"
    signed_in(scene.lead).post(stored.get_absolute_url(), {})
    # A later list with the same headings is read at once.
    load(scene, renamed(range(3, 5)))
    assert ListedCase.objects.filter(case_list__inspection=scene.inspection).count() == 4


def test_a_column_that_is_not_to_be_read_is_not_read_in_later_lists_either(scene: Scene) -> None:
    def listed(number: int) -> bytes:
        one = {("Thingummy" if name == "Group" else name): it for name, it in row(number).items()}
        return as_csv([one | {"Team": "North"}])

    columns = load(scene, listed(1), expect=200).context["columns"]
    sent = {name: heading for name, heading, _ in columns.rows}
    chosen = {"Thingummy": "Group", "Team": ""}
    for _, heading, field in columns.rows:
        sent[field.html_name] = chosen.get(heading, field.initial or "")
    load(scene, listed(1), **sent)
    [stored] = CaseList.objects.all()
    signed_in(scene.lead).post(stored.get_absolute_url(), {})
    load(scene, listed(2))
    assert {one.team for one in ListedCase.objects.all()} == {""}


def test_every_column_of_the_widest_list_can_be_said_what_it_is_read_as(scene: Scene) -> None:
    listed = [
        {("Thingummy" if name == "Group" else name): value for name, value in row(1).items()}
        | {f"Other {number}": "x" for number in range(490)}
    ]
    page = load(scene, as_csv(listed), expect=200)
    columns = page.context["columns"]
    assert len(columns.rows) == 500
    sent = {name: heading for name, heading, _ in columns.rows}
    for _, heading, field in columns.rows:
        sent[field.html_name] = "Group" if heading == "Thingummy" else field.initial or ""
    # Beside the file, a page sends its token, the form's id and the button.
    load(scene, as_csv(listed), **sent, csrfmiddlewaretoken="x", form_id="x", save="")
    assert ListedCase.objects.get().reference == "YJ/C001"


def test_a_list_without_a_valid_row_offers_none_to_take(scene: Scene) -> None:
    load(scene, as_csv([row(1, disposal_date="30/02/2026")]))
    [stored] = CaseList.objects.all()
    page = read(scene.lead, stored.get_absolute_url())
    assert "have the list corrected and load it again ." in page


def test_a_list_loaded_twice_is_recognised(scene: Scene) -> None:
    content = as_csv(rows(2))
    load(scene, content)
    [stored] = CaseList.objects.all()
    signed_in(scene.lead).post(stored.get_absolute_url(), {})
    page = signed_in(scene.lead).post(
        f"{scene.home}lists/", {"file": upload(content, "other.csv")}, follow=True
    )
    assert "This file was loaded already, as list.csv. Nothing was loaded again." in words(page)
    assert CaseList.objects.count() == 1


@pytest.mark.parametrize(("chosen", "gender"), [("update", "FEMALE"), ("leave", "MALE")])
def test_the_lead_says_what_happens_to_cases_of_an_earlier_list(
    scene: Scene, chosen: str, gender: str
) -> None:
    scenes.take(scene, rows(2))
    load(scene, as_csv([row(1, gender="F"), row(3)]))
    stored = CaseList.objects.waiting().get()
    assert "1 case of it is in an earlier list too" in read(scene.lead, stored.get_absolute_url())
    client = signed_in(scene.lead)
    unsaid = client.post(stored.get_absolute_url(), {})
    assert "Choose what to do about cases that an earlier list has." in words(unsaid)
    client.post(stored.get_absolute_url(), {"earlier": chosen})
    assert ListedCase.objects.current(scene.inspection).get(reference="YJ/C001").gender == gender


def test_a_list_is_discarded(scene: Scene) -> None:
    load(scene, as_csv(rows(2)))
    [stored] = CaseList.objects.all()
    page = signed_in(scene.lead).post(f"{stored.get_absolute_url()}discard/", follow=True)
    assert "list.csv is discarded. Nothing of it is kept." in words(page)
    assert not CaseList.objects.exists()


def test_a_list_that_was_taken_meanwhile_is_not_discarded_or_taken_again(scene: Scene) -> None:
    taken = scenes.take(scene, rows(2))
    for address in (taken.get_absolute_url(), f"{taken.get_absolute_url()}discard/"):
        page = signed_in(scene.lead).post(address, follow=True)
        assert "This list was taken since you opened it. Nothing was changed." in words(page)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "list.csv", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "list.csv", "Nothing was loaded."),
        (b"just words\nand more words\n", "list.csv", "Nothing was loaded."),
        (b"PK\x03\x04" + bytes(100), "list.xlsx", "Nothing was loaded."),
    ],
)
def test_what_is_no_list_is_refused_in_words(
    scene: Scene, content: bytes, name: str, said: str
) -> None:
    page = load(scene, content, name, expect=200)
    assert said in words(page)
    assert "There is a problem" in words(page)
    assert not CaseList.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_lists_are_read_in_whatever_encoding_and_with_semicolons(
    scene: Scene, encoding: str, separator: str
) -> None:
    text = as_csv([row(1, offence="Café burglary")]).decode().replace(",", separator)
    load(scene, text.encode(encoding))
    [stored] = ListedCase.objects.all()
    assert stored.offence_detail == "Café burglary"


def test_a_list_whose_cases_are_all_out_of_the_window_says_so(scene: Scene) -> None:
    load(scene, as_csv([row(1, disposal_date="2024-01-01"), row(2, disposal_date="2024-01-02")]))
    [stored] = CaseList.objects.all()
    page = read(scene.lead, stored.get_absolute_url())
    assert "Court disposal 1 Sep 2025 to 1 Dec 2025 2 0 2: out of the window" in page


def workbook(number: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Cases")
    sheet.append(list(row(1)))
    for place in range(1, number + 1):
        one = row(place)
        one["Case reference"] = f"YJ/{place:06}"
        sheet.append(list(one.values()))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_list_of_20_000_cases_is_loaded_as_a_spreadsheet(scene: Scene) -> None:
    load(scene, workbook(20_000), "cases.xlsx")
    [stored] = CaseList.objects.all()
    assert (stored.rows_read, stored.rows.count()) == (20_000, 20_000)
    assert "20000 rows read: 20000 valid" in read(scene.lead, stored.get_absolute_url())


def test_the_template_is_downloaded(scene: Scene) -> None:
    client = signed_in(scene.lead)
    listed = client.get(f"{scene.home}lists/template.csv")
    assert listed.headers["Content-Disposition"] == 'attachment; filename="list-of-cases.csv"'
    assert listed.content.decode("utf-8-sig").startswith("Case reference,Group,Disposal type,")
    assert client.get(f"{scene.home}lists/template.exe").status_code == 404


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("lists", []),
        ("list", ["list"]),
        ("list-problems", ["list"]),
        ("list-template", ["csv"]),
        ("sample", []),
        ("draw", ["court"]),
        ("eligible", ["court"]),
    ],
)
def test_nobody_but_the_lead_sees_lists_and_samples(
    scene: Scene, name: str, args: list[str]
) -> None:
    taken = scenes.take(scene, rows(2))
    address = reverse(
        f"cases:{name}",
        args=[scene.inspection.pk, *(taken.pk if one == "list" else one for one in args)],
    )
    assert signed_in(scene.lead).get(address).status_code == 200
    for person in (scene.inspector, scene.panel):
        refused = signed_in(person).get(address)
        assert refused.status_code == 403
        assert "YJ/C001" not in words(refused)
    assert signed_in(scene.outsider).get(address).status_code == 404


# --- A list that was read wrongly


def test_the_columns_can_be_asked_for_although_the_headings_are_known(scene: Scene) -> None:
    page = load(scene, as_csv(rows(2)), expect=200, asks="on")
    assert "Which column is which?" in words(page)
    assert not CaseList.objects.exists()
    sent = {name: heading for name, heading, _ in page.context["columns"].rows}
    for _, heading, field in page.context["columns"].rows:
        sent[field.html_name] = "" if heading == "Ethnicity" else field.initial or ""
    load(scene, as_csv(rows(2)), **sent)
    [stored] = CaseList.objects.all()
    assert "Ethnicity" in stored.unknown


def test_a_taken_list_is_withdrawn_on_its_page_and_loaded_again(scene: Scene) -> None:
    content = as_csv(rows(3))
    load(scene, content)
    [taken] = CaseList.objects.all()
    client = signed_in(scene.lead)
    client.post(taken.get_absolute_url(), {})
    assert "Withdraw this list" in read(scene.lead, taken.get_absolute_url())
    assert "Withdraw this list" not in read(scene.inspector, taken.get_absolute_url(), expect=403)
    said = words(client.post(f"{taken.get_absolute_url()}withdraw/", follow=True))
    assert "list.csv is withdrawn, and none of its cases counts." in said
    page = read(scene.lead, taken.get_absolute_url())
    assert "Withdrawn " in page and "Withdraw this list" not in page
    said = words(client.post(f"{taken.get_absolute_url()}withdraw/", follow=True))
    assert "This list was withdrawn since you opened it. Nothing was changed." in said
    load(scene, content)
    assert CaseList.objects.waiting().count() == 1
    lists = read(scene.lead, f"{scene.home}lists/")
    assert "Withdrawn list.csv" in lists and "No list has been taken yet." in lists


def test_a_list_that_was_drawn_from_says_why_it_stays(scene: Scene) -> None:
    taken = scenes.take(scene, rows(12))
    client = signed_in(scene.lead)
    client.get(taken.get_absolute_url())
    scenes.draw(scene)
    said = words(client.post(f"{taken.get_absolute_url()}withdraw/", follow=True))
    assert "A sample was drawn since list.csv was taken, so it stays." in said
    page = read(scene.lead, taken.get_absolute_url())
    assert "A sample was drawn since it was taken, so it stays." in page
    assert "Withdraw this list" not in page
    assert len(load_caseload(scene.fresh()).eligible(Group.COURT)) == 12
