"""What a result is expected to be worth, without truth."""

import math

import numpy as np
import numpy.typing as npt

from omniid.copies import find_originals
from omniid.expectation import Expected, Seen, count_triads, expect
from omniid.matching import match_probability
from omniid.quality.bonds import Bonds, find_bonds, pair_probability
from omniid.results import Parts
from omniid.tables import Rows

__all__ = ["estimate_quality", "parted_pairs"]

Floats = npt.NDArray[np.float64]


def estimate_quality(parts: Parts, bonds: Bonds | None = None) -> Expected:
    """Say what precision and recall to expect of the clusters of a result, over pairs of records.

    Parameters
    ----------
    parts
        The result.
    bonds
        What holds its clusters together, where that is known already.

    Returns
    -------
    Expected
        Worked out from match probabilities, as the room `expectation` says.

    Examples
    --------
    >>> import omniid
    >>> rows = [{"id": str(i), "email": "ann@x.com", "name": "Ann Lee"} for i in range(2)]
    >>> estimate_quality(omniid.resolve(rows).parts).pairs
    1
    """
    bonds = find_bonds(parts) if bonds is None else bonds
    scores, labels = parts.scores, parts.clustering.labels
    n = len(labels)
    originals = find_originals(parts.evidence, parts.plan.columns, parts.plan.apart)
    here = np.flatnonzero((originals[scores.left] == scores.left) & (originals[scores.right] == scores.right))
    here = here[labels[scores.left[here]] == labels[scores.right[here]]]
    left, right, links = scores.left[here], scores.right[here], scores.weight[here] >= parts.link_at
    triads = count_triads(n, left[links], right[links], left, right)
    with_original = np.flatnonzero(labels == labels[originals])
    times = np.bincount(originals[with_original], minlength=n).astype(np.int64)
    copies = int((times * (times - 1) // 2).sum())
    inside = int((times[left] * times[right]).sum()) + copies
    _, apart = parted_pairs(parts)
    return expect(bonds.forest, bonds.probability, labels, Seen(inside, copies, math.fsum(apart.tolist())), triads)


def parted_pairs(parts: Parts) -> tuple[Rows, Floats]:
    """Find scored pairs of records that stand in different clusters, and the pairs of one person to expect of each.

    Where a conflict parts two clusters, their best link counts less the mean conflict between their records, for all these
    records: it speaks of all of them. Limits and decisions are taken at their word.

    Parameters
    ----------
    parts
        The result.

    Returns
    -------
    tuple of numpy.ndarray
        Positions among the scored pairs, ascending, and float64 for each: the number of pairs of one person expected.
    """
    scores, labels = parts.scores, parts.clustering.labels
    at = np.flatnonzero(labels[scores.left] != labels[scores.right])
    expected = pair_probability(scores.weight[at], scores.tier[at])
    refusals = parts.clustering.refusals
    if not refusals:
        return at.astype(np.int32), expected
    n = len(labels)
    sizes = np.bincount(labels, minlength=n)
    one = np.array([(found.left, found.right) for found in refusals], np.int64)
    value = np.array([found.weight + found.conflict for found in refusals], np.int64)
    counts = np.array([found.limit == "conflict" for found in refusals])
    keys = _between(labels, one[:, 0], one[:, 1])
    order = np.lexsort((one[:, 1], one[:, 0], -value, keys))
    best = order[np.diff(keys[order], prepend=-1) != 0]
    pairs = sizes[labels[one[best, 0]]] * sizes[labels[one[best, 1]]]
    worth = np.where(counts[best], match_probability(value[best]) * pairs, 0.0)
    mine = _between(labels, scores.left[at], scores.right[at])
    place = np.minimum(np.searchsorted(keys[best], mine), len(best) - 1)
    refused = keys[best][place] == mine
    first = (scores.left[at].astype(np.int64) << 32 | scores.right[at]) == (one[best, 0] << 32 | one[best, 1])[place]
    return at.astype(np.int32), np.where(refused, np.where(first, worth[place], 0.0), expected)


def _between(labels: Rows, left: npt.NDArray[np.integer], right: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """One number per pair of clusters."""
    one, other = labels[left].astype(np.int64), labels[right].astype(np.int64)
    return np.asarray(np.minimum(one, other) << 32 | np.maximum(one, other), np.int64)
