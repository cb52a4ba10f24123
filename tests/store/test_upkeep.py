"""Backups are whole and made while the store runs; a compacted store holds no byte of what was removed."""

import threading

import pytest

from omniid.errors import InputError, StoreBusyError, StoreFullError
from omniid.store import SqliteStore
from omniid.store.upkeep import squeeze
from oracle.store import SHAPES, TABLES, one_state, write

SECRET = b"ann.bee@example.com"


def files_with(folder, secret):
    """Name the files with the bytes of `secret`; once the store is closed, as reading a file would drop SQLite's locks."""
    return sorted(path.name for path in folder.iterdir() if secret in path.read_bytes())


def fill(store):
    with store.writing() as tables:
        tables.put(
            "members", [(row, row, f"{row} {SECRET.decode()}" if row % 3 == 0 else f"other {row}") for row in range(3000)]
        )
        tables.put("postings", [(f"{SECRET.decode()} {row}", row) for row in range(2000)])
        tables.put("settings", [("large", SECRET * 20_000, None), ("small", SECRET, None), ("other", b"kept" * 5000, None)])


def forget(store):
    with store.writing() as tables:
        tables.remove("members", "row", range(0, 3000, 3))
        tables.remove("postings", "row", range(2000))
        tables.remove("settings", "name", ["large"])
        tables.put("settings", [("small", b"replaced", None)])


def test_no_byte_of_a_removed_value_is_left_after_compact(tmp_path, monkeypatch):
    folder, temporary = tmp_path / "store", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("SQLITE_TMPDIR", str(temporary))
    store = SqliteStore(folder / "people.omniid", TABLES)
    fill(store)
    with store.reading() as tables:
        assert tables.count("members") == 3000
    forget(store)
    held = {
        path.name: path.read_bytes() for path in folder.iterdir()
    }  # the last use of this store that needs its locks is over
    assert any(SECRET in content for content in held.values()), (
        "the removed values stood in no file: the scan would prove nothing"
    )
    store.close()
    with SqliteStore(folder / "people.omniid", TABLES) as store:
        fill(store)
        forget(store)
        before = store.path.stat().st_size
        store.compact()
        sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
        assert sizes["people.omniid-wal"] == 0
        assert sizes["people.omniid"] < max(before, 200_000)
        left = {path.name: SECRET in path.read_bytes() for path in folder.iterdir()}
        assert left == {"people.omniid": False, "people.omniid-wal": False, "people.omniid-shm": False}
    assert files_with(folder, SECRET) == []
    assert files_with(folder, b"kept") == ["people.omniid"]
    assert list(temporary.iterdir()) == []


def test_a_backup_is_the_state_of_one_moment_and_has_no_removed_value(tmp_path):
    with SqliteStore(tmp_path / "people.omniid", TABLES) as store:
        fill(store)
        forget(store)
        store.backup(tmp_path / "copy")
        with store.writing() as tables:
            tables.put("members", [(1, 1, "later")])
    assert files_with(tmp_path, SECRET) in ([], ["people.omniid"])
    with SqliteStore(tmp_path / "copy", TABLES) as copy, copy.reading() as tables:
        assert tables.rows("members", "row", [1]) == [(1, 1, "other 1")]
        assert tables.count("members") == 2000
    with SqliteStore(tmp_path / "copy", TABLES) as copy:
        assert copy.check() == []


def test_backups_are_made_while_others_read_and_write(tmp_path):
    stop = threading.Event()
    with SqliteStore(tmp_path / "people.omniid", SHAPES, wait=20) as store:

        def work():
            number = 0
            while not stop.is_set():
                number += 1
                write(store, number)

        writer = threading.Thread(target=work)
        writer.start()
        try:
            for number in range(10):
                store.backup(tmp_path / f"copy{number}")
                with store.reading() as tables:
                    one_state(tables)
            store.compact()
        finally:
            stop.set()
            writer.join()
    for number in range(10):
        with SqliteStore(tmp_path / f"copy{number}", SHAPES) as copy, copy.reading() as tables:
            one_state(tables)


def test_compacting_waits_for_another_checkpoint_too():
    class Meeting:
        """A connection that meets another process in its checkpoint: SQLite answers "busy" at once, without any wait."""

        def __init__(self, times):
            self.times = times

        def execute(self, text):
            self.times -= "wal_checkpoint" in text
            return self

        def fetchone(self):
            return (int(self.times >= 0), 0, 0)

    squeeze(Meeting(3), "people.omniid", wait=5)
    with pytest.raises(StoreBusyError, match=r"after 0\.02 seconds"):
        squeeze(Meeting(10_000), "people.omniid", wait=0.02)


def test_a_backup_that_cannot_be_made_is_named_and_leaves_nothing(tmp_path, monkeypatch):
    with SqliteStore(tmp_path / "people.omniid", TABLES) as store:
        fill(store)
        with pytest.raises(InputError, match=r"people.omniid is there already; choose another name"):
            store.backup(tmp_path / "people.omniid")
        with pytest.raises(InputError, match=r"the folder .*missing is not there"):
            store.backup(tmp_path / "missing" / "copy")
        (tmp_path / "copy.partial").write_bytes(b"of a backup that was killed")
        store.backup(tmp_path / "copy")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "people.omniid"]
    resource = pytest.importorskip("resource")
    with SqliteStore(tmp_path / "people.omniid", TABLES) as store:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
        try:
            with pytest.raises(StoreFullError, match=r"backup to .*second.*make room"):
                store.backup(tmp_path / "second")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "people.omniid"]


def test_compacting_waits_for_readers_and_then_says_so(tmp_path):
    with SqliteStore(tmp_path / "people.omniid", TABLES, wait=0.1) as store:
        fill(store)
        entered, leave = threading.Event(), threading.Event()

        def read():
            with store.reading() as tables:
                tables.count("members")
                entered.set()
                leave.wait()
                assert tables.count("members") == 3000

        reader = threading.Thread(target=read)
        reader.start()
        entered.wait()
        forget(store)
        with pytest.raises(
            StoreBusyError, match=r"still reads or writes the store after 0.1 seconds, so removed values can still be"
        ):
            store.compact()
        leave.set()
        reader.join()
        store.compact()
        assert store.check() == []
    assert files_with(tmp_path, SECRET) == []
