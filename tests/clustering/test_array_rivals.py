"""Rivals of all clusters at once are those that the walk through the links finds one after the other."""

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.clustering import array_rivals
from omniid.clustering.array_rivals import rivals_on_arrays
from omniid.clustering.refusals import WalkedLinks, rival_unions
from omniid.clustering.union_find import UnionFind


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 1 << 21]))
def test_they_are_those_of_the_slow_way(seed, batch):
    """Links of few ranks between the nodes of a few clusters; clusters hold together by whatever joins them."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 14))
    left, right = (side.astype(np.int32) for side in np.triu_indices(n, 1))
    kept = rng.random(len(left)) < 0.5
    left, right = left[kept], right[kept]
    drawn = rng.integers(0, 3, n)
    clusters = np.array([np.flatnonzero(drawn == one)[0] for one in drawn], np.int32)
    none = np.zeros(len(left), np.int32)
    rank = rng.integers(0, 5, len(left)).astype(np.int32)
    links = WalkedLinks(rank, left, right, left, right, none.astype(np.int64), none.astype(np.int8), none.astype(np.int16))
    mine, theirs = clusters[left], clusters[right]
    with patch.object(array_rivals, "BATCH", batch):
        found = rivals_on_arrays(n, mine, theirs, links)
    slow = rival_unions(UnionFind(n), [[node] for node in range(n)], mine, theirs, links, most=n)

    def pairs_of(rivals):
        items = zip(*(column.tolist() for column in rivals[1:]), strict=True)
        return sorted((int(rivals.places[which]), one, other) for which, one, other in items)

    assert pairs_of(found) == pairs_of(slow)
    assert np.all(np.diff(found.which) >= 0)
