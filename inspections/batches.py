"""Doing at once, and once, what several threads ask for at the same time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class _Place(Generic[Asked, Answer]):
    """Where one thread waits for its answer, or for its turn to get one for a whole batch."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answer: Answer | None = None
        self.batch: list[_Place[Asked, Answer]] | None = None
        self._turn = Lock()
        self._turn.acquire()

    def wait(self) -> None:
        self._turn.acquire()

    def go_on(self) -> None:
        self._turn.release()


class Batches(Generic[Asked, Answer]):
    """Calls ``do`` with everything that was asked for while it was at work before.

    Who asks while nobody else does is answered at once, alone. Who asks meanwhile waits; the
    first of them then asks for all who wait. ``do`` runs in one thread at a time. It answers
    each in order, with ``None`` for what has to be done without company. When it raises an
    error, whose thread it was hears of it and the others are answered ``None``.

    Whoever waits must hold nothing that ``do`` needs, such as a place in a pool.
    """

    def __init__(self, do: Callable[[Sequence[Asked]], Sequence[Answer | None]], most: int) -> None:
        self._do = do
        self._most = most
        self._lock = Lock()
        self._at_work = False
        self._waiting: list[_Place[Asked, Answer]] = []

    def ask(self, asked: Asked) -> Answer | None:
        """The answer to ``asked``, or ``None`` when it has to be done without company."""
        place = _Place[Asked, Answer](asked)
        with self._lock:
            if self._at_work:
                self._waiting.append(place)
            else:
                self._at_work = True
                place.batch = [place]
        if place.batch is None:
            place.wait()
        if place.batch is not None:
            self._answer(place.batch)
        return place.answer

    def _answer(self, batch: list[_Place[Asked, Answer]]) -> None:
        answers: Sequence[Answer | None] = [None] * len(batch)
        try:
            answers = self._do([place.asked for place in batch])
        finally:
            leader, *others = batch
            leader.answer = answers[0]
            for place, answer in zip(others, answers[1:], strict=True):
                place.answer = answer
                place.go_on()
            self._hand_on()

    def _hand_on(self) -> None:
        with self._lock:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            self._at_work = bool(batch)
        if batch:
            batch[0].batch = batch
            batch[0].go_on()
