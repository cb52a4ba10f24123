"""Thousands of keys looked up and changed in their buckets by arrays: the twin of `change_postings` for many of them."""

from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["ENTRY", "BulkPostings", "Entries", "buckets_of", "cut", "packed_buckets"]

Int64s = npt.NDArray[np.int64]
ENTRY = 12  # bytes of a key and a row
WORDS = 3  # the same in words of four bytes
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


class Entries(NamedTuple):
    """Which rows stand under which keys: a key and a row each."""

    keys: Int64s
    rows: Int64s

    @classmethod
    def of(cls, keys_of: Mapping[int, Collection[int]]) -> "Entries":
        """Those of rows, of which all keys are given.

        Examples
        --------
        >>> Entries.of({7: [1, 2], 8: []}).rows.tolist()
        [7, 7]
        """
        rows = np.repeat(np.fromiter(keys_of, np.int64, len(keys_of)), [len(keys) for keys in keys_of.values()])
        return cls(np.fromiter(chain.from_iterable(keys_of.values()), np.int64, len(rows)), rows)


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
    def read(cls, numbers: Int64s, buckets: int, held: Mapping[int, bytes]) -> "BulkPostings":
        """Read buckets as the store keeps them."""
        packed = [held.get(number, b"") for number in numbers.tolist()]
        sizes = np.array([len(one) // ENTRY for one in packed], np.int64)
        ends = (8 * sizes).tolist()
        keys = np.frombuffer(b"".join([one[:end] for one, end in zip(packed, ends, strict=True)]), np.int64)
        rows = np.frombuffer(b"".join([one[end:] for one, end in zip(packed, ends, strict=True)]), np.int32)
        return cls(numbers, buckets, keys, rows.astype(np.int64), np.concatenate([[0], np.cumsum(sizes)]))

    def without(self, gone: Entries) -> "BulkPostings":
        """The same without some entries."""
        if not len(gone.keys):
            return self
        at, there = self._find(*gone)
        at = np.unique(at[there])
        fewer = np.bincount(np.searchsorted(self.starts, at, "right") - 1, minlength=len(self.numbers))
        starts = self.starts - np.concatenate([[0], np.cumsum(fewer)])
        return self._replace(keys=np.delete(self.keys, at), rows=np.delete(self.rows, at), starts=starts)

    def and_also(self, come: Entries) -> "BulkPostings":
        """The same with more entries, each given once."""
        at, there = self._find(*come)
        at, keys, rows = at[~there], come.keys[~there], come.rows[~there]
        place = self._places(keys)
        order = np.lexsort((rows, keys, place))
        at, keys, rows, place = at[order], keys[order], rows[order], place[order]
        starts = self.starts + np.concatenate([[0], np.cumsum(np.bincount(place, minlength=len(self.numbers)))])
        return self._replace(keys=np.insert(self.keys, at, keys), rows=np.insert(self.rows, at, rows), starts=starts)

    def under(self, keys: Int64s) -> tuple[Int64s, Int64s]:
        """Position of each key and a row that stands under it, key by key, rows ascending."""
        once, place = np.unique(keys, return_inverse=True)
        first, last = (self._find(once, np.full(len(once), row))[0] for row in (FIRST, LAST))
        first, counts = first[place], (last - first)[place]
        ends = np.cumsum(counts)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
        return np.repeat(np.arange(len(keys)), counts), self.rows[np.repeat(first, counts) + within]

    def packed(self, keys: Int64s) -> Iterator[tuple[int, bytes]]:
        """The buckets of some keys as the store keeps them, ascending; an empty one as no bytes."""
        places = np.unique(self._places(keys))
        starts, ends = self.starts[:-1][places], self.starts[1:][places]
        return packed_buckets(self.numbers[places], starts, ends, self.keys, self.rows)

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


def packed_buckets(
    numbers: Int64s, starts: Int64s, ends: Int64s, keys: Int64s, rows: npt.NDArray[np.integer]
) -> Iterator[tuple[int, bytes]]:
    """Buckets as the store keeps them, of their numbers, where their entries start and end, and all entries."""
    sizes = ends - starts
    first = np.concatenate([[0], np.cumsum(sizes)])  # entry by which each bucket begins in what is written
    bucket = np.repeat(np.arange(len(numbers)), sizes)
    within = np.arange(len(bucket)) - first[bucket]
    entry, begin = starts[bucket] + within, WORDS * first[bucket]
    words = np.empty(WORDS * len(bucket), np.int32)
    halves = keys[entry].view(np.int32).reshape(-1, 2)
    for half in (0, 1):
        words[begin + 2 * within + half] = halves[:, half]
    words[begin + 2 * sizes[bucket] + within] = rows[entry]
    return zip(numbers.tolist(), cut(words, first * ENTRY), strict=True)


def cut(numbers: npt.NDArray[np.integer], offsets: Int64s) -> list[bytes]:
    r"""The bytes of some numbers between offsets.

    Examples
    --------
    >>> cut(np.array([1, 2, 3], np.int32), np.array([0, 4, 4, 12]))
    [b'\x01\x00\x00\x00', b'', b'\x02\x00\x00\x00\x03\x00\x00\x00']
    """
    data = pa.py_buffer(np.ascontiguousarray(numbers))
    found: list[bytes] = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(offsets) - 1, [None, pa.py_buffer(np.ascontiguousarray(offsets, np.int64)), data]
    ).to_pylist()
    return found
