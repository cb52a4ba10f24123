"""Pairs that speak for sets are scored once, and of records that decisions joined the one that agrees best counts."""

import numpy as np

from omniid.clustering.links import Links
from omniid.clustering.spoken_pairs import SpokenPairs

NOTHING = np.zeros(0, np.int32)


def spoken(nodes, weights, links=()):
    """Records 10, 11 …: their nodes, and weight and conflict by their sum."""
    asked = []

    def conflict(left, right):
        asked.extend(zip(left.tolist(), right.tolist(), strict=True))
        weight = np.array([weights(*pair) for pair in zip(left.tolist(), right.tolist(), strict=True)], np.int64)
        return weight, 2 * weight[:, None]

    left, right = np.array(links, np.int32).reshape(-1, 2).T
    known = Links.of(left, right, np.zeros(len(left), np.int8), np.ones(len(left), np.int64), np.zeros(len(left), np.int16))
    records = np.arange(10, 10 + len(nodes), dtype=np.int32)
    return SpokenPairs(records, np.array(nodes, np.int32), known, conflict, 0), asked


def between(pairs, roots, one, other):
    found, links = pairs.between(np.array(roots, np.int32), np.array([one]), np.array([other]))
    return found.total.tolist(), found.pairs.tolist(), list(zip(links.left.tolist(), links.right.tolist(), strict=True))


def test_the_first_four_records_by_key_speak():
    pairs, asked = spoken([0, 1, 2, 3, 4, 5], lambda left, right: -right)
    assert between(pairs, [0, 0, 0, 0, 0, 5], 0, 5) == ([-60], [4], [])
    assert asked == [(row, 15) for row in (10, 11, 12, 13)]


def test_no_pair_is_scored_twice_and_links_have_no_conflict():
    pairs, asked = spoken([0, 1, 2], lambda left, right: 7 if (left, right) == (10, 12) else -3, links=[(11, 12)])
    assert between(pairs, [0, 0, 2], 0, 2) == ([0], [2], [(10, 12)])
    assert between(pairs, [0, 0, 2], 0, 2) == ([0], [2], [])
    assert between(pairs, [0, 1, 2], 0, 1) == ([-3], [1], [])
    assert asked == [(10, 12), (10, 11)]


def test_of_records_that_decisions_made_one_the_one_that_agrees_best_counts_for_all():
    pairs, _ = spoken([0, 0, 1], lambda left, right: -left)
    assert between(pairs, [0, 1], 0, 1) == ([-20], [2], [])
