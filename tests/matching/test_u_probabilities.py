from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.errors import SpecError
from omniid.matching.u_probabilities import (
    Chance,
    at_least_seen,
    estimate_chance,
    exact_share,
    random_pairs,
    without_matches,
)
from omniid.tables import SILENT, ComparisonTraits, RecordTable, pairs_among
from oracle.matching import make_world, without_frequency


def keys_of(table, pairs):
    return {tuple(sorted((table.key(a), table.key(b)))) for a, b in zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)}


def numbered(n, source="s"):
    return RecordTable.of([{"record_id": str(i), "x": str(i % 7)} for i in range(n)], source)


@given(st.integers(0, 20), st.integers(1, 300))
def test_random_pairs_are_distinct_ordered_pairs_of_rows(n, size):
    table = numbered(n)
    left, right = random_pairs(table, size)
    assert (left < right).all()
    assert len(keys_of(table, (left, right))) == len(left)
    everything = n * (n - 1) // 2
    if size >= n * (n + 1) // 2:
        assert len(left) == everything
    else:
        assert len(left) >= min(size, everything) - n / 2  # an even ring leaves its diameters out


def test_random_pairs_do_not_depend_on_row_order():
    table = numbered(300)
    order = np.random.default_rng(0).permutation(300)
    shuffled = replace(table, source=table.source[order], record_id=table.record_id.take(order), columns={}, raw={}, display={})
    assert keys_of(table, random_pairs(table, 5000)) == keys_of(shuffled, random_pairs(shuffled, 5000))


def test_random_pairs_depend_on_seed_and_source():
    table, other = numbered(300), numbered(300, "t")
    base = random_pairs(table, 5000)[0].tolist()
    assert base != random_pairs(table, 5000, seed=1)[0].tolist()
    assert base != random_pairs(other, 5000)[0].tolist()


def test_random_pairs_are_fair():
    """Each residue class of ids meets each other about as often as chance says."""
    table = numbered(2000)
    left, right = random_pairs(table, 200_000)
    group = np.array([int(value) % 7 for value in table.record_id.to_pylist()])
    same = (group[left] == group[right]).mean()
    assert same == pytest.approx(1 / 7, abs=0.004)
    assert np.bincount(np.concatenate([left, right])).std() < 1  # every record is drawn equally often


def test_random_pairs_of_a_large_table_are_among_few_records(monkeypatch):
    monkeypatch.setattr("omniid.matching.u_probabilities.POOL", 100)
    table = numbered(2000)
    left, right = random_pairs(table, 4000)
    assert len(keys_of(table, (left, right))) == len(left) == 4000
    drawn = np.bincount(np.concatenate([left, right]), minlength=2000)
    assert sorted(set(drawn.tolist())) == [0, 80]
    assert (drawn > 0).sum() == 100
    shuffled = np.random.default_rng(0).permutation(2000)
    other = replace(table, source=table.source[shuffled], record_id=table.record_id.take(shuffled), columns={})
    assert keys_of(other, random_pairs(other, 4000)) == keys_of(table, (left, right))


@given(st.lists(st.sampled_from(["a", "b", "c", None]), max_size=30))
def test_exact_share_equals_counting_all_pairs(values):
    table = RecordTable.of([{"record_id": i, "x": value} for i, value in enumerate(values)] + [{"record_id": "z", "x": None}])
    known = [value for value in values if value is not None]
    pairs = [(a, b) for i, a in enumerate(known) for b in known[:i]]
    expected = sum(a == b for a, b in pairs) / len(pairs) if pairs else 0.0
    assert exact_share(table, "x") == pytest.approx(expected)


def test_exact_share_of_lists_counts_records():
    table = RecordTable.of(
        [{"record_id": 1, "x": ["a", "a", "b"]}, {"record_id": 2, "x": ["b", "c"]}, {"record_id": 3, "x": ["d"]}]
    )
    assert exact_share(table, "x") == pytest.approx(1 / 3)


def test_chance_of_a_small_table_is_counted_on_all_pairs():
    world = make_world(60)
    left, right = np.triu_indices(len(world.table), 1)
    levels = world.compare_rows(left, right)
    for column, chance in zip(
        levels.T, estimate_chance(world.table, without_frequency(world).traits, world.compare_rows), strict=True
    ):
        seen = np.bincount(column[column >= 0], minlength=3)
        assert chance.pairs == seen.sum()
        assert chance.share == pytest.approx(seen / seen.sum(), abs=1e-3)


def test_closed_form_agrees_with_random_pairs_on_a_large_table():
    world = make_world(1200)
    by_counts = estimate_chance(world.table, world.traits, world.compare_rows)
    by_pairs = estimate_chance(world.table, without_frequency(world).traits, world.compare_rows)
    for exact, drawn in zip(by_counts, by_pairs, strict=True):
        assert exact.share.sum() == pytest.approx(1)
        unshrunk = exact.share[1:] / (pairs_among(len(world.table)) / pairs_among(len(world.table) + SILENT))
        assert unshrunk == pytest.approx(drawn.share[1:], rel=0.2, abs=4 * np.sqrt(0.02 / 400_000))


def test_a_swapped_level_has_the_chance_of_both_parts():
    first = ComparisonTraits("first", ("else", "exact", "swapped"), (0.2, 0.7, 0.1), frequency="first", swaps_with="last")
    last = ComparisonTraits("last", ("else", "exact"), (0.2, 0.8), frequency="last")
    table = RecordTable.of([{"record_id": i, "first": "ab"[i % 2], "last": "xyz"[i % 3]} for i in range(60)])

    def never(left, right):
        return np.zeros((len(left), 2), np.int8)

    chance = estimate_chance(table, [first, last], never)
    seen = pairs_among(60) / pairs_among(60 + SILENT)
    both = exact_share(table, "first") * seen * exact_share(table, "last") * seen
    assert chance[0].share[2] == pytest.approx(both, rel=0.2)
    assert estimate_chance(table, [replace(first, swaps_with=None), last], never)[0].share[2] < 1e-3
    u = without_matches(chance[0], np.array([0.0, 0.0, 1e6]))
    assert u[2] == pytest.approx(both, rel=0.2)  # matches have no part in it


def test_an_unknown_frequency_field_names_the_known_ones():
    trait = ComparisonTraits("x", ("else", "exact"), (0.1, 0.9), frequency="nme")
    with pytest.raises(SpecError, match=r"'nme'.*fields are x"):
        estimate_chance(numbered(3), [trait], lambda a, b: np.zeros((len(a), 1), np.int8))


def test_u_keeps_a_floor_when_all_agreement_is_explained_by_matches():
    u = without_matches(Chance(np.array([0.9, 0.1]), 1000.0), np.array([0.0, 100.0]))
    assert u.sum() == pytest.approx(1)
    assert u[1] == pytest.approx((0.25 + 0.00025 * 100) / (900 + 0.5 + 0.00025 * 1000))


@given(
    st.lists(st.floats(0.001, 1), min_size=4, max_size=4),
    st.lists(st.integers(0, 1000), min_size=4, max_size=4),
    st.sampled_from([None, 1, 2]),
)
def test_looser_levels_have_at_least_the_candidate_pairs_that_show_them(share, seen, swapped):
    trait = ComparisonTraits("email", ("else", "alike", "few edits", "exact"), (0.2, 0.1, 0.1, 0.6))
    chance = Chance(np.array(share) / sum(share), 1e6, swapped)
    (raised,) = at_least_seen([chance], [np.array(seen, float)], [trait])
    assert raised.share.sum() == pytest.approx(1)
    for level in (1, 2):
        expected = chance.share[level] if level == swapped else max(chance.share[level], seen[level] / 1e6)
        assert raised.share[level] == pytest.approx(expected, rel=0.01)  # all scaled where they came to more than 1
    assert raised.share[3] == pytest.approx(chance.share[3], rel=0.01)
