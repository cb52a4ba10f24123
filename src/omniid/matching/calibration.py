"""Calibration: from match weights to probabilities, thresholds and expected quality."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.tables import BITS, Weights

__all__ = [
    "Quality",
    "ReliabilityBin",
    "calibration_error",
    "expected_quality",
    "link_threshold",
    "match_probability",
    "reliability",
    "review_threshold",
]

Floats = npt.NDArray[np.float64]

LOT = 1 << 20  # pairs looked at together; the same with any memory limit, as sums in another order differ in the last bit
REVIEW_PROBABILITY = 0.1  # a possible link: one in ten such pairs is the same person


class Quality(NamedTuple):
    """Precision, recall and F1 that a model expects of its own links; nan where undefined."""

    precision: float
    recall: float
    f1: float


class ReliabilityBin(NamedTuple):
    """Pairs of similar match probability: the mean that was predicted, and the share that was true (nan without pairs)."""

    low: float
    high: float
    pairs: int
    predicted: float
    observed: float


def match_probability(weight: Weights) -> Floats:
    """Turn match weights into probabilities that the pairs are the same person.

    Parameters
    ----------
    weight
        int64, millionths of a bit, prior included.

    Returns
    -------
    numpy.ndarray
        float64 in [0, 1].

    Examples
    --------
    >>> match_probability(np.array([0, 1_000_000])).round(3).tolist()
    [0.5, 0.667]
    """
    bits = np.clip(np.asarray(weight, np.float64) / BITS, -1000, 1000)
    return np.asarray(1 / (1 + np.exp2(-bits)), np.float64)


def expected_quality(
    weight: Weights, cut: float, *, counts: npt.NDArray[np.int64] | None = None, matches: float | None = None
) -> Quality:
    """What precision and recall the model itself expects when pairs at or above a cut are linked.

    Parameters
    ----------
    weight
        int64, millionths of a bit.
    cut
        Threshold in bits.
    counts
        Pairs per weight; None counts each once.
    matches
        All matching pairs that exist; None takes those expected among the given pairs. Never fewer than those found.

    Returns
    -------
    Quality

    Examples
    --------
    >>> expected_quality(np.array([10, 0, -10]) * 1_000_000, 1.0).precision.__round__(3)
    0.999
    """
    found, made, expected = 0.0, 0, 0.0
    for start in range(0, len(weight), LOT):
        part = np.asarray(weight[start : start + LOT])
        number = np.ones(len(part), np.int64) if counts is None else counts[start : start + LOT]
        hits = match_probability(part) * number
        linked = part >= round(cut * BITS)
        found, made = found + float(hits[linked].sum()), made + int(number[linked].sum())
        expected += float(hits.sum())
    total = expected if matches is None else max(matches, found)
    precision = found / made if made else float("nan")
    recall = found / total if total > 0 else float("nan")
    return Quality(precision, recall, 2 * found / (made + total) if made + total > 0 else float("nan"))


def link_threshold(weight: Weights, counts: npt.NDArray[np.int64] | None = None) -> float:
    """The cut that maximizes the pairwise F1 that the model expects of itself.

    Linking a pair pays as long as its probability is at least half of the best F1, so the cut is where it is that.

    Parameters
    ----------
    weight
        int64, millionths of a bit.
    counts
        Pairs per weight; None counts each once.

    Returns
    -------
    float
        Bits; 0 where there is nothing to link.

    References
    ----------
    Lipton, Elkan and Narayanaswamy, "Optimal thresholding of classifiers to maximize F1 measure", ECML PKDD 2014.

    Examples
    --------
    >>> link_threshold(np.array([], np.int64))
    0.0
    >>> round(link_threshold(np.array([20, 20, -20]) * 1_000_000), 2)
    -0.0
    """
    number = np.ones(len(weight), np.int64) if counts is None else counts
    order = np.argsort(-np.asarray(weight), kind="stable")
    hits = np.cumsum((match_probability(weight) * number)[order])
    if len(hits) == 0:
        return 0.0
    best = float((2 * hits / (np.cumsum(number[order]) + hits[-1])).max())
    return float(np.log2(best / (2 - best))) if best > 0.5 else 0.0  # a model that finds hardly anything has no say


def review_threshold(link_at: float) -> float:
    """The cut below which a pair is not worth a person's look: match probability 0.1, or `link_at` if that is lower.

    Examples
    --------
    >>> round(review_threshold(0.0), 2)
    -3.17
    """
    return float(min(link_at, np.log2(REVIEW_PROBABILITY / (1 - REVIEW_PROBABILITY))))


def reliability(weight: Weights, truth: npt.NDArray[np.bool_], *, bins: int = 10) -> list[ReliabilityBin]:
    """Compare predicted probabilities with the truth: a calibrated model has equal columns.

    Parameters
    ----------
    weight
        int64, millionths of a bit.
    truth
        Whether each pair is the same person.
    bins
        Number of equal intervals of probability.

    Returns
    -------
    list of ReliabilityBin
        One per interval [low, high); the last one holds 1 too.

    Examples
    --------
    >>> reliability(np.array([0, 0]), np.array([True, False]), bins=2)[1]
    ReliabilityBin(low=0.5, high=1.0, pairs=2, predicted=0.5, observed=0.5)
    """
    probability = match_probability(weight)
    where = np.minimum((probability * bins).astype(np.int64), bins - 1)
    pairs = np.bincount(where, minlength=bins)
    predicted = np.bincount(where, weights=probability, minlength=bins)
    observed = np.bincount(where, weights=np.asarray(truth, np.float64), minlength=bins)
    nan = float("nan")
    return [
        ReliabilityBin(
            i / bins,
            (i + 1) / bins,
            int(pairs[i]),
            *((s[i] / pairs[i]).item() if pairs[i] else nan for s in (predicted, observed)),
        )
        for i in range(bins)
    ]


def calibration_error(table: Sequence[ReliabilityBin]) -> float:
    """How far predicted probabilities are from the truth, on average over the pairs.

    Parameters
    ----------
    table
        What `reliability` gave.

    Returns
    -------
    float
        The distance between predicted and observed shares of each bin, weighted by its pairs; nan without pairs.

    References
    ----------
    Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015.

    Examples
    --------
    >>> round(calibration_error(reliability(np.array([0, 2_000_000]), np.array([True, False]), bins=2)), 3)
    0.15
    """
    pairs = sum(row.pairs for row in table)
    return sum(row.pairs * abs(row.predicted - row.observed) for row in table if row.pairs) / pairs if pairs else float("nan")
