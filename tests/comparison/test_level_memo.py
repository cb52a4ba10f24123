"""A memo gives what grading gives, asks at the first call, and is made only where values recur."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.comparison.level_memo import LEAST_RECORDS, MOST, LevelMemo
from omniid.tables import UNKNOWN

PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=40)


@given(st.lists(st.integers(0, 5), min_size=10, max_size=10), st.lists(PAIRS, min_size=1, max_size=4))
def test_levels_are_those_of_grading_and_no_pair_is_graded_again_in_a_later_call(counts, batches):
    asked, now = set(), set()

    def grade(left, right):
        now.update(frozenset(pair) for pair in zip(left.tolist(), right.tolist(), strict=True))
        return (np.minimum(left, right) * 7 + np.maximum(left, right)).astype(np.int8) % 5

    memo = LevelMemo(np.array(counts))
    for batch in batches:
        left, right = (np.array(side, np.int32) for side in zip(*batch, strict=True))
        levels = memo.levels(memo.places.take(left), memo.places.take(right), grade)
        for (a, b), level in zip(batch, levels.tolist(), strict=True):
            assert level == ((min(a, b) * 7 + max(a, b)) % 5 if counts[a] > 1 and counts[b] > 1 else UNKNOWN)
        assert not asked & now
        asked |= now
        now.clear()


def test_a_memo_pays_where_values_recur():
    assert LevelMemo.of(np.array([LEAST_RECORDS - 1])) is None
    assert LevelMemo.of(np.ones(LEAST_RECORDS, np.int64)) is None
    assert LevelMemo.of(np.full(100, LEAST_RECORDS // 100)) is not None
    rare = np.append(np.full(MOST, 2), np.ones(10 * MOST, np.int64))
    assert LevelMemo.of(rare) is None
