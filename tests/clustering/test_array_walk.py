"""Walks on matrices join what the walk over one set after another joins."""

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.clustering import array_walk
from omniid.clustering.array_walk import NodeLinks, fits_arrays, merge_groups, strengths
from omniid.clustering.best_first import merge_best_first
from omniid.clustering.ground import ranked_evidence
from omniid.clustering.limited_sets import LimitedSets
from omniid.clustering.links import Links, order_links
from omniid.clustering.merge_values import ConflictSums, MergeRule, MergeValues, node_conflicts, sum_conflicts


def graph(seed, n_groups, largest):
    """Groups of nodes with links of few weights, so that ties abound, and conflicts between any two nodes of a group."""
    rng = np.random.default_rng(seed)
    groups = rng.permutation(np.repeat(np.arange(n_groups), rng.integers(1, largest + 1, n_groups)))
    left, right = np.triu_indices(len(groups), 1)
    inside = groups[left] == groups[right]
    left, right = left[inside].astype(np.int32), right[inside].astype(np.int32)
    linked = rng.random(len(left)) < 0.6
    tier, weight = rng.choice([0, 0, 0, 1, 2], linked.sum()).astype(np.int8), rng.integers(-2, 6, linked.sum())
    links = Links.of(left[linked], right[linked], tier, weight, rng.integers(0, 3, linked.sum()).astype(np.int16))
    sizes = rng.integers(1, 4, len(groups))
    count = sizes[left] * sizes[right]
    against = np.where(linked[:, None], 0, 2 * rng.integers(-9, 1, (len(left), 6)))
    against[rng.random(len(left)) < 0.8, 0] = 0
    against[:, 1:] |= rng.random((len(left), 5)) < 0.05 * np.arange(5)  # the first is never shared, others in few groups
    return groups, sizes, links, node_conflicts(left, right, against, count)


@given(st.integers(0, 2**32 - 1), st.sampled_from([(0, 1), (3, 2), (5, 7)]), st.sampled_from([1, 64, 1 << 18]))
def test_matrices_join_what_the_heap_joins(seed, beta, cells):
    groups, sizes, links, conflicts = graph(seed, n_groups=6, largest=9)
    rule, n = MergeRule(-2, beta, places=3), len(groups)
    heaviest = int(links.weight.max(initial=-2)) + 2
    evidence = NodeLinks(links.left, links.right, strengths(links.tier, links.weight, links.place, rule, heaviest))
    with patch.object(array_walk, "CELLS", cells):
        found = merge_groups(groups, sizes, evidence, conflicts, rule, heaviest)
    sets = LimitedSets(n)
    sums = ConflictSums(sizes.tolist(), sum_conflicts(n, conflicts))
    values = MergeValues(rule, sums, ranked_evidence(links), most_records=int(sizes.sum()))
    merge_best_first(sets, n, links.left, links.right, order_links(links), values)
    assert found.tolist() == [sets.find(node) for node in range(n)]


def test_values_that_outgrow_64_bits_are_left_to_the_heap():
    """A hundred bits, conflicts of sixty, β = 3/2: components up to some hundreds of records fit."""
    fit = fits_arrays(np.array([2, 120, 240, 1_000, 100_000]), 2, 100_000_000, -60_000_000, MergeRule(0, (3, 2), places=8))
    assert fit.tolist() == [True, True, True, False, False]


def test_the_largest_values_that_fit_are_exact():
    """Two unions whose values differ by the smallest fraction: the means are -5 - 1/120 and -5 millionths, or both -5."""
    rule, heaviest, worst = MergeRule(0, (3, 2)), 100_000_000, -100_000_000
    sizes = np.array([1, 120, 119])
    assert fits_arrays(np.array([sizes.sum()]), 2, heaviest, worst, rule).all()
    rows = np.array([0, 0], np.int32)
    strength = strengths(np.array([2, 2], np.int8), np.full(2, heaviest), np.zeros(2, np.int16), rule, heaviest)
    links = NodeLinks(rows, np.array([1, 2], np.int32), strength)
    for one, other, joined in ((-601, -595, [0, 1, 0]), (-600, -595, [0, 0, 2])):
        both = node_conflicts(rows, np.array([1, 2], np.int32), np.array([[2 * one], [2 * other]]), np.ones(2, np.int64))
        apart = node_conflicts(np.array([1]), np.array([2]), np.array([[2 * worst]]), np.array([120 * 119]))
        conflicts = type(both)(*(np.concatenate(columns) for columns in zip(both, apart, strict=True)))
        assert merge_groups(np.zeros(3, np.int32), sizes, links, conflicts, rule, heaviest).tolist() == joined
