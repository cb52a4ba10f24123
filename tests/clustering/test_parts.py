"""Parts of large components."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.clustering.parts import parts_of


@given(st.integers(2, 12), st.integers(1, 30), st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_parts_grow_along_the_best_links_and_never_too_large(n, edges, most, seed):
    rng = np.random.default_rng(seed)
    left = rng.integers(0, n - 1, edges)
    right = rng.integers(left + 1, n)
    order = rng.permutation(edges)
    wanted = {node: {node} for node in range(n)}
    for link in order.tolist():
        together = wanted[int(left[link])] | wanted[int(right[link])]
        if len(together) <= most:
            wanted.update(dict.fromkeys(together, together))
    found = parts_of(n, left.astype(np.int32), right.astype(np.int32), order, most)
    assert found.tolist() == [min(wanted[node]) for node in range(n)]
    assert np.bincount(found).max() <= most
