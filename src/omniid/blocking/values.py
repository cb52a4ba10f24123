"""From pairs of similar values to pairs of records that hold them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.blocking.groups import Int64s
from omniid.tables import Column
from omniid.tables.arrays import distinct, numpy_array

__all__ = ["FoundPairs", "code_points", "record_pairs"]


class FoundPairs(NamedTuple):
    """Record pairs as ascending codes left × n + right, and how many were left out because a value is too common."""

    codes: Int64s
    left_out: int


def code_points(values: pa.LargeStringArray) -> tuple[npt.NDArray[np.unsignedinteger], Int64s]:
    """All characters of all values in a row, and where each value starts (one more entry marks the end)."""
    text = "".join(values.to_pylist())
    length = numpy_array(pc.utf8_length(values))
    if text.isascii():
        return np.frombuffer(text.encode(), np.uint8), np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    return np.frombuffer(text.encode("utf-32-le"), np.uint32), np.concatenate([[0], np.cumsum(length)]).astype(np.int64)


def record_pairs(column: Column, one: Int64s, other: Int64s, most: int | npt.NDArray[np.bool_]) -> FoundPairs:
    """Pairs of different records of which one holds value `one[i]`, the other value `other[i]`.

    Parameters
    ----------
    column
        The field.
    one, other
        Value pairs, as positions in the vocabulary; a value may be paired with itself.
    most
        Value pairs of which a value has more records are left out and counted; or a flag per value whose pairs are.
    """
    used = np.zeros(len(column.vocabulary) + 1, bool)
    used[one] = used[other] = True
    here = used.take(column.codes, mode="wrap")  # -1 is the last place, which no value has
    rows, codes = column.rows[here], column.codes[here]
    n_rows = max(column.n_rows, 1)
    entries = distinct(codes.astype(np.int64) * n_rows + rows)
    rows = (entries % n_rows).astype(np.int32)
    count = np.bincount(entries // n_rows, minlength=len(column.vocabulary)).astype(np.int64)
    start = np.cumsum(count) - count
    too_common = count > most if isinstance(most, int) else most
    common = too_common[one] | too_common[other]
    met = np.where(one == other, count[one] * (count[one] - 1) // 2, count[one] * count[other])
    left_out = int(met[common].sum())
    one, other = one[~common], other[~common]
    times = count[one] * count[other]
    pair = np.repeat(np.arange(len(one)), times)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(times) - times, times)
    place_one, place_other = np.divmod(within, np.maximum(count[other], 1).take(pair))
    left = rows.take(start[one].take(pair) + place_one).astype(np.int64)
    right = rows.take(start[other].take(pair) + place_other).astype(np.int64)
    low, high = np.minimum(left, right), np.maximum(left, right)
    return FoundPairs(distinct((low * n_rows + high)[low != high]), left_out)
