"""Amounts as people and systems write them."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.normalization import amount_texts, decimals, normalize_amount, read_amounts
from omniid.tables.events import MICROS, NO_AMOUNT


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("19.99", 19.99),
        ("1 234,50 zł", 1234.5),
        ("1,234", 1234),
        ("1.234.567,89", 1234567.89),
        ("1'000.50 CHF", 1000.5),
        ("$-3", -3),
        ("(7.5)", -7.5),
        ("0,125", 0.125),
        ("١٢٫٥", None),
        ("12:30", None),
        ("", None),
        ("1e5", None),
    ],
)
def test_amounts(text: str, units: float | None) -> None:
    assert normalize_amount(text) == (None if units is None else round(units * MICROS))


@given(st.lists(st.none() | st.integers(-(10**15), 10**15), max_size=8))
def test_millionths_survive_text_and_decimals(micros: list[int | None]) -> None:
    array = np.array([NO_AMOUNT if one is None else one for one in micros], np.int64)
    assert [None if one is None else int(one * MICROS) for one in decimals(array).to_pylist()] == micros
    assert [normalize_amount(text) for text in amount_texts(array).to_pylist()] == micros
    read, unread = read_amounts(amount_texts(array))
    assert not unread.any()
    small = [i for i, one in enumerate(micros) if one is None or abs(one) < 2**52]
    assert read[small].tolist() == array[small].tolist()
    assert read_amounts(pa.array([None], pa.int32()))[0].tolist() == [NO_AMOUNT]
