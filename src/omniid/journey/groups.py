"""Events that belong together, as runs of a stable sort: within a run they keep the order that they came in."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Ints", "Runs", "distinct_codes", "runs_of"]

Ints = npt.NDArray[np.int64]


class Runs(NamedTuple):
    """Positions sorted by key, and where each distinct key begins among them."""

    order: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]

    @property
    def number(self) -> Ints:
        """Per sorted position: the number of its run."""
        marks = np.zeros(len(self.order), np.int64)
        marks[self.starts[1:]] = 1
        return np.cumsum(marks)

    @property
    def firsts(self) -> npt.NDArray[np.intp]:
        """The first position of every run."""
        return self.order[self.starts]

    def sums(self, values: Ints) -> Ints:
        """The sum of each run, over values in the order of the positions."""
        found: Ints = np.add.reduceat(values[self.order], self.starts) if len(self.starts) else np.zeros(0, np.int64)
        return found

    def last_where(self, flags: npt.NDArray[np.bool_]) -> Ints:
        """Per run: the last place among the sorted positions that is flagged, -1 where none is."""
        place = np.where(flags[self.order], np.arange(len(self.order)), -1)
        found: Ints = np.maximum.reduceat(place, self.starts) if len(self.starts) else np.zeros(0, np.int64)
        return found


def runs_of(*keys: npt.NDArray[np.signedinteger]) -> Runs:
    """Gather positions by one key or several, the first counting most.

    Examples
    --------
    >>> runs = runs_of(np.array([2, 1, 2]))
    >>> runs.order.tolist(), runs.starts.tolist()
    ([1, 0, 2], [0, 1])
    """
    packed = _packed(keys)
    order = np.lexsort(keys[::-1]) if packed is None else np.argsort(packed, kind="stable")
    if not len(order):
        return Runs(order, np.zeros(0, np.intp))
    begins = np.ones(len(order), bool)
    begins[1:] = False
    for key in keys if packed is None else (packed,):
        ordered = key[order]
        begins[1:] |= ordered[1:] != ordered[:-1]
    return Runs(order, np.flatnonzero(begins))


def distinct_codes(keys: npt.NDArray[np.signedinteger], taken: npt.NDArray[np.bool_]) -> Ints:
    """Codes from 0 for the keys that are taken, by their first position, -1 elsewhere; the number of codes comes last.

    Examples
    --------
    >>> distinct_codes(np.array([7, 3, 7]), np.array([True, False, True])).tolist()
    [0, -1, 0, 1]
    """
    found = np.full(len(keys) + 1, -1, np.int64)
    runs = runs_of(keys[taken])
    rank = np.empty(len(runs.starts), np.int64)
    rank[np.argsort(runs.firsts)] = np.arange(len(rank))
    codes = np.empty(len(runs.order), np.int64)
    codes[runs.order] = rank[runs.number]
    found[:-1][taken] = codes
    found[-1] = len(rank)
    return found


def _packed(keys: tuple[npt.NDArray[np.signedinteger], ...]) -> Ints | None:
    """Several keys as one number that sorts like them; None where that would not fit."""
    if len(keys) == 1:
        return keys[0].astype(np.int64, copy=False)
    if not len(keys[0]):
        return np.zeros(0, np.int64)
    lows = [int(key.min()) for key in keys]
    widths = [int(key.max()) - low + 1 for key, low in zip(keys, lows, strict=True)]
    room = 1
    for width in widths:
        room *= width
    if room >= 1 << 62:
        return None
    packed = np.zeros(len(keys[0]), np.int64)
    for key, low, width in zip(keys, lows, widths, strict=True):
        packed *= width
        packed += key
        packed -= low
    return packed
