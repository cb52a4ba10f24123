"""A sample of a source's values that depends on its rows, not on their order."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.hashing import hash_strings, mix
from omniid.tables.arrays import arrow_array, numpy_array, text_scalar

__all__ = ["all_distinct", "distinct_values", "sample_rows"]

ROWS = 20_000  # rows that are looked at
VALUES = 1_000  # distinct values of a column that are looked at: shares are within 3 points
LENGTH = 200  # characters of a value that are looked at
_TRIES = 3  # columns, those with most bytes first, that may choose the rows
_SPREAD = 4  # a choice this many times smaller or larger than asked for is no good
_MULTIPLIERS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))
_LOW = np.array([(1 << (8 * n)) - 1 for n in range(9)], np.uint64)  # masks of the first n bytes of a little-endian word
_HIGH = np.array([(1 << 64) - (1 << (64 - 8 * n)) for n in range(9)], np.uint64)  # and of the last n


def _joined(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _edge_hash(strings: pa.LargeStringArray) -> npt.NDArray[np.uint64]:
    """Hash length, first and last eight bytes of every string: enough to choose rows by, and quick on millions."""
    if strings.null_count:
        strings = pc.fill_null(strings, text_scalar(""))
    offsets = np.frombuffer(strings.buffers()[1], np.int64, len(strings) + 1, strings.offset * 8)
    first, last = int(offsets[0]), int(offsets[-1])
    data = strings.buffers()[2]
    padded = np.zeros(last - first + 16, np.uint8)  # eight spare bytes on either side, so that every window lies inside
    if data is not None and last > first:
        padded[8:-8] = np.frombuffer(data, np.uint8, last - first, first)
    words = np.ndarray(len(padded) - 7, np.dtype("<u8"), padded, strides=(1,))
    length = np.diff(offsets)
    used = np.minimum(length, 8)
    starts = offsets - (first - 8)
    with np.errstate(over="ignore"):
        key = words[starts[:-1]]
        key &= _LOW.take(used)
        key *= _MULTIPLIERS[0]
        tail = words[starts[1:] - 8]
        tail &= _HIGH.take(used)
        key ^= tail * _MULTIPLIERS[1]
        key += length.view(np.uint64) * _MULTIPLIERS[2]
    return mix(key)


def sample_rows(table: pa.Table, rows: int = ROWS) -> pa.Table:
    """Choose about `rows` rows by a hash of what they hold.

    The same rows in another order give the same choice, and equal rows are chosen together.

    Parameters
    ----------
    table
        large_string and large_list<large_string> columns.
    rows
        How many rows to aim at; a table of at most twice as many is returned whole.

    Returns
    -------
    pyarrow.Table

    Examples
    --------
    >>> table = pa.table({"n": pa.array([str(i) for i in range(1000)], pa.large_string())})
    >>> chosen = sample_rows(table, 100)["n"].to_pylist()
    >>> again = sample_rows(table.take(list(range(999, -1, -1))), 100)["n"].to_pylist()
    >>> 50 < len(chosen) < 200, sorted(again) == sorted(chosen)
    (True, True)
    """
    if table.num_rows <= 2 * rows:
        return table
    texts = [i for i, kind in enumerate(table.schema.types) if pa.types.is_large_string(kind)]
    weights = {i: pc.sum(pc.binary_length(table.column(i))).as_py() or 0 for i in texts}
    bound = np.uint64(rows * 2**64 // table.num_rows)
    for i in sorted(texts, key=lambda i: (-weights[i], table.column_names[i]))[:_TRIES]:
        chosen = np.flatnonzero(_edge_hash(_joined(table.column(i))) < bound)
        if rows <= _SPREAD * len(chosen) and len(chosen) <= _SPREAD * rows:
            return table.take(arrow_array(chosen))
    return table


def all_distinct(column: pa.ChunkedArray | pa.Array) -> bool:
    """Whether no value of a column without nulls occurs twice.

    Examples
    --------
    >>> all_distinct(pa.array(["a", "b"], pa.large_string())), all_distinct(pa.array(["a", "a"], pa.large_string()))
    (True, False)
    """
    keys = np.sort(_edge_hash(_joined(column)))
    if bool((keys[1:] != keys[:-1]).all()):
        return True  # three times quicker than looking at whole strings, and as sure
    return len(pc.unique(column)) == len(column)


def distinct_values(column: pa.ChunkedArray | pa.Array, limit: int = VALUES) -> tuple[pa.LargeStringArray, bool]:
    """Trimmed distinct values of a column, and whether there were more than `limit`.

    Parameters
    ----------
    column
        large_string or large_list<large_string>; the values of a list count one by one.
    limit
        How many values to keep: those whose hashes are smallest, so that row order does not matter.

    Returns
    -------
    values
        Without nulls and blanks, cut after 200 characters, in order of their hashes.
    more
        Whether there were more.

    Examples
    --------
    >>> values, more = distinct_values(pa.array(["b ", "a", None, "b", ""], pa.large_string()))
    >>> sorted(values.to_pylist()), more
    (['a', 'b'], False)
    """
    values = _joined(column)
    while pa.types.is_large_list(values.type):
        values = values.flatten()
    values = pc.utf8_slice_codeunits(pc.unique(values.drop_null()), 0, LENGTH)
    values = pc.unique(pc.utf8_trim_whitespace(values))
    values = values.filter(arrow_array(numpy_array(pc.binary_length(values)) > 0))
    order = np.argsort(hash_strings(values), kind="stable")
    return values.take(arrow_array(order[:limit])), len(values) > limit
