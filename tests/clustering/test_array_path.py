"""The array path: maximum spanning forests agree with networkx, and the bound is exact at its edge."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.clustering.array_path import left_whole, spanning_forest
from omniid.clustering.merge_values import MergeRule


@given(st.integers(1, 30), st.integers(0, 60), st.integers(0, 2**32 - 1))
def test_forests_weigh_what_networkx_finds(n, edges, seed):
    rng = np.random.default_rng(seed)
    left, right = rng.integers(0, n, (2, edges))
    rank = rng.integers(0, 5, edges)
    forest = spanning_forest(n, left, right, rank)
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(n))
    graph.add_weighted_edges_from(zip(left.tolist(), right.tolist(), rank.tolist(), strict=True))
    wanted = sorted(data["weight"] for *_, data in nx.minimum_spanning_edges(graph, data=True))
    assert sorted(rank[forest].tolist()) == wanted
    assert len(forest) == n - nx.number_connected_components(graph)


@pytest.mark.parametrize(("weight", "whole"), [(9, True), (8, False)])
def test_a_link_that_just_makes_up_for_the_worst_conflict_is_enough(weight, whole):
    found = left_whole(np.array([0]), np.array([weight]), np.array([-6]), MergeRule(link_at=0, beta=(3, 2)))
    assert found.tolist() == [whole]


def test_one_set_without_links_is_whole():
    assert left_whole(np.zeros(0, np.intp), np.zeros(0, np.int64), np.array([-6]), MergeRule(0, (3, 2))).tolist() == [True]
