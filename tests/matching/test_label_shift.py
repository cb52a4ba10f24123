import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.matching.label_shift import MOST, learn_shift
from omniid.tables import BITS


def draw(n, *, start=0.0, shift=0.0, seed=0):
    """Judged pairs whose odds are their weight, plus `start`, plus `shift` where the one comparison agrees."""
    rng = np.random.default_rng(seed)
    levels = rng.integers(-1, 2, (n, 2)).astype(np.int8)
    bits = rng.uniform(-4, 4, n)
    odds = bits + start + shift * (levels[:, 0] == 1)
    return np.rint(bits * BITS).astype(np.int64), levels, rng.random(n) < 1 / (1 + np.exp2(-odds))


def test_a_shift_of_all_pairs_is_found():
    found = learn_shift(*draw(3000, start=2.0), (2, 2))
    assert found.start + np.mean([bits for part in found.levels for bits in part]) == pytest.approx(2.0, abs=0.7)
    assert found.gain > 100


def test_a_shift_of_one_level_is_found():
    found = learn_shift(*draw(3000, shift=3.0), (2, 2))
    assert found.levels[0][1] - found.levels[0][0] > 1.5
    assert abs(found.levels[1][1] - found.levels[1][0]) < 0.7


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("n", [1, 10, 300])
def test_judgements_that_the_weights_foresaw_move_nothing(n, seed):
    found = learn_shift(*draw(n, seed=seed), (2, 2))
    assert max(abs(bits) for bits in (found.start, *found.levels[0], *found.levels[1])) == 0


def test_no_judged_pair_moves_nothing():
    found = learn_shift(np.zeros(0, np.int64), np.zeros((0, 2), np.int8), np.zeros(0, bool), (2, 2))
    assert found.start == 0 == found.gain == found.spread
    assert found.levels == ((0.0, 0.0), (0.0, 0.0))


@given(st.integers(1, 60), st.integers(0, 5))
def test_the_judgements_are_never_less_probable_than_before(n, seed):
    weight, levels, same = draw(n, start=1.5, shift=-2.0, seed=seed)
    found = learn_shift(weight, levels, same, (2, 2))
    moved = weight / BITS + found.start
    for number, part in enumerate(found.levels):
        moved += np.append(part, 0.0)[levels[:, number]]
    sign = np.where(same, 1, -1)
    before, after = (-np.logaddexp2(0, -sign * bits).sum() for bits in (weight / BITS, moved))
    assert after >= before - 1e-9
    assert found.gain >= 0


def test_of_very_many_judged_pairs_some_are_enough():
    found = learn_shift(*draw(MOST + 5000, shift=2.0), (2, 2))
    assert found.levels[0][1] - found.levels[0][0] == pytest.approx(2.0, abs=0.6)


def test_whole_persons_of_a_truth_column_do_not_make_all_pairs_likelier():
    """Of whole persons a twentieth was told: 1 in 20 pairs of one person is judged, and 1 in 400 others."""
    weight, levels, same = draw(40_000)
    told = np.random.default_rng(1).random(40_000) < np.where(same, 1 / 20, 1 / 400)
    told_pairs = weight[told], levels[told], same[told], (2, 2)
    naive, found = learn_shift(*told_pairs), learn_shift(*told_pairs, np.full(int(told.sum()), np.log2(20)))
    assert naive.start + max(naive.levels[0]) > 2
    assert found.start + max(found.levels[0]) < 1


def test_level_that_always_tells_does_not_become_infinite():
    levels = np.repeat(np.array([[0], [1]], np.int8), 500, axis=0)
    found = learn_shift(np.zeros(1000, np.int64), levels, levels[:, 0] == 1, (2,))
    assert max(abs(bits) for bits in found.levels[0]) < 30
