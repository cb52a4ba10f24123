"""Thousands of keys looked up and changed in their buckets by arrays: the twin of `change_postings` for many of them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["BulkPostings", "buckets_of"]

Int64s = npt.NDArray[np.int64]
FIRST, LAST = np.int64(-1), np.int64(1 << 32)  # no row is as small, or as large


def buckets_of(keys: Int64s, buckets: int) -> Int64s:
    """The buckets of keys, as `bucket_of` says.

    Examples
    --------
    >>> buckets_of(np.array([0, 1, 2, 3, -1]), 3).tolist()
    [0, 1, 2, 1, 1]
    """
    bits = (buckets - 1).bit_length()
    found = keys & ((1 << bits) - 1)
    found[found >= buckets] &= (1 << max(bits - 1, 0)) - 1
    return found


class BulkPostings(NamedTuple):
    """The entries of some buckets, one bucket after the other.

    Parameters
    ----------
    numbers
        The buckets, ascending.
    buckets
        How many there are in all.
    keys, rows
        The entries, in each bucket by key and row.
    starts
        Where the entries of each bucket start, and where the last one ends.
    """

    numbers: Int64s
    buckets: int
    keys: Int64s
    rows: Int64s
    starts: Int64s

    @classmethod
    def read(cls, numbers: Int64s, buckets: int, held: Mapping[int, bytes], entry: int) -> "BulkPostings":
        """Read buckets as the store keeps them; `entry` is the bytes of one."""
        packed = [held.get(number, b"") for number in numbers.tolist()]
        sizes = np.array([len(one) // entry for one in packed], np.int64)
        ends = (8 * sizes).tolist()
        keys = np.frombuffer(b"".join([one[:end] for one, end in zip(packed, ends, strict=True)]), np.int64)
        rows = np.frombuffer(b"".join([one[end:] for one, end in zip(packed, ends, strict=True)]), np.int32)
        return cls(numbers, buckets, keys, rows.astype(np.int64), np.concatenate([[0], np.cumsum(sizes)]))

    def without(self, gone: Mapping[int, Sequence[int]]) -> "BulkPostings":
        """The same without some rows under some keys."""
        keys, rows = _pairs(gone)
        at, there = self._find(keys, rows)
        at = np.unique(at[there])
        fewer = np.bincount(np.searchsorted(self.starts, at, "right") - 1, minlength=len(self.numbers))
        starts = self.starts - np.concatenate([[0], np.cumsum(fewer)])
        return self._replace(keys=np.delete(self.keys, at), rows=np.delete(self.rows, at), starts=starts)

    def and_also(self, come: Mapping[int, Sequence[int]]) -> "BulkPostings":
        """The same with more rows under some keys."""
        keys, rows = _pairs(come)
        at, there = self._find(keys, rows)
        at, keys, rows = at[~there], keys[~there], rows[~there]
        place = self._places(keys)
        order = np.lexsort((rows, keys, place))
        at, keys, rows, place = at[order], keys[order], rows[order], place[order]
        starts = self.starts + np.concatenate([[0], np.cumsum(np.bincount(place, minlength=len(self.numbers)))])
        return self._replace(keys=np.insert(self.keys, at, keys), rows=np.insert(self.rows, at, rows), starts=starts)

    def under(self, keys: Int64s) -> dict[int, tuple[int, ...]]:
        """Key → the rows that stand under it, of those of the keys that any does."""
        first, last = (self._find(keys, np.full(len(keys), row))[0] for row in (FIRST, LAST))
        some = np.flatnonzero(last > first)
        rows = self.rows.tolist()
        told = zip(keys[some].tolist(), first[some].tolist(), last[some].tolist(), strict=True)
        return {key: tuple(rows[start:stop]) for key, start, stop in told}

    def packed(self, keys: Iterable[int]) -> list[tuple[int, bytes]]:
        """The buckets of some keys as the store keeps them, ascending; an empty one as no bytes."""
        places = np.unique(self._places(np.fromiter(keys, np.int64)))
        every, rows = self.keys.tobytes(), self.rows.astype(np.int32).tobytes()
        told = (part[places].tolist() for part in (self.numbers, self.starts[:-1], self.starts[1:]))
        return [
            (number, every[8 * start : 8 * end] + rows[4 * start : 4 * end]) for number, start, end in zip(*told, strict=True)
        ]

    def _places(self, keys: Int64s) -> Int64s:
        """The place of each key's bucket."""
        return np.searchsorted(self.numbers, buckets_of(keys, self.buckets)).astype(np.int64)

    def _find(self, keys: Int64s, rows: Int64s) -> tuple[Int64s, npt.NDArray[np.bool_]]:
        """Where keys and rows stand, or would stand, and whether they do: a bisection of all at once."""
        place = self._places(keys)
        low, high = self.starts[place], self.starts[place + 1]
        end, last = high, max(len(self.keys) - 1, 0)
        if not len(self.keys):
            return low, np.zeros(len(keys), bool)
        while (open_ := low < high).any():
            middle = np.minimum((low + high) >> 1, last)
            there = self.keys[middle]
            less = (there < keys) | ((there == keys) & (self.rows[middle] < rows))
            low, high = np.where(open_ & less, middle + 1, low), np.where(open_ & ~less, middle, high)
        at = np.minimum(low, last)
        return low, (low < end) & (self.keys[at] == keys) & (self.rows[at] == rows)


def _pairs(under: Mapping[int, Sequence[int]]) -> tuple[Int64s, Int64s]:
    """(key, row) of what stands under keys."""
    counts = [len(rows) for rows in under.values()]
    keys = np.repeat(np.fromiter(under, np.int64, len(under)), counts)
    return keys, np.fromiter(chain.from_iterable(under.values()), np.int64, len(keys))
