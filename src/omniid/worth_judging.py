"""Which pairs are most worth a person's look, for the model to learn from: doubtful, with much at stake, and unlike each other.

Judging is sampling: of the pairs of one agreement pattern, which all look alike to the model, some tell about the others. How
many labels each pattern should get is an old question with an old answer (Neyman): as many as its pairs times the standard
deviation of "same person" among them. A pair counts for more where the answer moves more records: an own cluster joined to
another of 40 records is worth more than two lone ones. So

    a pattern's claim = Σ √(p(1 - p)) · log2(1 + record pairs that another answer would join or part)   over its pairs

and places go to the pattern with the highest claim / (places it has + 1), one by one (D'Hondt). The first ten pairs of a list
of a thousand are the list of ten. p is never taken for surer than one in a hundred: a model may be wrong where it is sure, and
only a person can tell it.
"""

import heapq

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.decisions import settle
from omniid.errors import InputError
from omniid.labels import Labels
from omniid.matching import match_probability
from omniid.results import Parts, pair_keys
from omniid.tables import BITS, Levels, Rows
from omniid.tables.arrays import arrow_array, text_array

__all__ = ["chosen_pairs", "worth_judging_table"]

Floats = npt.NDArray[np.float64]

SUREST = 0.01  # a probability nearer to 0 or 1 counts as this


def worth_judging_table(parts: Parts, n: int, known: Labels | None = None) -> pa.Table:
    """The pairs most worth judging, the best first: keys of both records, an empty `same`, match weight and probability.

    Parameters
    ----------
    parts
        A result.
    n
        At most so many pairs.
    known
        Labels so far; their pairs are left out, as are those that decisions name.

    Raises
    ------
    InputError
        If n is below 1.
    """
    at = chosen_pairs(parts, n, known)
    scores = parts.scores
    return pa.table(
        {
            **pair_keys(parts.records, scores.left[at], scores.right[at]),
            "same": text_array([]).take(pa.nulls(len(at), pa.int64())),
            "match_weight": arrow_array(scores.weight[at] / BITS),
            "match_probability": arrow_array(match_probability(scores.weight[at])),
        }
    )


def chosen_pairs(parts: Parts, n: int, known: Labels | None = None) -> npt.NDArray[np.intp]:
    """Positions among the scored pairs of those most worth judging, the best first."""
    if n < 1:
        raise InputError(f"n is {n}; give the number of pairs to judge, 1 or more")
    scores = parts.scores
    key = scores.left.astype(np.int64) << 32 | scores.right
    open_ = np.flatnonzero(~np.isin(key, _told(parts, known)))
    pattern = _pattern_numbers(scores.levels[open_])
    stake = _stakes(parts, open_)
    order = np.lexsort((key[open_], -stake, pattern))  # rows stand by record key: no two pairs tie
    starts = np.flatnonzero(np.diff(pattern[order], prepend=-1))
    sizes = np.diff(np.append(starts, len(order)))
    claims = np.add.reduceat(stake[order], starts) if len(starts) else np.zeros(0)
    return open_[order[_shared_out(claims, starts, sizes, n)]]


def _told(parts: Parts, known: Labels | None) -> npt.NDArray[np.int64]:
    """Pairs that people spoke of already."""
    told = [*settle(parts.records, parts.decisions)]
    keys = [pairs[:, 0].astype(np.int64) << 32 | pairs[:, 1] for pairs in told]
    if known is not None:
        found = known.rows(parts.records)
        keys.append(found.left.astype(np.int64) << 32 | found.right)
        left, right = parts.scores.left, parts.scores.right
        both = (found.person[left] >= 0) & (found.person[right] >= 0)
        keys.append(left[both].astype(np.int64) << 32 | right[both])
    return np.concatenate(keys)


def _stakes(parts: Parts, at: npt.NDArray[np.intp]) -> Floats:
    """How much the answer on each pair is in doubt, times how much it moves."""
    scores, labels = parts.scores, parts.clustering.labels
    p = np.clip(match_probability(scores.weight[at]), SUREST, 1 - SUREST)
    return np.asarray(np.sqrt(p * (1 - p)) * np.log2(1 + _moved(labels, scores.left[at], scores.right[at])), np.float64)


def _moved(labels: Rows, left: Rows, right: Rows) -> Floats:
    """Record pairs that another answer would join or part: of two clusters all across, of one a record's with the rest."""
    size = np.bincount(labels, minlength=len(labels))
    one, two = size[labels[left]], size[labels[right]]
    return np.where(labels[left] == labels[right], one - 1, one * two).astype(np.float64)


def _pattern_numbers(levels: Levels) -> npt.NDArray[np.int64]:
    """A number per distinct agreement pattern."""
    if not len(levels):
        return np.zeros(0, np.int64)
    _, number = np.unique(levels, axis=0, return_inverse=True)
    return number.reshape(-1).astype(np.int64)


def _shared_out(claims: Floats, starts: npt.NDArray[np.intp], sizes: npt.NDArray[np.intp], n: int) -> npt.NDArray[np.int64]:
    """Give n places to patterns by their claims, the best pairs of each first.

    Examples
    --------
    >>> _shared_out(np.array([10.0, 4.0]), np.array([0, 5]), np.array([5, 2]), 4).tolist()
    [0, 1, 5, 2]
    """
    waiting = [(-claim, number, 0) for number, claim in enumerate(claims.tolist())]
    heapq.heapify(waiting)
    places: list[int] = []
    while waiting and len(places) < n:
        _, number, has = waiting[0]
        places.append(int(starts[number]) + has)
        if has + 1 < sizes[number]:
            heapq.heapreplace(waiting, (-float(claims[number]) / (has + 2), number, has + 1))
        else:
            heapq.heappop(waiting)
    return np.array(places, np.int64)
