"""Expectation-maximization on agreement patterns: m, h and the priors, with u held fixed.

Each record pair belongs to one of three latent classes: the same person (m), strangers (u), relatives or housemates (h).
Given the class, comparisons are independent and a missing level says nothing. Pairs that blocking never made count as
strangers, so all class rates are shares of *all* record pairs and blocking needs no correction.

All levels of all comparisons stand in one flat vector, comparison after comparison; `Layout` knows which is where.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from omniid.matching.judged import Judged
from omniid.matching.patterns import Patterns
from omniid.tables import Levels

__all__ = ["Layout", "Mixture", "Prior", "Run", "expect", "run_em"]

Floats = npt.NDArray[np.float64]

RATE_PRIOR = (0.5, 0.5, 1.0)  # pairs of each class (same, relatives, strangers) seen before any data: keeps rates off zero

FEWEST_MATCHES = 1000.0


@dataclass(frozen=True)
class Layout:
    """Where each comparison's levels stand in a flat vector of all levels.

    Examples
    --------
    >>> layout = Layout((2, 3))
    >>> layout.split(np.arange(5.0))[1].tolist()
    [2.0, 3.0, 4.0]
    >>> layout.normalized(np.array([1.0, 3.0, 1.0, 1.0, 2.0])).tolist()
    [0.25, 0.75, 0.25, 0.25, 0.5]
    """

    sizes: tuple[int, ...]

    @property
    def starts(self) -> npt.NDArray[np.int64]:
        """Position of each comparison's level 0."""
        return np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int64)[:-1]

    @property
    def owner(self) -> npt.NDArray[np.int64]:
        """The comparison of each flat position."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def split(self, flat: Floats) -> list[Floats]:
        """One array per comparison."""
        return np.split(flat, self.starts[1:]) if self.sizes else []

    def totals(self, flat: Floats) -> Floats:
        """The sum over each comparison's levels, at every flat position."""
        sums = np.bincount(self.owner, weights=flat, minlength=len(self.sizes))
        return np.asarray(sums[self.owner], np.float64)

    def normalized(self, flat: Floats) -> Floats:
        """Scaled so that each comparison's levels sum to 1."""
        return flat / self.totals(flat)

    def pairs(self, levels: Levels, counts: npt.NDArray[np.int64] | Floats) -> Floats:
        """Pairs per flat level, given those of each pattern; missing levels are left out.

        Examples
        --------
        >>> Layout((2, 2)).pairs(np.array([[1, -1], [1, 0]], np.int8), np.array([3, 4])).tolist()
        [0.0, 7.0, 4.0, 0.0]
        """
        return _per_level(self.positions(levels), np.asarray(counts, np.float64), self)

    def positions(self, levels: Levels) -> npt.NDArray[np.int64]:
        """Flat position of every level, comparisons first (transposed); one past the end where missing."""
        at = levels.T.astype(np.int64) + self.starts[:, None]
        return np.where(levels.T < 0, sum(self.sizes), at)


@dataclass(frozen=True, eq=False)
class Mixture:
    """Parameters of the mixture: flat level probabilities, and class rates as shares of all record pairs.

    `relatives` is 0 in the two-class model, and `h` is then not used.
    """

    m: Floats
    u: Floats
    h: Floats
    same: float
    relatives: float

    @property
    def strangers(self) -> float:
        """Share of all record pairs that are strangers."""
        return 1.0 - self.same - self.relatives


@dataclass(frozen=True, eq=False)
class Prior:
    """Dirichlet pseudo-counts, in pairs per flat level: `m` for all, `h` where it is learned (0 elsewhere)."""

    m: Floats
    h: Floats

    @property
    def learned_h(self) -> npt.NDArray[np.bool_]:
        """Flat positions whose h is learned; elsewhere it keeps its start value."""
        return self.h > 0


@dataclass(frozen=True, eq=False)
class Run:
    """What EM came to: parameters, expected pairs per flat level and class, and the objective after each round."""

    mixture: Mixture
    same_at: Floats
    objective: tuple[float, ...]
    converged: bool


@dataclass(frozen=True, eq=False)
class Expectation:
    """One E-step: posterior pairs per pattern and class, and the log-likelihood of the patterns."""

    same: Floats
    relatives: Floats
    log_likelihood: float


def expect(
    index: npt.NDArray[np.int64],
    counts: Floats,
    mixture: Mixture,
    judged: Judged | None = None,
    together: Floats | None = None,
) -> Expectation:
    """Share each pattern's pairs among the classes (E-step).

    Parameters
    ----------
    index
        Flat positions, shape (comparisons, patterns), as `Layout.positions` gives them.
    counts
        Pairs per pattern.
    mixture
        Current parameters.
    judged
        How many of the pairs of each pattern people judged; their class is known.
    together
        Per pattern, log of how much likelier strangers show it than the product of its levels says; None: no more.

    Returns
    -------
    Expectation

    Examples
    --------
    >>> sure = Mixture(np.array([0.1, 0.9]), np.array([0.9, 0.1]), np.zeros(2), same=0.5, relatives=0.0)
    >>> expect(np.array([[1]]), np.array([10.0]), sure).same.round(3).tolist()
    [9.0]
    """
    classes = [(mixture.m, mixture.same), (mixture.u, mixture.strangers)]
    if mixture.relatives > 0:
        classes.append((mixture.h, mixture.relatives))
    joint = np.stack([np.append(np.log(p), 0.0)[index].sum(axis=0) + np.log(rate) for p, rate in classes])
    if together is not None:
        joint[1] += together
    top = joint.max(axis=0, initial=-np.inf)
    share = np.exp(joint - top)
    total = share.sum(axis=0)
    log_likelihood, known = top + np.log(total), 0.0
    if judged is not None:
        counts = counts - judged.total
        others = np.logaddexp.reduce(joint[1:], axis=0)
        known = float((judged.same * joint[0] + judged.different * others).sum())
    share *= counts / total
    if judged is not None:
        share[0] += judged.same
        share[1:] += judged.different * np.exp(joint[1:] - others)
    relatives = share[2] if mixture.relatives > 0 else np.zeros(len(counts))
    return Expectation(share[0], relatives, float((counts * log_likelihood).sum()) + known)


def run_em(
    patterns: Patterns,
    layout: Layout,
    start: Mixture,
    prior: Prior,
    all_pairs: float,
    *,
    together: Floats | None = None,
    tol: float = 1e-6,
    max_iter: int = 200,
    step: Callable[[int], None] | None = None,
    judged: Judged | None = None,
) -> Run:
    """Climb to a maximum of the posterior density of m, h and the class rates (MAP EM); u never moves.

    The objective, log-likelihood of *all* record pairs plus log prior, never falls. A run has converged once a round gains
    less than `tol` nats per expected matching pair; fewer than 1000 count as 1000, as no data of that size tell likelihoods
    apart that differ by 1000 tol.

    Parameters
    ----------
    patterns
        Agreement patterns of the candidate pairs.
    layout
        Levels per comparison.
    start
        Where to start.
    prior
        Dirichlet pseudo-counts.
    all_pairs
        Number of record pairs, made or not.
    together
        As for `expect`.
    tol
        Smallest gain of a round per expected matching pair, in nats.
    max_iter
        Most rounds.
    step
        Called with the round number; may raise to cancel.
    judged
        How many of the pairs of each pattern people judged.

    Returns
    -------
    Run
        `objective` begins with the value at the start; the posteriors belong to the final parameters.

    References
    ----------
    Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM algorithm", JRSS B 39 (1977).
    Winkler, "Using the EM algorithm for weight computation in the Fellegi-Sunter model of record linkage" (1988).

    Examples
    --------
    >>> from omniid.matching.patterns import distinct_patterns
    >>> levels = np.repeat(np.array([[1, 1], [0, 0], [1, 0], [0, 1]], np.int8), [90, 860, 25, 25], axis=0)
    >>> start = Mixture(np.array([0.2, 0.8] * 2), np.array([0.98, 0.02] * 2), np.ones(4) / 2, 0.05, 0.0)
    >>> flat = Prior(np.full(4, 1e-9), np.zeros(4))
    >>> run = run_em(distinct_patterns(levels), Layout((2, 2)), start, flat, 1000.0)
    >>> run.converged, round(run.mixture.same, 2)
    (True, 0.11)
    """
    index, counts = layout.positions(patterns.levels), patterns.counts.astype(float)
    mixture, seen = start, expect(index, counts, start, judged, together)
    trace, converged = [_objective(seen, mixture, prior, counts, all_pairs)], False
    for number in range(max_iter):
        if step is not None:
            step(number)
        mixture = _maximize(seen, index, layout, mixture, prior, all_pairs)
        seen = expect(index, counts, mixture, judged, together)
        trace.append(_objective(seen, mixture, prior, counts, all_pairs))
        if trace[-1] - trace[-2] <= tol * max(seen.same.sum(), FEWEST_MATCHES):
            converged = True
            break
    return Run(mixture, _per_level(index, seen.same, layout), tuple(trace), converged)


def _per_level(index: npt.NDArray[np.int64], pairs: Floats, layout: Layout) -> Floats:
    """Add up posterior pairs per flat level; missing levels are left out."""
    size = sum(layout.sizes)
    total = np.zeros(size + 1)
    for row in index:
        total += np.bincount(row, weights=pairs, minlength=size + 1)
    return total[:size]


def _maximize(
    seen: Expectation, index: npt.NDArray[np.int64], layout: Layout, mixture: Mixture, prior: Prior, all_pairs: float
) -> Mixture:
    """The parameters that maximize the expected log posterior (M-step)."""
    three = mixture.relatives > 0
    m = layout.normalized(_per_level(index, seen.same, layout) + prior.m)
    total = all_pairs + RATE_PRIOR[0] + RATE_PRIOR[2] + (RATE_PRIOR[1] if three else 0.0)
    mixture = replace(mixture, m=m, same=(float(seen.same.sum()) + RATE_PRIOR[0]) / total)
    if not three:
        return mixture
    relatives = (float(seen.relatives.sum()) + RATE_PRIOR[1]) / total
    weights = _per_level(index, seen.relatives, layout) + prior.h
    h = np.where(prior.learned_h, weights, mixture.h)
    return replace(mixture, h=layout.normalized(h), relatives=relatives)


def _objective(seen: Expectation, mixture: Mixture, prior: Prior, counts: Floats, all_pairs: float) -> float:
    """Log-likelihood of all record pairs (those never made are strangers) plus log prior, up to a constant."""
    unmade = max(all_pairs - float(counts.sum()), 0.0)
    value = seen.log_likelihood + (unmade + RATE_PRIOR[2]) * np.log(mixture.strangers)
    value += (prior.m * np.log(mixture.m)).sum() + RATE_PRIOR[0] * np.log(mixture.same)
    if mixture.relatives > 0:
        learned = prior.learned_h
        value += (prior.h[learned] * np.log(mixture.h[learned])).sum() + RATE_PRIOR[1] * np.log(mixture.relatives)
    return float(value)
