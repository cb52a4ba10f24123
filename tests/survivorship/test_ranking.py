"""The order of entries against a sort by every key at once."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from omniid.survivorship.entries import Entries, RecordFacts
from omniid.survivorship.ranking import best_first
from omniid.tables import NO_TIME

EXTREMES = [NO_TIME, -1, 0, 1, np.iinfo(np.int64).max]

entry = st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 2), st.sampled_from(EXTREMES), st.floats())


def made(rows: Sequence[tuple[int, int, int, int, float]]) -> Entries:
    rows = sorted(rows, key=lambda row: row[0])
    numbers = np.array([row[:3] for row in rows], np.int32).reshape(-1, 3)
    nothing = np.zeros(len(rows), np.int32)
    facts = RecordFacts(
        np.zeros(len(rows), np.int64), nothing, nothing, ("crm",), {}, {}, nothing, np.zeros(len(rows), np.int64), {}, {}
    )
    text = pa.array(["a", "b", "c"], pa.large_string())
    at = np.arange(len(rows), dtype=np.int32)
    return Entries(numbers[:, 0], at, numbers[:, 1], numbers[:, 2], text, text, facts, {})


@given(st.lists(entry, max_size=20), st.integers(0, 2))
def test_the_order_equals_a_sort_by_all_keys(rows, n_ranks) -> None:
    rows = sorted(rows, key=lambda row: row[0])
    entries = made(rows)
    ranks = [np.array([row[3] for row in rows], np.int64), np.array([row[4] for row in rows])][:n_ranks]
    often = [sum(b[0] == a[0] and b[2] == a[2] for b in rows) for a in rows]
    dense = [np.unique(rank, return_inverse=True)[1].tolist() for rank in ranks]

    def key(i: int) -> tuple[object, ...]:
        return rows[i][0], [-rank[i] for rank in dense], rows[i][1], -often[i], rows[i][2], i

    assert best_first(entries, ranks).tolist() == sorted(range(len(rows)), key=key)


@given(st.lists(entry, max_size=20))
def test_support_counts_what_an_entity_holds(rows) -> None:
    entries = made(rows)
    weight = np.arange(len(entries), dtype=np.int64)
    held = list(zip(entries.entity.tolist(), entries.shown.tolist(), strict=True))
    wanted = [sum(i for i, other in enumerate(held) if other == one) for one in held]
    assert entries.support(entries.shown, weight).tolist() == wanted
