"""Values of unions compare as the exact fractions do."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.clustering.merge_values import ConflictSums, MergeRule, MergeValues, node_conflicts, sum_conflicts

EVIDENCE = st.tuples(st.integers(0, 2), st.integers(-3 * 10**6, 3 * 10**8), st.integers(0, 2))
BETWEEN = st.tuples(st.integers(1, 50), st.integers(1, 50), st.integers(-(10**10), 0))


def exact(evidence, between, beta):
    return evidence[0], evidence[1] + beta * Fraction(between[2], between[0] * between[1]), -evidence[2]


@given(EVIDENCE, EVIDENCE, BETWEEN, BETWEEN, st.integers(0, 5), st.integers(1, 4))
def test_smaller_numbers_stand_for_better_unions(one, other, here, there, p, q):
    link_at = -4 * 10**11  # nothing is too weak
    rule, sizes = MergeRule(link_at, (p, q), places=3), [here[0], here[1], there[0], there[1]]
    sums = ConflictSums(sizes, [[{1: 2 * here[2]}, {0: 2 * here[2]}, {3: 2 * there[2]}, {2: 2 * there[2]}]])
    values = MergeValues(rule, sums, [one, other], most_records=100)
    found, beta = (values.of(0, 0, 1), values.of(1, 2, 3)), Fraction(p, q)
    first, second = exact(one, here, beta), exact(other, there, beta)
    assert (found[0] < found[1], found[0] == found[1]) == (first > second, first == second)


@given(st.integers(-5, 20), st.integers(-20, 0), st.integers(1, 6), st.integers(-2, 2))
def test_the_threshold_is_exact(weight, total, count, link_at):
    value = weight + Fraction(3, 2) * Fraction(total, count)
    assert MergeRule(link_at, (3, 2)).allows(weight, total, count) == (value >= link_at)


def test_of_records_that_decisions_joined_the_one_that_agrees_best_counts():
    nodes = np.zeros(2, np.int32)
    found = node_conflicts(nodes, nodes + 1, np.array([[-18, -4], [-2, -5]]), np.array([1, 3]))
    assert [column.tolist() for column in found] == [[0], [1], [[-2, -3]], [4]]
    assert sum_conflicts(2, found) == [[{1: -8}, {0: -8}], [{1: -15}, {0: -15}]]
