"""Two groups of records weighed as two wholes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.matching import compile_weights, score_rows, weigh_profiles
from omniid.tables import BITS, ComparisonTraits, ComparisonWeights, Model, RecordTable
from oracle.profiles import weigh_profiles as slowly

NAMES = ("else", "alike", "exact", "swapped")
PARTS = (
    ComparisonWeights("first_name", NAMES, (0.2, 0.1, 0.6, 0.1), (0.9, 0.06, 0.03, 0.01), (0.8, 0.1, 0.08, 0.02)),
    ComparisonWeights("email", NAMES[:3], (0.3, 0.1, 0.6), (0.9, 0.09, 0.01), (0.7, 0.1, 0.2)),
)
TRAITS = [ComparisonTraits(part.name, part.levels, part.m) for part in PARTS]
MODEL = Model(PARTS, 0.01, 0.02)
LEVELS = st.tuples(st.integers(-1, 3), st.integers(-1, 2))


def silent(levels):
    """Nothing repeats anything."""


@given(st.lists(st.lists(LEVELS, min_size=1, max_size=5), min_size=1, max_size=4))
def test_the_package_finds_what_the_slow_obvious_way_finds(unions):
    tables = compile_weights(RecordTable.of([]), MODEL, TRAITS)
    graded = np.array([levels for union in unions for levels in union], np.int8)
    start = np.cumsum([0, *map(len, unions)])[:-1]
    rows = np.zeros(len(graded), np.int32)
    found = weigh_profiles(tables, TRAITS, graded, rows, rows, start, silent)
    a, b = ([[bits / BITS for bits in table.tolist()] for table in part] for part in (tables.a, tables.b))
    for union, weight in zip(unions, found.weight.tolist(), strict=True):
        wanted = slowly(tables.start_a / BITS, tables.start_b / BITS, a, b, union, (3, None))
        assert abs(weight / BITS - wanted) < 1e-5


@given(LEVELS)
def test_one_pair_weighs_what_it_weighs_as_a_pair(levels):
    tables, one = compile_weights(RecordTable.of([]), MODEL, TRAITS), np.zeros(1, np.int32)
    graded = np.array([levels], np.int8)
    found = weigh_profiles(tables, TRAITS, graded, one, one, np.zeros(1, np.int64), silent)
    assert found.weight.tolist() == score_rows(tables, one, one, graded, TRAITS, link_at=0).tolist()


@given(st.lists(LEVELS, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_no_order_of_pairs_matters(levels, random):
    tables, rows = compile_weights(RecordTable.of([]), MODEL, TRAITS), np.zeros(len(levels), np.int32)
    start, again = np.zeros(1, np.int64), random.sample(levels, len(levels))
    parts = (np.array(part, np.int8) for part in (levels, again))
    both = [weigh_profiles(tables, TRAITS, part, rows, rows, start, silent) for part in parts]
    assert both[0].weight.tolist() == both[1].weight.tolist()


def test_what_repeats_another_field_counts_once_also_across_pairs():
    """The e-mail agrees in one pair, the name in another: they silence each other as in one pair."""
    tables, rows = compile_weights(RecordTable.of([]), MODEL, TRAITS), np.zeros(2, np.int32)

    def silence(levels):
        levels[levels[:, 1] == 2, 0] = -1

    graded = np.array([[2, -1], [-1, 2]], np.int8)
    found = weigh_profiles(tables, TRAITS, graded, rows, rows, np.zeros(1, np.int64), silence)
    assert found.levels.tolist() == [[-1, 2]]
    assert found.bits[0, 0] == found.looks[0, 0] == 0


def test_an_agreement_after_many_looks_says_nothing_but_never_speaks_against():
    tables, rows = compile_weights(RecordTable.of([]), MODEL, TRAITS), np.zeros(60, np.int32)
    graded = np.full((60, 2), -1, np.int8)
    graded[:, 0] = 1  # alike: worth 0.7 bits, seen in each of 60 pairs
    found = weigh_profiles(tables, TRAITS, graded, rows, rows, np.zeros(1, np.int64), silent)
    assert found.bits[0, 0] == found.looks[0, 0] > 0
