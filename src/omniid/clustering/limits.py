"""Which sets of a partition hold what a limit forbids, on arrays."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from omniid.clustering.links import inner_pairs, pair_keys
from omniid.clustering.windows import may_crowd, too_many_at_a_time
from omniid.tables import Codes, CountLimit, Limit, PairLimit, Rows

__all__ = ["sets_over_limit"]

BATCH = 1 << 19  # pairs of values looked at in one call
MOST = 64  # values of a set of which all pairs are looked at together with those of other sets

Counts = npt.NDArray[np.int64]


def sets_over_limit(limit: Limit, labels: Rows) -> Rows:
    """Find the sets of a partition that exceed a limit.

    A limit is hereditary: a subset of a set within the limit is within it too. That is why a component that keeps all limits
    as a whole needs no further look.

    Parameters
    ----------
    limit
        What no set may hold.
    labels
        int32, one per row: the set that the row belongs to, named by one of its rows.

    Returns
    -------
    numpy.ndarray
        int32, ascending: the names of the sets that exceed the limit.

    Examples
    --------
    >>> rows, codes = np.array([0, 1, 2], np.int32), np.array([7, 8, 8], np.int32)
    >>> sets_over_limit(CountLimit("at_most(email, 1)", ("email",), rows, codes, n=1), np.array([0, 0, 2], np.int32)).tolist()
    [0]
    >>> limit = PairLimit("disagree(age)", ("age",), rows, codes, apart=lambda one, other: other - one > 5)
    >>> sets_over_limit(limit, np.array([0, 0, 2], np.int32)).tolist()
    []
    """
    names = labels.take(limit.rows)
    allowed = limit.n if isinstance(limit, CountLimit) else 1
    # Counting entries is cheap and clears most sets; only what is left is sorted to count distinct values.
    at = np.flatnonzero(np.bincount(names, minlength=1).take(names) > allowed)
    sets, codes = _distinct(names[at], limit.codes[at])
    sets, codes = _of_many(sets, codes, allowed)
    if isinstance(limit, PairLimit):
        return _hold_pair(sets, codes, limit)
    over = sets[np.diff(sets, prepend=-1) != 0]
    return over if not isinstance(limit, CountLimit) or limit.times is None else _within_windows(limit, names, over)


def _distinct(sets: Rows, codes: Codes) -> tuple[Rows, Codes]:
    """Each code of each set once, set by set."""
    keys = np.sort(pair_keys(sets, codes))
    keys = keys[np.append(True, np.diff(keys) != 0)[: len(keys)]]
    return (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)


def _of_many(sets: Rows, codes: Codes, most: int) -> tuple[Rows, Codes]:
    """Entries of sets that have more than `most`."""
    starts = np.flatnonzero(np.diff(sets, prepend=-1))
    sizes = np.diff(starts, append=len(sets))
    many = np.repeat(sizes > most, sizes)
    return sets[many], codes[many]


def _hold_pair(sets: Rows, codes: Codes, limit: PairLimit) -> Rows:
    """Of sets and their distinct codes, those that hold two values which may not meet."""
    starts = np.flatnonzero(np.diff(sets, prepend=-1))
    sizes = np.diff(starts, append=len(sets))
    small = np.repeat(sizes <= MOST, sizes)
    over = [_of_small(sets[small], codes[small], limit)]
    for start, size in zip(starts[sizes > MOST].tolist(), sizes[sizes > MOST].tolist(), strict=True):
        if _meet(codes[start : start + size], limit):
            over.append(sets[start : start + 1])
    return np.sort(np.concatenate(over))


def _of_small(sets: Rows, codes: Codes, limit: PairLimit) -> Rows:
    """`_hold_pair` for sets of few values: all pairs at once, each pair of values once."""
    one, other = inner_pairs(sets)
    keys, which = np.unique(pair_keys(codes[one], codes[other]), return_inverse=True)
    left, right = (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)
    parts = [limit.apart(left[at : at + BATCH], right[at : at + BATCH]) for at in range(0, len(keys), BATCH)]
    apart = np.concatenate([np.zeros(0, bool), *parts])[which]
    named: Rows = np.sort(sets[one[apart]])
    once: Rows = named[np.diff(named, prepend=-1) != 0]
    return once


def _meet(codes: Codes, limit: PairLimit) -> bool:
    """Whether two of many codes may not meet; mostly one of the first pairs shows it."""
    step = max(BATCH // len(codes), 1)
    bounds = [0, 1, *range(1 + step, len(codes), step), len(codes)]
    for start, stop in pairwise(bounds):
        one = np.repeat(np.arange(start, stop), len(codes) - start)
        other = np.tile(np.arange(start, len(codes)), stop - start)
        ahead = one < other
        if limit.apart(codes[one[ahead]], codes[other[ahead]]).any():
            return True
    return False


def _within_windows(limit: CountLimit, names: Rows, suspects: Rows) -> Rows:
    """Of sets that hold too many values altogether, those that hold too many at a time."""
    if limit.times is None or limit.window is None or not len(suspects):
        return suspects
    at = np.flatnonzero(np.isin(names, suspects))
    order = at[np.lexsort((limit.codes[at], limit.times[at], names[at]))]
    sets, codes, times = names[order], limit.codes[order], limit.times[order]
    starts = np.flatnonzero(np.diff(sets, prepend=-1))
    doubtful = may_crowd(sets, codes, times, limit.n, limit.window)
    over = []
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(sets)], strict=True):
        if doubtful[start]:
            seen = zip(codes[start:stop].tolist(), times[start:stop].tolist(), strict=True)
            if too_many_at_a_time(seen, limit.n, limit.window):
                over.append(sets[start])
    return np.array(over, np.int32)
