"""Measures from a judged sample: a truth that knows some people, or some clusters, with an interval."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Interval", "SampleEstimate", "estimate_from_sample"]

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NORMAL = 1.959963984540054  # standard errors on both sides of an estimate that hold 95 in 100


class Interval(NamedTuple):
    """An estimate with the bounds that hold the truth in 95 of 100 samples; nan where undefined.

    Examples
    --------
    >>> print(Interval(0.9, 0.85, 0.95))
    0.900 (0.850 to 0.950)
    """

    estimate: float
    low: float
    high: float

    def __str__(self) -> str:
        return "unknown" if math.isnan(self.estimate) else f"{self.estimate:.3f} ({self.low:.3f} to {self.high:.3f})"


class SampleEstimate(NamedTuple):
    """Pairwise precision and recall of all clusters, estimated from a sample.

    `of` says what was drawn, "entities" or "clusters", and `drawn` how many. Clusters tell no recall: it is nan.
    """

    of: str
    drawn: int
    precision: Interval
    recall: Interval


def estimate_from_sample(predicted: Codes, true: Codes, *, by_size: bool = False) -> SampleEstimate:
    """Estimate the pairwise precision and recall of all clusters from those that a sample judges.

    If the sample knows all records of each cluster that it touches, clusters were drawn; else entities were, and it knows all
    of their records. Measuring the known records alone would overlook what clusters hold besides, and make precision too high.

    Parameters
    ----------
    predicted
        int64 per record: its cluster.
    true
        int64 per record: its true entity, -1 where the sample does not know it.
    by_size
        Whether records were drawn, each with its whole entity or cluster, so that larger ones came more often.

    Returns
    -------
    SampleEstimate
        Ratios of sums over what was drawn, with the standard error of a ratio.

    References
    ----------
    Binette, York, Hickerson, Baek, Madhavan and Jones, "Estimating the performance of entity resolution algorithms: lessons
    learned through PatentsView.org", The American Statistician 77, 2023. Cochran, *Sampling Techniques*, 3rd edition, 1977.

    Examples
    --------
    >>> found = estimate_from_sample(np.array([0, 0, 1, 1, 2]), np.array([5, 5, 7, -1, 7]))
    >>> found.of, found.drawn, round(found.precision.estimate, 2), found.recall.estimate
    ('entities', 2, 0.67, 0.5)
    """
    known = np.flatnonzero(true >= 0)
    sizes = np.bincount(predicted)
    judged = np.bincount(predicted[known], minlength=len(sizes))
    whole = bool((judged[judged > 0] == sizes[judged > 0]).all())
    unit = predicted if whole else true
    _, units = np.unique(unit[known], return_inverse=True)
    n = int(units.max(initial=-1)) + 1
    records = np.bincount(units, minlength=n).astype(np.float64)
    cells = np.unique(np.stack([units, true[known] if whole else predicted[known]]), axis=1, return_counts=True)
    right = np.bincount(cells[0][0], weights=cells[1] * (cells[1] - 1) / 2, minlength=n)
    joined = np.bincount(units, weights=(sizes[predicted[known]] - 1) / 2, minlength=n)
    weight = 1 / records if by_size else np.ones(n)
    precision = _ratio(right * weight, joined * weight)
    nothing = Interval(math.nan, math.nan, math.nan)
    recall = nothing if whole else _ratio(right * weight, records * (records - 1) / 2 * weight)
    return SampleEstimate("clusters" if whole else "entities", n, precision, recall)


def _ratio(top: Floats, bottom: Floats) -> Interval:
    """A ratio of two sums over independent draws, with its interval."""
    n, total = len(bottom), math.fsum(bottom.tolist())
    if not total:
        return Interval(math.nan, math.nan, math.nan)
    estimate = math.fsum(top.tolist()) / total
    if n < 2:
        return Interval(estimate, 0.0, 1.0)
    error = math.sqrt(math.fsum(((top - estimate * bottom) ** 2).tolist()) * n / (n - 1)) / total
    return Interval(estimate, max(estimate - NORMAL * error, 0.0), min(estimate + NORMAL * error, 1.0))
