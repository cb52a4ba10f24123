"""Sorting and numbering of strings by their bytes, eight at a time."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import Bytes, Offsets, string_bytes
from omniid.tables.arrays import arrow_array, new_values, numpy_array

__all__ = ["rank_values"]

Positions = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]
WORD = 8
# A key of a later round holds the number of its group in the upper 16 bits, 6 more bytes below.
LATER, MOST_GROUPS = 6, 1 << 16
# Keys have runs where few are less than the one before, next to it or so far apart.
STRIDE, FEW_FALLS = 64, 1 / 12
PIECE = 1 << 16  # values whose ties are settled at a time
LONG = 48  # what still ties after so many bytes goes to Arrow, so that long texts don't take a round for every six bytes


def rank_values(values: pa.LargeStringArray) -> tuple[npt.NDArray[np.int32], Positions]:
    """Return the rank of each value among the distinct ones in code-point order, and where each distinct one stands.

    Equals sorting, dropping repeats and looking each value up; three to five times faster than doing so on strings.

    Parameters
    ----------
    values
        large_string array without nulls.

    Returns
    -------
    numpy.ndarray, numpy.ndarray
        int32, one per value: its rank. int64, one per distinct value: the position of one that equals it.

    Examples
    --------
    >>> ranks, firsts = rank_values(pa.array(["b", "a", "b"], pa.large_string()))
    >>> ranks.tolist(), int(firsts[0]), len(firsts)
    ([1, 0, 1], 1, 2)
    """
    if not len(values):
        return np.zeros(0, np.int32), np.zeros(0, np.int64)
    data, offsets = string_bytes(values)
    texts = _Texts(values, data if len(data) >= WORD else np.pad(data, (0, WORD)), offsets[:-1], np.diff(offsets))
    key = _word(texts.data, texts.starts, texts.sizes)
    order = _sorting(key)
    begins = new_values(key.take(order))  # where another value begins, in sorted order
    del key
    tied = _tied(begins)
    for piece in _pieces(tied, begins):
        _settle(texts, order, begins, piece)
    ranks = np.empty(len(order), np.int32)
    ranks[order] = np.cumsum(begins, dtype=np.int32) - np.int32(1)
    return ranks, order[begins]


class _Texts(NamedTuple):
    """Values, their bytes (eight at least), and where each begins and how long it is."""

    values: pa.LargeStringArray
    data: Bytes
    starts: Offsets
    sizes: Positions


def _pieces(tied: Positions, begins: Mask) -> list[Positions]:
    """Sorted positions some at a time, all of a group together: what a piece takes stays close at hand."""
    firsts = np.flatnonzero(begins.take(tied))
    cuts = firsts[np.searchsorted(firsts, np.arange(PIECE, len(tied), PIECE)).clip(max=len(firsts) - 1)]
    return [piece for piece in np.split(tied, cuts) if len(piece)]


def _settle(texts: _Texts, order: Positions, begins: Mask, tied: Positions) -> None:
    """Sort positions whose values are equal so far by what follows."""
    done = WORD
    while len(tied):
        new = begins.take(tied)
        rows = order.take(tied)
        group = np.cumsum(new) - 1
        left = texts.sizes.take(rows) - done
        if (last := left.max() <= 0) or done >= LONG or group[-1] >= MOST_GROUPS:
            # Only lengths still tell apart (NUL bytes look like the end of a value), or Arrow's order does.
            rest = left - left.min() if last else _arrow_ranks(texts.values, rows)
            sub = np.lexsort((rest, group))
            order[tied], rest, group = rows[sub], rest[sub], group[sub]
            begins[tied[1:]] = (rest[1:] != rest[:-1]) | (group[1:] != group[:-1])
            return
        more = _word(texts.data, texts.starts.take(rows) + done, left) >> np.uint64(8 * (WORD - LATER))
        key = (group.astype(np.uint64) << np.uint64(8 * LATER)) | more
        sub = _sorting(key)
        order[tied] = rows.take(sub)
        new = new_values(key.take(sub))
        begins[tied] = new
        tied = tied[_tied(new)]
        done += LATER


def _sorting(key: Keys) -> Positions:
    """The order that sorts keys; the stable sort makes use of runs, and those of normal forms have them as raw values do."""
    falls = np.count_nonzero(key[1:] < key[:-1])
    if not falls:
        return np.arange(len(key))
    far = key[::STRIDE]
    has_runs = min(falls / len(key), np.count_nonzero(far[1:] < far[:-1]) / len(far)) < FEW_FALLS
    return np.argsort(key, kind="stable" if has_runs else None)


def _word(data: Bytes, starts: Offsets, sizes: Positions) -> Keys:
    """The next eight bytes of each value as one number that sorts like them, zeros behind its end."""
    last = len(data) - WORD
    found: Keys = np.ndarray((last + 1,), ">u8", data.data, 0, (1,))[np.minimum(starts, last)].astype(np.uint64)
    late = np.flatnonzero(starts > last)
    found[late] <<= np.minimum(8 * (starts[late] - last), 63).astype(np.uint64)
    short = np.flatnonzero(sizes < WORD)
    masks = np.array([0, *((1 << 64) - (1 << 8 * (WORD - size)) for size in range(1, WORD))], np.uint64)
    found[short] &= masks[np.maximum(sizes[short], 0)]
    return found


def _tied(begins: Mask) -> Positions:
    """Sorted positions whose value may equal a neighbour's."""
    alone = begins.copy()
    alone[:-1] &= begins[1:]
    return np.flatnonzero(~alone)


def _arrow_ranks(values: pa.LargeStringArray, rows: Positions) -> Positions:
    """Ranks of some of the values by Arrow's own sort."""
    coded = values.take(arrow_array(rows)).dictionary_encode()
    order = numpy_array(pc.array_sort_indices(coded.dictionary))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    ranks: Positions = rank[numpy_array(coded.indices)]
    return ranks
