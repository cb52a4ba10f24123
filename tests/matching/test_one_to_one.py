"""Between two sources without duplicates candidates are rivals."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import oracle.one_to_one as oracle
from omniid.matching import weigh_one_to_one
from omniid.tables import BITS
from oracle.cluster import Link
from oracle.scenes import scored


@st.composite
def cases(draw):
    n, sources = draw(st.integers(2, 9)), 3
    source = [draw(st.integers(0, sources - 1)) for _ in range(n)]
    ends = [(left, right) for left in range(n) for right in range(left + 1, n)]
    pairs = [(*pair, draw(st.integers(-3, 12))) for pair in draw(st.lists(st.sampled_from(ends), unique=True, max_size=15))]
    return sorted(pairs), source, [draw(st.booleans()) for _ in range(sources)]


def scores(pairs):
    return scored([Link(left, right, bits * BITS) for left, right, bits in pairs])


@given(cases(), st.sampled_from([0.0, 0.5, 0.9]))
def test_the_package_finds_what_the_slow_obvious_way_finds(case, share):
    pairs, source, free = case
    known = dict.fromkeys([(0, 1), (0, 2), (1, 2)], share)
    made = scores(pairs)
    found = weigh_one_to_one(made, np.array(source, np.int32), np.array(free), known)
    ends = list(zip(made.left[found.at].tolist(), made.right[found.at].tolist(), strict=True))
    wanted = oracle.weigh_one_to_one(pairs, source, free, share)
    assert sorted(ends) == sorted(wanted)
    for pair, weight in zip(ends, found.weight.tolist(), strict=True):
        assert abs(weight / BITS - wanted[pair]) < 1e-5


@given(cases())
def test_a_pair_of_sources_is_complete_but_never_wholly(case):
    pairs, source, free = case
    shares = weigh_one_to_one(scores(pairs), np.array(source, np.int32), np.array(free)).shares
    assert all(0 <= share <= 0.97 for share in shares.values())


def test_the_share_is_learned_from_the_pairs_that_settle():
    """Of ten records each, five have a sure partner."""
    pairs = [(row, row + 10, 20) for row in range(5)]
    found = weigh_one_to_one(scores(pairs), np.repeat([0, 1], 10), np.array([True, True]))
    assert found.shares == {(0, 1): 0.5}
    assert np.abs(found.weight - 21 * BITS).max() < 100  # one bit more: half of them have one


def test_a_lone_candidate_gains_where_nearly_all_have_a_partner_and_rivals_lose():
    pairs = [(row, row + 100, 12) for row in range(98)] + [(98, 198, -1), (99, 190, 2), (99, 199, 2)]
    made = scores(sorted(pairs))
    found = weigh_one_to_one(made, np.repeat([0, 1], 100), np.array([True, True]))
    bits = dict(zip(zip(made.left.tolist(), made.right.tolist(), strict=True), (found.weight / BITS).tolist(), strict=True))
    assert bits[98, 198] > 2
    assert bits[99, 190] < -9  # its other end is surely taken
    assert bits[99, 199] < 0.1
