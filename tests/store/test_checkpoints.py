"""Checkpoints beside the writer: pages reach the file while the store is open, and none is at work once it is closed."""

import os
import threading

import pytest

from omniid.store import SqliteStore, connections
from omniid.store.checkpoints import Checkpoints
from oracle.store import SHAPES, one_state, write


def at_work():
    return [thread for thread in threading.enumerate() if thread.name == "omniid checkpoint"]


@pytest.fixture
def often(monkeypatch):
    """A checkpoint after nearly every transaction, and none by a commit."""
    monkeypatch.setattr(connections, "_PAGES_IN_WAL", (1000, 1000))
    monkeypatch.setattr(connections, "_PART", 1000)


@pytest.mark.usefixtures("often")
def test_pages_reach_the_file_while_the_store_is_open(tmp_path):
    path = tmp_path / "people.omniid"
    with SqliteStore(path, SHAPES) as store:
        before = path.stat().st_size
        with store.writing() as tables:
            tables.put("left", [(row, row) for row in range(20_000)])
        store._connections.rest()
        assert path.stat().st_size > before + 100_000


@pytest.mark.usefixtures("often")
def test_readers_and_writers_see_one_state_beside_checkpoints(tmp_path):
    path = tmp_path / "people.omniid"
    with SqliteStore(path, SHAPES) as store:
        for number in range(1, 120):
            write(store, number)
            with store.reading() as tables:
                assert max(one_state(tables)) == number
        assert store.check() == []
        store.compact()
        write(store, 120)
    assert at_work() == []
    assert [file.name for file in tmp_path.iterdir()] == ["people.omniid"]
    with SqliteStore(path, SHAPES) as store, store.reading() as tables:
        assert max(one_state(tables)) == 120


@pytest.mark.usefixtures("often")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_none_is_at_work_in_a_fork(tmp_path):
    with SqliteStore(tmp_path / "people.omniid", SHAPES) as store:
        for number in range(1, 20):
            write(store, number)
            if (inside := os.fork()) == 0:
                os._exit(int(any(thread.is_alive() for thread in at_work())))
            assert os.waitpid(inside, 0)[1] == 0
        assert store.check() == []


class Slow:
    """A connection whose checkpoint takes until it is told to end."""

    total_changes = 5

    def __init__(self):
        self.begun, self.may_end, self.closed = threading.Event(), threading.Event(), 0

    def execute(self, _):
        self.begun.set()
        assert self.may_end.wait(10)
        return self

    def fetchone(self):
        return 0, 40, 40

    def close(self):
        self.closed += 1


def test_there_is_one_at_a_time_and_none_after_the_end():
    slow = Slow()
    checkpoints = Checkpoints(lambda: slow)
    checkpoints.look(slow, 11)
    assert not at_work(), "5 rows are some 10 pages"
    checkpoints.look(slow, 10)
    assert slow.begun.wait(10)
    slow.total_changes = 100
    checkpoints.look(slow, 1)
    assert len(at_work()) == 1
    assert checkpoints.connection is slow
    threading.Timer(0.05, slow.may_end.set).start()
    checkpoints.finish()
    assert (at_work(), slow.closed, checkpoints.connection) == ([], 1, None)
    checkpoints.look(slow, 1)
    assert slow.closed == 1


def test_what_one_tells_says_when_the_next_is_due():
    slow = Slow()
    slow.may_end.set()
    checkpoints = Checkpoints(lambda: slow)
    checkpoints.look(slow, 10)
    checkpoints.rest()
    slow.total_changes = 14  # 8 pages a row: 72 more
    checkpoints.look(slow, 73)
    checkpoints.rest()
    assert slow.closed == 1
    checkpoints.look(slow, 72)
    checkpoints.rest()
    assert slow.closed == 2


def test_a_failure_is_left_to_the_writer(tmp_path):
    checkpoints = Checkpoints(lambda: connections.connect(tmp_path / "nowhere", 0, "normal"))
    checkpoints.look(Slow(), 1)
    checkpoints.finish()
    assert checkpoints.connection is None
