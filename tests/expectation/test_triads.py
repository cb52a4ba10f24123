"""Ways around: the same as by listing them."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.expectation import count_triads
from oracle import expectation as oracle

N = 8
PAIRS = st.lists(st.sampled_from(list(combinations(range(N), 2))), unique=True, max_size=16)


def columns(pairs):
    return tuple(np.array([pair[side] for pair in pairs], np.int32) for side in (0, 1))


@given(PAIRS, PAIRS)
def test_it_counts_what_listing_counts(links, seen):
    assert count_triads(N, *columns(links), *columns(seen)) == oracle.triads(N, links, seen)


def test_a_sample_of_the_middles_tells_the_share():
    rng = np.random.default_rng(0)
    n = 6000
    people = [list(combinations(range(start, start + 6), 2)) for start in range(0, n, 6)]
    seen = [pair for pairs in people for pair in pairs if rng.random() < 0.7]
    whole, part = (count_triads(n, *columns(seen), *columns(seen), most=most) for most in (10**9, 4000))
    assert part.pairs < whole.pairs
    assert abs(part.share - whole.share) < 0.03
    assert abs(whole.share - 0.7) < 0.02


def test_one_record_that_all_link_to_is_looked_at_in_part():
    left, right = np.zeros(3000, np.int32), np.arange(1, 3001, dtype=np.int32)
    assert count_triads(3001, left, right, left, right).pairs == 100 * 99 // 2
