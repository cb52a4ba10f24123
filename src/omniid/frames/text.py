"""Typed Arrow columns as text: every value becomes the text a person would write for it."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.tables.arrays import arrow_array, numpy_array, text_array, text_scalar

__all__ = ["as_json", "column_text", "is_list"]

LARGEST_WHOLE = 2.0**53  # above it a float no longer tells neighbouring integers apart
# First bytes that white space may have: ASCII below "!", and the lead bytes of U+0085, U+00A0, U+1680 and U+2000 to U+3000.
MAY_BE_BLANK = np.zeros(256, bool)
MAY_BE_BLANK[:33] = True
MAY_BE_BLANK[[0xC2, 0xE1, 0xE2, 0xE3]] = True


def column_text(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Render a column as text, faithful to its values, with null for missing.

    Null, NaN, "" and white space alone are missing. Whole floats lose their ".0", as 17.0 is how an integer column with a gap
    arrives; timestamps are ISO 8601 (UTC where they carry a zone, the date alone at midnight where they carry none); nested
    structures are JSON text.

    Parameters
    ----------
    column
        Any Arrow column of length n.

    Returns
    -------
    pyarrow.Array
        large_string of length n, or large_list<large_string> without missing entries where cells hold several values.

    Raises
    ------
    pyarrow.ArrowInvalid
        If binary values are not UTF-8.

    Examples
    --------
    >>> column_text(pa.array([17.0, 2.5, None])).to_pylist()
    ['17', '2.5', None]
    >>> column_text(pa.array([["a", " "], [], None])).to_pylist()
    [['a'], None, None]
    """
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):  # a chunked array without chunks stays one
        array = pa.nulls(0, column.type)
    kind = array.type
    if isinstance(array, pa.ExtensionArray):
        return column_text(array.storage)
    if pa.types.is_dictionary(kind):
        return column_text(array.dictionary).take(array.indices)
    if is_list(kind):
        return _list_text(array)
    for test, render in RENDERERS:
        if test(kind):
            return _blank_to_null(render(array))
    return _blank_to_null(_json_text(array))


def is_list(kind: pa.DataType) -> bool:
    """Whether cells of this type hold several values."""
    types = pa.types
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return True
    return bool(types.is_list_view(kind) or types.is_large_list_view(kind))


def _list_text(array: pa.Array) -> pa.Array:
    """Cells that hold several values: their entries as text, missing entries left out, empty cells null."""
    sizes = numpy_array(pc.list_value_length(array)).astype(np.int64)
    values = column_text(array.flatten())
    if is_list(values.type):
        values = _json_text(values)
    here = numpy_array(values.is_valid())
    rows = np.repeat(np.arange(len(array)), sizes)
    kept = np.bincount(rows[here], minlength=len(array))
    offsets = np.concatenate([[0], np.cumsum(kept)]).astype(np.int64)
    starts = arrow_array(offsets, present=np.append(kept > 0, True))
    return pa.LargeListArray.from_arrays(starts, values.drop_null())


def _blank_to_null(array: pa.Array) -> pa.Array:
    """White space alone counts as missing; only values whose first byte may be white space are looked at."""
    if len(array) == 0:
        return array
    offsets = np.frombuffer(array.buffers()[1], np.int64, len(array) + 1, array.offset * 8)
    data = array.buffers()[2]
    filled = np.diff(offsets) > 0
    if data is None or data.size == 0:
        return _with_nulls(array, ~filled)
    first = np.frombuffer(data, np.uint8)[np.where(filled, offsets[:-1], 0)]
    suspects = np.flatnonzero(filled & MAY_BE_BLANK[first])
    blank = ~filled
    if len(suspects):
        trimmed = pc.utf8_trim_whitespace(array.take(arrow_array(suspects)))
        blank[suspects] = numpy_array(pc.equal(trimmed, text_scalar("")), null=True)
    return _with_nulls(array, blank) if blank.any() else array


def _with_nulls(array: pa.Array, missing: npt.NDArray[np.bool_]) -> pa.Array:
    """The same text with nulls where it is missing, without a copy (`if_else` of pyarrow 17 garbles slices here)."""
    missing = missing | numpy_array(array.is_null())  # a null may have bytes behind it
    valid = np.append(np.zeros(array.offset, bool), ~missing)
    bits = pa.py_buffer(np.packbits(valid, bitorder="little"))
    return pa.Array.from_buffers(array.type, len(array), [bits, *array.buffers()[1:]], offset=array.offset)


def _string_text(array: pa.Array) -> pa.Array:
    return array.cast(pa.large_string())


def _float_text(array: pa.Array) -> pa.Array:
    """Whole numbers without a point, others in their shortest form, NaN as null."""
    if pa.types.is_float16(array.type):
        array = array.cast(pa.float32())
    values = numpy_array(array.cast(pa.float64()), null=np.nan)
    whole = np.isfinite(values) & (np.floor(values) == values) & (np.abs(values) < LARGEST_WHOLE)
    integers = arrow_array(np.where(whole, values, 0).astype(np.int64)).cast(pa.large_string())
    text = pc.if_else(arrow_array(whole), integers, array.cast(pa.large_string()))
    return _with_nulls(text, np.isnan(values))


def _timestamp_text(array: pa.Array) -> pa.Array:
    """ISO 8601, per distinct timestamp."""
    encoded = array.dictionary_encode()
    unit, zone = array.type.unit, array.type.tz
    instants = encoded.dictionary.cast(pa.int64()).cast(pa.timestamp(unit))  # a zoned timestamp counts from 1970 UTC
    text = _without_zeros(pc.strftime(instants, "%Y-%m-%dT%H:%M:%S").cast(pa.large_string()))
    if zone is not None:
        text = pc.binary_join_element_wise(text, *_scalars("Z", ""))
    else:
        text = pc.replace_substring_regex(text, r"T00:00:00$", "")
    return text.take(encoded.indices)


def _scalars(*values: str) -> list[pa.Scalar]:
    return [text_scalar(value) for value in values]


def _time_text(array: pa.Array) -> pa.Array:
    return _without_zeros(array.cast(pa.large_string()))


def _without_zeros(text: pa.Array) -> pa.Array:
    """Seconds without the zeros that a finer unit adds: 12:30:00.500000 is 12:30:00.5."""
    return pc.replace_substring_regex(pc.replace_substring_regex(text, r"(\.\d*?)0+$", r"\1"), r"\.$", "")


def _json_text(array: pa.Array) -> pa.Array:
    """Nested structures as JSON, keys sorted; what JSON has no form for, by its `str`."""
    return text_array([None if value is None else as_json(value) for value in array.to_pylist()])


def as_json(value: Any) -> str:
    """A nested value as JSON text, anything else by its `str`.

    Examples
    --------
    >>> as_json({"b": 1, "a": ["ż"]})
    '{"a": ["ż"], "b": 1}'
    """
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return str(value)


def _is_text_like(kind: pa.DataType) -> bool:
    types = pa.types
    tests = (types.is_large_string, types.is_string, types.is_null, types.is_boolean, types.is_integer, types.is_date)
    binary = (types.is_binary, types.is_large_binary, types.is_fixed_size_binary, types.is_decimal)
    return any(test(kind) for test in tests + binary) or str(kind).endswith("_view")


RENDERERS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.Array], pa.Array]], ...] = (
    (_is_text_like, _string_text),  # Arrow's own cast says it faithfully
    (pa.types.is_floating, _float_text),
    (pa.types.is_timestamp, _timestamp_text),
    (pa.types.is_time, _time_text),
)
