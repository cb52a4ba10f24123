"""Sorted neighbourhood, shared q-grams, MinHash and one edit against their slow twins."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from omniid.blocking import block, minhash_lsh, one_edit, plan_blocks, shared_qgrams, sorted_name, sorted_neighbourhood
from omniid.errors import SpecError
from omniid.tables import RecordTable
from oracle.blocks import listed

words = st.text("ab1 é", min_size=1, max_size=7)
columns = st.lists(st.one_of(st.none(), words, st.lists(words, max_size=2)), min_size=1, max_size=12)


def table_of(cells):
    return RecordTable.of([{"record_id": f"{i:03}", "text": cell} for i, cell in enumerate(cells)])


def held(cells):
    return [[value for value in (cell if isinstance(cell, list) else [cell]) if value] for cell in cells]


def brute(cells, predicate):
    rows = held(cells)
    return [(i, j) for i, j in combinations(range(len(rows)), 2) if any(predicate(a, b) for a in rows[i] for b in rows[j])]


def found(cells, rule, **options):
    pairs = [triple[:2] for triple in listed(block(table_of(cells), [rule], **options))]
    assert len(set(pairs)) == len(pairs)
    return sorted(pairs)


@given(columns, st.integers(2, 4))
def test_neighbours_stand_close_in_sorted_order(cells, window):
    entries = sorted({(value, row) for row, values in enumerate(held(cells)) for value in values})
    near = {tuple(sorted((a[1], b[1]))) for i, a in enumerate(entries) for b in entries[i + 1 : i + window] if a[1] != b[1]}
    assert found(cells, sorted_neighbourhood("text", window=window)) == sorted(near)


def test_neighbours_are_sorted_by_further_keys_too():
    rows = [("a", "z"), ("a", "x"), ("b", None), ("a", None), ("a", "y")]
    table = RecordTable.of([{"record_id": str(i), "one": one, "two": two} for i, (one, two) in enumerate(rows)])
    pairs = listed(block(table, [sorted_neighbourhood("one", "two", window=2)]))
    order = [3, 1, 4, 0, 2]
    assert {triple[:2] for triple in pairs} == {tuple(sorted(pair)) for pair in pairwise(order)}


def test_a_sorted_name_cannot_be_a_sort_key():
    with pytest.raises(SpecError, match="has no sort order"):
        block(table_of(["a"]), [sorted_neighbourhood(sorted_name("text", "text"))])


@given(st.lists(st.text("ab1", min_size=3, max_size=6), min_size=2, max_size=9))
def test_one_edit_finds_exactly_the_typing_errors(cells):
    # Up to nine values: a group of more than eight around one deletion is left out.
    cells = sorted(set(cells))[:8]
    assert found(cells, one_edit("text", shortest=3)) == brute(cells, lambda a, b: OSA.distance(a, b) == 1)


@given(columns)
def test_one_edit_with_missing_several_and_short_values(cells):
    expected = brute(cells, lambda a, b: min(len(a), len(b)) >= 4 and OSA.distance(a, b) == 1)
    assert found(cells, one_edit("text", shortest=4)) == expected


def test_one_edit_counts_what_it_leaves_out():
    runs = [f"700000000{i}" for i in range(10)]  # ten values around one deletion: a run of numbers
    plan = plan_blocks(table_of(runs), [one_edit("text")]).rules[0]
    assert (plan.pairs, plan.left_out) == (0, 45)
    common = ["anna@mail.com"] * 11 + ["ana@mail.com"]
    plan = plan_blocks(table_of(common), [one_edit("text")]).rules[0]
    assert (plan.pairs, plan.left_out) == (0, 11)


def test_one_edit_in_parts_equals_one_edit_at_once(monkeypatch):
    cells = [f"+4479{(i // 2) * 7919 % 100_000:05}{'x' * (i % 2)}" for i in range(60)]
    whole = found(cells, one_edit("text"))
    monkeypatch.setattr("omniid.blocking.edits.PART", 50)
    assert len(whole) >= 30
    assert found(cells, one_edit("text")) == whole


def grams(text, q):
    return {text[i : i + q] for i in range(max(len(text) - q + 1, 1))}


def jaccard(a, b, q):
    return len(grams(a, q) & grams(b, q)) / len(grams(a, q) | grams(b, q))


@given(columns, st.integers(1, 3), st.sampled_from([0.3, 0.5, 0.8, 1.0]))
def test_shared_qgrams_is_an_exact_join(cells, q, threshold):
    expected = brute(cells, lambda a, b: jaccard(a, b, q) >= threshold - 1e-9)
    assert found(cells, shared_qgrams("text", q=q, threshold=threshold)) == expected


def test_shared_qgrams_counts_what_it_leaves_out():
    plan = plan_blocks(table_of(["main street"] * 5), [shared_qgrams("text")], max_block=4).rules[0]
    assert (plan.pairs, plan.left_out) == (0, 10)


STREETS = [
    f"{number} {name} {kind}"
    for number in (12, 123, 7)
    for name in ("northumberland", "high", "station")
    for kind in ("street", "avenue")
]


def test_minhash_finds_equal_and_near_equal_texts_and_hardly_any_others():
    cells = [
        "12 northumberland avenue london",
        "12 northumberland avenue londn",
        "7 high street york",
        "12 northumberland avenue london",
    ]
    pairs = found(cells, minhash_lsh("text", bands=16, rows=3))
    assert {(0, 1), (0, 3), (1, 3)} == set(pairs)


def test_minhash_meets_as_often_as_its_formula_says():
    pairs = [(a, b) for a, b in combinations(STREETS, 2) if jaccard(a, b, 2) > 0.3]
    share = [0, 0.0]
    for seed in range(12):
        met = set(found(STREETS, minhash_lsh("text", q=2, bands=6, rows=2, seed=seed)))
        share[0] += sum((STREETS.index(a), STREETS.index(b)) in met for a, b in pairs)
        share[1] += sum(1 - (1 - jaccard(a, b, 2) ** 2) ** 6 for a, b in pairs)
    assert share[0] == pytest.approx(share[1], rel=0.1)


def test_another_seed_gives_other_bands_and_the_same_seed_the_same():
    rule = [minhash_lsh("text", q=2, bands=2, rows=2, seed=seed) for seed in (0, 0, 1, 2, 3)]
    results = [found(STREETS, one) for one in rule]
    assert results[0] == results[1]
    assert any(other != results[0] for other in results[2:])
