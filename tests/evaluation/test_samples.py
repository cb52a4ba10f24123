"""Estimates from samples: right on average, with intervals that hold the truth as often as they say."""

import math

import numpy as np
import pytest

from omniid.evaluation import estimate_from_sample


def partitions(seed: int, records: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """A truth and a partition that merges and splits some of its entities."""
    rng = np.random.default_rng(seed)
    true = np.sort(rng.integers(0, records // 3, records))
    predicted = np.where(rng.random(records) < 0.1, rng.integers(0, records // 3, records), true)
    return np.unique(predicted, return_inverse=True)[1], np.unique(true, return_inverse=True)[1]


def measured(predicted: np.ndarray, true: np.ndarray) -> tuple[float, float]:
    def pairs(*codes: np.ndarray) -> float:
        counts = np.unique(np.stack(codes), axis=1, return_counts=True)[1]
        return float((counts * (counts - 1) / 2).sum())

    return pairs(predicted, true) / pairs(predicted), pairs(predicted, true) / pairs(true)


@pytest.mark.parametrize("by_size", [False, True])
def test_intervals_hold_the_truth_as_often_as_they_say(by_size) -> None:
    predicted, true = partitions(0)
    precision, recall = measured(predicted, true)
    rng = np.random.default_rng(1)
    held, estimates = [], []
    for _ in range(200):
        drawn = true[rng.choice(len(true), 200)] if by_size else rng.choice(true.max() + 1, 200, replace=False)
        part = estimate_from_sample(predicted, np.where(np.isin(true, drawn), true, -1), by_size=by_size)
        assert part.of == "entities"
        held.append([part.precision.low <= precision <= part.precision.high, part.recall.low <= recall <= part.recall.high])
        estimates.append([part.precision.estimate, part.recall.estimate])
    assert (np.mean(held, axis=0) > 0.85).all()
    assert np.mean(estimates, axis=0) == pytest.approx([precision, recall], abs=0.02)


def test_whole_clusters_tell_precision_only() -> None:
    predicted, true = partitions(2)
    precision, _ = measured(predicted, true)
    drawn = np.random.default_rng(3).choice(predicted.max() + 1, 600, replace=False)
    part = estimate_from_sample(predicted, np.where(np.isin(predicted, drawn), true, -1))
    assert (part.of, part.drawn) == ("clusters", 600)
    assert part.precision.low <= precision <= part.precision.high
    assert math.isnan(part.recall.estimate)
    assert str(part.recall) == "unknown"


def test_the_whole_truth_gives_the_measures_themselves() -> None:
    predicted, true = partitions(4)
    part = estimate_from_sample(predicted, np.append(true[:-1], -1))
    assert part.precision.estimate == pytest.approx(measured(predicted, true)[0], abs=0.01)


def test_one_entity_tells_hardly_anything() -> None:
    part = estimate_from_sample(np.array([0, 0, 1, 1]), np.array([5, 5, 5, -1]))
    assert (part.recall.low, part.recall.high) == (0.0, 1.0)
