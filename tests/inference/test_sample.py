"""The sample depends on what rows hold, not on their order, and is right where it is whole."""

import random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.inference.sample import all_distinct, distinct_values, sample_rows

cells = st.lists(
    st.none() | st.text(max_size=20) | st.sampled_from(["a", "b", "a" * 30 + "x" + "b" * 30, "a" * 30 + "y" + "b" * 30])
)


def strings(values: list[str | None]) -> pa.Array:
    return pa.array(values, pa.large_string())


@given(cells, st.integers(1, 5), st.randoms(use_true_random=False))
def test_distinct_values_in_any_order(values, limit, rng):
    chosen, more = distinct_values(strings(values), limit)
    shuffled = rng.sample(values, len(values))
    assert distinct_values(strings(shuffled), limit)[0].to_pylist() == chosen.to_pylist()
    expected = {stripped for value in values if value is not None and (stripped := value.strip())}
    assert set(chosen.to_pylist()) <= expected
    assert len(chosen) == min(limit, len(expected))
    assert more == (len(expected) > limit)


@given(cells.map(lambda values: [value for value in values if value is not None]))
def test_all_distinct_agrees_with_a_set(values):
    assert all_distinct(strings(values)) == (len(set(values)) == len(values))


@given(
    st.lists(st.tuples(st.text(max_size=12), st.none() | st.text(max_size=3)), min_size=21, max_size=80),
    st.randoms(use_true_random=False),
)
def test_sampled_rows_are_the_same_in_any_order(rows, rng):
    def sampled(picked):
        table = pa.table({"a": strings([row[0] for row in picked]), "b": strings([row[1] for row in picked])})
        return sorted(map(str, sample_rows(table, 10).to_pylist()))

    assert sampled(rows) == sampled(rng.sample(rows, len(rows)))


def test_slices_are_sampled_like_copies():
    values = [f"value {i}" for i in range(3000)]
    whole = pa.table({"a": strings(["x" * 9, *values, "y"])})
    assert sample_rows(whole.slice(1, 3000), 100).to_pydict() == sample_rows(pa.table({"a": strings(values)}), 100).to_pydict()


@pytest.mark.parametrize("value", ["same", ""])
def test_identical_rows_are_all_kept(value):
    table = pa.table({"a": strings([value] * 1000)})
    assert sample_rows(table, 10).num_rows == 1000


def test_sample_is_near_the_size_asked_for():
    rng = random.Random(3)
    table = pa.table({"id": strings([f"{rng.getrandbits(64):016x}" for _ in range(20_000)]), "flag": strings(["y"] * 20_000)})
    assert 800 < sample_rows(table, 1000).num_rows < 1200


def test_huge_cells_are_cut():
    (value,) = distinct_values(strings(["x" * 10_000_000]))[0].to_pylist()
    assert value == "x" * 200
