"""Strings as bytes against Python's own strings."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from omniid.byte_arrays import count_bytes, keep_bytes, string_array, string_bytes

texts = st.lists(st.text(alphabet="a1 ż中", max_size=5), max_size=8)


@given(texts, st.integers(0, 3))
def test_bytes_and_back_are_the_same_strings(values, start) -> None:
    array = pa.array(values, pa.large_string()).slice(min(start, len(values)))
    data, offsets = string_bytes(array)
    assert data.tobytes() == "".join(array.to_pylist()).encode()
    assert string_array(data, offsets).to_pylist() == array.to_pylist()


@given(texts)
def test_bytes_are_counted_and_kept_value_by_value(values) -> None:
    array = pa.array(values, pa.large_string())
    data, offsets = string_bytes(array)
    digits = np.isin(data, np.frombuffer(b"0123456789", np.uint8))
    assert count_bytes(digits, offsets).tolist() == [sum(c.isascii() and c.isdigit() for c in value) for value in values]
    assert keep_bytes(array, b"0123456789").to_pylist() == ["".join(c for c in value if c == "1") for value in values]
