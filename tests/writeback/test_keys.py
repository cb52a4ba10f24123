"""Idempotency keys and chains of changes, against the plainest way to say them."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from omniid.writeback import are_followed, chain_starts, change_keys, standing, times_before

steps = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 3)), max_size=12)


def arrays(changes: list[tuple[int, ...]]) -> list[np.ndarray]:
    return [np.array([one[i] for one in changes], np.int64) for i in range(3)]


@given(steps, st.lists(st.integers(0, 3), min_size=3, max_size=3))
def test_chains_are_what_one_finds_cell_by_cell(changes: list[tuple[int, int, int]], now: list[int]) -> None:
    start, last, followed = {}, {}, [False] * len(changes)
    begins, stands = [], {}
    for place, (cell, old, new) in enumerate(changes):
        before = last.get(cell)
        goes_on = before is not None and changes[before][2] == old
        start[cell] = start[cell] if goes_on else place
        if goes_on:
            followed[before] = True
        last[cell] = place
        begins.append(start[cell])
        if new == now[cell]:
            stands[cell] = (place, start[cell])
    assert chain_starts(*arrays(changes)).tolist() == begins
    assert are_followed(*arrays(changes)).tolist() == followed
    ends, firsts = standing(*arrays(changes), np.array([now[cell] for cell, _, _ in changes], np.int64))
    expected = sorted((place, first) for place, first in stands.values() if changes[first][1] != changes[place][2])
    assert sorted(zip(ends.tolist(), firsts.tolist(), strict=True)) == expected


@given(st.lists(st.tuples(*[st.sampled_from(["a", "b", None, ""])] * 5), max_size=8))
def test_keys_are_equal_where_changes_are(changes: list[tuple[str | None, ...]]) -> None:
    parts = [pa.array([one[i] for one in changes], pa.large_string()) for i in range(5)]
    zero = np.zeros(len(changes), np.int64)
    keys = change_keys(parts, zero).to_pylist()
    assert len(set(keys)) == len(set(changes))
    assert keys == change_keys([part.dictionary_encode() for part in parts], zero).to_pylist()
    assert not set(keys) & set(change_keys(parts, zero + 1).to_pylist())
    assert times_before(parts, parts).tolist() == [changes.count(one) for one in changes]
