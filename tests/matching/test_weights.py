import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.errors import SpecError
from omniid.matching import compile_weights, conflicts_by_field
from omniid.matching.relatives import relatives_cost
from omniid.tables import BITS, ComparisonTraits, ComparisonWeights, Model, RecordTable

MICRO = st.integers(-60 * BITS, 60 * BITS)
TABLE = RecordTable.of([])


def trait(weights, **more):
    return ComparisonTraits(weights.name, weights.levels, weights.m, **more)


@given(MICRO)
def test_relatives_cost_is_log2_of_one_plus_power(b):
    x = b / BITS
    exact = max(x, 0) + math.log2(1 + 2 ** -abs(x))
    assert abs(int(relatives_cost(np.array([b]))[0]) - exact * BITS) <= 2


@given(MICRO, st.integers(0, 5000))
def test_relatives_cost_never_falls(b, more):
    low, high = relatives_cost(np.array([b, b + more])).tolist()
    assert low <= high


@given(st.lists(st.lists(st.floats(1e-6, 1), min_size=2, max_size=6), min_size=1, max_size=14), st.data())
def test_joint_tables_equal_one_table_per_comparison(parts, data):
    weights = []
    for k, part in enumerate(parts):
        share = tuple((np.array(part) / sum(part)).tolist())
        weights.append(ComparisonWeights(f"c{k}", tuple(f"l{i}" for i in range(len(part))), share, share[::-1], share))
    model = Model(tuple(weights), 0.001, 0.002)
    tables = compile_weights(TABLE, model, [trait(w) for w in weights])
    vector = st.tuples(*(st.integers(-1, len(part) - 1) for part in parts))
    levels = np.array(data.draw(st.lists(vector, min_size=1, max_size=10)), np.int8)
    rows = np.zeros(len(levels), np.int32)
    keep, weight = tables.score(rows, rows, levels)
    for row, got in zip(levels.tolist(), weight.tolist(), strict=True):
        a = tables.start_a + sum(int(tables.a[k][level]) for k, level in enumerate(row))
        b = tables.start_b + sum(int(tables.b[k][level]) for k, level in enumerate(row))
        assert got == a - int(relatives_cost(np.array([b]))[0])
    assert keep.tolist() == list(range(len(levels)))


@given(st.integers(-20 * BITS, 20 * BITS))
def test_a_cut_keeps_exactly_the_pairs_that_reach_it(cut):
    part = ComparisonWeights("c", ("else", "alike", "exact"), (0.1, 0.2, 0.7), (0.9, 0.09, 0.01), (0.3, 0.3, 0.4))
    tables = compile_weights(TABLE, Model((part, part), 0.1, 0.1), [trait(part), trait(part)])
    levels = np.array([(i, j) for i in range(-1, 3) for j in range(-1, 3)], np.int8)
    rows = np.zeros(len(levels), np.int32)
    every, weight = tables.score(rows, rows, levels)
    keep, kept = tables.score(rows, rows, levels, at_least=cut)
    assert keep.tolist() == every[weight >= cut].tolist()
    assert kept.tolist() == weight[weight >= cut].tolist()


def test_missing_is_neither_agreement_nor_disagreement():
    part = ComparisonWeights("c", ("else", "exact"), (0.1, 0.9), (0.9, 0.1), (0.5, 0.5))
    tables = compile_weights(TABLE, Model((part, part), 0.1, 0.1), [trait(part), trait(part)])
    rows = np.zeros(1, np.int32)
    one = tables.score(rows, rows, np.array([[1, -1]], np.int8))[1]
    only = compile_weights(TABLE, Model((part,), 0.1, 0.1), [trait(part)]).score(rows, rows, np.array([[1]], np.int8))[1]
    assert one.tolist() == only.tolist()


def test_impossible_levels_have_finite_weights():
    part = ComparisonWeights("c", ("else", "exact"), (0.0, 1.0), (1.0, 0.0))
    tables = compile_weights(TABLE, Model((part,), 0.0), [trait(part)])
    assert max(abs(tables.a[0])) < 41 * BITS
    assert abs(tables.start_a) < 41 * BITS


def test_conflict_adds_only_what_speaks_against():
    sex = ComparisonWeights("sex", ("else", "exact"), (0.25, 0.75), (0.5, 0.5))
    name = ComparisonWeights("name", ("else", "exact"), (0.125, 0.875), (1.0, 0.0))
    levels = np.array([[0, 0], [1, 0], [0, 1], [-1, -1]], np.int8)
    found = conflicts_by_field(levels, Model((sex, name), 0.1), [trait(sex), trait(name)], ())
    assert (found / 2).tolist() == [[-4 * BITS], [-3 * BITS], [-1 * BITS], [0]]


@pytest.mark.parametrize(
    ("traits", "message"),
    [
        ([], r"number 1 is \('c', .* in the model and nothing in the spec"),
        ([ComparisonTraits("d", ("else", "exact"), (0.1, 0.9))], r"number 1 .*'d'"),
        ([ComparisonTraits("c", ("else", "same"), (0.1, 0.9))], r"'same'"),
    ],
)
def test_a_model_of_other_comparisons_is_refused(traits, message):
    part = ComparisonWeights("c", ("else", "exact"), (0.1, 0.9), (0.9, 0.1))
    with pytest.raises(SpecError, match=message):
        compile_weights(TABLE, Model((part,), 0.1), traits)
