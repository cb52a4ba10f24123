import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.matching import compile_weights, explain_pair
from omniid.matching.judged_bits import JudgedBits
from omniid.tables import BITS, ComparisonTraits, ComparisonWeights, Model, RecordTable

TRAITS = [ComparisonTraits(name, ("else", "close", "exact"), (0.1, 0.2, 0.7)) for name in ("a", "b")]
BITS_OF = st.lists(st.floats(-6, 6), min_size=3, max_size=3).map(tuple)
LEVELS = np.array([[a, b] for a in range(-1, 3) for b in range(-1, 3)], np.int8)
ROWS = np.zeros(len(LEVELS), np.int32)


def model_of(first=(), second=(), start=0.0, least=0.0, relatives=0.05):
    m, u, h = (0.1, 0.2, 0.7), (0.9, 0.06, 0.04), (0.5, 0.2, 0.3)
    parts = tuple(
        ComparisonWeights(trait.name, trait.levels, m, u, h, shift=shift)
        for trait, shift in zip(TRAITS, (first, second), strict=True)
    )
    return Model(parts, prior=0.1, prior_relatives=relatives, shift=start, shift_from=least)


@given(BITS_OF, BITS_OF, st.floats(-6, 6), st.floats(-12, 12), st.sampled_from([0.0, 0.05]))
def test_weights_move_by_the_shifts_where_pairs_were_judged_and_are_not_raised_elsewhere(
    first, second, start, least, relatives
):
    plain = compile_weights(RecordTable.of([]), model_of(relatives=relatives), TRAITS).score(ROWS, ROWS, LEVELS)[1]
    moved = compile_weights(RecordTable.of([]), model_of(first, second, start, least, relatives), TRAITS).score(
        ROWS, ROWS, LEVELS
    )[1]
    added = start + np.array(
        [sum(part[level] if level >= 0 else 0.0 for part, level in zip((first, second), pair, strict=True)) for pair in LEVELS]
    )
    wanted = plain + np.where((plain < round(least * BITS)) & (added > 0), 0.0, added * BITS)
    edge = np.abs(added) < 1e-5  # what rounds to nothing may go either way
    assert (np.abs(moved - wanted)[~edge] <= 3).all()


@given(BITS_OF, BITS_OF, st.floats(-6, 6), st.floats(-12, 12), st.floats(-10, 10))
def test_what_is_left_out_below_a_cut_is_exactly_what_does_not_reach_it(first, second, start, least, cut):
    tables = compile_weights(RecordTable.of([]), model_of(first, second, start, least), TRAITS)
    _, every = tables.score(ROWS, ROWS, LEVELS)
    kept, weight = tables.score(ROWS, ROWS, LEVELS, at_least=round(cut * BITS))
    assert kept.tolist() == np.flatnonzero(every >= round(cut * BITS)).tolist()
    assert (weight == every[kept]).all()


@given(BITS_OF, BITS_OF, st.floats(-6, 6), st.floats(-12, 12), st.integers(0, len(LEVELS) - 1))
def test_explanations_add_up_to_the_shifted_weight(first, second, start, least, number):
    model, table = model_of(first, second, start, least), RecordTable.of([{"record_id": "1"}, {"record_id": "2"}])
    _, weight = compile_weights(table, model, TRAITS).score(ROWS[:1], ROWS[:1], LEVELS[[number]])
    lines = explain_pair(table, model, TRAITS, LEVELS[number], 0, 1)
    assert round(lines[-1].total * BITS) == weight[0]
    assert lines[-1].total - sum(line.weight for line in lines) < 1e-6


def test_a_model_without_shifts_has_none():
    assert JudgedBits.of(model_of()) is None
