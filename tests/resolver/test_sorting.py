"""Keys in the order of one sort are in that of `lexsort`, whichever bits tell them apart."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.resolver.sorting import key_order

KEYS = st.integers(-3, 3) | st.integers(-(2**63), 2**63 - 1) | st.integers(0, 63).map(lambda bit: -(2**bit))
ENTRIES = st.lists(st.tuples(st.integers(0, 3) | st.integers(0, 2**20), KEYS, st.integers(0, 2) | st.integers(0, 2**31)))


@given(ENTRIES)
def test_the_order_of_one_sort_is_that_of_three(entries):
    first, keys, last = np.array(entries, np.int64).reshape(-1, 3).T
    first, keys, last = first.copy(), keys.copy(), last.copy()
    wanted = np.lexsort((last, keys, first))
    found = key_order(first, keys, last)
    loose = key_order(first, keys)
    for part in (first, keys, last):
        assert part[found].tolist() == part[wanted].tolist()
    for part in (first, keys):
        assert part[loose].tolist() == part[wanted].tolist()
    assert sorted(loose.tolist()) == sorted(found.tolist()) == list(range(len(entries)))
