"""Taking from a source in a thread: order, end, errors, and no more than asked."""

from collections.abc import Iterator
from threading import Event, get_ident

import pytest

from accounton.rows.ahead import Ahead


def test_gives_everything_in_order() -> None:
    assert list(Ahead(iter(range(100)), 4)) == list(range(100))
    assert list(Ahead(iter([]), 4)) == []


def test_takes_in_another_thread_while_the_first_is_worked_on() -> None:
    second_taken = Event()

    def source() -> Iterator[int]:
        yield get_ident()
        second_taken.set()
        yield get_ident()

    items = Ahead(source(), 2)
    assert next(items) != get_ident()
    assert second_taken.wait(10)


def test_raises_what_the_source_raises_in_its_place() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise ValueError("second")

    items = Ahead(source(), 8)
    assert next(items) == 1
    with pytest.raises(ValueError, match="second"):
        next(items)


def test_takes_no_more_than_asked_ahead() -> None:
    taken: list[int] = []

    def source() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    items = Ahead(source(), 3)
    next(items)
    items.close()
    assert len(taken) <= 4
