"""Which sets exceed a limit, on arrays, against plain sets; and that each kind of limit is hereditary."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.clustering import limits as module
from omniid.clustering.limits import sets_over_limit
from omniid.tables import NO_TIME, CountLimit, PairLimit
from oracle.cluster import Apart, AtMost
from oracle.scenes import limit_of, limits_on

LABELS = st.lists(st.integers(0, 3), min_size=10, max_size=10)
KINDS = {
    "count": lambda limit: isinstance(limit, AtMost) and limit.window is None,
    "window": lambda limit: isinstance(limit, AtMost) and limit.window is not None,
    "pairs": lambda limit: isinstance(limit, Apart),
}


@given(limits_on(10, "limit"), LABELS, st.sampled_from([1, 64]), st.sampled_from([1, 1 << 19]))
def test_it_finds_what_plain_sets_show(limit, labels, most, batch):
    with patch.multiple(module, MOST=most, BATCH=batch):
        over = sets_over_limit(limit_of(limit), np.array(labels, np.int32))
    sets = {label: {row for row in range(10) if labels[row] == label} for label in labels}
    assert over.tolist() == sorted(label for label, rows in sets.items() if limit.exceeds(rows))


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_what_a_limit_allows_for_a_set_it_allows_for_each_part_of_it(kind, data):
    limit = data.draw(limits_on(8, "limit").filter(KINDS[kind]))
    rows = data.draw(st.sets(st.integers(0, 7), min_size=1))
    fewer = data.draw(st.sets(st.sampled_from(sorted(rows)), min_size=1))

    def allows(members):
        values = {row: codes for row, codes in limit.values.items() if row in members}
        return not len(sets_over_limit(limit_of(limit._replace(values=values)), np.zeros(8, np.int32)))

    assert allows(fewer) or not allows(rows)


@given(limits_on(6, "limit"))
def test_a_limit_that_reads_no_entry_allows_everything(limit):
    empty = limit_of(limit._replace(values={}))
    assert sets_over_limit(empty, np.zeros(6, np.int32)).tolist() == []


def test_one_value_repeated_by_many_records_counts_once():
    rows = np.arange(4, dtype=np.int32)
    limit = CountLimit("at_most(email, 1)", ("email",), rows, np.full(4, 7, np.int32), n=1)
    assert sets_over_limit(limit, np.zeros(4, np.int32)).tolist() == []


def test_both_ends_of_a_window_count_and_what_has_no_time_counts_in_every_one():
    rows, codes = np.arange(3, dtype=np.int32), np.array([1, 2, 3], np.int32)

    def over(times, n):
        limit = CountLimit("limit", ("phone",), rows, codes, n=n, times=np.array(times), window=10)
        return bool(len(sets_over_limit(limit, np.zeros(3, np.int32))))

    assert over([0, 10, 30], 1)
    assert not over([0, 11, 30], 1)
    assert over([0, 30, NO_TIME], 1)
    assert not over([0, 30, NO_TIME], 2)
    assert over([NO_TIME, NO_TIME, NO_TIME], 2)


def test_only_values_that_meet_are_asked_about_and_each_pair_once():
    """A thousand sets of the same two values, and a set of many values of which the first pair tells."""
    asked = []

    def apart(left, right):
        asked.extend(zip(left.tolist(), right.tolist(), strict=True))
        return right - left > 5

    rows = np.arange(2_000, dtype=np.int32)
    few = PairLimit("limit", ("name",), rows, (rows % 2).astype(np.int32), apart=apart)
    assert sets_over_limit(few, rows // 2 * 2).tolist() == []
    assert asked == [(0, 1)]
    asked.clear()
    many = PairLimit("limit", ("name",), rows, rows, apart=apart)
    assert sets_over_limit(many, np.zeros(2_000, np.int32)).tolist() == [0]
    assert len(asked) < 2_000
