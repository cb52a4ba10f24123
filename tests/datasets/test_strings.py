"""Slips are one edit away, and only where they were asked for."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from omniid.datasets.strings import choose, digits_of, hex_of, join, restore, slips

texts = st.lists(st.one_of(st.none(), st.text(alphabet="abcżółwКузłé 019-", max_size=12)), min_size=1, max_size=20)


@given(texts, st.integers(0, 2**32 - 1), st.booleans())
def test_a_slip_is_at_most_one_edit(cells: list[str | None], seed: int, insertions: bool) -> None:
    rng = np.random.default_rng(seed)
    flags = rng.random(len(cells)) < 0.6
    changed = slips(pa.array(cells, pa.string()), flags, rng, insertions=insertions).to_pylist()
    for before, after, flag in zip(cells, changed, flags, strict=True):
        if not flag or before is None or len(before) < 3:
            assert after == before
        else:
            assert OSA.distance(before, after) <= 1
            assert insertions or len(after) == len(before)


def test_most_slips_change_something() -> None:
    cells = pa.array(["Kowalski"] * 2_000)
    changed = slips(cells, np.ones(2_000, bool), np.random.default_rng(0)).to_pylist()
    assert sum(cell != "Kowalski" for cell in changed) > 1_850  # a scanner reads most of its letters rightly


def test_columns_of_strings() -> None:
    assert join(pa.array(["a", "b"]), "-", digits_of(np.array([1, 20]), 3)).to_pylist() == ["a-001", "b-020"]
    assert choose(np.array([True, False]), "yes", pa.array(["no", "no"])).to_pylist() == ["yes", "no"]
    assert hex_of(np.array([0, 2**64 - 1], np.uint64)).to_pylist() == ["0" * 16, "f" * 16]
    assert restore([pa.array(["c"]), pa.array(["a", "b"])], [np.array([2]), np.array([0, 1])]).to_pylist() == ["a", "b", "c"]
