"""Possible inconsistencies in one case; over the whole sample it is
``ratings.engine.contradictions``.

Every contradiction is a warning: it never blocks anything and never changes an answer. A key
question is the inspector's own judgement and is never computed from its prompts (method.md, From
answers to ratings, 8). Limits that the reports don't state are decisions of this project, marked
**D**.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from inspections.framework import Group, KeyQuestion

YES, NO = "YES", "NO"

FEWEST_RELEVANT = 2
"""**D** At least so many prompts must be answered Yes or No; one is not enough."""

AGE_OF_CRIMINAL_RESPONSIBILITY = 10
"""In England and Wales, in years. **D** A younger child can have no disposal."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """``subject`` is the code of a key question, or the field of a detail to look at."""

    subject: str
    words: str


def prompts_against(question: KeyQuestion, answers: Mapping[str, str]) -> Contradiction | None:
    """Whether ``question`` is answered Yes above mostly No prompts, or the other way round.

    ``answers`` are values by code. Relevant are the prompts answered Yes or No; mostly is
    more than half of them, of at least two (**D**).
    """
    own = answers.get(question.code)
    if own not in {YES, NO}:
        return None
    relevant = [
        answers[prompt.code] for prompt in question.prompts if answers.get(prompt.code) in {YES, NO}
    ]
    against = sum(answer != own for answer in relevant)
    if len(relevant) < FEWEST_RELEVANT or 2 * against <= len(relevant):
        return None
    own_words, other = ("Yes", "No") if own == YES else ("No", "Yes")
    return Contradiction(
        question.code,
        f"Key question {question.code} is {own_words}, "
        f"but {against} of its {len(relevant)} relevant prompts are {other}.",
    )


class Details(Protocol):
    """The details of a case that can contradict each other; empty means not recorded."""

    group: str
    serious_harm_level: str
    serious_harm_agreed: str
    serious_harm_own_level: str
    safety_level: str
    safety_agreed: str
    safety_own_level: str
    case_manager_interviewed: str
    no_interview_reason: str
    disposal_date: date | None
    age: int | None


class Window(Protocol):
    """The dates between which the disposals of a sample were made, both included."""

    window_start_date: date | None
    window_end_date: date | None


def window_words(window: Window) -> str:
    start, end = window.window_start_date, window.window_end_date
    if start and end:
        return f"{day_words(start)} to {day_words(end)}"
    return f"from {day_words(start)}" if start else f"until {day_words(end)}" if end else "any day"


def detail_contradictions(
    details: Details, window: Window | None, today: date
) -> Iterator[Contradiction]:
    """What contradicts itself in a case's details, in the order they are recorded.

    ``window`` is of the group's sample; without one, no disposal date is outside.
    """
    yield from _disposal(details, window, today)
    if details.age is not None and details.age < AGE_OF_CRIMINAL_RESPONSIBILITY:
        yield Contradiction(
            "age",
            f"A child of {details.age} is below the age of criminal responsibility, "
            f"which is {AGE_OF_CRIMINAL_RESPONSIBILITY}.",
        )
    yield from _classification(
        "serious_harm",
        "serious harm",
        details.serious_harm_level,
        details.serious_harm_agreed,
        details.serious_harm_own_level,
    )
    yield from _classification(
        "safety",
        "safety and wellbeing",
        details.safety_level,
        details.safety_agreed,
        details.safety_own_level,
    )
    has_reason = bool(details.no_interview_reason.strip())
    if details.case_manager_interviewed == NO and not has_reason:
        yield Contradiction(
            "no_interview_reason", "The case manager was not interviewed and no reason is given."
        )
    if details.case_manager_interviewed == YES and has_reason:
        yield Contradiction(
            "no_interview_reason",
            "The case manager was interviewed, yet a reason for no interview is given.",
        )


def _disposal(details: Details, window: Window | None, today: date) -> Iterator[Contradiction]:
    made = details.disposal_date
    if made is None:
        return
    if made > today:
        yield Contradiction("disposal_date", f"The disposal date, {day_words(made)}, is to come.")
    if window is None:
        return
    # For resettlement either the sentence or the release is in the window. Releases are not
    # recorded, so an early sentence is no contradiction (**D**).
    start, end = window.window_start_date, window.window_end_date
    too_early = start and made < start and details.group != Group.RESETTLEMENT
    if too_early or (end and made > end):
        yield Contradiction(
            "disposal_date",
            f"The disposal date, {day_words(made)}, is outside the window of the sample, "
            f"{window_words(window)}.",
        )


def _classification(
    prefix: str, of: str, level: str, agreed: str, own_level: str
) -> Iterator[Contradiction]:
    """A classification by the service, against the inspector's view of it.

    A reasonable classification may differ from the inspector's own: these are two facts.
    """
    if agreed not in {YES, NO}:
        return
    view = "agrees" if agreed == YES else "disagrees"
    about = f"The inspector {view} with the classification of {of}"
    if not level:
        yield Contradiction(f"{prefix}_level", f"{about}, but the service’s level is not recorded.")
    elif agreed == NO and not own_level:
        yield Contradiction(f"{prefix}_own_level", f"{about}, but gives no own level.")
    elif agreed == NO and own_level == level:
        yield Contradiction(f"{prefix}_own_level", f"{about}, but gives the same level.")


def case_contradictions(
    questions: Iterable[KeyQuestion],
    answers: Mapping[str, str],
    details: Details,
    window: Window | None,
    today: date,
) -> tuple[Contradiction, ...]:
    """The possible inconsistencies in one case: key questions, then details."""
    return (
        *(against for one in questions if (against := prompts_against(one, answers))),
        *detail_contradictions(details, window, today),
    )


def day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
