"""Postings in buckets say what a plain dict says, however they came about; stores of the first layout become such."""

import sqlite3
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import omniid
from omniid.resolver import filing, postings
from omniid.resolver.bulk_postings import Entries
from omniid.resolver.filing import Filed, refile
from omniid.resolver.postings import (
    bucket_of,
    bucket_rows,
    change_many,
    change_postings,
    grow_buckets,
    open_buckets,
    rows_under,
)
from omniid.resolver.shapes import SHAPES
from omniid.store import SqliteStore
from oracle.old_stores import age, write_old_briefs
from oracle.small_town import COUPLE, contents, learned, opened, town

KEYS = st.integers(-40, 40) | st.integers(-(2**63), 2**63 - 1)
STEPS = st.lists(st.tuples(st.integers(0, 30), st.frozensets(KEYS, max_size=6)), max_size=25)


@pytest.mark.parametrize(("is_many", "step"), [(False, 1), (True, 1), (False, 8)])
@given(STEPS, st.frozensets(KEYS, max_size=5))
def test_buckets_say_what_a_dict_says_in_any_order_and_in_bulk(is_many, step, steps, sought):
    change = changed_by_arrays if is_many else change_postings
    plain: dict[int, set[int]] = {}  # row → keys
    with (
        SqliteStore(":memory:", SHAPES) as store,
        store.writing() as one,
        SqliteStore(":memory:", SHAPES) as other,
        patch.object(postings, "STEP", step),
    ):
        for row, keys in steps:
            before = plain.get(row, set())
            buckets = grow_buckets(one, max([row, *plain]) + 1)
            found = change(one, buckets, {key: [row] for key in keys - before}, {key: [row] for key in before - keys}, sought)
            plain[row] = set(keys)
            assert found == under(plain, {*sought, *(keys ^ before)})
        every = {key for keys in plain.values() for key in keys}
        assert rows_under(one, {*sought, *every}) == under(plain, {*sought, *every})
        pairs = [(key, row) for row, keys in plain.items() for key in keys for _ in range(2)]
        with other.writing() as bulk:
            buckets = open_buckets(bulk, max(plain, default=-1) + 1)
            bulk.put("postings", bucket_rows(*np.array(pairs, np.int64).reshape(-1, 2).T, buckets))
            assert bulk.span("postings", "bucket") == one.span("postings", "bucket")


def changed_by_arrays(store, buckets, come, gone, sought):
    keys = np.array(sorted({*come, *gone, *sought}), np.int64)
    at, rows = change_many(store, buckets, entries(come), entries(gone), keys)
    found: dict[int, list[int]] = {}
    for key, row in zip(keys[at].tolist(), rows.tolist(), strict=True):
        found.setdefault(key, []).append(row)
    return {key: tuple(some) for key, some in found.items()}


def entries(under: dict[int, list[int]]) -> Entries:
    every = {row for rows in under.values() for row in rows}
    return Entries.of({row: {key for key, rows in under.items() if row in rows} for row in every})


@given(
    st.dictionaries(st.integers(0, 30), st.frozensets(KEYS, max_size=6)),
    st.dictionaries(st.integers(0, 40), st.dictionaries(KEYS, st.booleans(), max_size=6)),
)
def test_arrays_find_who_meets_as_plain_python_does(filed, seekers):
    found = []
    for many in (0, 10**9):
        with SqliteStore(":memory:", SHAPES) as store, store.writing() as one, patch.object(filing, "MANY", many):
            found.append(refile(one, {}, {row: Filed(keys=tuple(sorted(keys))) for row, keys in filed.items()}, seekers))
            found.append({row: tuple(one.span("postings", "bucket")) for row in filed})
    assert found[:2] == found[2:]


def under(plain: dict[int, set[int]], keys: set[int]) -> dict[int, tuple[int, ...]]:
    rows = {key: tuple(sorted(row for row, held in plain.items() if key in held)) for key in keys}
    return {key: some for key, some in rows.items() if some}


@given(KEYS, st.integers(1, 99))
def test_one_bucket_more_moves_keys_to_it_only(key, buckets):
    assert bucket_of(key, buckets + 1) in (bucket_of(key, buckets), buckets)


def test_a_store_with_a_row_for_each_key_becomes_one_with_buckets(tmp_path: Path) -> None:
    path = tmp_path / "people.omniid"
    spec, model = learned()
    with omniid.open(":memory:", spec.replace(profile_pass=True), model=model) as resolver:  # as all stores of that version
        resolver.upsert([*COUPLE, *town()[:9]])
        wanted = contents(resolver)
        resolver.backup(path)
    first = sqlite3.connect(path)
    first.execute("DROP TABLE postings")
    first.execute('CREATE TABLE postings ("key" INTEGER NOT NULL, "rows" BLOB, PRIMARY KEY ("key")) STRICT')
    first.execute("DELETE FROM settings WHERE name = 'buckets'")
    write_old_briefs(first)
    age(first, 1)
    becomes(first, path, wanted)


def test_a_store_with_another_number_of_buckets_gets_as_many_as_it_takes(tmp_path: Path) -> None:
    path = tmp_path / "people.omniid"
    with opened([*COUPLE, *town()[:9]]) as resolver:
        wanted = contents(resolver)
        resolver.backup(path)
    older = sqlite3.connect(path)
    older.execute("DELETE FROM postings WHERE bucket % 2")
    older.execute("UPDATE settings SET value = '11' WHERE name = 'buckets'")
    older.execute("PRAGMA user_version = 5")
    becomes(older, path, wanted)


def becomes(older: sqlite3.Connection, path: Path, wanted: dict[str, Any]) -> None:
    """Opening the older store makes it hold what is wanted, and that is what a rebuild makes of it, too."""
    older.commit()
    older.close()
    with omniid.open(path) as resolver:
        assert contents(resolver) == wanted
        assert not resolver.rebuild()
