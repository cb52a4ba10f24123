"""Threads, processes and forks share a store: no error, no mix of two states, and a stated wait."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from omniid.errors import StoreBusyError, StoreError
from omniid.store import SqliteStore, connections
from oracle.store import SHAPES, one_state, write


@pytest.fixture(params=["memory", "file"])
def store(request, tmp_path):
    with SqliteStore(":memory:" if request.param == "memory" else tmp_path / "people.omniid", SHAPES, wait=20) as store:
        yield store


def test_threads_read_one_state_each_and_see_what_was_written(store):
    problems, stop, seen = [], threading.Event(), set()

    def read():
        try:
            last = 0
            while not stop.is_set():
                with store.reading() as tables:
                    one = one_state(tables)
                    with store.reading() as inner:
                        assert one_state(inner) == one
                assert max(one, default=0) >= last, "an older state than before"
                last = max(one, default=0)
                seen.add(last)
        except Exception as error:  # noqa: BLE001  # of any kind, shown in the main thread
            problems.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(1, 150):
        write(store, number)
        with store.reading() as tables:
            assert max(one_state(tables)) == number
    stop.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert len(seen) > 3


def open_files():
    return len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0


def test_many_threads_that_write_wait_for_each_other_and_leave_nothing_open(store):
    def add():
        for _ in range(10):
            with store.writing() as tables:
                number = tables.count("left")
                tables.put("left", [(number, number)])
            with store.reading() as tables:
                tables.count("left")

    before = open_files()
    for _ in range(3):
        threads = [threading.Thread(target=add) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with store.reading() as tables:
        assert tables.span("left", "row") == [(number, number) for number in range(240)]
    store.close()
    assert open_files() <= before


def test_a_snapshot_stands_from_its_first_read(tmp_path):
    with SqliteStore(tmp_path / "s", SHAPES) as store, store.reading() as tables:
        writer = threading.Thread(target=write, args=(store, 1))
        assert tables.count("left") == 0
        writer.start()
        writer.join()
        assert tables.count("left") == 0
        assert tables.rows("right", "number", [1]) == []


def test_who_holds_the_store_is_named_after_the_stated_wait(store, tmp_path):
    store._connections._wait = 0.1
    entered, leave = threading.Event(), threading.Event()

    def hold():
        with store.writing():
            entered.set()
            leave.wait()

    holder = threading.Thread(target=hold, name="ingest")
    holder.start()
    entered.wait()
    started = time.monotonic()
    busy = r"thread 'ingest' of this process has held it for 0\.\d seconds, and 0\.1 seconds passed"
    with pytest.raises(StoreBusyError, match=busy), store.writing():
        pass
    with pytest.raises(StoreBusyError, match=busy):
        store.compact()
    if store.path is None:  # one connection: readers take turns too
        with pytest.raises(StoreBusyError, match=busy), store.reading():
            pass
    assert 0.2 <= time.monotonic() - started < 5
    leave.set()
    holder.join()
    write(store, 1)


def child(code, *arguments, **options):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    head = "import sys, time\nfrom omniid.store import SqliteStore\nfrom oracle.store import SHAPES, one_state, write\n"
    command = [sys.executable, "-c", head + code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, env=environment, **options)


def test_another_process_that_writes_is_named_after_the_stated_wait(tmp_path):
    path = tmp_path / "people.omniid"
    code = (
        "with SqliteStore(sys.argv[1], SHAPES) as s, s.writing() as t:\n t.put('left', [(1, 1)])\n print(1, flush=1)\n input()"
    )
    with SqliteStore(path, SHAPES, wait=0.2) as store, child(code, path) as other:
        assert other.stdout.readline() == "1\n"
        started = time.monotonic()
        who = f"process {other.pid}" if sys.platform == "linux" else "another process"
        with pytest.raises(
            StoreBusyError, match=f"{who} writes to it, and 0.2 seconds passed. Nothing was written: call again"
        ):
            write(store, 2)
        assert 0.15 <= time.monotonic() - started < 5
        with store.reading() as tables:
            assert tables.count("left") == 0
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.wait() == 0
        write(store, 2)


def test_processes_read_one_state_each_while_one_writes(tmp_path):
    path = tmp_path / "people.omniid"
    read = (
        "s = SqliteStore(sys.argv[1], SHAPES)\nuntil = time.time() + 1\nn = 0\n"
        "while time.time() < until:\n with s.reading() as t: one_state(t)\n n += 1\ns.close()\nprint(n)"
    )
    readers = [child(read, path) for _ in range(3)]  # they race to make the store
    number = 0
    with SqliteStore(path, SHAPES) as store:
        while any(reader.poll() is None for reader in readers):
            number += 1
            write(store, number)
        for reader in readers:
            assert reader.returncode == 0
            assert int(reader.communicate()[0]) > 10
        assert store.check() == []
    assert number > 10
    assert [file.name for file in tmp_path.iterdir()] == ["people.omniid"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_fork_is_refused_and_leaves_the_store_alone(tmp_path):
    code = """
import os
store = SqliteStore(sys.argv[1], SHAPES)
write(store, 1)
with store.reading() as tables, store.reading():
    tables.count("left")
    inside = os.fork()
    if inside == 0:
        pass
if inside:
    assert os.waitpid(inside, 0)[1] == 0
    with store.writing() as tables:
        tables.put("left", [(7, 7)])
        inside = os.fork()
if inside == 0:
    for refused in (store.reading, store.writing, store.check):
        try:
            with refused():
                raise SystemExit(1)
        except Exception as error:
            assert "is a fork of" in str(error), error
    SqliteStore(sys.argv[1], SHAPES).close()
    raise SystemExit(0)  # all objects are let go
assert os.waitpid(inside, 0)[1] == 0
write(store, 2)
assert store.check() == []
store.close()
with SqliteStore(sys.argv[1], SHAPES) as store, store.reading() as tables:
    assert tables.span("left", "row") == [(1, 1), (2, 2), (7, 7)]
print("good")
"""
    with child(code, tmp_path / "people.omniid") as process:
        assert process.communicate()[0] == "good\n"


def test_a_store_that_is_forgotten_closes_itself(tmp_path):
    store = SqliteStore(tmp_path / "people.omniid", SHAPES)
    write(store, 1)
    with store.reading() as tables:
        tables.count("left")
    del store, tables
    assert [file.name for file in tmp_path.iterdir()] == ["people.omniid"]


def test_closing_while_somebody_reads_lets_them_end(tmp_path):
    store = SqliteStore(tmp_path / "people.omniid", SHAPES)
    write(store, 1)
    with store.reading() as tables:
        store.close()
        assert tables.count("left") == 1
    with SqliteStore(tmp_path / "people.omniid", SHAPES) as store:
        with store.writing() as tables:
            tables.put("left", [(7, 7)])
            store.close()
        with SqliteStore(tmp_path / "people.omniid", SHAPES) as again, again.reading() as tables:
            assert tables.span("left", "row") == [(1, 1), (7, 7)]
    assert [file.name for file in tmp_path.iterdir()] == ["people.omniid"]
    with pytest.raises(StoreError, match="has been closed; open it again"), store.reading():
        pass


def test_the_wal_may_hold_a_share_of_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(connections, "_PAGES_IN_WAL", (3, 20))
    monkeypatch.setattr(connections, "_BETWEEN_LOOKS", 2)
    with SqliteStore(tmp_path / "people.omniid", SHAPES) as store:
        held = []
        for rows in (0, 20_000, 1, 100_000, 1):  # it is looked at before every second one
            with store.writing() as tables:
                tables.put("left", [(row, row) for row in range(rows)])
            held += store._connections.writer().execute("PRAGMA wal_autocheckpoint").fetchone()
    assert 3 == held[0] == held[1] < held[2] == held[3] < held[4] == 20
