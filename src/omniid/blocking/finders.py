"""Finders: a rule made ready for one table; it lists its pairs and tells whether it holds for a pair."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import numpy.typing as npt

from omniid.blocking.blocks import Blocks, Span, in_blocks, sort_blocks
from omniid.blocking.codes import Int64s, KeyCodes
from omniid.blocking.groups import pair_count
from omniid.tables import Codes, LocalPairs, Rows, Strip
from omniid.tables.arrays import distinct

__all__ = ["ManyKeys", "OneKey", "PairSet", "key_finder"]

Flags = npt.NDArray[np.bool_]

PADDED = 8  # keys per record compared side by side; records with more take the slow path
DENSE = 4  # partners a record from which on a rule offers strips
EXPANDED = 1 << 20  # most entries that the slow path holds at once
NONE = np.iinfo(np.int64).max


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
        self._n_entries = int(sizes[sizes > 1].sum())
        alone = codes < 0  # those of `order` share theirs
        if order is None:
            alone = np.append(sizes < 2, True).take(codes, mode="wrap")  # no key, -1, reads the last place
        # A key of its own for each record without a partner: equality then needs no mask.
        self.codes = np.where(alone, -1 - np.arange(len(codes), dtype=np.int32), codes).astype(np.int32, copy=False)
        self.key: Codes | None = self.codes

    def pieces(self, chunk: int, sample: Flags | None = None) -> Iterator[Callable[[], LocalPairs]]:
        """Work that makes the pairs, about `chunk` at a time."""
        blocks = self._blocks().sampled(sample)
        for span in blocks.spans(chunk):
            yield partial(blocks.pairs, span)

    def strips(self, chunk: int) -> Iterator[Strip] | None:
        """The same pairs, not yet made; None where records have few partners."""
        return self._blocks().by_size().strips(chunk, _all_kept) if self.n_made >= DENSE * self._n_entries else None

    def _blocks(self) -> Blocks:
        rows = np.flatnonzero(self.codes >= 0).astype(np.int32) if self._order is None else self._order
        return (sort_blocks if self._order is None else in_blocks)(rows, self.codes.take(rows))

    def holds(self, pairs: LocalPairs) -> Flags:
        """Whether the rule finds each of these pairs."""
        keys = self.codes.take(pairs.rows)
        same: Flags = keys.take(pairs.left) == keys.take(pairs.right)
        return same


def _all_kept(_blocks: Blocks, _span: Span, pairs: LocalPairs) -> LocalPairs:
    return pairs


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
            yield partial(self._made, blocks, span)

    def strips(self, chunk: int) -> Iterator[Strip] | None:
        """The same pairs, not yet made; None where records have few partners."""
        if self.n_made < DENSE * len(self._rows):
            return None
        return sort_blocks(self._rows, self._codes).by_size().strips(chunk, self._kept)

    def _made(self, blocks: Blocks, span: Span) -> LocalPairs:
        return self._kept(blocks, span, blocks.pairs(span))

    def _kept(self, blocks: Blocks, span: Span, pairs: LocalPairs) -> LocalPairs:
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

    def strips(self, chunk: int) -> Iterator[Strip] | None:  # noqa: ARG002  # as any finder
        """None: they are listed already."""
        return None

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
