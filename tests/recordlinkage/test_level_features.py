"""Levels as numbers, against a twin that reads one level at a time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.errors import SpecError
from omniid.recordlinkage import ENCODINGS, encode_levels

SIZES = (2, 3, 6)
NAMES = ("email", "phone", "first_name")
level_rows = st.lists(st.tuples(*(st.integers(-1, size - 1) for size in SIZES)), max_size=8)


def one_level(level: int, size: int, encoding: str) -> list[float]:
    if encoding == "indicators":
        return [1.0 if level == each else 0.0 for each in range(size)]
    if encoding == "levels":
        return [float(level)]
    if encoding == "shares":
        return [0.5 if level < 0 else level / (size - 1)]
    return [1.0 if level >= (size - 1) / 2 else 0.0]


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(rows=level_rows)
def test_every_level_is_written_as_the_table_says(encoding: str, rows: list[tuple[int, ...]]) -> None:
    levels = np.array(rows, np.int8).reshape(-1, len(SIZES))
    values, columns = encode_levels(levels, NAMES, SIZES, encoding)
    expected = [[x for level, size in zip(row, SIZES, strict=True) for x in one_level(level, size, encoding)] for row in rows]
    assert values.shape == (len(rows), len(columns))
    assert values.tolist() == expected
    assert not np.isnan(values).any()


def test_missing_adds_nothing_to_a_sum_of_indicators() -> None:
    values, columns = encode_levels(np.array([[-1, 2, 0]], np.int8), NAMES, SIZES, "indicators")
    assert dict(zip(columns, values[0], strict=True))["phone=2"] == 1.0
    assert values[0, :2].tolist() == [0.0, 0.0]


def test_an_unknown_encoding_names_those_that_there_are() -> None:
    with pytest.raises(SpecError, match=r"'onehot' is unknown; choose from indicators, levels, shares, agreements"):
        encode_levels(np.zeros((1, 3), np.int8), NAMES, SIZES, "onehot")
