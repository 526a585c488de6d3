"""Who asks while others are being answered is answered with all who waited, once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.batches import Batches

SECONDS = 10


class Held:
    """Answers each number with its double, the first batch only once ``go`` is set."""

    def __init__(self, most: int = 100) -> None:
        self.batches: list[list[int]] = []
        self.began = threading.Event()
        self.go = threading.Event()
        self.fails_on: int | None = None
        self.asked = Batches(self.double, most)

    def double(self, numbers: Sequence[int]) -> list[int | None]:
        self.batches.append(list(numbers))
        self.began.set()
        assert self.go.wait(SECONDS)
        if self.fails_on in numbers:
            raise RuntimeError("it can't be doubled")
        return [number * 2 for number in numbers]


def ask_while_held(
    held: Held, pool: ThreadPoolExecutor, numbers: Sequence[int]
) -> list[Future[int | None]]:
    """Ask for 0 and, once that is under way, for ``numbers``, each in its turn."""
    answers = [pool.submit(held.asked.ask, 0)]
    assert held.began.wait(SECONDS)
    for count, number in enumerate(numbers, 1):
        answers.append(pool.submit(held.asked.ask, number))
        while len(held.asked._waiting) < count:
            pass
    held.go.set()
    return answers


def test_who_asks_alone_is_answered_at_once() -> None:
    held = Held()
    held.go.set()
    assert [held.asked.ask(number) for number in (1, 2)] == [2, 4]
    assert held.batches == [[1], [2]]


def test_who_asks_meanwhile_is_answered_together_in_order() -> None:
    held = Held()
    with ThreadPoolExecutor(4) as pool:
        answers = ask_while_held(held, pool, [3, 1, 2])
    assert [answer.result() for answer in answers] == [0, 6, 2, 4]
    assert held.batches == [[0], [3, 1, 2]]


def test_no_batch_is_larger_than_the_most() -> None:
    held = Held(most=2)
    with ThreadPoolExecutor(6) as pool:
        answers = ask_while_held(held, pool, [1, 2, 3, 4, 5])
    assert [answer.result() for answer in answers] == [0, 2, 4, 6, 8, 10]
    assert held.batches == [[0], [1, 2], [3, 4], [5]]


def test_an_error_is_heard_by_one_and_the_others_of_the_batch_are_left_to_themselves() -> None:
    held = Held()
    held.fails_on = 2
    with ThreadPoolExecutor(4) as pool:
        first, leads, follows, fails = ask_while_held(held, pool, [1, 3, 2])
        wait([first, leads, follows, fails])
    assert first.result() == 0
    with pytest.raises(RuntimeError, match="it can't be doubled"):
        leads.result()
    assert (follows.result(), fails.result()) == (None, None)
    assert held.asked.ask(4) == 8


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(), max_size=60), st.integers(1, 8), st.integers(1, 12))
def test_everybody_gets_their_own_answer_and_everything_is_done_once(
    numbers: list[int], most: int, threads: int
) -> None:
    done: list[int] = []

    def double(batch: Sequence[int]) -> list[int | None]:
        done.extend(batch)
        return [number * 2 for number in batch]

    batches = Batches(double, most)
    with ThreadPoolExecutor(threads) as pool:
        assert list(pool.map(batches.ask, numbers)) == [number * 2 for number in numbers]
    assert sorted(done) == sorted(numbers)
