"""Evidence of equal records: a batch run keeps it once for all copies of a record, a store keeps it for each of them.

So what is stored of a pair follows from its two records, and stays right when one of several copies changes.
"""

from typing import NamedTuple

import numpy as np

from omniid.copies import find_originals
from omniid.results import Parts
from omniid.tables import Rows, Weights

__all__ = ["WeighedPairs", "pairs_of_all"]


class WeighedPairs(NamedTuple):
    """Pairs of places, left < right, ascending, and their match weights in millionths of a bit."""

    left: Rows
    right: Rows
    weight: Weights


def pairs_of_all(parts: Parts) -> WeighedPairs:
    """Return the scored pairs of all records, copies included.

    Examples
    --------
    >>> import omniid
    >>> rows = [{"id": str(n), "email": "ann@x.com", **({} if n else {"phone": "+48501000001"})} for n in range(3)]
    >>> parts = omniid.resolve(rows).parts
    >>> len(parts.scores), len(pairs_of_all(parts).left)
    (2, 3)
    """
    scores, n = parts.scores, len(parts.records)
    originals = find_originals(parts.evidence, parts.plan.columns, np.zeros(n, bool))
    one, other = originals.take(scores.left), originals.take(scores.right)
    both = np.minimum(one, other).astype(np.int64) << 32 | np.maximum(one, other)
    both, first = np.unique(both, return_index=True)
    rows = np.argsort(originals, kind="stable")
    size = np.bincount(originals, minlength=n)
    start = np.cumsum(size) - size
    left, right = both >> 32, both & 0xFFFFFFFF
    makes = size[left] * size[right]
    of = np.repeat(np.arange(len(both)), makes)
    number = np.arange(len(of)) - np.repeat(np.cumsum(makes) - makes, makes)
    here = rows[start[left[of]] + number // size[right[of]]]
    there = rows[start[right[of]] + number % size[right[of]]]
    weight = scores.weight[first][of]
    keep = (left[of] != right[of]) | (here < there)  # of a record and its copies, each pair once
    here, there, weight = here[keep], there[keep], weight[keep]
    low, high = np.minimum(here, there).astype(np.int32), np.maximum(here, there).astype(np.int32)
    order = np.lexsort((high, low))
    return WeighedPairs(low[order], high[order], weight[order])
