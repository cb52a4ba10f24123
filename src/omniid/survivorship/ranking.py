"""The order of the entries within each entity: rule after rule, as long as there are ties."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from omniid.key_order import order_of
from omniid.survivorship.entries import Entries

__all__ = ["best_first"]

Ranks = npt.NDArray[np.generic]
Numbers = npt.NDArray[np.int64]
KEY_BITS = 63


def best_first(entries: Entries, ranks: Sequence[Ranks]) -> Numbers:
    """Order entries by entity, then by the ranks, then by code point, by what is shown most, and by row.

    Each key sorts only what all keys before it left tied, so the lone values of most entities are never looked at.

    Parameters
    ----------
    entries
        By entity and row.
    ranks
        One number per entry from each rule of the chain, higher is better.

    Returns
    -------
    numpy.ndarray
        int64 positions in `entries`.
    """
    order = np.arange(len(entries))
    begins = entries.begins.copy()  # where, in sorted order, something begins that differs from what stands before it
    for key in _keys(entries, ranks):
        slots = _tied(begins)
        if not len(slots):
            break
        rows = order.take(slots)
        packed = _packed(begins.take(slots), key.take(rows))
        if (packed[1:] < packed[:-1]).any():
            within = order_of(packed)
            order[slots], packed = rows.take(within), packed.take(within)
        begins[slots[1:]] = packed[1:] != packed[:-1]
    return order


def _keys(entries: Entries, ranks: Sequence[Ranks]) -> Iterator[npt.NDArray[np.integer]]:
    """What decides, first to last; smaller comes first."""
    for rank in ranks:
        yield ~_whole(rank)  # turns integers round without overflow
    yield entries.value
    yield ~entries.support(entries.shown, np.ones(len(entries), np.int64))
    yield entries.shown
    yield np.arange(len(entries))


def _whole(rank: Ranks) -> npt.NDArray[np.integer]:
    """Ranks as integers in the same order."""
    if np.issubdtype(rank.dtype, np.integer):
        return np.asarray(rank, np.int64)
    return np.asarray(np.unique(rank, return_inverse=True)[1], np.int64)


def _packed(begins: npt.NDArray[np.bool_], key: npt.NDArray[np.integer]) -> Numbers:
    """Group and key as one number that sorts like both: one fast sort, where a sort by two keys takes seven times as long."""
    group = np.cumsum(begins) - 1
    low = int(key.min())
    bits = (int(key.max()) - low).bit_length()
    if int(group[-1]).bit_length() + bits > KEY_BITS:
        key = np.unique(key, return_inverse=True)[1]
        low, bits = 0, int(key.max()).bit_length()
    return np.asarray((group << bits) | (key.astype(np.int64) - low), np.int64)


def _tied(begins: npt.NDArray[np.bool_]) -> Numbers:
    """Sorted positions that don't differ from a neighbour."""
    alone = begins.copy()
    alone[:-1] &= begins[1:]
    return np.flatnonzero(~alone)
