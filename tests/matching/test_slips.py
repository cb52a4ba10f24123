from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.matching import compile_weights, explain_pair
from omniid.matching.slips import differs_once, slip_bits
from omniid.tables import BITS, ComparisonTraits, ComparisonWeights, Model, RecordTable

EXACT = np.array([1, 2, 1], np.int8)
LEVELS = st.lists(st.tuples(st.integers(-1, 1), st.integers(-1, 2), st.integers(-1, 1)), min_size=1, max_size=20)
SHARES = st.floats(0.05, 0.95)
NAMES = ("a", "b", "c")
PARTS = [ComparisonWeights(name, ("else", "exact"), (0.3, 0.7), (0.9, 0.1), (0.5, 0.5)) for name in NAMES]
TRAITS = [ComparisonTraits(part.name, part.levels, part.m) for part in PARTS]


@given(LEVELS)
def test_a_slip_is_one_level_that_is_neither_missing_nor_exact(rows):
    found = differs_once(np.array(rows, np.int8), EXACT)
    assert found.tolist() == [sum(level not in (-1, top) for level, top in zip(row, EXACT, strict=True)) == 1 for row in rows]


@given(LEVELS, st.tuples(SHARES, SHARES, SHARES), st.data())
def test_bits_compare_what_was_counted_with_independence(rows, same, data):
    matches = np.array(data.draw(st.lists(st.floats(0, 1000), min_size=len(rows), max_size=len(rows))))
    m = [np.array([1 - same[0], same[0]]), np.array([0.0, 1 - same[1], same[1]]), np.array([1 - same[2], same[2]])]
    expected = 0.0
    for row, pairs in zip(rows, matches, strict=True):
        known = [k for k in range(3) if row[k] >= 0]
        for odd, *rest in ([k, *others] for k in known for others in combinations(known, len(known) - 1) if k not in others):
            expected += pairs * (1 - same[odd]) * np.prod([same[k] for k in rest])
    seen = matches[differs_once(np.array(rows, np.int8), EXACT)].sum()
    bits = max(np.log2((seen + 20) / (expected + 20)), 0) if seen - expected > 3 * expected**0.5 else 0.0
    assert slip_bits(np.array(rows, np.int8), matches, m, EXACT, alpha=20.0) == pytest.approx(bits, abs=1 / 32 + 1e-9)


def test_differences_that_are_independent_or_come_together_move_nothing():
    levels, m = np.array([[1, 1], [0, 1], [1, 0], [0, 0]], np.int8), [np.array([0.2, 0.8])] * 2
    exact = np.array([1, 1], np.int8)
    assert slip_bits(levels, np.array([640.0, 160.0, 160.0, 40.0]), m, exact, alpha=20.0) == 0.0
    assert slip_bits(levels, np.array([800.0, 0.0, 0.0, 200.0]), m, exact, alpha=20.0) == 0.0
    assert slip_bits(levels, np.array([600.0, 200.0, 200.0, 0.0]), m, exact, alpha=20.0) > 0.2
    assert slip_bits(levels, np.array([6.0, 2.0, 2.0, 0.0]), m, exact, alpha=0.1) == 0.0  # that may be chance


@pytest.mark.parametrize("relatives", [0.0, 0.01])
def test_a_pair_with_one_difference_gains_the_slip_and_says_so(relatives):
    table = RecordTable.of([{"record_id": str(i)} for i in range(2)])
    plain, slip = (Model(tuple(PARTS), 0.1, relatives, slip=bits) for bits in (0.0, 1.25))
    levels = np.array([[1, 1, 1], [0, 1, 1], [0, 1, -1], [0, 0, 1], [-1, -1, 0]], np.int8)
    rows = np.zeros(len(levels), np.int32)
    (_, before), (_, after) = (compile_weights(table, model, TRAITS).score(rows, rows, levels) for model in (plain, slip))
    assert (after - before).tolist() == [0, 1.25 * BITS, 1.25 * BITS, 0, 1.25 * BITS]
    for row, weight in zip(levels, after.tolist(), strict=True):
        lines = explain_pair(table, slip, TRAITS, row, 0, 1)
        assert round(lines[-1].total * BITS) == weight
        said = [line for line in lines if line.comparison == "one slip"]
        assert [line.weight for line in said] == [1.25] * int(differs_once(row[None, :], np.ones(3, np.int8))[0])


@given(st.integers(-20 * BITS, 20 * BITS))
def test_a_cut_keeps_what_reaches_it_by_its_slip(cut):
    tables = compile_weights(RecordTable.of([]), Model(tuple(PARTS), 0.1, 0.1, slip=3.0), TRAITS)
    levels = np.array([(i, j, k) for i in range(-1, 2) for j in range(-1, 2) for k in range(-1, 2)], np.int8)
    rows = np.zeros(len(levels), np.int32)
    every, weight = tables.score(rows, rows, levels)
    keep, kept = tables.score(rows, rows, levels, at_least=cut)
    assert keep.tolist() == every[weight >= cut].tolist()
    assert kept.tolist() == weight[weight >= cut].tolist()
