"""Orders of integer keys against NumPy's own."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from omniid.key_order import find_places, numbered, order_of, order_of_hashes

HASHES = st.integers(-3, 3) | st.integers(-(2**63), 2**63 - 1) | st.integers(0, 63).map(lambda bit: -(2**bit))
ENTRIES = st.lists(
    st.tuples(
        st.integers(0, 3) | st.integers(0, 2**20) | st.integers(0, 2**62), HASHES, st.integers(0, 2) | st.integers(0, 2**31)
    )
)
small, any_number = st.integers(-3, 3), st.integers(-(2**63), 2**63 - 1)


@given(st.lists(st.tuples(small, small, any_number), max_size=30), st.integers(1, 3))
@example([(0, 0, 2**63 - 1), (0, 0, -(2**63)), (0, 0, 0)], 3)
@example([], 2)
def test_rows_stand_as_lexsort_puts_them(rows, n_columns):
    columns = [np.array([row[at] for row in rows], np.int64) for at in range(n_columns)]
    assert order_of(*columns).tolist() == np.lexsort(columns[::-1]).tolist()


@given(st.lists(st.tuples(st.integers(-128, 127), st.integers(0, 2**32)), max_size=60))
def test_columns_of_other_types_are_taken(rows):
    columns = np.array([row[0] for row in rows], np.int8), np.array([row[1] for row in rows], np.uint64)
    assert order_of(*columns).tolist() == np.lexsort(columns[::-1]).tolist()


@given(st.lists(any_number, max_size=40))
def test_distinct_keys_are_numbered_as_unique_does(keys):
    distinct, number = numbered(np.array(keys, np.int64))
    slow = np.unique(np.array(keys, np.int64), return_inverse=True)
    assert distinct.tolist() == slow[0].tolist()
    assert number.tolist() == slow[1].reshape(-1).tolist()


def test_many_keys_are_found_where_searchsorted_finds_them():
    draw = np.random.default_rng(3)
    known, wanted = np.sort(draw.integers(-50_000, 50_000, 40_000)), draw.integers(-60_000, 60_000, 30_000)
    assert (find_places(known, wanted) == np.searchsorted(known, wanted)).all()


@given(ENTRIES)
def test_the_order_of_one_sort_is_that_of_three(entries):
    first, keys, last = np.array(entries, np.int64).reshape(-1, 3).T
    first, keys, last = first.copy(), keys.copy(), last.copy()
    wanted = np.lexsort((last, keys, first))
    found = order_of_hashes(first, keys, last)
    loose = order_of_hashes(first, keys)
    for part in (first, keys, last):
        assert part[found].tolist() == part[wanted].tolist()
    for part in (first, keys):
        assert part[loose].tolist() == part[wanted].tolist()
    assert sorted(loose.tolist()) == sorted(found.tolist()) == list(range(len(entries)))
