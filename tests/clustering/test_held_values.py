"""Limits followed union by union say what plain sets say, whatever was learned ahead."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import oracle.cluster as oracle
from omniid.clustering.apartness import Apartness
from omniid.clustering.held_values import follow_limit
from oracle.scenes import limit_of, limits_on

N = 7


@given(limits_on(N, "limit"), st.lists(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)), max_size=8), st.booleans())
def test_they_forbid_what_plain_sets_forbid(limit, unions, ahead):
    """Unions are made whether or not they are forbidden, so that sets exceed the limit in every way."""
    compiled = limit_of(limit)
    held = follow_limit(compiled, compiled.rows, np.arange(len(compiled.rows)), Apartness.of(compiled))
    sets = {row: frozenset([row]) for row in range(N)}
    for step, (left, right) in enumerate(unions):
        left, right = (min(next(rows for rows in sets.values() if row in rows)) for row in (left, right))
        if left == right:
            continue
        if ahead and step % 2:
            roots = np.array([min(next(rows for rows in sets.values() if row in rows)) for row in range(N)], np.int32)
            held.foresee(roots)
            held.foresee_between(roots, *(np.array([root], np.int32) for root in (left, right)))
        assert held.forbids(left, right) == bool(oracle.barrier(sets[left], sets[right], [limit], ()))
        root, gone = sorted([left, right])
        held.union(root, gone)
        sets[root] |= sets.pop(gone)
        assert held.codes(root) == limit.of(sets[root])
        assert held.over() == {name for name, rows in sets.items() if limit.exceeds(rows)}


def test_a_pair_of_values_is_asked_about_once():
    asked = []

    def apart(left, right):
        asked.extend(zip(left.tolist(), right.tolist(), strict=True))
        return np.zeros(len(left), bool)

    known = Apartness(apart)
    known.learn_within(np.array([0, 0, 1], np.int32), np.array([4, 5, 6], np.int32))
    known.any_between({4, 6}, {5})
    known.any_between({5}, {4, 6})
    sets, codes = np.array([0, 1], np.int32), np.array([4, 7], np.int32)
    known.learn_between(sets, codes, np.array([0], np.int32), np.array([1], np.int32))
    known.any_between({4}, {7, 4})
    assert asked == [(4, 5), (5, 6), (4, 7)]
