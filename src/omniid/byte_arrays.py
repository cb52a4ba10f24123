"""Arrow strings as the bytes they are made of: a whole vocabulary is filtered in one sweep."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.tables.arrays import arrow_array

__all__ = ["count_bytes", "keep_bytes", "select", "string_array", "string_bytes"]

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]


def string_bytes(values: pa.LargeStringArray) -> tuple[Bytes, Offsets]:
    """Return the UTF-8 bytes of all values in a row, and where each begins and ends.

    Parameters
    ----------
    values
        large_string array without nulls.

    Returns
    -------
    numpy.ndarray, numpy.ndarray
        uint8 bytes; int64 offsets of length values + 1, the first 0. Views: don't write to them.

    Examples
    --------
    >>> data, offsets = string_bytes(pa.array(["ab", "c"], pa.large_string()))
    >>> data.tobytes(), offsets.tolist()
    (b'abc', [0, 2, 3])
    """
    _, ends, content = values.buffers()
    if not len(values) or content is None:
        return np.zeros(0, np.uint8), np.zeros(len(values) + 1, np.int64)
    offsets = np.frombuffer(ends, np.int64)[values.offset : values.offset + len(values) + 1]
    data = np.frombuffer(content, np.uint8)[offsets[0] : offsets[-1]]
    return data, offsets - offsets[0] if offsets[0] else offsets


def string_array(data: Bytes | bytes, offsets: Offsets) -> pa.LargeStringArray:
    """Return the strings that lie between offsets of valid UTF-8 bytes; nothing is copied.

    Examples
    --------
    >>> string_array(b"a@b", np.array([0, 1, 3])).to_pylist()
    ['a', '@b']
    """
    ends = pa.py_buffer(np.ascontiguousarray(offsets, np.int64))
    return pa.LargeStringArray.from_buffers(len(offsets) - 1, ends, pa.py_buffer(data))


def count_bytes(marked: npt.NDArray[np.bool_], offsets: Offsets) -> npt.NDArray[np.int64]:
    """Return how many bytes of each value are marked.

    Parameters
    ----------
    marked
        One mark per byte.
    offsets
        As from `string_bytes`.

    Examples
    --------
    >>> data, offsets = string_bytes(pa.array(["a1", "", "22"], pa.large_string()))
    >>> count_bytes(data < 58, offsets).tolist()
    [1, 0, 2]
    """
    sizes = np.diff(offsets)
    counts = np.zeros(len(sizes), np.int64)
    if not sizes.any():
        return counts
    # Summed as they are, bytes take a fifth of the time of bytes widened first.
    dtype = np.uint8 if sizes.max() < 256 else np.int64
    filled = sizes > 0  # reduceat has no empty sums
    counts[filled] = np.add.reduceat(marked.view(np.uint8), offsets[:-1][filled], dtype=dtype)
    return counts


def keep_bytes(values: pa.LargeStringArray, kept: bytes) -> pa.LargeStringArray:
    """Return the values with only the ASCII characters of `kept` left in them.

    Parameters
    ----------
    values
        large_string array without nulls.
    kept
        ASCII characters.

    Examples
    --------
    >>> keep_bytes(pa.array(["+48 501", "ł2"], pa.large_string()), b"0123456789").to_pylist()
    ['48501', '2']
    """
    data, offsets = string_bytes(values)
    table = np.zeros(256, bool)
    table[np.frombuffer(kept, np.uint8)] = True
    ends = np.concatenate([[0], np.cumsum(count_bytes(table[data], offsets))])
    return string_array(data.tobytes().translate(None, np.flatnonzero(~table).astype(np.uint8).tobytes()), ends)


def select(values: pa.LargeStringArray, mask: npt.NDArray[np.bool_]) -> pa.LargeStringArray:
    """Return the values where the mask is true; without a copy if it is true throughout.

    Examples
    --------
    >>> select(pa.array(["a", "b"], pa.large_string()), np.array([True, False])).to_pylist()
    ['a']
    """
    return values if mask.all() else values.filter(arrow_array(mask))
