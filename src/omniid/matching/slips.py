"""Slips: pairs of one person that differ in one comparison only, and how many more there are than chance would have it.

Levels are added up as if one person's differences came independently. Where they don't, as each copy of a record was spoiled in
just one place, nearly all matches differ in one comparison, and none in three. What the posteriors of the fit show of that is
counted: matches with a single difference, against the number that the m of the comparisons let expect. Where there are more,
such pairs gain the logarithm of the ratio. Where there are fewer, nothing is taken away: differences that come together
are what relatives and namesakes look like, too, so that the count says less.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from omniid.matching.em import Layout, Mixture, expect
from omniid.matching.judged import Judged
from omniid.matching.patterns import Patterns
from omniid.matching.populations import log_tie
from omniid.tables import ComparisonTraits, Levels, Populations

__all__ = ["differs_once", "learn_slips", "slip_bits"]

Floats = npt.NDArray[np.float64]

CERTAIN = 3.0  # standard errors by which matches with one difference must be more than expected
PARTS = 16  # parts of a bit that are kept: no last digit of a sum ever shows


def differs_once(levels: Levels, exact: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    """Whether exactly one comparison is neither exact nor missing.

    Parameters
    ----------
    levels
        int8 of shape (pairs, comparisons).
    exact
        int8, the exact level of each comparison.

    Examples
    --------
    >>> differs_once(np.array([[1, 1, -1], [0, 1, 1], [0, 1, 0]], np.int8), np.array([1, 1, 1], np.int8)).tolist()
    [False, True, False]
    """
    differing = np.zeros(len(levels), np.int8)
    for number, level in enumerate(exact):  # column by column: no array of all levels is made
        differing += (levels[:, number] != level) & (levels[:, number] >= 0)
    return np.asarray(differing == 1, np.bool_)


def learn_slips(
    patterns: Patterns,
    found: Mixture,
    traits: Sequence[ComparisonTraits],
    tied: Populations | None,
    judged: Judged | None,
    *,
    alpha: float,
) -> float:
    """Tell from a finished fit how many bits matches with a single difference gain.

    Parameters
    ----------
    patterns
        Agreement patterns of the candidate pairs.
    found
        What EM came to.
    traits
        The comparisons.
    tied, judged
        As EM had them: names that go together, and pairs that people judged.
    alpha
        As for `slip_bits`.
    """
    layout, together = Layout(tuple(len(trait.levels) for trait in traits)), log_tie(tied, traits, patterns.levels)
    seen = expect(layout.positions(patterns.levels), patterns.counts.astype(float), found, judged, together)
    exact = np.array([trait.exact for trait in traits], np.int8)
    return slip_bits(patterns.levels, seen.same, layout.split(found.m), exact, alpha=alpha)


def slip_bits(levels: Levels, matches: Floats, m: Sequence[Floats], exact: npt.NDArray[np.int8], *, alpha: float) -> float:
    """Tell how many bits matches with a single difference gain.

    Parameters
    ----------
    levels
        int8 of shape (patterns, comparisons).
    matches
        Expected matching pairs per pattern.
    m
        Per comparison, the probabilities of its levels among matches.
    exact
        int8, the exact level of each comparison.
    alpha
        Pairs, as many as independence says, that are added to what was counted.

    Returns
    -------
    float
        0 or more; 0 where the excess may be chance.

    Examples
    --------
    >>> levels, m = np.array([[1, 0], [0, 1]], np.int8), [np.array([0.5, 0.5])] * 2
    >>> slip_bits(levels, np.array([500.0, 500.0]), m, np.array([1, 1], np.int8), alpha=1e-9)
    1.0
    """
    none, one = np.ones(len(levels)), np.zeros(len(levels))  # chance of no difference so far, and of one
    for number, level in enumerate(exact):
        known = levels[:, number] >= 0
        same = float(m[number][level])
        one = np.where(known, one * same + none * (1 - same), one)
        none = np.where(known, none * same, none)
    seen = float(matches[differs_once(levels, exact)].sum())
    expected = float((matches * one).sum())
    if seen - expected <= CERTAIN * expected**0.5:
        return 0.0
    return max(float(np.rint(PARTS * np.log2((seen + alpha) / (expected + alpha)))) / PARTS, 0.0)
