"""Counting distinct values per set on arrays."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.clustering.limits import sets_over_limit
from omniid.tables import CountLimit

ENTRIES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), max_size=30)


@given(ENTRIES, st.lists(st.integers(0, 3), min_size=10, max_size=10), st.integers(0, 3))
def test_it_counts_what_plain_sets_count(entries, labels, n):
    held = {label: {code for row, code in entries if labels[row] == label} for label in set(labels)}
    rows, codes = np.array(entries, np.int32).reshape(-1, 2).T
    over = sets_over_limit(CountLimit("limit", ("field",), rows, codes, n=n), np.array(labels, np.int32))
    assert sorted(label for label, values in held.items() if len(values) > n) == over.tolist()


def test_one_value_repeated_by_many_records_counts_once():
    rows = np.arange(4, dtype=np.int32)
    limit = CountLimit("at_most(email, 1)", ("email",), rows, np.full(4, 7, np.int32), n=1)
    assert sets_over_limit(limit, np.zeros(4, np.int32)).tolist() == []
