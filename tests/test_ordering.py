"""Ranks by bytes against Python's own sort."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omniid import ordering
from omniid.ordering import rank_values

pieces = st.sampled_from(["a", "b", "ab", "\0", "ą", "中文", "x" * 7, "y" * 8, "z" * 60, "😀"])
texts = st.builds("".join, st.lists(pieces, max_size=6))


def check(values):
    ranks, firsts = rank_values(pa.array(values, pa.large_string()))
    distinct = sorted(set(values))
    assert ranks.tolist() == [distinct.index(value) for value in values]
    assert [values[first] for first in firsts] == distinct


@given(st.lists(st.one_of(texts, st.text(max_size=20).map(lambda text: text.encode("utf-8", "ignore").decode()))))
@example(["a", "a\0", "a\0\0", ""])
@example(["x" * 48, "x" * 48 + "a", "x" * 47, "x" * 48])
@example(["12345678", "123456789", "12345678", "1234567"])
@example([])
def test_ranks_are_those_of_a_plain_sort(values):
    check(values)


def test_more_groups_than_a_key_holds_go_to_arrow(monkeypatch):
    monkeypatch.setattr(ordering, "MOST_GROUPS", 2)
    check([f"prefix..{place % 7}-{place % 3}" for place in range(40)])


@pytest.mark.parametrize("start", [0, 3])
def test_slices_are_ranked_like_whole_arrays(start):
    values = pa.array([f"+4850012{place * 7 % 10}345" for place in range(20)], pa.large_string())
    ranks, _ = rank_values(values[start:12])
    assert ranks.tolist() == rank_values(pa.array(values.to_pylist()[start:12], pa.large_string()))[0].tolist()
    assert np.array_equal(np.unique(ranks), np.arange(ranks.max() + 1))


@pytest.mark.parametrize("turned", [1, 2, 7, 77, 1999])
def test_values_with_runs_are_ranked_like_those_without(turned):
    """`turned` values apart and taken by turns: sorted throughout, in long runs, in short ones, in none."""
    raw = sorted(f"{place * 7919 % 1500:07d}-{place % 1600}" for place in range(2000))
    check([value for start in range(turned) for value in raw[start::turned]])


@pytest.mark.parametrize("piece", [1, 2, 5, 64])
def test_ties_settled_some_at_a_time_are_settled_alike(monkeypatch, piece):
    monkeypatch.setattr(ordering, "PIECE", piece)
    check([f"prefix..{place % 5}-{'z' * (place % 4)}" for place in range(90)] + ["prefix..", "x", "", "prefix.."])
    check(["same first bytes"] * 9 + [f"same first bytes {place}" for place in range(9)])
