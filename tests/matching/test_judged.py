import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.matching.em import Layout, Mixture, Prior, expect, run_em
from omniid.matching.judged import Judged, JudgedPairs, with_judged
from omniid.matching.patterns import distinct_patterns

LAYOUT = Layout((2, 3))
M, U, H = np.array([0.1, 0.9, 0.1, 0.2, 0.7]), np.array([0.95, 0.05, 0.9, 0.07, 0.03]), np.array([0.9, 0.1, 0.2, 0.2, 0.6])
PAIRS = st.lists(
    st.tuples(st.integers(-1, 1), st.integers(-1, 2), st.sampled_from([None, True, False])), min_size=1, max_size=30
)


def world(pairs, relatives):
    """Patterns of all pairs, of which some were judged."""
    levels = np.array([pair[:2] for pair in pairs], np.int8)
    judged = [i for i, pair in enumerate(pairs) if pair[2] is not None]
    told = JudgedPairs(np.array(judged, np.int32), np.array(judged, np.int32), np.array([pairs[i][2] for i in judged], bool))
    patterns, _, known = with_judged(distinct_patterns(levels), told, lambda left, right: levels[left])
    return patterns, known, Mixture(M, U, H, 0.02, 0.01 if relatives else 0.0)


@given(PAIRS, st.booleans())
def test_the_objective_never_falls_with_judged_pairs(pairs, relatives):
    patterns, known, start = world(pairs, relatives)
    run = run_em(
        patterns, LAYOUT, start, Prior(2 * M, np.where(np.arange(5) > 1, 2 * H, 0.0)), 1000.0, judged=known, max_iter=20
    )
    assert np.diff(run.objective).min() >= -1e-9 * abs(run.objective[0])


@given(PAIRS, st.booleans())
def test_each_judged_pair_has_its_class_and_the_others_the_posterior_that_they_had(pairs, relatives):
    patterns, known, mixture = world(pairs, relatives)
    index, counts = LAYOUT.positions(patterns.levels), patterns.counts.astype(float)
    plain, seen = expect(index, counts, mixture), expect(index, counts, mixture, known)
    share = plain.same / counts
    assert seen.same == pytest.approx(share * (counts - known.total) + known.same)
    kin = plain.relatives / counts
    of_others = kin / (1 - share)
    assert seen.relatives == pytest.approx(kin * (counts - known.total) + known.different * of_others)


def test_nothing_judged_is_no_change_bit_for_bit():
    patterns, known, mixture = world([(1, 2, None), (0, 0, None), (1, -1, None)], relatives=True)
    index, counts = LAYOUT.positions(patterns.levels), patterns.counts.astype(float)
    assert known.total.sum() == 0
    plain, seen = expect(index, counts, mixture), expect(index, counts, mixture, known)
    assert (plain.same == seen.same).all()
    assert plain.log_likelihood == seen.log_likelihood


def test_choosing_doubtful_pairs_to_judge_does_not_move_the_share_of_matches():
    """Only pairs of one pattern are judged, just as they come: λ stays what it was, as the model foresaw the judgements."""
    rng = np.random.default_rng(0)
    same = rng.random(40_000) < 0.05
    levels = np.stack([np.where(same, rng.random(40_000) < 0.9, rng.random(40_000) < 0.05) for _ in range(4)], axis=1).astype(
        np.int8
    )
    layout = Layout((2,) * 4)
    start = Mixture(np.tile([0.2, 0.8], 4), np.tile([0.95, 0.05], 4), np.ones(8) / 2, 0.02, 0.0)
    prior = Prior(np.full(8, 1e-3), np.zeros(8))
    patterns = distinct_patterns(levels)
    plain = run_em(patterns, layout, start, prior, 40_000.0)
    doubtful = np.flatnonzero(levels.sum(axis=1) == 2)[:300].astype(np.int32)
    pairs = JudgedPairs(doubtful, doubtful, same[doubtful])
    patterns, _, known = with_judged(patterns, pairs, lambda left, right: levels[left])
    run = run_em(patterns, layout, start, prior, 40_000.0, judged=known)
    assert same[doubtful].mean() > 0.12  # as chosen: far from the 5 % of all pairs
    assert run.mixture.same == pytest.approx(plain.mixture.same, rel=0.01)
    assert run.mixture.m == pytest.approx(plain.mixture.m, abs=0.01)


def test_judged_pairs_that_a_sample_lacks_are_added_to_it():
    levels = np.array([[0, 0], [1, 2]], np.int8)
    pairs = JudgedPairs(np.array([1, 1], np.int32), np.array([2, 3], np.int32), np.array([True, False]))
    patterns, seen, known = with_judged(distinct_patterns(levels[:1]), pairs, lambda left, right: levels[[1, 1]])
    assert patterns.counts.tolist() == [1, 2]
    assert seen.tolist() == [[1, 2], [1, 2]]
    assert known == Judged(pytest.approx([0, 1]), pytest.approx([0, 1]))
