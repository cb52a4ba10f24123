"""The Fellegi-Sunter estimator: learns a `Model` from candidate pairs, without labels."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from omniid.errors import CancelledError, ConvergenceWarning, NotFittedError, SpecError
from omniid.matching.em import Layout, Mixture, Prior, Run, run_em
from omniid.matching.fit_inputs import check_inputs, prior_m
from omniid.matching.frequencies import learn_frequencies
from omniid.matching.judged import Judged, JudgedPairs, with_judged
from omniid.matching.judged_model import with_thresholds_learned, with_what_was_judged
from omniid.matching.patterns import CompareRows, Patterns, count_patterns
from omniid.matching.populations import find_populations, log_tie
from omniid.matching.slips import learn_slips
from omniid.matching.u_probabilities import Chance, at_least_seen, estimate_chance, no_stronger_than_exact, without_matches
from omniid.matching.weights import ALIKE
from omniid.tables import (
    SILENT,
    ComparisonTraits,
    ComparisonVectors,
    ComparisonWeights,
    Model,
    Populations,
    Progress,
    RecordTable,
    Rows,
    pairs_among,
)
from omniid.threads import alongside

__all__ = ["FellegiSunter"]

Floats = npt.NDArray[np.float64]
People = Mapping[str, npt.NDArray[np.int64]]

SETTLED, SETTLED_PAIRS = 1e-4, 0.05  # u has settled when expected matches change by no more, as a share or in pairs
MATCHES_PER_RECORD = 0.5  # first guess
RELATIVES_PER_MATCH = 0.3  # first guess
FEW_RELATIVES = 0.015  # pairs per match that first guesses of h count for: in small tables few, so that they can learn


@dataclass(frozen=True)
class Learned:
    """What a fit came to."""

    model: Model
    objective: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, kw_only=True)
class FellegiSunter:
    """Learns match weights from agreement patterns, without labels.

    Three latent classes explain a pair: the same person, relatives or housemates, strangers. u comes from value counts and
    random pairs; m, the relatives' share of each level and the priors come from EM on the counts of agreement patterns.
    Matches are then taken out of u, and EM runs again, until the prior settles.

    Parameters
    ----------
    tol
        EM stops when a round gains less than this many nats per expected matching pair (1000 pairs at least).
    max_iter
        Most EM rounds, all runs together.
    random_state
        Seed of the random pairs; not negative.
    relatives
        Whether to learn a class of relatives or housemates; without it this is the classic two-class model.
    alpha
        Pairs that the prior m of each comparison counts for.
    random_pairs
        Pairs drawn to learn how often strangers agree loosely.
    min_records
        The model stores the frequency of values in at least so many records only.
    fuzzy_frequency
        Whether value frequencies also move the levels between "else" and "exact".
    populations
        Whether to learn which first and last names go together, as those of one language do.

    Attributes
    ----------
    model_
        The learned `Model`.
    converged_
        Whether EM settled before `max_iter`.
    n_iter_
        EM rounds used.
    objective_
        One tuple per EM run: log posterior density at its start and after each round. It never falls within a run.

    Raises
    ------
    SpecError
        If a number is out of range.

    References
    ----------
    Fellegi and Sunter, "A theory for record linkage", JASA 64 (1969).

    Examples
    --------
    >>> FellegiSunter(relatives=False).max_iter
    200
    """

    tol: float = 1e-6
    max_iter: int = 200
    random_state: int = 0
    relatives: bool = True
    alpha: float = 20.0
    random_pairs: int = 400_000
    min_records: int = 5
    fuzzy_frequency: bool = True
    populations: bool = True

    def __post_init__(self) -> None:
        for name, least in (("max_iter", 1), ("random_state", 0), ("random_pairs", 1), ("min_records", 1)):
            if getattr(self, name) < least:
                raise SpecError(f"FellegiSunter({name}={getattr(self, name)}): give {least} or more")
        for name in ("tol", "alpha"):
            if not getattr(self, name) > 0:
                raise SpecError(f"FellegiSunter({name}={getattr(self, name)}): give a number above 0")

    @property
    def model_(self) -> Model:
        """The learned model."""
        return self._learned.model

    @property
    def converged_(self) -> bool:
        """Whether EM settled before `max_iter`."""
        return self.model_.converged_

    @property
    def n_iter_(self) -> int:
        """EM rounds used."""
        return self.model_.n_iter_

    @property
    def objective_(self) -> tuple[tuple[float, ...], ...]:
        """Objective at the start and after each round, one tuple per EM run."""
        return self._learned.objective

    @property
    def _learned(self) -> "Learned":
        fitted = self.__dict__.get("fitted")
        if not isinstance(fitted, Learned):
            raise NotFittedError("this FellegiSunter has learned nothing yet; call fit(...) before reading what it learned")
        return fitted

    def fit(
        self,
        table: RecordTable,
        vectors: ComparisonVectors,
        traits: Sequence[ComparisonTraits],
        compare_rows: CompareRows,
        *,
        stands_for: int = 1,
        originals: Rows | None = None,
        people: People | None = None,
        judged: JudgedPairs | None = None,
        workers: int = 1,
        progress: Progress | None = None,
    ) -> "FellegiSunter":
        """Learn m, u, h, the priors, term frequencies and thresholds.

        Parameters
        ----------
        table
            The records.
        vectors
            Comparison vectors of the candidate pairs; read once.
        traits
            The comparisons, one per column of the vectors.
        compare_rows
            Compares given rows, as the vectors were made: ``(left, right) -> levels``.
        stands_for
            Candidate pairs that each pair of the vectors stands for: k where the vectors are a sample, one pair in k.
        originals
            int32 per row: the smallest row that is identical to it in all that matching reads. Vectors then need to hold
            pairs of originals only, which count for their copies too. None: no records are identical.
        people
            Field → people per value of its vocabulary, for contact values and identifiers; replaces record counts.
        judged
            Candidate pairs that people judged. EM takes them as known, and what they say beside their match weight is added
            to the levels' weights, as far as it is worth its price; see `judged` and `label_shift`. None or none: no change.
        workers
            Threads; with 2 or more, which names go together is learned while pairs are counted.
        progress
            Called with ("fit", pairs or rounds so far, 0 or `max_iter`); returning False cancels.

        Returns
        -------
        FellegiSunter
            Itself, with the learned attributes.

        Raises
        ------
        SpecError
            If vectors and traits differ, a frequency field is missing, or `stands_for` is below 1.
        CancelledError
            If `progress` returns False.

        Warns
        -----
        ConvergenceWarning
            If EM had not settled after `max_iter` rounds.
        """
        check_inputs(vectors, traits, stands_for)
        ties = alongside(lambda: find_populations(table, traits) if self.populations else None, workers)
        patterns = count_patterns(
            vectors, stands_for=stands_for, originals=originals, compare_rows=compare_rows, progress=progress
        )
        known, seen = None, None
        if judged is not None and len(judged.left):
            judged = judged.in_order()
            patterns, seen, known = with_judged(patterns, judged, compare_rows)
        chances = estimate_chance(table, traits, compare_rows, size=self.random_pairs, seed=self.random_state)
        tied = ties()
        runs, converged = self._learn(patterns, chances, traits, len(table), tied, progress, known)
        rounds = sum(len(run.objective) - 1 for run in runs)
        if not converged:
            warnings.warn(
                f"EM had not settled after {rounds} rounds; raise max_iter (now {self.max_iter}), loosen tol "
                f"(now {self.tol:g}), or leave out a comparison that hardly tells people apart: print(model_) shows them",
                ConvergenceWarning,
                stacklevel=2,
            )
        final = runs[-1].mixture
        model = Model(
            self._comparisons(final, table, traits, people or {}),
            final.same,
            final.relatives if self.relatives else 0.0,
            records=len(table),
            converged_=converged,
            n_iter_=rounds,
            populations=tied,
            slip=learn_slips(patterns, final, traits, tied, known, alpha=self.alpha),
        )
        model = with_thresholds_learned(model, patterns, traits)
        if judged is not None and seen is not None:
            model = with_what_was_judged(model, table, traits, patterns, judged, seen)
        self.__dict__["fitted"] = Learned(model, tuple(run.objective for run in runs))  # what is declared stays frozen
        return self

    def _learn(
        self,
        patterns: Patterns,
        chances: Sequence[Chance],
        traits: Sequence[ComparisonTraits],
        records: int,
        tied: Populations | None,
        progress: Progress | None,
        judged: Judged | None = None,
    ) -> tuple[list[Run], bool]:
        """EM runs, each with u corrected for the matches that the one before expected, until the prior settles."""
        layout = Layout(tuple(len(trait.levels) for trait in traits))
        all_pairs = float(max(pairs_among(records + SILENT), patterns.pairs))
        guess, together = prior_m(traits), log_tie(tied, traits, patterns.levels)
        chances = at_least_seen(chances, layout.split(layout.pairs(patterns.levels, patterns.counts)), traits)
        shared = np.repeat([trait.shared_by_relatives for trait in traits], layout.sizes).astype(bool)
        same = min(MATCHES_PER_RECORD * max(records, 1) / max(all_pairs, 1.0), 0.25)
        mixture = Mixture(guess, guess, guess, same, RELATIVES_PER_MATCH * same if self.relatives else 0.0)
        matches, runs, left = np.zeros(len(guess)), list[Run](), self.max_iter
        while True:  # each run uses at least one round, so the rounds run out
            u = _corrected(chances, layout.split(matches), layout.split(mixture.m), traits)
            middle = (guess + u) / 2
            follows = (1 - ALIKE) * u + ALIKE * guess
            h = np.where(shared, mixture.h if runs else middle, follows)
            start = Mixture(mixture.m, u, h, mixture.same, mixture.relatives)
            few = max(FEW_RELATIVES * mixture.same * all_pairs, 1.0)
            prior = Prior(self.alpha * guess, np.where(shared, few * middle, 0.0))
            run = run_em(
                patterns,
                layout,
                start,
                prior,
                all_pairs,
                together=together,
                tol=self.tol,
                max_iter=left,
                step=_step(progress, self.max_iter, left),
                judged=judged,
            )
            left -= len(run.objective) - 1
            before, mixture, matches = mixture, run.mixture, run.same_at
            moved, most = abs(mixture.same - before.same) * all_pairs, max(SETTLED * mixture.same * all_pairs, SETTLED_PAIRS)
            settled = len(runs) > 0 and moved <= most
            runs.append(run)
            if settled or not run.converged or left <= 0:
                return runs, settled and run.converged

    def _comparisons(
        self,
        mixture: Mixture,
        table: RecordTable,
        traits: Sequence[ComparisonTraits],
        people: People,
    ) -> tuple[ComparisonWeights, ...]:
        """The learned probabilities per comparison, with term frequencies."""
        layout = Layout(tuple(len(trait.levels) for trait in traits))
        m, u, h = (layout.split(flat) for flat in (mixture.m, mixture.u, mixture.h))
        parts = []
        for number, trait in enumerate(traits):
            part = ComparisonWeights(
                trait.name,
                trait.levels,
                tuple(m[number].tolist()),
                tuple(u[number].tolist()),
                tuple(h[number].tolist()) if self.relatives else (),
            )
            if trait.frequency is not None:
                found = learn_frequencies(
                    trait.frequency,
                    table.columns[trait.frequency],
                    part.u[trait.exact],
                    people=people.get(trait.frequency),
                    min_records=self.min_records,
                    fuzzy=self.fuzzy_frequency,
                )
                part = replace(part, frequency=found.frequency, rare=found.rare, typical=found.typical)
            parts.append(part)
        return tuple(parts)


def _corrected(
    chances: Sequence[Chance], matches: Sequence[Floats], m: Sequence[Floats], traits: Sequence[ComparisonTraits]
) -> Floats:
    """The u of all comparisons, flat, with the expected matches taken out."""
    parts = [
        no_stronger_than_exact(without_matches(chance, found), one, trait.exact, chance.swapped)
        for chance, found, one, trait in zip(chances, matches, m, traits, strict=True)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def _step(progress: Progress | None, max_iter: int, left: int) -> Callable[[int], None] | None:
    """Report each EM round of a run that has `left` rounds."""
    if progress is None:
        return None

    def step(number: int) -> None:
        if progress("fit", max_iter - left + number, max_iter) is False:
            raise CancelledError(f"fitting was cancelled by the progress callback after {max_iter - left + number} rounds")

    return step
