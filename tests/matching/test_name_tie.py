import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.errors import InputError
from omniid.hashing import hash_strings
from omniid.matching import compile_weights, explain_pair, homes
from omniid.matching.frequencies import field_salt
from omniid.matching.homes import homes_of_values, with_homes
from omniid.matching.name_tie import tie_names
from omniid.matching.populations import values_to_populations
from omniid.tables import BITS, Column, ComparisonTraits, ComparisonWeights, Model, Populations, RecordTable
from omniid.tables.arrays import text_array

FIRST = ComparisonTraits("first_name", ("else", "exact"), (0.2, 0.8), frequency="first_name", swaps_with="last_name")
LAST = ComparisonTraits("last_name", ("else", "exact"), (0.2, 0.8), shared_by_relatives=True, frequency="last_name")
TRAITS = [FIRST, LAST]
NAMES = ("ann", "bob", "cid", None)


def model_of(profiles, shares=(0.75, 0.25), *, relatives=0.0, tie=2.0):
    """A model whose populations hold the given thousandths per name."""
    stored = {
        field: {f"{int(hash_strings(text_array([name]), field_salt(field))[0]):016x}": row for name, row in names.items()}
        for field, names in profiles.items()
    }
    parts = tuple(ComparisonWeights(t.name, t.levels, (0.1, 0.9), (0.9, 0.1), (0.5, 0.5)) for t in TRAITS)
    populations = Populations(("first_name", "last_name"), shares, stored, tie)
    return Model(parts, prior=0.01, prior_relatives=relatives, populations=populations)


def table_of(rows):
    fields = ("first_name", "last_name")
    return RecordTable.of([{"record_id": str(i), **dict(zip(fields, row, strict=True))} for i, row in enumerate(rows)])


def all_pairs(table):
    """Every ordered pair of rows, and its levels."""
    n = len(table)
    left, right = (grid.ravel().astype(np.int32) for grid in np.meshgrid(range(n), range(n)))
    codes = [table.columns[trait.name].codes for trait in TRAITS]
    levels = [np.where((c[left] < 0) | (c[right] < 0), -1, c[left] == c[right]) for c in codes]
    return left, right, np.stack(levels, axis=1).astype(np.int8)


def slow_cost(first, last, profiles, shares):
    """What one pair of names costs, in bits, where the model knows both."""
    times = sum(
        share * profiles["first_name"][first][k] / 1000 / share * profiles["last_name"][last][k] / 1000 / share
        for k, share in enumerate(shares)
    )
    return max(math.log2(times), 0.0) if times > 0 else 0.0


ROWS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), min_size=1, max_size=6)
PROFILES = st.fixed_dictionaries(
    {
        field: st.fixed_dictionaries({name: st.integers(0, 1000).map(lambda k: (k, 1000 - k)) for name in NAMES[:3]})
        for field in ("first_name", "last_name")
    }
)


@given(ROWS, PROFILES, st.sampled_from([0.0, 0.01]))
def test_what_names_cost_equals_its_slow_twin_and_is_taken_from_the_weight(rows, profiles, relatives):
    table, model = table_of(rows), model_of(profiles, relatives=relatives)
    left, right, levels = all_pairs(table)
    tied, free = compile_weights(table, model, TRAITS), compile_weights(table, model.replace(populations=None), TRAITS)
    weight, before = tied.score(left, right, levels)[1], free.score(left, right, levels)[1]
    for k in range(len(left)):
        cost = 0.0
        if (levels[k] == 1).all():
            cost = slow_cost(*rows[left[k]], profiles, (0.75, 0.25))
        fewer = (before[k] - weight[k]) / BITS
        assert -2e-6 <= fewer <= cost + 1 / 64 + 2e-6  # less where relatives explained the pair anyway
        if not relatives:
            assert fewer == pytest.approx(cost, abs=1 / 64)


@given(ROWS, PROFILES, st.integers(-12 * BITS, 8 * BITS))
def test_a_cut_keeps_exactly_the_pairs_that_reach_it(rows, profiles, cut):
    table, model = table_of(rows), model_of(profiles, relatives=0.01)
    left, right, levels = all_pairs(table)
    tables = compile_weights(table, model, TRAITS)
    every = tables.score(left, right, levels)[1]
    kept, weight = tables.score(left, right, levels, at_least=cut)
    assert kept.tolist() == np.flatnonzero(every >= cut).tolist()
    assert weight.tolist() == every[kept].tolist()


@given(ROWS, PROFILES)
def test_explained_lines_add_up_to_the_weight(rows, profiles):
    table, model = table_of(rows), model_of(profiles, relatives=0.01)
    left, right, levels = all_pairs(table)
    weight = compile_weights(table, model, TRAITS).score(left, right, levels)[1]
    for k in range(len(left)):
        lines = explain_pair(table, model, TRAITS, levels[k], int(left[k]), int(right[k]))
        assert round(lines[-1].total * BITS) == weight[k]
        assert sum(line.weight + line.frequency for line in lines) == pytest.approx(lines[-1].total, abs=1e-9)


def test_the_line_says_it_in_words():
    known = {"ann": (0, 1000), "bob": (1000, 0), "cid": (750, 250)}
    table = table_of([("ann", "ann")] * 2)
    lines = explain_pair(table, model_of(dict.fromkeys(("first_name", "last_name"), known)), TRAITS, np.array([1, 1]), 0, 1)
    assert [line.level for line in lines if line.comparison == "names"] == ["names of one language go together: −2.0 bits"]


PLACE = ComparisonTraits("place", ("else", "city", "postcode"), (0.2, 0.5, 0.3), shared_by_relatives=True, within=(1, "city"))
CITIES = ("rome", "oslo", "bern", None)
HOMES = st.fixed_dictionaries({city: st.tuples(*[st.integers(0, 10**6)] * 2) for city in CITIES[:2]})  # nobody knows of bern


def with_place(model, homes, tie=1.0):
    """The same model with a comparison of places, and where its populations live."""
    known = {f"{int(hash_strings(text_array([city]), field_salt('city'))[0]):016x}": row for city, row in homes.items()}
    place = ComparisonWeights("place", PLACE.levels, (0.1, 0.4, 0.5), (0.85, 0.125, 0.025), (0.1, 0.4, 0.5))
    populations = replace(model.populations, place="city", homes=known, home_tie=tie)
    return model.replace(comparisons=(*model.comparisons, place), populations=populations)


@given(st.lists(st.tuples(*[st.sampled_from(NAMES)] * 2, st.sampled_from(CITIES)), min_size=1, max_size=5), PROFILES, HOMES)
def test_what_a_city_costs_equals_its_slow_twin(rows, profiles, homes):
    """Its share among those who bear the names in common, over the share of strangers who agree on any."""
    shares, model = (0.75, 0.25), with_place(model_of(profiles), homes)
    fields = ("first_name", "last_name", "city")
    table = RecordTable.of([{"record_id": str(i), **dict(zip(fields, row, strict=True))} for i, row in enumerate(rows)])
    left, right, levels = all_pairs(table)
    city = table.columns["city"].codes
    levels = np.column_stack([levels, np.where((city[left] < 0) | (city[right] < 0), -1, city[left] == city[right])])
    at, cost = tie_names(table, model, [*TRAITS, PLACE]).of(levels.astype(np.int8), left, right)
    found = dict(zip(at.tolist(), cost.tolist(), strict=True))
    for k, (row, level) in enumerate(zip(left.tolist(), levels.tolist(), strict=True)):
        expected = slow_cost(*rows[row][:2], profiles, shares) if level[:2] == [1, 1] else 0.0
        if level[2] == 1 and 1 in level[:2]:
            likely = list(shares)
            for field, name, same in zip(fields[:2], rows[row], level, strict=False):
                likely = [
                    part * (profiles[field][name][j] / 1000 / shares[j] if same == 1 else 1) for j, part in enumerate(likely)
                ]
            live = sum(part * lived / 10**6 for part, lived in zip(likely, homes.get(rows[row][2], (0, 0)), strict=True))
            times = live / 0.125 / sum(likely) if sum(likely) else 0.0
            expected += max(math.log2(times), 0.0) if times else 0.0
        assert found.get(k, 0) / BITS == pytest.approx(expected, abs=2 / 64)


@pytest.mark.parametrize("at_once", [1, 1 << 17])
def test_homes_are_where_those_live_who_bear_the_names(at_once, monkeypatch):
    """Counted where names tell the population for certain: all of the first live in Rome, of the second in Oslo."""
    monkeypatch.setattr(homes, "AT_ONCE", at_once)
    known = {"first_name": {"ann": (1000, 0), "bob": (0, 1000)}, "last_name": {"ann": (1000, 0), "bob": (0, 1000)}}
    cells = [("ann", "ann", "rome")] * 6 + [("bob", "bob", "oslo")] * 6 + [("bob", None, "bern")] * 2
    fields = ("first_name", "last_name", "city")
    table = RecordTable.of([{"record_id": str(i), **dict(zip(fields, row, strict=True))} for i, row in enumerate(cells)])
    populations, columns = model_of(known, (0.5, 0.5)).populations, tuple(table.columns[field] for field in fields[:2])
    found = with_homes(populations, table, [*TRAITS, PLACE], values_to_populations(populations, columns), columns)
    assert found.place == "city"
    assert found.home_tie > 1.5
    assert homes_of_values(found, Column.of(["rome", "oslo", "bern"])).tolist() == [
        [1, 0],
        [0, 0.75],
        [0, 0],
    ]  # Bern is too small
    without = with_homes(populations, table, TRAITS, values_to_populations(populations, columns), columns)
    assert without == populations


def test_without_records_every_pair_of_one_city_loses_the_average_of_it():
    model = with_place(model_of({"first_name": {}, "last_name": {}}, tie=4.0), {}, tie=2.0)
    levels = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 0]], np.int8)
    at, cost = tie_names(RecordTable.of([]), model, [*TRAITS, PLACE]).of(levels, np.zeros(3, np.int32), np.zeros(3, np.int32))
    assert dict(zip(at.tolist(), cost.tolist(), strict=True)) == {0: 3 * BITS, 1: 0, 2: 2 * BITS}


def test_without_records_every_pair_loses_the_average():
    model = model_of({"first_name": {}, "last_name": {}}, tie=4.0)
    tie = tie_names(RecordTable.of([]), model, TRAITS)
    levels = np.array([[1, 1], [1, 0], [0, 1], [1, -1]], np.int8)
    at, cost = tie.of(levels, np.zeros(4, np.int32), np.zeros(4, np.int32))
    assert (at.tolist(), cost.tolist()) == ([0], [2 * BITS])


def test_a_table_without_one_of_the_names_has_no_tie():
    model = model_of({"first_name": {}, "last_name": {}})
    assert tie_names(table_of([("ann", "bob")]), model, [LAST]) is None
    assert tie_names(table_of([("ann", "bob")]), replace(model, populations=None), TRAITS) is None


@pytest.mark.parametrize(
    "wrong", [{"tie": 0.5}, {"fields": ("first_name",)}, {"profiles": {"first_name": {}}}, {"shares": (0.2, 0.3, 0.5)}]
)
def test_populations_that_do_not_fit_together_are_refused(wrong):
    right = {"fields": ("a", "b"), "shares": (0.5, 0.5), "profiles": {"a": {"00": (1, 999)}, "b": {}}}
    Populations(**right)
    with pytest.raises(InputError):
        Populations(**{**right, **wrong})
