"""Finders: a rule made ready for one table; it lists its pairs and tells whether it holds for a pair."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.blocking.codes import Int64s, KeyCodes
from omniid.blocking.groups import pair_count
from omniid.tables import Codes, LocalPairs, Rows
from omniid.tables.arrays import distinct

__all__ = ["ManyKeys", "OneKey", "PairSet", "key_finder"]

Flags = npt.NDArray[np.bool_]

PADDED = 8  # keys per record compared side by side; records with more take the slow path
EXPANDED = 1 << 20  # most entries that the slow path holds at once
NONE = np.iinfo(np.int64).max


class Span(NamedTuple):
    """Entries from `start` to below `stop`; with `high`, one entry and only its partners from `low` to below `high`."""

    start: int
    stop: int
    low: int = 0
    high: int = 0


class Blocks(NamedTuple):
    """Entries sorted by (key, row); `partners[i]` later entries share the block of entry i."""

    rows: Rows
    keys: Codes
    partners: Int64s

    def spans(self, chunk: int) -> Iterator[Span]:
        """Cut the entries where about `chunk` pairs have been made; an entry with more partners is cut itself."""
        total = np.cumsum(self.partners)
        if not len(total) or not total[-1]:
            return
        piece, many = (total - 1) // chunk, np.flatnonzero(self.partners > chunk)
        cuts = distinct(np.concatenate([[0], np.flatnonzero(np.diff(piece)) + 1, many, many + 1, [len(total)]]))
        made = np.diff(np.append(0, total).take(cuts))
        for at in np.flatnonzero(made).tolist():
            start, stop, pairs = int(cuts[at]), int(cuts[at + 1]), int(made[at])
            if stop == start + 1 and pairs > chunk:
                yield from (Span(start, stop, low, min(low + chunk, pairs)) for low in range(0, pairs, chunk))
            else:
                yield Span(start, stop)

    def sampled(self, sample: Flags | None) -> "Blocks":
        """The same blocks, of which only flagged rows look for partners among the later entries."""
        return self if sample is None else self._replace(partners=np.where(sample.take(self.rows), self.partners, 0))

    def pairs(self, span: Span) -> LocalPairs:
        """The pairs whose first entry lies in a span; position 0 is its first entry."""
        start, stop, low, high = span
        if high:
            rows = np.append(self.rows[start], self.rows[start + 1 + low : start + 1 + high])
            return LocalPairs(rows, np.zeros(high - low, np.intp), np.arange(1, high - low + 1))
        partners = self.partners[start:stop]
        last = int((np.arange(start, stop) + partners).max()) + 1
        left = np.repeat(np.arange(stop - start), partners)
        begin = np.cumsum(partners) - partners
        right = np.arange(1, len(left) + 1) - np.repeat(begin, partners) + left
        return LocalPairs(self.rows[start:last], left, right)


def sort_blocks(rows: Rows, keys: Codes) -> Blocks:
    """Blocks of the entries, those of one record left out."""
    order = np.sort(keys.astype(np.int64) << 32 | rows)
    return _in_blocks((order & 0xFFFFFFFF).astype(np.int32), (order >> 32).astype(np.int32))


def _in_blocks(rows: Rows, keys: Codes) -> Blocks:
    """Blocks of entries that are sorted by key, then row."""
    sizes = np.bincount(keys)
    sizes = sizes[sizes > 0]
    partners = np.repeat(np.cumsum(sizes), sizes) - np.arange(len(keys)) - 1
    return Blocks(rows, keys, partners)


class OneKey:
    """Pairs of records with equal key, at most one key per record.

    Parameters
    ----------
    codes
        int32, one per record, -1 where it has no key.
    order
        The rows of all records that share a code, by code, then row; None: to be sorted.
    """

    def __init__(self, codes: Codes, order: Rows | None = None) -> None:
        self._order = order
        sizes = np.bincount(codes[codes >= 0] if order is None else codes.take(order), minlength=1)
        self.n_made = pair_count(sizes)
        alone = codes < 0  # those of `order` share theirs
        if order is None:
            alone = np.append(sizes < 2, True).take(codes, mode="wrap")  # no key, -1, reads the last place
        # A key of its own for each record without a partner: equality then needs no mask.
        self.codes = np.where(alone, -1 - np.arange(len(codes), dtype=np.int32), codes).astype(np.int32, copy=False)
        self.key: Codes | None = self.codes

    def pieces(self, chunk: int, sample: Flags | None = None) -> Iterator[Callable[[], LocalPairs]]:
        """Work that makes the pairs, about `chunk` at a time."""
        rows = np.flatnonzero(self.codes >= 0).astype(np.int32) if self._order is None else self._order
        blocks = (sort_blocks if self._order is None else _in_blocks)(rows, self.codes.take(rows)).sampled(sample)
        for span in blocks.spans(chunk):
            yield partial(blocks.pairs, span)

    def holds(self, pairs: LocalPairs) -> Flags:
        """Whether the rule finds each of these pairs."""
        keys = self.codes.take(pairs.rows)
        same: Flags = keys.take(pairs.left) == keys.take(pairs.right)
        return same


class ManyKeys:
    """Pairs of records that share a key, where a record may have several; a pair is kept at its smallest shared key.

    Parameters
    ----------
    key
        Entries (row, key).
    n_rows
        Number of records.
    """

    def __init__(self, key: KeyCodes, n_rows: int) -> None:
        self.key: Codes | None = None  # no single code says which records share one of several
        rows = np.flatnonzero(key.codes >= 0).astype(np.int32) if key.rows is None else key.rows
        codes = key.codes[key.codes >= 0] if key.rows is None else key.codes
        sizes = np.bincount(codes, minlength=1)
        shared = sizes[codes] > 1
        self.n_made = pair_count(sizes)
        self._rows, self._codes, self._n_keys = rows[shared], codes[shared], max(key.n_keys, 1)
        per_row = np.bincount(self._rows, minlength=n_rows)
        self._start = np.concatenate([[0], np.cumsum(per_row)])
        self._over = per_row > PADDED
        width = min(int(per_row.max(initial=0)), PADDED)
        place = np.arange(len(self._rows)) - self._start.take(self._rows)
        self._padded = np.repeat(-1 - np.arange(n_rows, dtype=np.int32)[:, None], max(width, 1), axis=1)
        fits = place < PADDED
        self._padded[self._rows[fits], place[fits]] = self._codes[fits]
        self._entries = self._rows.astype(np.int64) * self._n_keys + self._codes if self._over.any() else np.zeros(0, np.int64)

    def pieces(self, chunk: int, sample: Flags | None = None) -> Iterator[Callable[[], LocalPairs]]:
        """Work that makes the pairs, about `chunk` at a time."""
        blocks = sort_blocks(self._rows, self._codes).sampled(sample)
        for span in blocks.spans(chunk):
            yield partial(self._kept, blocks, span)

    def _kept(self, blocks: Blocks, span: Span) -> LocalPairs:
        pairs = blocks.pairs(span)
        keep = self._smallest_shared(pairs) == blocks.keys[span.start : span.stop].take(pairs.left)
        return LocalPairs(pairs.rows, pairs.left[keep], pairs.right[keep])

    def holds(self, pairs: LocalPairs) -> Flags:
        """Whether the rule finds each of these pairs."""
        shared: Flags = self._smallest_shared(pairs) != NONE
        return shared

    def _smallest_shared(self, pairs: LocalPairs) -> Int64s:
        """The smallest key that each pair shares, `NONE` where it shares none."""
        keys = self._padded.take(pairs.rows, axis=0)
        smallest = np.full(len(pairs.left), NONE)
        columns = [np.ascontiguousarray(keys[:, place]) for place in range(keys.shape[1])]
        rights = [column.take(pairs.right) for column in columns]
        for column in columns:
            left = column.take(pairs.left)
            for right in rights:
                hit = np.flatnonzero((left == right) & (left >= 0))
                smallest[hit] = np.minimum(smallest[hit], left[hit])
        over = self._over.take(pairs.rows)
        slow = np.flatnonzero(over.take(pairs.left) | over.take(pairs.right))
        if len(slow):
            smallest[slow] = self._search(pairs.rows.take(pairs.left[slow]), pairs.rows.take(pairs.right[slow]))
        return smallest

    def _search(self, left: Rows, right: Rows) -> Int64s:
        """`_smallest_shared` for records with any number of keys: each left key is searched among the right keys."""
        times = self._start.take(left + 1) - self._start.take(left)
        smallest = np.full(len(left), NONE)
        cuts = distinct(
            np.searchsorted(np.cumsum(times), np.arange(0, int(times.sum()) + EXPANDED, EXPANDED)).clip(0, len(left))
        )
        for low, high in zip(cuts.tolist(), [*cuts[1:].tolist(), len(left)], strict=True):
            count = times[low:high]
            pair = np.repeat(np.arange(low, high), count)
            within = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
            key = self._codes.take(self._start.take(left.take(pair)) + within)
            sought = right.take(pair).astype(np.int64) * self._n_keys + key
            found = self._entries.take(np.searchsorted(self._entries, sought), mode="clip") == sought
            np.minimum.at(smallest, pair[found], key[found])
        return smallest


class PairSet:
    """Pairs listed one by one.

    Parameters
    ----------
    codes
        int64 left × n_rows + right, ascending, each once.
    n_rows
        Number of records.
    """

    def __init__(self, codes: Int64s, n_rows: int) -> None:
        self.n_made = len(codes)
        self.key: Codes | None = None
        self.codes = codes
        self._n_rows = max(n_rows, 1)

    def pieces(self, chunk: int, sample: Flags | None = None) -> Iterator[Callable[[], LocalPairs]]:
        """Work that makes the pairs, about `chunk` at a time."""
        codes = self.codes if sample is None else self.codes[sample.take(self.codes // self._n_rows)]
        for start in range(0, len(codes), chunk):
            yield partial(self._piece, codes[start : start + chunk])

    def _piece(self, codes: Int64s) -> LocalPairs:
        rows = np.concatenate(np.divmod(codes, self._n_rows)).astype(np.int32)
        places = np.arange(len(codes))
        return LocalPairs(rows, places, places + len(codes))

    def holds(self, pairs: LocalPairs) -> Flags:
        """Whether the rule finds each of these pairs."""
        if not len(self.codes):
            return np.zeros(len(pairs.left), bool)
        sought = pairs.rows.take(pairs.left).astype(np.int64) * self._n_rows + pairs.rows.take(pairs.right)
        listed: Flags = self.codes.take(np.searchsorted(self.codes, sought), mode="clip") == sought
        return listed


def key_finder(key: KeyCodes, n_rows: int) -> OneKey | ManyKeys:
    """The finder for key codes."""
    return OneKey(key.codes, key.order) if key.rows is None else ManyKeys(key, n_rows)
