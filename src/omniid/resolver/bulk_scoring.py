"""Many pairs weighed at once, by arrays, from what a store keeps of their records in brief: the twin of `PairScorer.score`."""

from collections.abc import Mapping, Sequence

import numpy as np

from omniid.resolver.bulk_records import BulkRecords
from omniid.resolver.learned import Learned

__all__ = ["weigh_in_bulk"]

Pair = tuple[int, int]


def weigh_in_bulk(learned: Learned, texts: Mapping[int, str], pairs: Sequence[Pair]) -> dict[Pair, int]:
    """Weigh pairs of records, and keep those that somebody keeps: see `PairScorer.score`.

    Parameters
    ----------
    learned
        The declaration and the model.
    texts
        Row → its brief, of all records of the pairs.
    pairs
        (smaller row, larger row).

    Returns
    -------
    dict
        Pair → match weight in millionths of a bit.
    """
    rows = sorted(texts)
    ready, model, weights = BulkRecords.of(learned, [texts[row] for row in rows])
    ends = np.searchsorted(np.array(rows), np.array(pairs, np.int64)).astype(np.int32)
    left, right = ends[:, 0].copy(), ends[:, 1].copy()
    kept, weight = ready.weigh_kept(left, right, ready.comparer.levels(left, right), model, weights)
    return {pairs[at]: bits for at, bits in zip(kept.tolist(), weight.tolist(), strict=True)}
