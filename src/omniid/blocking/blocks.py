"""Blocks: records sorted by the key that they share, cut into pieces of pairs."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.blocking.codes import Int64s
from omniid.tables import Codes, LocalPairs, Rows, Strip
from omniid.tables.arrays import distinct

__all__ = ["Blocks", "Span", "in_blocks", "sort_blocks"]

Flags = npt.NDArray[np.bool_]

NOWHERE: Int64s = np.zeros(0, np.int64)


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

    def spans(self, chunk: int, also: Int64s = NOWHERE) -> Iterator[Span]:
        """Cut the entries where about `chunk` pairs have been made; an entry with more partners is cut itself."""
        total = np.cumsum(self.partners)
        if not len(total) or not total[-1]:
            return
        piece, many = (total - 1) // chunk, np.flatnonzero(self.partners > chunk)
        cuts = distinct(np.concatenate([[0], np.flatnonzero(np.diff(piece)) + 1, many, many + 1, [len(total)], also]))
        made = np.diff(np.append(0, total).take(cuts))
        for at in np.flatnonzero(made).tolist():
            start, stop, pairs = int(cuts[at]), int(cuts[at + 1]), int(made[at])
            if stop == start + 1 and pairs > chunk:
                yield from (Span(start, stop, low, min(low + chunk, pairs)) for low in range(0, pairs, chunk))
            else:
                yield Span(start, stop)

    def by_size(self) -> "Blocks":
        """The same blocks, large ones first."""
        first, sizes = self._sizes()
        order = np.argsort(-sizes, kind="stable")
        first, sizes = first.take(order), sizes.take(order)
        entries = np.repeat(first - np.cumsum(sizes) + sizes, sizes)
        entries += np.arange(len(entries))
        return Blocks(self.rows.take(entries), self.keys.take(entries), self.partners.take(entries))

    def strips(self, chunk: int, kept: Callable[["Blocks", Span, LocalPairs], LocalPairs]) -> Iterator[Strip]:
        """The same pairs by strips; of blocks by size, so that the records of a strip have about as many partners."""
        first, sizes = self._sizes()
        smaller = np.flatnonzero(np.diff(np.frexp(sizes)[1])) + 1  # the first block below a power of two
        for span in self.spans(chunk, first.take(smaller)):
            yield Strip(*self._listed(span), partial(kept, self, span))

    def _sizes(self) -> tuple[Int64s, Int64s]:
        """The first entry of each block, and how many it has."""
        last = np.flatnonzero(self.partners == 0)
        sizes = np.diff(last, prepend=-1)
        return last - sizes + 1, sizes

    def _listed(self, span: Span) -> tuple[Rows, Int64s]:
        """The records of a span and those that follow, and how many partners each of the first has among the next ones."""
        start, stop, low, high = span
        if high:
            return np.append(self.rows[start], self.rows[start + 1 + low : start + 1 + high]), np.array([high - low])
        partners = self.partners[start:stop]
        last = int((np.arange(start, stop) + partners).max()) + 1
        return self.rows[start:last], partners

    def sampled(self, sample: Flags | None) -> "Blocks":
        """The same blocks, of which only flagged rows look for partners among the later entries."""
        return self if sample is None else self._replace(partners=np.where(sample.take(self.rows), self.partners, 0))

    def pairs(self, span: Span) -> LocalPairs:
        """The pairs whose first entry lies in a span; position 0 is its first entry."""
        rows, partners = self._listed(span)
        left = np.repeat(np.arange(len(partners)), partners)
        begin = np.cumsum(partners) - partners
        right = np.arange(1, len(left) + 1) - np.repeat(begin, partners) + left
        return LocalPairs(rows, left, right)


def sort_blocks(rows: Rows, keys: Codes) -> Blocks:
    """Blocks of the entries, those of one record left out."""
    order = np.sort(keys.astype(np.int64) << 32 | rows)
    return in_blocks((order & 0xFFFFFFFF).astype(np.int32), (order >> 32).astype(np.int32))


def in_blocks(rows: Rows, keys: Codes) -> Blocks:
    """Blocks of entries that are sorted by key, then row."""
    sizes = np.bincount(keys)
    sizes = sizes[sizes > 0]
    partners = np.repeat(np.cumsum(sizes), sizes) - np.arange(len(keys)) - 1
    return Blocks(rows, keys, partners)
