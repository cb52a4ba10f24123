"""What judged pairs say about the weights: bits to add to each level, as far as the evidence goes and no further.

EM counts a judged pair as one among millions, and takes comparisons to be independent. Where they are not, its odds are wrong
in a way that more pairs don't mend, but judged ones show: among pairs of 3 bits, nine in ten should be the same person. So the
log odds of the judged pairs are fitted once more, discriminatively (Platt's idea, level by level):

    log odds = match weight + shift + Σ shift of the levels

with the match weight as it stands (value frequencies and relatives included) as an offset, and shifts drawn to 0 by a normal
prior. How strongly is not set by hand: its spreads, one for the shift of all pairs and one for those of levels, are those under
which the judgements are most probable (evidence, integrated over the shifts). Nothing moves unless they are 20 times as
probable as without any shift, which is what counts as strong evidence. So few labels, or labels that the model foresaw, leave
it as it was.

A shift moves the weight of a level by a constant: it adds to the first of the two sums of `weights`, and all that holds for
these (integers, bounds, pruning) holds on. As odds *given* the levels are fitted, the choice of pairs by what can be seen of
them does no harm, and nothing is learned of how frequent matches are.
"""

from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.tables import BITS, Levels, Weights

__all__ = ["LabelShift", "Line", "learn_line", "learn_shift"]

Floats = npt.NDArray[np.float64]

SPREADS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)  # bits that a shift typically has; the best pair of them by evidence is taken
STRONG = np.log(20.0)  # nats of evidence for shifts, against none (Kass and Raftery 1995)
ROUNDS, SETTLED = 50, 1e-9  # Newton's method on a concave function; nats
MOST = 20_000  # pairs that shifts are learned from: more would change them by hundredths of a bit, and take seconds


class LabelShift(NamedTuple):
    """Bits that judged pairs add: to every pair, and per level of each comparison; the spread that was chosen.

    `gain` is log2 of how much more probable the judgements are than with no shift, the price of learning included.
    """

    start: float
    levels: tuple[tuple[float, ...], ...]
    spread: float
    gain: float


class Line(NamedTuple):
    """What other numbers add to match weights, in bits: a constant, and per unit of each; and the gain, as in `LabelShift`."""

    shift: Floats
    gain: float


def learn_line(weight: Weights, numbers: Floats, same: npt.NDArray[np.bool_]) -> Line:
    """Fit judged pairs by their match weight plus a straight line of other numbers, drawn to 0 as in `learn_shift`.

    Parameters
    ----------
    weight
        int64 per judged pair, millionths of a bit.
    numbers
        Of shape (pairs, any).
    same
        Whether each was judged the same person.

    Examples
    --------
    >>> numbers = np.linspace(-1, 1, 100)[:, None]
    >>> bool(learn_line(np.zeros(100, np.int64), numbers, numbers[:, 0] > 0).shift[1] > 1)
    True
    """
    features = np.column_stack([np.ones(len(weight)), numbers])
    offset, sign = np.log(2.0) * weight / BITS, np.where(same, 1.0, -1.0)
    best, plain = np.zeros(features.shape[1]), _log_likelihood(offset, sign)
    best_evidence = plain + STRONG
    for spread in SPREADS[1:]:
        found, evidence = _fit(features, offset, sign, np.full(features.shape[1], spread * np.log(2.0)))
        if evidence > best_evidence:
            best, best_evidence = found, evidence
    return Line(best / np.log(2.0), float((best_evidence - plain) / np.log(2.0)) if best.any() else 0.0)


def learn_shift(
    weight: Weights,
    levels: Levels,
    same: npt.NDArray[np.bool_],
    sizes: tuple[int, ...],
    slack: Floats | None = None,
) -> LabelShift:
    """Fit what judged pairs say beside their match weight.

    Parameters
    ----------
    weight
        int64 per judged pair, millionths of a bit.
    levels
        int8 of shape (pairs, comparisons); missing levels have no shift.
    same
        Whether each was judged the same person.
    sizes
        Levels per comparison.
    slack
        Bits that each pair's odds may be off because of how it came to be judged, see `judged`; None: none.

    Returns
    -------
    LabelShift
        Zeros where no shift is worth its price.

    References
    ----------
    Platt, "Probabilistic outputs for support vector machines" (1999); MacKay, "The evidence framework applied to
    classification networks", Neural Computation 4 (1992); Kass and Raftery, "Bayes factors", JASA 90 (1995).

    Examples
    --------
    >>> levels = np.repeat(np.array([[0], [1]], np.int8), 50, axis=0)
    >>> said = np.arange(100) >= 50
    >>> found = learn_shift(np.zeros(100, np.int64), levels, said, (2,))
    >>> found.levels[0][0] < -1 and found.levels[0][1] > 1
    True
    >>> learn_shift(np.where(said, 9_000_000, -9_000_000), levels, said, (2,)).gain
    0.0
    """
    if len(weight) > MOST:
        every = np.linspace(0, len(weight) - 1, MOST).astype(np.int64)
        weight, levels, same, slack = weight[every], levels[every], same[every], None if slack is None else slack[every]
    features = _features(levels, sizes, np.zeros(len(weight)) if slack is None else slack)
    offset, sign = np.log(2.0) * weight / BITS, np.where(same, 1.0, -1.0)
    best, best_spread, plain, best_evidence = np.zeros(features.shape[1]), 0.0, -np.inf, -np.inf
    for one, spread in product(SPREADS, SPREADS):
        spreads = np.concatenate([[one], np.full(features.shape[1] - 2, spread), [1.0]]) * np.log(2.0)
        found, evidence = _fit(features, offset, sign, spreads)
        plain = evidence if not one and not spread else plain  # these come first
        if evidence > best_evidence:
            best, best_evidence, best_spread = found, evidence, max(one, spread)
    if best_evidence - plain < STRONG:
        best, best_spread, best_evidence = np.zeros_like(best), 0.0, plain
    bits = best / np.log(2.0)
    ends = np.cumsum([1, *sizes])
    parts = tuple(tuple(bits[start:end].tolist()) for start, end in pairwise(ends.tolist()))
    return LabelShift(float(bits[0]), parts, best_spread, float((best_evidence - plain) / np.log(2.0)))


def _features(levels: Levels, sizes: tuple[int, ...], slack: Floats) -> Floats:
    """A column of ones, then one per level of each comparison, then the slack, whose shift is thrown away."""
    columns = [np.ones((len(levels), 1))]
    columns += [(levels[:, number : number + 1] == np.arange(size)).astype(np.float64) for number, size in enumerate(sizes)]
    return np.concatenate([*columns, slack[:, None]], axis=1)


def _log_likelihood(logit: Floats, sign: Floats) -> float:
    return float(-np.logaddexp(0.0, -sign * logit).sum())


def _fit(features: Floats, offset: Floats, sign: Floats, spread: Floats) -> tuple[Floats, float]:
    """The most probable shifts, in units of their prior's spread, turned to nats; and the log evidence for it (Laplace)."""
    features, at = features * spread, np.zeros(features.shape[1])

    def height(shift: Floats) -> float:
        return _log_likelihood(offset + features @ shift, sign) - 0.5 * float(shift @ shift)

    value = height(at)
    for _ in range(ROUNDS):
        slope, curve = _derivatives(features, offset + features @ at, sign)
        step = np.linalg.solve(curve + np.eye(len(at)), slope - at)
        scale = 1.0
        while (moved := height(at + scale * step)) < value and scale > SETTLED:
            scale /= 2
        at, gained, value = (at + scale * step, moved - value, moved) if moved > value else (at, 0.0, value)
        if gained < SETTLED:
            break
    _, curve = _derivatives(features, offset + features @ at, sign)
    _, log_det = np.linalg.slogdet(np.eye(len(at)) + curve)
    return at * spread, value - 0.5 * float(log_det)


def _derivatives(features: Floats, logit: Floats, sign: Floats) -> tuple[Floats, Floats]:
    """Slope and negated curvature of the log likelihood."""
    wrong = np.exp(-np.logaddexp(0.0, sign * logit))  # probability of the judgement that was not made
    slope: Floats = features.T @ (sign * wrong)
    curve: Floats = features.T @ (features * (wrong * (1 - wrong))[:, None])
    return slope, curve
