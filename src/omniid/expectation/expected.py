"""Expected precision and recall of clusters, and where to look first."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.expectation.spanning import SpanningForest
from omniid.expectation.triads import Triads
from omniid.key_order import order_of
from omniid.tables import Rows

__all__ = ["Doubts", "Expected", "Seen", "expect", "find_doubts"]

Floats = npt.NDArray[np.float64]


class Expected(NamedTuple):
    """What is expected of the clusters, over pairs of records; nan where undefined.

    `pairs` stand in clusters, `right` of them are expected to be one person, and `wrong_merges` of the links that hold
    clusters together to be wrong. `missed` pairs of one person are expected to be apart, and `seen` is the share of the pairs
    of one person that were compared.
    """

    precision: float
    recall: float
    f1: float
    pairs: int
    right: float
    wrong_merges: float
    missed: float
    seen: float


class Seen(NamedTuple):
    """What was compared: pairs in clusters that were not, pairs of copies among them left out, and between clusters.

    `inside` pairs of clusters were compared, or are copies of each other, which need no comparing; `copies` are those;
    `apart` pairs of one person are expected between clusters among those compared.
    """

    inside: int
    copies: int
    apart: float


def expect(forest: SpanningForest, probability: Floats, labels: Rows, seen: Seen, triads: Triads) -> Expected:
    """Say what precision and recall to expect of clusters.

    Parameters
    ----------
    forest
        The strongest links of the clusters.
    probability
        float64 per link: how likely it is right.
    labels
        int32 per row: the smallest row of its cluster.
    seen
        What was compared.
    triads
        Of the pairs that a third record ties, how many were compared.

    Returns
    -------
    Expected
        Precision is the expected share of right pairs among those in clusters. For recall, the pairs of one person that were
        seen are divided by the share that is; what stands in clusters or was seen apart is never left out.

    Examples
    --------
    >>> from omniid.expectation import spanning_forest
    >>> forest = spanning_forest(2, np.array([0], np.int32), np.array([1], np.int32), np.array([3.0]))
    >>> found = expect(forest, np.array([0.9]), np.zeros(2, np.int32), Seen(1, 0, 0.3), Triads(80, 60))
    >>> round(found.precision, 3), round(found.recall, 3)
    (0.9, 0.6)
    """
    sizes = np.bincount(labels).astype(np.int64)
    pairs = int((sizes * (sizes - 1) // 2).sum())
    right = math.fsum(forest.sums(probability).pairs.tolist())
    linked = forest.link[forest.link >= 0]
    wrong = math.fsum((1 - probability[linked]).tolist())
    precision = right / pairs if pairs else math.nan
    direct = (seen.inside - seen.copies) * (precision if pairs else 0.0) + seen.apart
    total = max(direct / triads.share + seen.copies, right + seen.apart)
    f1 = 2 * right / (pairs + total) if pairs + total else math.nan
    recall = right / total if total else math.nan
    return Expected(precision, recall, f1, pairs, right, wrong, total - right, triads.share)


class Doubts(NamedTuple):
    """Per doubtful cluster: its smallest row, its records, the pairs expected to be wrong, and the link to look at first.

    `link` is the position of the link whose failure would cost most: how likely it is wrong times the pairs that it joins;
    `errors` are that many pairs.
    """

    label: Rows
    records: npt.NDArray[np.int64]
    wrong_pairs: Floats
    link: npt.NDArray[np.int64]
    errors: Floats


def find_doubts(forest: SpanningForest, probability: Floats, labels: Rows) -> Doubts:
    """Rank clusters by the number of pairs that are expected to be wrong.

    Parameters
    ----------
    forest, probability, labels
        As for `expect`.

    Returns
    -------
    Doubts
        Clusters of two records or more, the most doubtful first, then by row.

    Examples
    --------
    >>> from omniid.expectation import spanning_forest
    >>> forest = spanning_forest(4, np.array([0, 1], np.int32), np.array([1, 2], np.int32), np.array([3.0, 1.0]))
    >>> doubts = find_doubts(forest, np.array([0.9, 0.6]), np.array([0, 0, 0, 3], np.int32))
    >>> doubts.label.tolist(), doubts.wrong_pairs.round(2).tolist(), doubts.link.tolist()
    ([0], [0.96], [1])
    """
    n = len(labels)
    sizes = np.bincount(labels, minlength=n).astype(np.int64)
    right = np.bincount(labels, weights=forest.sums(probability).pairs, minlength=n)
    below = forest.sums(np.ones_like(probability)).below
    rows = np.flatnonzero(forest.link >= 0)
    part = below[rows]
    errors = (1 - probability[forest.link[rows]]) * part * (sizes[labels[rows]] - part)
    first = _worst_links(labels[rows], errors, forest.link[rows], n)
    label = labels[rows[first]]
    wrong = sizes[label] * (sizes[label] - 1) / 2 - right[label]
    most = np.argsort(-wrong, kind="stable")  # labels ascend
    first, label = first[most], label[most]
    return Doubts(label, sizes[label], wrong[most], forest.link[rows[first]], errors[first])


def _worst_links(label: Rows, errors: Floats, link: npt.NDArray[np.int64], n: int) -> npt.NDArray[np.int64]:
    """Per label, ascending, the place of the greatest error; of equals that of the first link."""
    greatest = np.full(n, -np.inf)
    np.maximum.at(greatest, label, errors)
    at = np.flatnonzero(errors == greatest[label])
    first = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(first, label[at], link[at])
    at = at[first[label[at]] == link[at]]
    found: npt.NDArray[np.int64] = at[order_of(label[at])]
    return found
