"""Pieces of a rule are of bounded size, whatever the blocks, and together they are all its pairs."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.blocking import finders
from omniid.blocking.codes import KeyCodes, distinct_entries
from omniid.blocking.finders import PairSet, key_finder
from omniid.tables import LocalPairs

ROWS = 40
KEYS = st.lists(st.integers(-1, 2), min_size=ROWS, max_size=ROWS)
ENTRIES = st.lists(st.tuples(st.integers(0, ROWS - 1), st.integers(0, 2)), min_size=1, max_size=80)


def pairs_of(finder, chunk, sample=None):
    """Pairs as rows, and the sizes of the pieces that made them."""
    found, sizes = [], []
    for piece in finder.pieces(chunk, sample):
        rows, left, right = piece()
        sizes.append(len(left))
        found += zip(rows.take(left).tolist(), rows.take(right).tolist(), strict=True)
    return found, sizes


def in_strips(finder, chunk):
    """Pairs of the strips as rows, and how many pairs each strip has."""
    found, sizes = [], []
    for strip in finder.strips(chunk):
        left = np.repeat(np.arange(len(strip.partners)), strip.partners)
        right = left + np.concatenate([np.arange(1, number + 1) for number in strip.partners])
        rows, left, right = strip.kept(LocalPairs(strip.rows, left, right))
        sizes.append(int(strip.partners.sum()))
        found += zip(rows.take(left).tolist(), rows.take(right).tolist(), strict=True)
    return found, sizes


def expected(keys_of, sample):
    pairs = itertools.combinations(range(ROWS), 2)
    return sorted(pair for pair in pairs if keys_of[pair[0]] & keys_of[pair[1]] and sample[pair[0]])


@given(KEYS, st.integers(1, 50), st.lists(st.booleans(), min_size=ROWS, max_size=ROWS))
def test_one_key_a_record(codes, chunk, sample):
    finder = key_finder(KeyCodes(np.array(codes, np.int32), None, 3), ROWS)
    keys_of = [{code} - {-1} for code in codes]
    found, sizes = pairs_of(finder, chunk)
    assert sorted(found) == expected(keys_of, [True] * ROWS)
    assert max(sizes, default=0) < 2 * chunk
    assert 0 not in sizes
    assert len(found) == finder.n_made
    found, sizes = pairs_of(finder, chunk, np.array(sample))
    assert sorted(found) == expected(keys_of, sample)
    assert max(sizes, default=0) < 2 * chunk


@given(ENTRIES, st.integers(1, 50))
def test_several_keys_a_record(entries, chunk):
    rows, codes = (np.array(side, np.int64) for side in zip(*entries, strict=True))
    finder = key_finder(distinct_entries(rows, codes, 3), ROWS)
    keys_of = [{code for at, code in entries if at == row} for row in range(ROWS)]
    found, sizes = pairs_of(finder, chunk)
    assert sorted(found) == expected(keys_of, [True] * ROWS)
    assert max(sizes, default=0) < 2 * chunk


@given(ENTRIES, st.integers(1, 50))
def test_strips_are_the_same_pairs(entries, chunk):
    rows, codes = (np.array(side, np.int64) for side in zip(*entries, strict=True))
    single = np.full(ROWS, -1, np.int32)
    single[rows] = codes
    for key in (distinct_entries(rows, codes, 3), KeyCodes(single, None, 3)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(finders, "DENSE", 0)
            finder = key_finder(key, ROWS)
            found, sizes = in_strips(finder, chunk)
        assert sorted(found) == sorted(pairs_of(finder, chunk)[0])
        assert (max(sizes, default=0), sum(sizes)) == (min(max(sizes, default=0), 2 * chunk - 1), finder.n_made)


def test_few_partners_make_no_strips():
    assert key_finder(KeyCodes(np.array([0, 0, 1, 1], np.int32), None, 2), 4).strips(10) is None
    assert PairSet(np.array([1], np.int64), 4).strips(10) is None


def test_one_block_of_a_million_records_is_never_made_as_a_whole():
    finder = key_finder(KeyCodes(np.zeros(1_000_000, np.int32), None, 1), 1_000_000)
    pieces = itertools.islice(finder.pieces(1000), 3)  # a record has a thousand times as many partners
    for number, piece in enumerate(pieces):
        rows, left, right = piece()
        assert len(rows) == 1001
        assert rows.take(left).tolist() == [0] * 1000
        assert rows.take(right).tolist() == list(range(1 + 1000 * number, 1001 + 1000 * number))


@pytest.mark.parametrize("chunk", [1, 2, 5])
def test_listed_pairs(chunk):
    finder = PairSet(np.array([1, 2, 3 * ROWS + 5], np.int64), ROWS)
    found, sizes = pairs_of(finder, chunk)
    assert found == [(0, 1), (0, 2), (3, 5)]
    assert max(sizes) <= chunk
