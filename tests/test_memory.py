"""Limits are read as people write them, shared out, and kept or refused with the way out."""

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid import SpecError, memory
from omniid.memory import SHARES, MemoryBudget, peak_memory, resident_memory, size_text


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("4 GiB", 4 << 30),
        ("4gib", 4 << 30),
        ("4GB", 4_000_000_000),
        ("1.5 MB", 1_500_000),
        ("0.5 TiB", 1 << 39),
        (" 64 KiB ", 64 << 10),
        ("100", 100),
        ("100 b", 100),
        (12345, 12345),
    ],
)
def test_sizes_are_read(text: str | int, size: int) -> None:
    assert MemoryBudget.of(text).limit == size


@pytest.mark.parametrize("text", ["", "much", "4 GiB!", "-1", "0", "0.1", 0, -5, True, "4 XB", "GiB"])
def test_other_texts_are_refused(text: str | int) -> None:
    with pytest.raises(SpecError, match="4 GiB"):
        MemoryBudget.of(text)


def test_no_limit_limits_nothing() -> None:
    budget = MemoryBudget.of(None)
    assert budget == MemoryBudget()
    assert [budget.share(name) for name in SHARES] == [None] * len(SHARES)
    budget.require("matching", 1 << 60)
    assert MemoryBudget.of(budget) is budget


def test_shares_leave_most_to_the_records() -> None:
    budget = MemoryBudget.of(1 << 30)
    assert sum(budget.share(name) or 0 for name in SHARES) <= 1 << 28


@given(st.integers(1, 1 << 40), st.integers(0, 1 << 40), st.integers(0, 1 << 40))
def test_what_is_asked_for_suffices(limit: int, held: int, more: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "resident_memory", lambda: held)
        try:
            MemoryBudget(limit).require("matching", more)
        except SpecError as error:
            told = str(error).partition("memory_limit='")[2].partition("'")[0]
            MemoryBudget.of(told).require("matching", more)
            assert held + more > limit * 0.75 - 1
        else:
            assert held + more <= limit * 0.75


def test_sizes_are_told_in_round_numbers() -> None:
    assert [size_text(size) for size in (0, 3 << 20, 5 << 29)] == ["0 MiB", "3 MiB", "2.50 GiB"]
    assert [size_text(size, up=True) for size in (1, (5 << 29) + 1)] == ["1 MiB", "2.51 GiB"]


def test_memory_that_is_held_is_counted() -> None:
    before = resident_memory()
    held = np.ones(200 << 20, np.uint8)
    assert resident_memory() - before > 150 << 20
    assert peak_memory() >= resident_memory() - (1 << 20)
    assert held[-1] == 1


def test_where_linux_does_not_tell_the_peak_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_status", lambda *_: [])
    assert peak_memory() == resident_memory() > 0


def test_the_collector_rests_only_where_there_is_much_and_as_it_was_found() -> None:
    for objects, rests in ((memory.MANY_OBJECTS - 1, False), (memory.MANY_OBJECTS, True)):
        with memory.collecting_later(objects):
            assert gc.isenabled() is not rests
            with memory.collecting_later(objects):
                assert gc.isenabled() is not rests
            assert gc.isenabled() is not rests
        assert gc.isenabled()
    with pytest.raises(RuntimeError), memory.collecting_later(memory.MANY_OBJECTS):
        raise RuntimeError
    assert gc.isenabled()
    gc.disable()
    try:
        with memory.collecting_later(memory.MANY_OBJECTS):
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
