"""``manage.py replay``: what it stores, prints and answers with its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cases.models import Answer, AnswerSave, Case, Sample
from inspections.history import events_of
from inspections.models import Inspection, Membership, Service, User
from ratings.models import Discretion, Judgement, Replay
from ratings.national.format import parse
from ratings.results.actions import reopen
from tests import scenes
from tests.integration.results.test_seal import sealed
from tests.unit.replay.figures import NAMES, figures, path_of

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parents[2] / "golden" / "replay"
ROOT = Path(__file__).parents[3]
GATESHEAD, SURREY, WIRRAL = (str(path_of(name)) for name in NAMES)

Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a changed copy of a report's figures and gives its path."""

    def to_file(
        change: Callable[[dict[str, Any]], object],
        name: str = "gateshead-2023",
        file: str = "changed.json",
    ) -> str:
        data = figures(name)
        change(data)
        path = tmp_path / file
        path.write_text(json.dumps(data))
        return str(path)

    return to_file


def replay(*arguments: str) -> tuple[int, str, str]:
    """The exit code, standard output and standard error of one call."""
    out, err = StringIO(), StringIO()
    try:
        call_command("replay", *arguments, stdout=out, stderr=err)
    except SystemExit as left:
        assert isinstance(left.code, int)
        return left.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def rows() -> dict[str, list[Any]]:
    """Every row of evidence, by table."""
    models = (Service, Inspection, Membership, Sample, Case, Answer, AnswerSave, Judgement)
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in (*models, Discretion, Replay)
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_published_inspection_replays_exactly(name: str) -> None:
    code, out, err = replay(str(path_of(name)), "--json")

    assert (code, err) == (0, "")
    assert json.loads(out) == json.loads((GOLDEN / f"{name}.json").read_bytes())


def test_every_published_figure_is_in_the_json() -> None:
    _, out, _ = replay(GATESHEAD, SURREY, WIRRAL, "--json")

    for name, result in zip(NAMES, json.loads(out), strict=True):
        data = figures(name)
        published = data["published"]
        assert (result["service"], result["edition"]) == (data["service"]["name"], data["edition"])
        assert result["matches"] is True
        assert result["mismatches"] == []
        assert (result["score"], result["overall"]) == (published["score"], published["overall"])
        assert {code: rated["decided"] for code, rated in result["standards"].items()} == published[
            "standards"
        ]
        for code, counts in data["key_questions"].items():
            assert result["key_questions"][code]["percent"] == counts["published_percent"]
            assert result["key_questions"][code]["yes"] == counts["yes"]
        for code, counts in data["prompts"].items():
            assert result["prompts"][code]["percent"] == counts["published_percent"]


def test_discretion_moves_what_is_decided_and_never_what_is_computed() -> None:
    gateshead, wirral = json.loads(replay(GATESHEAD, WIRRAL, "--json")[1])

    assert gateshead["key_questions"]["2.1.1"]["rating"] == "outstanding"
    assert gateshead["standards"]["2.1"] == {"computed": "outstanding", "decided": "good"}
    assert wirral["standards"]["3.1"] == {
        "computed": "inadequate",
        "decided": "requires_improvement",
    }


def test_the_table_shows_each_standard_the_score_and_that_it_matches() -> None:
    code, out, _ = replay(WIRRAL)

    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "Wirral Youth Justice Service (edition 2021)"
    assessment = next(line for line in lines if line.startswith("3.1 Assessment"))
    assert assessment.split("  ", 1)[1].split() == [
        *("65%", "45%", "70%"),
        *("Inadequate", "Requires", "improvement", "(discretion)"),
    ]
    assert "Score: 23/36" in lines
    assert "Overall: Good" in lines
    assert lines[-1] == "This matches the published outcome."


def test_a_replayed_inspection_is_before_its_panel_with_every_case_signed_off() -> None:
    replay(GATESHEAD)

    inspection = Inspection.objects.get()
    assert inspection.state == Inspection.State.PANEL
    assert set(inspection.cases.values_list("state", flat=True)) == {Case.State.SIGNED_OFF}
    assert list(inspection.cases.values_list("reference", flat=True)) == [
        *(f"C-{number:02}" for number in range(1, 7)),
        *(f"O-{number:02}" for number in range(1, 10)),
        *(f"R-{number:02}" for number in range(1, 3)),
    ]
    assert set(inspection.samples.values_list("group", flat=True)) == {
        *("COURT", "OUT_OF_COURT", "RESETTLEMENT")
    }
    author = User.objects.get()
    assert not author.is_active
    assert not author.has_usable_password()


def test_every_replayed_answer_has_its_history() -> None:
    replay(SURREY)

    fields = ("case", "question", "value", "version")
    assert set(Answer.objects.values_list(*fields)) == set(AnswerSave.objects.values_list(*fields))
    assert Answer.objects.count() == 24 * 12 + 15 * 11


def test_a_replayed_decision_has_a_sentence_fit_to_print() -> None:
    replay(GATESHEAD, WIRRAL)

    moved = Discretion.objects.get(key_question="2.1.1")
    assert moved.footnote == (
        "Professional discretion was used to move the rating for key question 2.1.1 (assessment) "
        "from Outstanding to Good: diversity not analysed well enough in the assessments."
    )
    assert moved.reason == "Diversity not analysed well enough in the assessments."
    assert Discretion.objects.get(key_question="").footnote.startswith(
        "Professional discretion was used to move the rating for assessment from Inadequate to "
    )


def test_replaying_a_file_again_replaces_its_inspection_and_touches_nothing_else() -> None:
    replay(GATESHEAD, WIRRAL)
    inspection = Inspection.objects.get(service__name__startswith="Gateshead")
    lead = User.objects.create_user("lead@service.example", name="Lead")
    Membership.objects.create(inspection=inspection, user=lead, role=Membership.Role.LEAD_INSPECTOR)
    Case.objects.filter(inspection=inspection).update(allocated_to=lead)
    before = rows()

    assert replay(GATESHEAD)[0] == 0

    after = rows()
    assert after["Service"] == before["Service"]
    assert after["Inspection"] == before["Inspection"]
    assert after["Membership"] == before["Membership"]
    kept = [row for row in before["Case"] if row["inspection_id"] != inspection.pk]
    assert [row for row in after["Case"] if row["inspection_id"] != inspection.pk] == kept
    numbers = {row["id"] for row in kept}
    for table in ("Answer", "AnswerSave"):
        assert [row for row in after[table] if row["case_id"] in numbers] == [
            row for row in before[table] if row["case_id"] in numbers
        ]
        assert len(after[table]) == len(before[table])
    assert len(after["Replay"]) == 2


def test_what_a_replay_replaced_stays_in_the_history() -> None:
    replay(GATESHEAD)
    cases = Case.objects.count()
    replay(GATESHEAD)
    assert Case.objects.count() == cases
    events = events_of(Case).order_by("pgh_id")
    labels = [*["insert"] * cases, *["delete"] * cases, *["insert"] * cases]
    assert list(events.values_list("pgh_label", flat=True)) == labels
    assert {event.pgh_context["command"] for event in events} == {"replay"}


def test_a_changed_file_of_the_same_report_replaces_its_counts(write: Write) -> None:
    replay(GATESHEAD)

    code, out, _ = replay(write(lambda data: data["samples"].update(court=8)), "--json")

    assert Inspection.objects.count() == 1
    assert Case.objects.filter(group="COURT").count() == 8
    assert json.loads(out)[0]["key_questions"]["2.1.2"]["unanswered"] == 2
    assert code == 0


def test_another_report_on_the_same_service_is_another_inspection(write: Write) -> None:
    replay(GATESHEAD, write(lambda data: data["report"].update(published="2025-01")))

    assert Service.objects.count() == 1
    assert Inspection.objects.count() == 2


def test_a_group_without_cases_leaves_resettlement_unrated(write: Write) -> None:
    code, out, _ = replay(write(lambda data: data["samples"].update(resettlement=0)), "--json")

    assert json.loads(out)[0]["standards"]["4.1"] == {"computed": None, "decided": None}
    assert code == 1


def test_a_difference_is_named_and_the_file_is_stored(write: Write) -> None:
    path = write(lambda data: data["published"].update(score=27))

    code, out, err = replay(path)
    assert (code, err) == (1, "")
    assert "This differs from the published outcome:\n  score: published 27, rated 26" in out

    code, out, _ = replay(path, "--json")
    assert code == 1
    assert json.loads(out)[0]["matches"] is False
    assert json.loads(out)[0]["mismatches"] == ["score: published 27, rated 26"]
    assert Inspection.objects.count() == 1


INVALID: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "counts exceed the sample": (
        lambda data: data["key_questions"]["2.1.1"].update(yes=6),
        "key_questions › 2.1.1: expected counts that add up to at most 6",
    ),
    "unknown question": (
        lambda data: data["key_questions"].update({"2.9.1": {"yes": 1, "no": 0}}),
        "key_questions › 2.9.1: expected a key question of edition 2021",
    ),
    "unknown edition": (lambda data: data.update(edition="2030"), "edition: expected a known"),
    "unknown rating": (
        lambda data: data["judgements"].update({"1.1": "superb"}),
        "judgements › 1.1: expected a rating",
    ),
    "forbidden answer": (
        lambda data: data["key_questions"]["2.1.2"].update(yes=5, not_applicable=1),
        "key_questions › 2.1.2 › not_applicable: expected 0",
    ),
    "two bands": (
        lambda data: data["discretion"][0].update(to="inadequate"),
        "discretion › 1 › to: expected good, one band from outstanding",
    ),
    "another start": (
        lambda data: data["discretion"][0].update({"from": "good", "to": "outstanding"}),
        "discretion › 1 › from: expected outstanding, the computed rating",
    ),
}


@pytest.mark.parametrize("fault", INVALID)
def test_nothing_of_a_file_that_is_not_valid_is_stored(write: Write, fault: str) -> None:
    change, message = INVALID[fault]
    replay(GATESHEAD)
    before = rows()
    path = write(change)

    for arguments in ([path], [path, "--json"]):
        code, out, err = replay(*arguments)
        assert code == 2
        assert err.startswith(f"{path}: {message}")
        assert out == ("[]\n" if "--json" in arguments else "")
    assert rows() == before


def test_other_files_of_the_call_load_and_the_highest_code_counts(write: Write) -> None:
    broken = write(lambda data: data.update(edition="2030"), file="broken.json")
    differs = write(
        lambda data: data["published"].update(score=1), name="surrey-2019", file="differs.json"
    )

    code, out, err = replay(broken, differs, WIRRAL, "--json")

    assert code == 2
    assert [result["matches"] for result in json.loads(out)] == [False, True]
    assert err.count("\n") == 1
    assert Inspection.objects.count() == 2


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.json")

    code, out, err = replay(missing, str(tmp_path), "--json")

    assert (code, out) == (2, "[]\n")
    assert f"{missing}: expected a file, but there is none of this name" in err
    assert f"{tmp_path}: expected a file, but this is a folder" in err


@pytest.mark.parametrize("reopened", [False, True], ids=["sealed", "reopened"])
def test_an_inspection_that_was_sealed_is_not_replaced(reopened: bool) -> None:
    scene = scenes.before_panel()
    file = parse(path_of("gateshead-2023").read_bytes(), "gateshead")
    Replay.objects.create(
        inspection=scene.inspection, key=file.key, published={}, replayed_at=timezone.now()
    )
    scene, seal = sealed(scene)
    if reopened:
        reopen(sealed_result=seal, reason="A figure was wrong.", by=scene.chair)
    before = rows()

    code, out, err = replay(GATESHEAD, "--json")

    assert (code, out) == (2, "[]\n")
    assert err.startswith(f"{GATESHEAD}: expected an inspection that can be replaced")
    assert "has been sealed" in err
    assert rows() == before


def test_a_database_without_its_migrations_is_named_with_what_to_do() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'ratings'")

    code, out, err = replay(GATESHEAD, "--json")

    assert (code, out) == (2, "[]\n")
    assert "Run python manage.py migrate first." in err


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("fault", "expected"), [(None, 0), ("score", 1), ("edition", 2)])
def test_the_process_ends_with_the_code_and_prints_json_alone(
    write: Write, fault: str | None, expected: int
) -> None:
    def change(data: dict[str, Any]) -> None:
        if fault == "score":
            data["published"]["score"] = 1
        elif fault == "edition":
            data["edition"] = "2030"

    done = subprocess.run(
        [sys.executable, "manage.py", "replay", write(change), "--json"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url_of_the_test_database()},
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == expected, done.stderr
    assert len(json.loads(done.stdout)) == (0 if fault == "edition" else 1)
    assert "Traceback" not in done.stderr
    assert bool(done.stderr) == (fault == "edition")


def url_of_the_test_database() -> str:
    settings = connection.settings_dict
    return (
        f"postgresql://{settings['USER']}:{settings['PASSWORD']}@/{settings['NAME']}"
        f"?host={settings['HOST']}&port={settings['PORT']}"
    )
