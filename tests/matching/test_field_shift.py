import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.matching import FellegiSunter, compile_weights
from omniid.matching.field_shift import NEVER, best_by_mask
from omniid.tables import Column, ComparisonTraits, ComparisonWeights, Model, RecordTable
from oracle.matching import make_world

LEVELS = ("else", "alike", "exact", "swapped")
CELLS = st.lists(st.lists(st.sampled_from("abcdef"), max_size=3), min_size=2, max_size=12)
SHARES = st.lists(st.floats(0.001, 1), min_size=4, max_size=4).map(lambda parts: tuple((np.array(parts) / sum(parts)).tolist()))


def column_of(cells, several):
    if several:
        return Column.of([value for cell in cells for value in cell], np.cumsum([0, *map(len, cells)]).astype(np.int64))
    return Column.of([cell[0] if cell else None for cell in cells])


def two_class_weight(tables, levels, left, right):
    """A of every pair, one comparison and one pair at a time."""
    totals = []
    for i, row in enumerate(levels.tolist()):
        total = tables.start_a
        for k, level in enumerate(row):
            total += int(tables.a[k][level])
            if tables.shifts[k] is not None:
                _, at = tables.shifts[k].of(np.array([level], np.int8), left[i : i + 1], right[i : i + 1])
                total += int(tables.shifts[k].a.ravel()[at].sum())
        totals.append(total)
    return np.array(totals)


def bound_of(tables, levels, rows, more):
    """The upper bound from the rows of one side, where each outcome mask holds the true outcome and those in `more`."""
    total = np.full(len(levels), tables.start_a)
    for k, column in enumerate(levels.T):
        mask = (2 << column.astype(np.int64)) | more[:, k]
        mask[column < 0] = 1 | more[column < 0, k]
        only, also = mask == 2 << EXACT, (mask & 2 << EXACT) > 0
        boost = tables.boost(k, rows)
        total += tables.best(k)[mask] + np.where(only, boost, np.where(also, np.maximum(boost, 0), 0))
    return total


EXACT = 2


@given(CELLS, st.booleans(), SHARES, SHARES, st.floats(0.001, 0.5), st.one_of(st.none(), st.floats(0.01, 0.5)), st.data())
def test_no_pair_weighs_more_than_its_bound(cells, several, m, u, rare, typical, data):
    column = column_of(cells, several)
    table = RecordTable.of([{"record_id": f"{i:02}"} for i in range(len(cells))])
    table.columns["x"] = column
    sizes = data.draw(st.lists(st.floats(0.001, 0.9), min_size=len(column.vocabulary), max_size=len(column.vocabulary)))
    part = ComparisonWeights("x", LEVELS, m, u, (), frequency_of(column, sizes), rare, typical)
    trait = ComparisonTraits("x", LEVELS, (0.25,) * 4, frequency="x", swaps_with="y")
    tables = compile_weights(table, Model((part,), 0.01), [trait])
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(cells), 1))
    levels = np.array(data.draw(st.lists(st.integers(-1, 3), min_size=len(left), max_size=len(left))), np.int8)[:, None]
    more = np.array(data.draw(st.lists(st.integers(0, 31), min_size=len(left), max_size=len(left))), np.int64)[:, None]
    weight = two_class_weight(tables, levels, left, right)
    assert (weight <= bound_of(tables, levels, left, more)).all()
    assert (weight <= bound_of(tables, levels, right, more)).all()


def frequency_of(column, sizes):
    """A model's table of shares by hash."""
    from omniid.hashing import hash_strings
    from omniid.matching.frequencies import field_salt

    hashes = hash_strings(column.vocabulary, field_salt("x")).tolist()
    return {f"{number:016x}": size for number, size in zip(hashes, sizes, strict=True) if size > 0.05}


def test_where_records_hold_one_value_the_boost_of_equal_values_is_their_shift():
    world = make_world(200)
    model = FellegiSunter().fit(world.table, world.vectors(), world.traits, world.compare_rows).model_
    tables = compile_weights(world.table, model, world.traits)
    left, right = world.candidates()
    levels = world.compare_rows(left, right)
    for number in range(len(world.traits)):
        same = np.flatnonzero(levels[:, number] == EXACT)
        shift = tables.shifts[number]
        at, where = shift.of(levels[same, number], left[same], right[same])
        assert len(at) == len(same) > 10
        assert tables.boost(number, left[same]).tolist() == shift.a.ravel()[where].tolist()
    assert np.ptp(tables.boost(0, left)) > 0


def test_without_value_frequencies_nothing_is_boosted():
    part = ComparisonWeights("x", ("else", "exact"), (0.2, 0.8), (0.8, 0.2))
    tables = compile_weights(RecordTable.of([]), Model((part,), 0.5), [ComparisonTraits("x", ("else", "exact"), (0.1, 0.9))])
    assert tables.boost(0, np.arange(3, dtype=np.int32)).tolist() == [0, 0, 0]
    assert tables.best(0).tolist() == [NEVER, 0, -2_000_000, 0, 2_000_000, 2_000_000, 2_000_000, 2_000_000]


@pytest.mark.parametrize("mask", range(1, 16))
def test_the_best_of_a_mask_is_the_best_of_its_outcomes(mask):
    weights = [-7, 4, 9, 0]  # else, alike, exact, missing
    outcomes = [weights[bit - 1] for bit in range(4) if mask >> bit & 1]
    assert best_by_mask(np.array(weights), None)[mask] == max(outcomes)
