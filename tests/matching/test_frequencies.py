import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.matching.frequencies import learn_frequencies, pair_ranks, rank_values, value_counts
from omniid.tables import Column, ComparisonWeights

LISTS = st.lists(st.lists(st.sampled_from(["a", "b", "c", None]), max_size=4), min_size=1, max_size=12)


def multi(lists):
    return Column.of([v for cell in lists for v in cell], np.cumsum([0, *map(len, lists)]).astype(np.int64))


def share_of(learned, field, value):
    weights = ComparisonWeights(field, ("else", "exact"), (0.1, 0.9), (0.9, 0.1), (), learned.frequency, learned.rare)
    found = rank_values(field, Column.of([value]), weights)
    return float(found.shares[found.ranks[0] - 1])


@given(LISTS)
def test_counts_equal_a_loop_over_records(lists):
    firsts = Column.of([cell[0] if cell else None for cell in lists])
    for column, cells in ((multi(lists), lists), (firsts, [cell[:1] for cell in lists])):
        counts, present = value_counts(column)
        for value, count in zip(column.vocabulary.to_pylist(), counts.tolist(), strict=True):
            assert count == sum(value in cell for cell in cells)
        assert len(counts) == len(column.vocabulary)
        assert present == sum(any(v is not None for v in cell) for cell in cells)


def test_frequent_values_are_stored_as_hashes_and_the_rest_shares_one_number():
    column = Column.of(["Smith"] * 50 + ["Jones"] * 20 + ["Aardvark"] * 2 + [f"name{i}" for i in range(28)])
    learned = learn_frequencies("last_name", column, 0.01)
    assert sorted(learned.frequency.values()) == [20 / 150, 50 / 150]  # 50 silent strangers stand beside the 100 records
    assert "Smith" not in json.dumps(dict(learned.frequency))
    assert share_of(learned, "last_name", "Smith") == 50 / 150
    assert share_of(learned, "last_name", "Aardvark") == learned.rare == pytest.approx(2 / 150)
    assert share_of(learned, "last_name", "never seen") == learned.rare


def test_a_value_hashes_differently_in_another_field():
    column = Column.of(["Alex"] * 9)
    one, two = (learn_frequencies(field, column, 0.1).frequency for field in ("first_name", "last_name"))
    assert set(one).isdisjoint(two)


def test_half_the_average_is_the_least_share():
    learned = learn_frequencies("x", Column.of([str(i) for i in range(100)] * 2), 0.5)
    assert learned.rare == 0.25


def test_people_count_instead_of_records():
    column = Column.of(["one@shop"] * 200 + ["desk@shop"] * 200 + [f"{i}@x" for i in range(100)])
    people = np.array([1, 150] + [1] * 100)
    learned = learn_frequencies("email", column, 0.3, people=people)
    one, desk = (share_of(learned, "email", value) for value in ("one@shop", "desk@shop"))
    assert desk / one == pytest.approx(1490)
    assert (200 * one + 200 * desk + 100 * one) / 500 == pytest.approx(0.3)  # on average, as often as strangers share one
    assert learned.typical is None


def test_code_numbering_does_not_matter():
    values = ["a"] * 9 + ["b"] * 7 + ["c"] * 3 + ["d"] * 2
    assert learn_frequencies("x", Column.of(values), 0.01) == learn_frequencies("x", Column.of(values[::-1]), 0.01)


def test_an_empty_field_learns_a_share():
    learned = learn_frequencies("x", Column.of([None, None]), 0.2)
    assert (dict(learned.frequency), learned.rare, learned.typical) == ({}, 0.1, None)


@given(LISTS, st.data())
def test_the_rarest_shared_value_counts(lists, data):
    column = multi(lists)
    order = data.draw(st.permutations(range(1, len(column.vocabulary) + 1)))
    ranks = np.array([*order, 0], np.int32)[column.codes]
    rank_of = dict(zip(column.vocabulary.to_pylist(), order, strict=True))
    rows = st.integers(0, len(lists) - 1)
    pairs = data.draw(st.lists(st.tuples(rows, rows), max_size=10))
    left, right = (np.array([pair[i] for pair in pairs], np.int32) for i in (0, 1))
    held = [[v for v in cell if v is not None] for cell in lists]

    def expected(a, b):
        if len(held[a]) <= 1 and len(held[b]) <= 1:  # as in a column of one value a record
            return max((rank_of[v] for v in held[a] + held[b]), default=0)
        return min((rank_of[v] for v in set(held[a]) & set(held[b])), default=0)

    assert pair_ranks(column, ranks, left, right).tolist() == [expected(a, b) for a, b in pairs]


def test_of_two_differing_values_the_more_frequent_counts():
    column = Column.of(["rare", "common", None])
    ranks = np.array([1, 5, 0], np.int32)
    assert pair_ranks(column, ranks, np.array([0, 0, 2]), np.array([1, 2, 2])).tolist() == [5, 1, 0]
