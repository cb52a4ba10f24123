"""Disjoint sets agree with SciPy's and never change when read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.hierarchy import DisjointSet

from omniid.clustering import UnionFind


@given(
    st.integers(1, 30).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.tuples(*[st.integers(0, n - 1)] * 2), max_size=40)))
)
def test_it_agrees_with_scipy(case):
    n, unions = case
    sets, oracle = UnionFind(n), DisjointSet(range(n))
    for left, right in unions:
        assert sets.union(left, right) == oracle.merge(left, right)
    assert all(sets.find(element) == min(oracle.subset(element)) for element in range(n))
    assert sets.labels() == [min(oracle.subset(element)) for element in range(n)]


@pytest.mark.parametrize("element", [-1, 3])
def test_an_unknown_element_is_an_error_and_is_not_added(element):
    sets = UnionFind(3)
    with pytest.raises(IndexError, match=rf"element {element} is not in range\(3\)"):
        sets.find(element)
    with pytest.raises(IndexError):
        sets.union(0, element)
    assert len(sets) == 3
    assert sets.labels() == [0, 1, 2]


def test_a_long_chain_stays_quick():
    sets = UnionFind(50_000)
    for element in range(49_999, 0, -1):
        sets.union(element, element - 1)
    assert set(sets.labels()) == {0}
