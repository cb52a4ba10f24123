"""Scored pairs come out sorted and complete, whether they fit into memory or not, and nothing stays on disk."""

import gc
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid import pair_store
from omniid.pair_store import PairStore, drop_pages, sorted_pairs
from omniid.tables import ScoredPairs

NAMES = (("first_name", "email"), ("email", "city"))
COLUMNS = ("left", "right", "weight", "tier", "rule", "levels")
BYTES = 8 + 4 + 4 + 2 + 1 + 2  # of one pair with two comparisons
PAIRS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 2**31 - 1), st.integers(-(2**40), 2**40), st.integers(-1, 3)),
    unique_by=lambda pair: pair[:2],
    max_size=60,
)


def lot_of(pairs):
    left, right, weight, level = (np.array(column) for column in zip(*pairs, strict=True))
    tier, levels = np.abs(level).astype(np.int8), np.stack([level, -level], axis=1).astype(np.int8)
    return ScoredPairs(
        left.astype(np.int32), right.astype(np.int32), weight.astype(np.int64), tier, level.astype(np.int16), levels, *NAMES
    )


def listed(pairs):
    return list(zip(*(getattr(pairs, name).tolist() for name in COLUMNS), strict=True))


def in_lots(pairs, size):
    return [lot_of(pairs[start : start + size]) for start in range(0, len(pairs), size)]


def stored(lots, at_most):
    with PairStore(*NAMES, at_most=at_most) as store:
        for lot in lots:
            store.add(lot)
        return store.joined(), store.spilled


@given(PAIRS, st.integers(1, 20), st.integers(1, 1500))
def test_a_store_that_spills_gives_what_one_in_memory_gives(pairs, size, at_most):
    lots = in_lots(pairs, size)
    in_memory, nothing = stored(lots, None)
    found, spilled = stored(lots, at_most)
    assert nothing == 0
    assert listed(found) == listed(in_memory) == listed(sorted_pairs(list(lots), *NAMES))
    assert [row[:2] for row in listed(found)] == sorted(pair[:2] for pair in pairs)
    for name in COLUMNS:
        one, other = getattr(found, name), getattr(in_memory, name)
        assert (one.dtype, one.shape) == (other.dtype, other.shape)
    assert spilled in (0, BYTES * len(pairs))
    assert (found.comparisons, found.rules) == NAMES


@given(PAIRS, st.sampled_from([1, 200]))
def test_more_runs_than_files_are_merged_on_the_way(pairs, at_most):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pair_store, "FILES", 3)
        found, _ = stored(in_lots(pairs, 1), at_most)
    assert listed(found) == sorted(listed(found))
    assert len(found) == len(pairs)


@pytest.mark.parametrize("at_most", [None, 1])
def test_lots_are_all_pairs_so_far(at_most):
    pairs = [(number, number + 1, 5, 1) for number in range(9)]
    with PairStore(*NAMES, at_most=at_most) as store:
        for lot in in_lots(pairs, 4):
            store.add(lot)
        lots = store.lots()
        assert sorted(row[:2] for lot in lots for row in listed(lot)) == [pair[:2] for pair in pairs]
        store.add(lot_of([(20, 21, 0, 0)]))
        assert len(store.joined()) == 10
        assert sum(map(len, lots)) == 9  # what was handed out stays as it was


def test_pieces_of_a_merge_stay_within_what_fits(monkeypatch):
    sizes = []
    original = pair_store.sorted_pairs

    def watched(lots, *names):
        sizes.append(sum(map(len, lots)))
        return original(lots, *names)

    monkeypatch.setattr(pair_store, "sorted_pairs", watched)
    random = np.random.default_rng(1)
    keys = random.permutation(20_000)
    pairs = [(int(key) // 5000, int(key), 0, 0) for key in keys]  # four records with masses of pairs
    found, _ = stored(in_lots(pairs, 100), 3 * BYTES * 1000)
    assert len(found) == 20_000
    assert max(sizes) <= 1100  # a run has the last lot in it whole
    assert sum(sizes) == 40_000  # each pair is sorted once on its way out, and once on its way back


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("deletes", [True, False], ids=["at once", "with the table"])
def test_files_go_with_the_store_and_the_table(folder, deletes, monkeypatch):
    monkeypatch.setattr(pair_store, "DELETES_MAPPED", deletes)
    with PairStore(*NAMES, at_most=1) as store:
        store.add(lot_of([(0, 1, 5, 1)]))
        store.add(lot_of([(0, 2, 6, 1)]))
        assert files_in(folder)
        found = store.joined()
    weights = found.weight
    del found, store
    gc.collect()
    assert bool(files_in(folder)) is not deletes
    assert weights.tolist() == [5, 6]
    del weights
    gc.collect()
    assert not list(folder.iterdir())


def test_files_go_after_an_error(folder):
    def interrupted():
        with PairStore(*NAMES, at_most=1) as store:
            store.add(lot_of([(0, 1, 5, 1)]))
            assert files_in(folder)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not list(folder.iterdir())


def test_dropped_pages_are_read_again(folder):
    found, _ = stored([lot_of([(0, 1, 5, 1)])], 1)
    drop_pages(found)
    assert listed(found) == [(0, 1, 5, 1, 1, [1, -1])]
    plain = lot_of([(0, 1, 5, 1)])
    drop_pages(plain)  # nothing to drop
    assert listed(plain) == listed(found)
    assert Path(folder).exists()
