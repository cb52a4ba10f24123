import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from omniid.matching.em import Layout, Mixture, Prior, expect, run_em
from omniid.matching.patterns import distinct_patterns
from oracle.matching import two_class_em

SIZES = (2, 3, 3)
LAYOUT = Layout(SIZES)
VECTORS = arrays.arrays(np.int8, st.tuples(st.integers(0, 30), st.just(3)), elements=st.integers(-1, 1))
SHARES = st.lists(st.floats(0.01, 1), min_size=8, max_size=8).map(lambda x: LAYOUT.normalized(np.array(x)))


def draw_pairs(rng, size, m, u, h, same, relatives):
    """Levels of `size` pairs drawn from a mixture whose parameters are known."""
    kind = rng.choice(3, size, p=[same, 1 - same - relatives, relatives])
    levels = np.zeros((size, len(m)), np.int8)
    for k in range(len(m)):
        drawn = np.stack([rng.choice(len(p[k]), size, p=p[k]) for p in (m, u, h)])
        levels[:, k] = drawn[kind, np.arange(size)]
    levels[rng.random(levels.shape) < 0.1] = -1
    return levels


M = [(0.1, 0.9), (0.1, 0.2, 0.7), (0.05, 0.05, 0.9), (0.2, 0.8)]
U = [(0.98, 0.02), (0.95, 0.04, 0.01), (0.9, 0.08, 0.02), (0.97, 0.03)]
H = [(0.97, 0.03), (0.1, 0.1, 0.8), (0.88, 0.09, 0.03), (0.15, 0.85)]
FOUR = Layout((2, 3, 3, 2))


def flat(parts):
    return np.concatenate([np.array(part) for part in parts])


def test_known_m_and_prior_are_recovered_with_two_classes():
    levels = draw_pairs(np.random.default_rng(0), 60_000, M, U, H, 0.05, 0.0)
    start = Mixture(flat([(0.3, 0.7), (0.2, 0.2, 0.6), (0.2, 0.2, 0.6), (0.3, 0.7)]), flat(U), flat(U), 0.02, 0.0)
    run = run_em(
        distinct_patterns(levels), FOUR, start, Prior(np.full(10, 1e-3), np.zeros(10)), 60_000.0, tol=1e-9, max_iter=500
    )
    assert run.converged
    assert run.mixture.same == pytest.approx(0.05, abs=0.004)
    assert run.mixture.m == pytest.approx(flat(M), abs=0.03)


def test_known_relatives_are_told_from_matches():
    levels = draw_pairs(np.random.default_rng(1), 60_000, M, U, H, 0.05, 0.08)
    middle = (flat(M) + flat(U)) / 2
    learned = np.array([0, 0, 1, 1, 1, 0, 0, 0, 1, 1])
    start = Mixture(
        flat([(0.2, 0.8), (0.2, 0.2, 0.6), (0.2, 0.2, 0.6), (0.3, 0.7)]),
        flat(U),
        np.where(learned, middle, flat(H)),
        0.03,
        0.01,
    )
    run = run_em(
        distinct_patterns(levels), FOUR, start, Prior(np.full(10, 0.1), 0.2 * learned), 60_000.0, tol=1e-9, max_iter=500
    )
    assert run.mixture.same == pytest.approx(0.05, abs=0.005)
    assert run.mixture.relatives == pytest.approx(0.08, abs=0.01)
    assert run.mixture.m == pytest.approx(flat(M), abs=0.04)
    assert run.mixture.h == pytest.approx(flat(H), abs=0.04)


def test_pairs_never_made_count_as_strangers():
    levels = draw_pairs(np.random.default_rng(2), 20_000, M, U, H, 0.1, 0.0)
    start = Mixture(flat(M), flat(U), flat(U), 0.05, 0.0)
    prior = Prior(np.full(10, 1e-3), np.zeros(10))
    whole = run_em(distinct_patterns(levels), FOUR, start, prior, 20_000.0)
    made = levels[(levels > 0).any(axis=1)]
    blocked = run_em(distinct_patterns(made), FOUR, start, prior, 20_000.0)
    assert blocked.mixture.same == pytest.approx(whole.mixture.same, rel=0.02)


@given(VECTORS, SHARES, SHARES, SHARES, st.floats(1e-4, 0.4), st.floats(0, 0.4), st.integers(0, 1000))
def test_objective_never_falls(levels, m, u, h, same, relatives, unmade):
    prior = Prior(5 * m, np.where(np.arange(8) < 5, 3 * h, 0.0))
    start = Mixture(m, u, h, same, relatives)
    run = run_em(distinct_patterns(levels), LAYOUT, start, prior, float(len(levels) + unmade), tol=1e-12, max_iter=30)
    assert np.diff(run.objective).min(initial=0) >= -1e-9 * max(abs(run.objective[0]), 1)


@given(VECTORS, SHARES, SHARES, st.floats(1e-3, 0.4))
def test_equals_an_independent_em_over_single_pairs(levels, m, u, same):
    start, prior = Mixture(m, u, u, same, 0.0), Prior(2 * m, np.zeros(8))
    run = run_em(distinct_patterns(levels), LAYOUT, start, prior, 100.0, tol=-np.inf, max_iter=5)
    split = [part.tolist() for part in LAYOUT.split(m)]
    twin = two_class_em(
        levels.tolist(),
        split,
        [p.tolist() for p in LAYOUT.split(u)],
        same,
        100.0,
        [p.tolist() for p in LAYOUT.split(2 * m)],
        rounds=5,
    )
    assert not run.converged
    assert run.mixture.m == pytest.approx(np.concatenate(twin[0]), rel=1e-9)
    assert run.mixture.same == pytest.approx(twin[1], rel=1e-9)


@given(VECTORS, SHARES, SHARES, SHARES)
def test_counts_give_the_same_as_repeated_patterns(levels, m, u, h):
    """A pattern with count c is the pattern c times over."""
    patterns = distinct_patterns(levels)
    mixture = Mixture(m, u, h, 0.1, 0.1)
    on_counts = expect(LAYOUT.positions(patterns.levels), patterns.counts.astype(float), mixture)
    on_pairs = expect(LAYOUT.positions(levels), np.ones(len(levels)), mixture)
    assert on_counts.same.sum() == pytest.approx(on_pairs.same.sum())
    assert on_counts.log_likelihood == pytest.approx(on_pairs.log_likelihood)


def test_converged_is_false_when_rounds_run_out():
    levels = draw_pairs(np.random.default_rng(3), 5000, M, U, H, 0.05, 0.05)
    start = Mixture(FOUR.normalized(np.ones(10)), flat(U), flat(H), 0.2, 0.2)
    run = run_em(distinct_patterns(levels), FOUR, start, Prior(np.ones(10), np.ones(10)), 1e6, max_iter=2)
    assert not run.converged
    assert len(run.objective) == 3


def test_the_expected_matches_are_those_of_the_final_parameters():
    levels = draw_pairs(np.random.default_rng(4), 3000, M, U, H, 0.1, 0.0)
    patterns = distinct_patterns(levels)
    run = run_em(patterns, FOUR, Mixture(flat(M), flat(U), flat(U), 0.1, 0.0), Prior(np.ones(10), np.zeros(10)), 3000.0)
    again = expect(FOUR.positions(patterns.levels), patterns.counts.astype(float), run.mixture)
    exact = sum(p for p, row in zip(again.same.tolist(), patterns.levels.tolist(), strict=True) if row[0] == 1)
    assert run.same_at[1] == pytest.approx(exact)


def test_no_pairs_leave_m_at_its_prior():
    run = run_em(
        distinct_patterns(np.zeros((0, 4), np.int8)),
        FOUR,
        Mixture(flat(M), flat(U), flat(H), 0.1, 0.1),
        Prior(20 * flat(M), 20 * flat(H)),
        0.0,
    )
    assert run.converged
    assert run.mixture.m == pytest.approx(flat(M))
