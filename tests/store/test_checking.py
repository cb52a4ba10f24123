"""Damage is found, or harmless, or lies where SQLite cannot know: inside a value."""

import random
import shutil
import sqlite3
from contextlib import closing

import pytest

from omniid.errors import OmniidError, StoreCorruptError
from omniid.store import SqliteStore
from oracle.store import TABLES, Twin

FLIPS = 60  # 5000 were tried once: none ended in another error or another number of rows


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A store of some dozens of pages, and what is in it."""
    path, twin = tmp_path_factory.mktemp("whole") / "people.omniid", Twin()
    rows = {
        "members": [(row, row % 90, f"name {row % 40}") for row in range(600)],
        "postings": [(f"key {row % 200}", row) for row in range(600)],
        "evidence": [(row, row + 1, row * 1000, bytes(row % 50)) for row in range(400)],
        "settings": [(f"setting {row}", b"v" * (row * 300), row / 7) for row in range(12)],
    }
    with SqliteStore(path, TABLES) as store, store.writing() as tables:
        for table, of_table in rows.items():
            tables.put(table, of_table)
            twin.put(table, of_table)
    return path, twin


def answers(path):
    """Return all answers of a store, or the error that stands in for them."""
    with SqliteStore(path, TABLES, wait=0) as store:
        problems = store.check()
        found = []
        with store.reading() as tables:
            for shape in TABLES:
                found += [tables.span(shape.name, by) for by in shape.looked_up_by()]
            found.append(tables.rows("members", "entity", range(100)))
        return problems, found


def right_answers(twin):
    found = [twin.span(shape.name, by) for shape in TABLES for by in shape.looked_up_by()]
    return [*found, twin.rows("members", "entity", range(100))]


def test_a_clean_store_is_clean(whole, tmp_path):
    path, twin = whole
    copy = shutil.copy(path, tmp_path / "copy")
    assert answers(copy) == ([], right_answers(twin))


def test_flipped_bytes_are_found_or_harmless_or_inside_a_value(whole, tmp_path):
    path, twin = whole
    content, rng = path.read_bytes(), random.Random(5)
    right = right_answers(twin)
    found = harmless = inside = 0
    for _ in range(FLIPS):
        place, flip = rng.randrange(len(content)), 1 << rng.randrange(8)
        damaged = bytearray(content)
        damaged[place] ^= flip
        copy = tmp_path / "copy"
        copy.write_bytes(damaged)
        try:
            problems, got = answers(copy)
        except OmniidError:  # any other error is a failure
            found += 1
            continue
        if problems:
            found += 1
        elif got == right:
            harmless += 1
        else:  # as many rows, each look-up as the other: one value is another one
            inside += 1
            assert [len(rows) for rows in got[:-1]] == [len(rows) for rows in right[:-1]], place
    assert found > FLIPS / 10
    assert found + harmless + inside == FLIPS


def test_a_page_of_zeros_is_found(whole, tmp_path):
    path, _ = whole
    content = path.read_bytes()
    with sqlite3.connect(path) as connection:
        pages = connection.execute("SELECT rootpage FROM sqlite_master WHERE name IN ('members', 'members__entity')").fetchall()
    connection.close()
    for (page,) in pages:
        copy = tmp_path / f"copy{page}"
        copy.write_bytes(content[: (page - 1) * 4096] + bytes(4096) + content[page * 4096 :])
        with SqliteStore(copy, TABLES) as store:
            assert store.check() != []
            says = r"the store is damaged \(database disk image is malformed\). Stop writing .* a backup in its place .*recover"
            with pytest.raises(StoreCorruptError, match=says), store.reading() as tables:
                tables.rows("members", "entity", [3])


def test_an_index_that_lacks_a_row_is_found(whole, tmp_path):
    copy = shutil.copy(whole[0], tmp_path / "copy")
    for where in ("WHERE row <> 7", ""):  # an index made without row 7 says that it has all rows
        connection = sqlite3.connect(copy)
        connection.execute("PRAGMA writable_schema = ON")
        text = f"CREATE INDEX members__entity ON members (entity) {where}"
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'members__entity'", (text,))
        connection.commit()
        connection.close()
        if where:
            with closing(sqlite3.connect(copy)) as connection:
                connection.execute("REINDEX members__entity")
    with SqliteStore(copy, TABLES) as store:
        problems = store.check()
    assert any("missing from index members__entity" in problem for problem in problems), problems


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_is_found(whole, tmp_path, share):
    content = whole[0].read_bytes()
    copy = tmp_path / "copy"
    copy.write_bytes(content[: int(len(content) * share)])
    try:
        problems, _ = answers(copy)
    except OmniidError as error:
        problems = [str(error)]
    assert any(
        "damaged" in problem or "malformed" in problem or "integrity" in problem or "was cut" in problem for problem in problems
    ), problems
