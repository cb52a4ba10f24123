"""Expected quality: true where links are right as likely as they say, and pairs are seen as often."""

import math
from itertools import combinations

import numpy as np
import pytest

from omniid.expectation import Seen, Triads, count_triads, expect, find_doubts, spanning_forest


def pairs(*codes: np.ndarray) -> int:
    """Pairs of records that are alike in all codes."""
    counts = np.unique(np.stack(codes), axis=1, return_counts=True)[1]
    return int((counts * (counts - 1) // 2).sum())


def linked(seed: int, seen_share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Groups of records, some of whose pairs link."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(3000), rng.integers(1, 6, 3000))
    starts = np.searchsorted(group, np.arange(3001))
    same = [pair for k in range(3000) for pair in combinations(range(starts[k], starts[k + 1]), 2)]
    left, right = np.array([pair for pair in same if rng.random() < seen_share], np.int32).T
    return group, left, right


@pytest.mark.parametrize("seed", range(3))
def test_precision_comes_true_where_links_are_wrong_as_often_as_they_say(seed):
    rng = np.random.default_rng(seed)
    group, left, right = linked(seed, 0.8)
    chance = rng.uniform(0.6, 1.0, len(left))
    forest = spanning_forest(len(group), left, right, chance)
    labels = forest.labels(np.ones(len(left), bool))
    person = forest.labels(rng.random(len(left)) < chance)
    found = expect(forest, chance, labels, Seen(len(left), 0, 0.0), Triads(0, 0))
    assert found.pairs == pairs(labels)
    assert abs(found.precision - pairs(labels, person) / pairs(labels)) < 0.01
    assert abs(found.wrong_merges - (len(np.unique(person)) - len(np.unique(labels)))) < 50


@pytest.mark.parametrize("seed", range(3))
def test_recall_comes_true_where_pairs_are_seen_by_chance(seed):
    person, left, right = linked(seed, 0.5)
    sure = np.ones(len(left))
    forest = spanning_forest(len(person), left, right, sure)
    labels = forest.labels(np.ones(len(left), bool))
    triads = count_triads(len(person), left, right, left, right)
    found = expect(forest, sure, labels, Seen(len(left), 0, 0.0), triads)
    assert found.precision == 1
    assert abs(found.recall - pairs(labels) / pairs(person)) < 0.03


def test_without_links_nothing_can_be_said():
    none = np.zeros(0, np.int32)
    found = expect(
        spanning_forest(3, none, none, np.zeros(0)), np.zeros(0), np.arange(3, dtype=np.int32), Seen(0, 0, 0), Triads(0, 0)
    )
    assert math.isnan(found.precision)
    assert math.isnan(found.recall)
    assert found.pairs == 0


def test_pairs_seen_apart_lower_the_recall():
    forest = spanning_forest(2, np.array([0], np.int32), np.array([1], np.int32), np.ones(1))
    both = np.zeros(2, np.int32)
    whole, less = (expect(forest, np.ones(1), both, Seen(1, 0, apart), Triads(0, 0)) for apart in (0.0, 1.0))
    assert (whole.recall, less.recall) == (1.0, 0.5)


def test_doubts_name_the_link_whose_failure_costs_most():
    left, right = np.array([0, 1, 2, 5], np.int32), np.array([1, 2, 3, 6], np.int32)
    chance = np.array([0.7, 0.8, 0.9, 0.5])
    forest = spanning_forest(7, left, right, chance)
    labels = np.array([0, 0, 0, 0, 4, 5, 5], np.int32)
    doubts = find_doubts(forest, chance, labels)
    assert doubts.label.tolist() == [0, 5]
    assert doubts.records.tolist() == [4, 2]
    assert doubts.link.tolist() == [0, 3]  # .3 × 1 × 3 is more than .2 × 2 × 2 and .1 × 3 × 1
    assert doubts.errors.tolist() == pytest.approx([0.9, 0.5])
    right_pairs = 0.7 + 0.8 + 0.9 + 0.56 + 0.72 + 0.504
    assert doubts.wrong_pairs.tolist() == pytest.approx([6 - right_pairs, 0.5])
