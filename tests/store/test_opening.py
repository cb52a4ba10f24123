"""What is opened is a store of this or an older version, or an error that names the way out."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from omniid.errors import InputError, OmniidError, StoreCorruptError
from omniid.store import APPLICATION, SqliteStore, TableShape
from oracle.store import TABLES


def fill(path, number=200):
    with SqliteStore(path, TABLES) as store, store.writing() as tables:
        tables.put("members", [(row, row % 7, f"name {row}") for row in range(number)])


def as_nobody(code, *arguments):
    """Run as a user whom file permissions bind."""
    drop = "import os, sys\nif hasattr(os, 'getuid') and os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
    head = "from omniid.store import SqliteStore\nfrom oracle.store import TABLES\n"  # while it may read them
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", head + drop + code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_a_new_store_is_whole_or_not_there(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", fail)
        patched.setattr(Path, "rename", fail)
        with pytest.raises(InputError, match="cannot be made there"):
            SqliteStore(tmp_path / "people.omniid", TABLES)
    assert list(tmp_path.iterdir()) == []
    with monkeypatch.context() as patched:
        patched.setattr(os, "link", fail)  # a file system without links
        SqliteStore(tmp_path / "people.omniid", TABLES).close()
    assert [path.name for path in tmp_path.iterdir()] == ["people.omniid"]
    connection = sqlite3.connect(tmp_path / "people.omniid")
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_bad_places_are_named(tmp_path):
    with pytest.raises(InputError, match="is a folder; name the store's file inside it"):
        SqliteStore(tmp_path, TABLES)
    with pytest.raises(InputError, match=r"the folder .*missing is not there; make it"):
        SqliteStore(tmp_path / "missing" / "people.omniid", TABLES)
    (tmp_path / "empty").touch()
    with pytest.raises(InputError, match="is empty: a store cut to nothing, or a file made beforehand"):
        SqliteStore(tmp_path / "empty", TABLES)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(InputError, match="no ordinary file"):
            SqliteStore(tmp_path / "pipe", TABLES)


def test_names_with_odd_signs_and_links_work(tmp_path):
    path = tmp_path / "a b?mode=ro#%41'\"é.omniid"
    fill(path)
    link = tmp_path / "link"
    link.symlink_to(path)
    with SqliteStore(link, TABLES) as store, store.reading() as tables:
        assert store.path == path.resolve()
        assert tables.count("members") == 200
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([path.name, "link"])


@pytest.mark.parametrize(
    "content", [b"hello", b"record_id,email\n1,ann@example.com\n" * 500, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_file_that_is_no_store_is_left_alone(tmp_path, content):
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(OmniidError, match=r"is no omniid store|is damaged"):
        SqliteStore(path, TABLES)
    assert path.read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == ["people.csv"]


def test_a_database_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes (text)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"database of another program \(application id 0\); choose another path"):
        SqliteStore(path, TABLES)
    assert path.read_bytes() == before


def test_a_newer_store_is_refused(tmp_path):
    SqliteStore(tmp_path / "people.omniid", TABLES, version=3).close()
    with pytest.raises(InputError, match="is of version 3, and this omniid knows versions up to 2; update omniid"):
        SqliteStore(tmp_path / "people.omniid", TABLES, version=2)


def test_a_store_without_what_its_version_has_is_named(tmp_path):
    path = tmp_path / "people.omniid"
    fill(path)
    connection = sqlite3.connect(path)
    connection.execute("DROP INDEX members__entity")
    connection.execute("DROP TABLE evidence")
    connection.commit()
    connection.close()
    says = "index members__entity of table members is missing .*; table evidence is missing. Stop writing to it"
    with pytest.raises(StoreCorruptError, match=says):
        SqliteStore(path, TABLES)
    wider = TableShape("members", {"row": "int", "entity": "text"}, ("row",))
    with pytest.raises(
        StoreCorruptError, match="the columns row INTEGER, entity INTEGER, name TEXT instead of row INTEGER, entity"
    ):
        SqliteStore(path, [wider])


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_what_may_not_be_written_is_named(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir()
    fill(folder / "people.omniid")
    for part in [tmp_path, *tmp_path.parents][:3]:
        part.chmod(0o755)
    folder.chmod(0o755)
    (folder / "people.omniid").chmod(0o444)
    code = "try:\n SqliteStore(sys.argv[1], TABLES)\nexcept Exception as error:\n print(type(error).__name__, error)"
    assert "InputError" in (out := as_nobody(code, folder / "people.omniid")).stdout, out.stderr
    assert "cannot be written" in out.stdout
    folder.chmod(0o777)
    out = as_nobody(code, folder / "people.omniid")
    assert "cannot be read and written; allow it" in out.stdout, out.stderr
    (folder / "people.omniid").chmod(0o666)
    assert as_nobody(code, folder / "people.omniid").stdout == ""


def killed_with_wal(path):
    """Leave a store as a killed process does: the newest rows are only in the -wal."""
    fill(path)
    code = (
        "store = SqliteStore(sys.argv[1], TABLES)\nwith store.writing() as tables:\n"
        " tables.put('members', [(row, 1, 'new') for row in range(500)])\nos._exit(0)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    head = "import os, sys\nfrom omniid.store import SqliteStore\nfrom oracle.store import TABLES\n"
    subprocess.run([sys.executable, "-c", head + code, str(path)], env=environment, check=True)
    assert Path(f"{path}-wal").stat().st_size > 0


def test_a_killed_process_leaves_all_in_the_wal(tmp_path):
    path = tmp_path / "people.omniid"
    killed_with_wal(path)
    with SqliteStore(path, TABLES) as store, store.reading() as tables:
        assert tables.rows("members", "entity", [1]) == [(row, 1, "new") for row in range(500)]


def test_a_wal_that_was_taken_away_is_noticed(tmp_path):
    path = tmp_path / "people.omniid"
    killed_with_wal(path)
    Path(f"{path}-wal").unlink()
    with pytest.raises(StoreCorruptError, match=r"people.omniid-wal is missing, .* remove .*-shm and `check` the store"):
        SqliteStore(path, TABLES)
    Path(f"{path}-shm").unlink()
    with SqliteStore(path, TABLES) as store, store.reading() as tables:  # as the message says: the older state
        assert tables.count("members") == 200
        assert store.path is not None
    with SqliteStore(path, TABLES) as store:
        assert store.check() == []


def test_what_a_killed_maker_left_is_removed_and_what_a_living_one_makes_stays(tmp_path):
    path = tmp_path / "people.omniid"
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, living = (tmp_path / f".people.omniid.{process}-00ff00ff.new" for process in (ended.pid, os.getpid()))
    for one in (left, living):
        one.write_bytes(b"half a store")
    SqliteStore(path, TABLES).close()
    assert (left.exists(), living.exists(), path.exists()) == (os.name != "posix", True, True)
