"""Strongest links and their sums: the same as by walking every way."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.expectation import hang_trees, spanning_forest
from oracle import expectation as oracle

N = 9
PAIRS = list(combinations(range(N), 2))
GRAPHS = st.lists(st.sampled_from(PAIRS), unique=True, max_size=20).flatmap(
    lambda links: st.tuples(
        st.just(links), *[st.lists(st.integers(0, 8), min_size=len(links), max_size=len(links)) for _ in range(2)]
    )
)


def forest_of(links, strength):
    left, right = (np.array([link[side] for link in links], np.int32) for side in (0, 1))
    return spanning_forest(N, left, right, np.array(strength, np.float64))


@given(GRAPHS)
def test_it_takes_the_links_that_taking_one_by_one_takes(graph):
    links, strength, _ = graph
    forest = forest_of(links, strength)
    assert set(forest.link[forest.link >= 0].tolist()) == oracle.strongest_links(N, links, strength)
    for row in np.flatnonzero(forest.link >= 0).tolist():
        assert set(links[forest.link[row]]) == {row, int(forest.parent[row])}


@given(GRAPHS)
def test_links_without_circles_hang_as_if_they_were_chosen(graph):
    links, strength, _ = graph
    forest = forest_of(links, strength)
    kept = np.sort(forest.link[forest.link >= 0])
    left, right = (np.array([links[at][side] for at in kept], np.int32) for side in (0, 1))
    hung = hang_trees(N, left, right, np.array(strength, np.int64)[kept])
    assert hung.parent.tolist() == forest.parent.tolist()
    assert np.append(kept, -1)[hung.link].tolist() == forest.link.tolist()
    assert [rows.tolist() for rows in hung.depths] == [rows.tolist() for rows in forest.depths]


@given(GRAPHS)
def test_sums_are_those_over_all_ways(graph):
    links, strength, chance = graph
    probability = np.array(chance, np.float64) / 8
    found = forest_of(links, strength).sums(probability).pairs
    assert found.sum() == pytest.approx(oracle.right_pairs(N, links, strength, probability.tolist()))


@given(GRAPHS, st.integers(0, 9))
def test_a_cut_forest_holds_together_what_all_links_of_that_strength_do(graph, cut):
    links, strength, _ = graph
    kept = np.array(strength) >= cut
    labels = forest_of(links, strength).labels(kept)
    strong = [link for link, stays in zip(links, kept.tolist(), strict=True) if stays]
    joined = {pair for pair in PAIRS if oracle.way(N, strong, range(len(strong)), *pair) is not None}
    assert {pair for pair in PAIRS if labels[pair[0]] == labels[pair[1]]} == joined


@given(GRAPHS, st.randoms(use_true_random=False))
def test_the_order_of_links_does_not_matter(graph, shuffle):
    links, strength, _ = graph
    order = shuffle.sample(range(len(links)), len(links))
    again = forest_of([links[at] for at in order], [strength[at] for at in order])
    forest = forest_of(links, strength)
    assert again.parent.tolist() == forest.parent.tolist()
    assert [order[at] if at >= 0 else -1 for at in again.link.tolist()] == forest.link.tolist()


def test_a_long_chain_is_one_tree():
    left = np.arange(3000, dtype=np.int32)
    forest = spanning_forest(3001, left, left + 1, np.ones(3000))
    assert len(forest.depths) == 3000
    assert forest.sums(np.ones(3000)).pairs.sum() == 3001 * 3000 / 2


def test_no_rows_make_no_trees():
    none = np.zeros(0, np.int32)
    assert spanning_forest(0, none, none, np.zeros(0)).depths == ()
