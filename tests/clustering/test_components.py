"""Array components agree with SciPy on random, long and star-shaped graphs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components as scipy_components

from omniid.clustering import connected_components


def smallest_of_each(n, left, right):
    _, labels = scipy_components(coo_array((np.ones(len(left)), (left, right)), shape=(n, n)), directed=False)
    smallest = np.full(labels.max() + 1, n)
    np.minimum.at(smallest, labels, np.arange(n))
    return smallest[labels]


@given(st.integers(1, 60), st.integers(0, 80), st.integers(0, 2**32 - 1))
def test_it_agrees_with_scipy(n, edges, seed):
    left, right = np.random.default_rng(seed).integers(0, n, (2, edges)).astype(np.int32)
    assert smallest_of_each(n, left, right).tolist() == connected_components(n, left, right).tolist()


def path(rng):
    nodes = rng.permutation(20_000)
    return nodes[:-1], nodes[1:]


def star(rng):
    return np.arange(19_999), np.full(19_999, 19_999)


def binary_tree(rng):
    names = rng.permutation(20_000)
    child = np.arange(1, 20_000)
    return names[child], names[(child - 1) // 2]


@pytest.mark.parametrize("graph", [path, star, binary_tree])
def test_hard_shapes_become_one_component(graph):
    left, right = (ends.astype(np.int32) for ends in graph(np.random.default_rng(1)))
    labels = connected_components(20_000, left, right)
    assert labels.dtype == np.int32
    assert not labels.any()


def test_no_nodes_and_no_edges():
    none = np.zeros(0, np.int32)
    assert connected_components(0, none, none).tolist() == []
    assert connected_components(2, none, none).tolist() == [0, 1]
