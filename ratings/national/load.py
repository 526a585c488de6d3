"""Stores a published inspection as if its cases had been recorded here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from cases.actions import remove_cases
from cases.models import Case, Sample
from inspections.announcements import announce
from inspections.framework import Group, key_or_none
from inspections.models import Inspection, Service, User
from ratings.models import Discretion, Judgement, Replay
from ratings.national.format import Decision, ReplayFile
from ratings.national.recorded import recorded
from ratings.national.spread import spread
from ratings.words import listed

AUTHOR_EMAIL = "replay@published-reports.invalid"
AUTHOR_NAME = "Replay of a published report"

STATE = Inspection.State.PANEL
CASE = {"state": Case.State.SIGNED_OFF}
"""What a replay says of an inspection, and of each case besides its reference and group."""
REFERENCE_PREFIX = {Group.COURT: "C", Group.OUT_OF_COURT: "O", Group.RESETTLEMENT: "R"}


class NotReplaced(Exception):
    """The inspection stays as it is, for the reason in words."""


class Sealed(NotReplaced):
    """It was sealed once."""


class RecordedSince(NotReplaced):
    """People have recorded something in it, which would be lost."""


@transaction.atomic
def load(file: ReplayFile, *, replace_recorded: bool = False) -> Inspection:
    """Store ``file`` as an inspection at the ratings panel with every case signed off.

    Replaying the same report replaces the contents of its inspection, which keeps its number and
    team. Raises ``Sealed``, and ``RecordedSince`` unless what people recorded is to be replaced;
    their evidence, findings and hearings stay even then.
    """
    author = _author()
    inspection = _inspection(file, author, replace_recorded)
    now = timezone.now()
    cases = _store_cases(file, inspection)
    _store_answers(file, cases, author, now)
    Judgement.objects.bulk_create(_judgements(file, inspection, author, now))
    Discretion.objects.bulk_create(_discretions(file, inspection, author, now))
    Replay.objects.update_or_create(
        inspection=inspection,
        defaults={
            "key": file.key,
            "report_title": file.report.title,
            "published": _published(file),
            "replayed_at": now,
        },
    )
    announce(inspection.pk)
    return inspection


def _author() -> User:
    """The account named as author of replayed evidence; nobody can sign in with it."""
    author, made = User.objects.get_or_create(
        email=AUTHOR_EMAIL, defaults={"name": AUTHOR_NAME, "is_active": False}
    )
    if made:
        author.set_unusable_password()
        author.save(update_fields=["password"])
    return author


def _inspection(file: ReplayFile, author: User, replace_recorded: bool) -> Inspection:
    """The report's inspection without its contents; a new one at the first replay."""
    with connection.cursor() as cursor:
        # Two replays of one report wait for each other, also before there is a row to lock.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [file.key])
    # Whoever is recording in it ends first, and is counted below.
    inspection = Inspection.objects.select_for_update().filter(replay__key=file.key).first()
    if inspection is None:
        service = Service.objects.named(file.service.name).first() or Service.objects.create(
            name=file.service.name, area=file.service.area
        )
        return Inspection.objects.create(service=service, edition_id=file.edition.code, state=STATE)
    if inspection.sealed_results.exists():
        raise Sealed(
            f"the result of this inspection ({inspection.service}) has been sealed, "
            "so what it rests on stays as it is"
        )
    found = recorded(inspection, author, STATE, CASE)
    if found and not replace_recorded:
        raise RecordedSince(
            f"people have recorded in this one ({inspection.service}) since: {listed(found)}"
        )
    inspection.discretions.all().delete()
    inspection.judgements.all().delete()
    with connection.cursor() as cursor:
        # The application's own role may remove no save and no comment: ratings/migrations/0006.
        cursor.execute("SELECT ratings_remove_recorded(%s)", [inspection.pk])
    remove_cases(inspection=inspection)
    inspection.samples.all().delete()
    inspection.state = STATE
    inspection.save(update_fields=["state"])
    return inspection


def _store_cases(file: ReplayFile, inspection: Inspection) -> Mapping[Group, Sequence[Case]]:
    Sample.objects.bulk_create(
        Sample(inspection=inspection, group=group.value) for group in file.samples
    )
    cases = {
        group: [
            Case(
                inspection=inspection,
                reference=f"{REFERENCE_PREFIX[group]}-{number:0{max(2, len(str(size)))}}",
                group=group.value,
                **CASE,
            )
            for number in range(1, size + 1)
        ]
        for group, size in file.samples.items()
    }
    Case.objects.bulk_create(case for sampled in cases.values() for case in sampled)
    return cases


_STORE_ANSWERS = """
    WITH answered AS (
        SELECT * FROM unnest(%(cases)s::bigint[], %(questions)s::text[], %(values)s::text[])
            AS answered (case_id, question, value)
    ), kept AS (
        INSERT INTO cases_answersave
            (id, case_id, question, value, note, base_version, version, saved_at, saved_by_id)
        SELECT gen_random_uuid(), case_id, question, value, '', 0, 1, %(now)s, %(author)s
        FROM answered
    )
    INSERT INTO cases_answer
        (case_id, question, value, note, version, answered_at, answered_by_id)
    SELECT case_id, question, value, '', 1, %(now)s, %(author)s FROM answered
"""
"""Every answer and its save. A large sample has tens of thousands; creating model instances for
them would take longer than the database does."""


def _store_answers(
    file: ReplayFile, cases: Mapping[Group, Sequence[Case]], author: User, now: datetime
) -> None:
    standard_of = file.edition.standard_of_question
    # Key questions come first, so that they are spread evenly among themselves.
    counted = [*file.key_questions.items(), *file.prompts.items()]
    answers = [
        (case.pk, code, answered.value)
        for group, sampled in cases.items()
        for code, row in spread(
            {code: counts.tally for code, counts in counted if standard_of[code].group is group},
            len(sampled),
        ).items()
        for case, answered in zip(sampled, row, strict=True)
        if answered is not None
    ]
    numbers, questions, values = zip(*answers, strict=True) if answers else ((), (), ())
    with connection.cursor() as cursor:
        cursor.execute(
            _STORE_ANSWERS,
            {
                "cases": list(numbers),
                "questions": list(questions),
                "values": list(values),
                "now": now,
                "author": author.pk,
            },
        )


def _judgements(
    file: ReplayFile, inspection: Inspection, author: User, now: datetime
) -> Iterator[Judgement]:
    for code, rating in file.judgements.items():
        yield Judgement(
            inspection=inspection,
            standard=code,
            rating=rating.name,
            rationale=f"The published report rates this standard {rating.label}.",
            saved_at=now,
            saved_by=author,
        )


def _discretions(
    file: ReplayFile, inspection: Inspection, author: User, now: datetime
) -> Iterator[Discretion]:
    for decision in file.decisions:
        move = decision.move
        yield Discretion(
            inspection=inspection,
            standard=move.standard,
            key_question=move.key_question or "",
            from_rating=move.from_rating.name,
            to_rating=move.to_rating.name,
            lead_view="Replayed from a published report, which sums up the panel's decision.",
            evidence="Replayed from a published report: its counts are the cases recorded here.",
            reason=_sentence(decision.why) or "The file of the report's figures gives no reason.",
            footnote=footnote(file, decision),
            decided_at=now,
            decided_by=author,
        )


def footnote(file: ReplayFile, decision: Decision) -> str:
    """The decision as a footnote to print below the ratings."""
    move = decision.move
    name = file.edition.standards_by_code[move.standard].name
    moved = name[0].lower() + name[1:]
    if move.key_question is not None:
        moved = f"key question {move.key_question} ({moved})"
    why = f": {decision.why}" if decision.why else ""
    return _sentence(
        f"Professional discretion was used to move the rating for {moved} "
        f"from {move.from_rating.label} to {move.to_rating.label}{why}"
    )


def _sentence(text: str) -> str:
    """``text`` with a capital letter and a full stop; empty stays empty."""
    text = text.strip().rstrip(".")
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _published(file: ReplayFile) -> dict[str, object]:
    published = file.published
    return {
        "standards": {code: key_or_none(rating) for code, rating in published.standards.items()},
        "score": published.score,
        "overall": key_or_none(published.overall),
    }
