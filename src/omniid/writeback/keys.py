"""Idempotency keys: the same change of the same cell has the same key, whenever and wherever it is planned."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.hashing import hash_strings, hexadecimal
from omniid.tables.arrays import text_scalar

__all__ = ["change_keys", "times_before"]

Hashes = npt.NDArray[np.uint64]
BETWEEN = "\x1f"  # no cell of a table holds it
NOTHING = "\x00"  # an empty cell, which is not the text ""


def change_keys(parts: Sequence[pa.Array], times: npt.NDArray[np.int64]) -> pa.LargeStringArray:
    """Return the keys of changes: 32 hexadecimal digits made of what is changed into what, and of nothing else.

    Parameters
    ----------
    parts
        Text per change: source, record id, column, old and new value; null for an empty cell.
    times
        How often the very same change was made before, and replaced by another: filling a cell again after it was emptied is a
        change of its own.

    Examples
    --------
    >>> parts = [pa.array([text], pa.large_string()) for text in ("crm", "7", "mail", None, "ann@example.com")]
    >>> change_keys(parts, np.array([0])).to_pylist()
    ['5f7a476e9cea54c46809ca4a2ff38233']
    """
    one, other = _hashes(parts)
    again = times.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return pc.binary_join_element_wise(hexadecimal(one + again), hexadecimal(other + again), text_scalar(""))


def times_before(parts: Sequence[pa.Array], made: Sequence[pa.Array]) -> npt.NDArray[np.int64]:
    """Count for each change how often the same one stands among those that were made.

    Parameters
    ----------
    parts, made
        As for `change_keys`: the changes that are planned, and those that were made.

    Examples
    --------
    >>> one = [pa.array([text], pa.large_string()) for text in ("crm", "7", "mail", None, "ann@example.com")]
    >>> times_before(one, one).tolist()
    [1]
    """
    planned, before = _hashes(parts)[0], np.sort(_hashes(made)[0])
    return np.asarray(np.searchsorted(before, planned, "right") - np.searchsorted(before, planned), np.int64)


def _hashes(parts: Sequence[pa.Array]) -> tuple[Hashes, Hashes]:
    if not len(parts[0]):
        return np.zeros(0, np.uint64), np.zeros(0, np.uint64)
    said = [pc.fill_null(_plain(part), text_scalar(NOTHING)) for part in parts]
    texts = pc.binary_join_element_wise(*said, text_scalar(BETWEEN))
    return hash_strings(texts, 1), hash_strings(texts, 2)


def _plain(part: pa.Array) -> pa.LargeStringArray:
    return part.dictionary.take(part.indices) if pa.types.is_dictionary(part.type) else part
