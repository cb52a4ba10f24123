import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.matching import (
    calibration_error,
    expected_quality,
    link_threshold,
    match_probability,
    reliability,
    review_threshold,
)
from omniid.tables import BITS

WEIGHTS = st.lists(st.integers(-30 * BITS, 30 * BITS), min_size=1, max_size=40).map(lambda x: np.array(x, np.int64))


@given(WEIGHTS)
def test_probability_is_the_odds_of_the_weight(weight):
    for bits, p in zip((weight / BITS).tolist(), match_probability(weight).tolist(), strict=True):
        assert p == pytest.approx(2**bits / (1 + 2**bits))


def test_extreme_weights_stay_probabilities():
    assert match_probability(np.array([-(2**62), 2**62])) == pytest.approx([0.0, 1.0])


@given(WEIGHTS, st.data())
def test_the_link_threshold_beats_every_other_cut(weight, data):
    counts = np.array(data.draw(st.lists(st.integers(1, 9), min_size=len(weight), max_size=len(weight))), np.int64)
    best = max(expected_quality(weight, w / BITS, counts=counts).f1 for w in weight.tolist())
    cut = link_threshold(weight, counts)
    if best > 0.5:
        assert expected_quality(weight, cut + 2e-6, counts=counts).f1 >= best - 1e-5
    assert -1.6 < cut <= 1e-9  # half of an F1 between 0.5 and 1, as odds


def test_counts_are_repetition():
    weight, counts = np.array([5, 1, -4, -20]) * BITS, np.array([3, 2, 7, 90])
    repeated = np.repeat(weight, counts)
    assert link_threshold(weight, counts) == pytest.approx(link_threshold(repeated))
    assert expected_quality(weight, 0, counts=counts) == pytest.approx(expected_quality(repeated, 0))


def test_matches_that_blocking_missed_lower_the_recall():
    weight = np.array([30 * BITS] * 10)
    assert expected_quality(weight, 0, matches=20.0).recall == pytest.approx(0.5)


def test_without_pairs_quality_is_undefined():
    assert all(math.isnan(x) for x in expected_quality(np.zeros(0, np.int64), 0))


def test_review_starts_at_probability_a_tenth_and_never_above_the_link_threshold():
    assert match_probability(np.array([review_threshold(0.0) * BITS])) == pytest.approx(0.1)
    assert review_threshold(-5.0) == -5.0


def test_weights_drawn_as_they_say_are_reliable():
    rng = np.random.default_rng(0)
    weight = rng.integers(-6 * BITS, 6 * BITS, 40_000)
    truth = rng.random(len(weight)) < match_probability(weight)
    table = reliability(weight, truth)
    assert sum(row.pairs for row in table) == len(weight)
    assert max(abs(row.predicted - row.observed) for row in table) < 0.05
    assert calibration_error(table) < 0.02
    assert calibration_error(reliability(weight, ~truth)) > 0.3
    assert math.isnan(calibration_error([]))


def test_empty_bins_are_undefined():
    assert math.isnan(reliability(np.array([0]), np.array([True]), bins=4)[0].observed)
