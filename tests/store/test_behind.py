"""Writing behind says what writing at once says, in the same order, and an error in it undoes all."""

import threading

import pytest

from omniid.errors import InputError
from omniid.store import SqliteStore, later, writing_behind
from oracle.store import TABLES, Twin


class OwnError(Exception):
    pass


@pytest.fixture(params=["memory", "file"])
def store(request, tmp_path):
    with SqliteStore(":memory:" if request.param == "memory" else tmp_path / "people.omniid", TABLES) as store:
        yield store


@pytest.mark.parametrize("workers", [1, 2])
def test_changes_are_made_in_their_order_and_reads_see_all_before(store, workers):
    twin = Twin()
    with store.writing() as tables, writing_behind(tables, workers) as late:
        for step in range(20):
            rows = [(row, step, f"n{row}") for row in range(step, step + 400)]
            late.put("members", iter(rows))
            twin.put("members", rows)
            late.remove("members", "row", [step])
            twin.remove("members", "row", [step])
        assert late.count("members") == len(twin.span("members", "row"))
        assert late.rows("members", "row", [5, 30]) == twin.rows("members", "row", [5, 30])
        later(late, lambda tables: tables.clear("members"))
        later(late, lambda tables: tables.put("members", [(tables.count("members"), 7, "")]))
        assert late.span("members", "row") == [(0, 7, "")]
        late.put("members", [(1, 7, "")])
    with store.reading() as tables:
        assert tables.span("members", "row") == [(0, 7, ""), (1, 7, "")]


def test_a_thread_of_its_own_writes_and_one_inside_another_is_the_same(store):
    seen = []
    with store.writing() as tables, writing_behind(tables, 2) as late:
        late.put("members", ((row, seen.append(threading.get_ident()), "") for row in range(1)))
        with writing_behind(late, 2) as inner:
            assert inner is late
        late.wait()
    assert seen
    assert threading.get_ident() not in seen


def failing():
    yield (1, 1, "a")
    raise OwnError


@pytest.mark.parametrize(("wrong", "error"), [([(1, "one", "a")], InputError), (failing, OwnError)])
@pytest.mark.parametrize("waits", [False, True])
def test_an_error_behind_is_raised_and_undoes_all(store, wrong, error, waits):
    made = []
    with pytest.raises(error), store.writing() as tables, writing_behind(tables, 2) as late:  # noqa: PT012
        late.put("members", [(7, 7, "a")])
        late.put("members", wrong() if callable(wrong) else wrong)
        late.put("members", ((row, made.append(row), "") for row in range(3)))
        if waits:
            late.count("members")
    assert not made
    with store.reading() as tables:
        assert tables.count("members") == 0


def test_an_error_of_the_caller_drops_what_waits(store):
    begun, go_on, made = threading.Event(), threading.Event(), []

    def slow():
        begun.set()
        go_on.wait(10)
        yield (1, 1, "")

    with pytest.raises(OwnError), store.writing() as tables, writing_behind(tables, 2) as late:  # noqa: PT012
        late.put("members", slow())
        late.put("members", ((row, made.append(row), "") for row in range(3)))
        begun.wait(10)
        threading.Timer(0.05, go_on.set).start()
        raise OwnError
    assert not made
    with store.reading() as tables:
        assert tables.count("members") == 0


def test_more_changes_wait_than_are_held(store):
    with store.writing() as tables, writing_behind(tables, 2) as late:
        for row in range(100):
            late.put("members", [(row, row, "")])
    with store.reading() as tables:
        assert tables.count("members") == 100
