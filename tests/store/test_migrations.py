"""An older store is brought up to date in one transaction, or not at all."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from omniid.errors import InputError, StoreCorruptError
from omniid.store import Migration, SqliteStore, TableShape

PEOPLE_1 = TableShape("people", {"row": "int", "name": "text"}, ("row",))
PEOPLE_2 = TableShape("people", {"row": "int", "first": "text", "last": "text"}, ("row",), indexes=(("last",),))
NOTES_3 = TableShape("notes", {"row": "int", "note": "text"}, ("row",))


def split_names(tables):
    people = tables.execute("SELECT row, name FROM people")
    tables.drop("people")
    tables.create(PEOPLE_2)
    for row, name in people:
        tables.execute("INSERT INTO people VALUES (?, ?, ?)", (row, *name.split(" ", 1)))


def add_notes(tables):
    tables.create(NOTES_3)
    tables.execute("INSERT INTO notes SELECT row, first || '!' FROM people")


MIGRATIONS = (Migration(2, split_names), Migration(3, add_notes))
LATEST = {"shapes": [PEOPLE_2, NOTES_3], "version": 3, "migrations": MIGRATIONS}


def old(path):
    with SqliteStore(path, [PEOPLE_1], version=1) as store, store.writing() as tables:
        tables.put("people", [(row, f"Ann{row} Bee") for row in range(300)])


def is_new(path):
    with SqliteStore(path, **LATEST) as store, store.reading() as tables:
        assert tables.rows("people", "last", ["Bee"]) == [(row, f"Ann{row}", "Bee") for row in range(300)]
        assert tables.span("notes", "row", 298) == [(298, "Ann298!"), (299, "Ann299!")]
    with SqliteStore(path, **LATEST) as store:
        assert store.check() == []


def is_old(path):
    with SqliteStore(path, [PEOPLE_1], version=1) as store, store.reading() as tables:
        assert tables.count("people") == 300


def test_a_chain_of_steps_brings_an_old_store_up_to_date(tmp_path):
    path, copy = tmp_path / "people.omniid", tmp_path / "before"
    old(path)
    SqliteStore(path, **LATEST, backup_to=copy).close()
    is_new(path)
    is_old(copy)
    is_new(path)
    assert not (tmp_path / "again").exists()
    SqliteStore(path, **LATEST, backup_to=tmp_path / "again").close()  # nothing to migrate, nothing to copy
    assert not (tmp_path / "again").exists()


def test_a_backup_that_cannot_be_made_stops_the_migration(tmp_path):
    path = tmp_path / "people.omniid"
    old(path)
    (tmp_path / "before").touch()
    with pytest.raises(InputError, match="is there already; choose another name for the backup"):
        SqliteStore(path, **LATEST, backup_to=tmp_path / "before")
    is_old(path)


def test_a_step_that_is_not_there_is_named(tmp_path):
    old(tmp_path / "people.omniid")
    with pytest.raises(InputError, match="is of version 1, and this omniid has no way from 1 to 2; open it once with"):
        SqliteStore(tmp_path / "people.omniid", [PEOPLE_2, NOTES_3], version=3, migrations=MIGRATIONS[1:])
    is_old(tmp_path / "people.omniid")


@pytest.mark.parametrize("failure", [ValueError("no last name"), sqlite3.IntegrityError("one name twice")])
def test_a_step_that_fails_leaves_the_store_as_it_was(tmp_path, failure):
    def fail(tables):
        split_names(tables)
        raise failure

    old(tmp_path / "people.omniid")
    with pytest.raises((ValueError, InputError)):
        SqliteStore(tmp_path / "people.omniid", [PEOPLE_2], version=2, migrations=[Migration(2, fail)])
    is_old(tmp_path / "people.omniid")


def test_a_step_cannot_end_the_transaction(tmp_path):
    old(tmp_path / "people.omniid")
    step = Migration(2, lambda tables: tables.execute("commit"))
    with pytest.raises(InputError, match="runs in one transaction, so it cannot run 'commit'"):
        SqliteStore(tmp_path / "people.omniid", [PEOPLE_1], version=2, migrations=[step])


def test_a_step_that_makes_other_tables_than_declared_is_noticed(tmp_path):
    old(tmp_path / "people.omniid")
    step = Migration(2, lambda tables: tables.execute("ALTER TABLE people RENAME COLUMN name TO names"))
    with pytest.raises(StoreCorruptError, match="has the columns row INTEGER, names TEXT instead of row INTEGER, name TEXT"):
        SqliteStore(tmp_path / "people.omniid", [PEOPLE_1], version=2, migrations=[step])
    is_old(tmp_path / "people.omniid")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_migration_that_is_killed_in_the_middle_starts_again(tmp_path):
    path = tmp_path / "people.omniid"
    old(path)
    code = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_migrations import LATEST, MIGRATIONS, Migration, SqliteStore, add_notes

def killed(tables):
    add_notes(tables)
    os.kill(os.getpid(), 9)

SqliteStore({str(path)!r}, **{{**LATEST, "migrations": [MIGRATIONS[0], Migration(3, killed)]}})
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    out = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)
    assert out.returncode == -signal.SIGKILL, out.stderr
    is_old(path)
    is_new(path)
