"""Any classifier of scikit-learn as a second judge of the pairs that the model kept, calibrated to match weights in bits.

A classifier sees what the model saw of a pair: its comparison levels, and its match weight, value frequencies and relatives
included. It may find what a sum over levels can't hold ("same name and address, but two birth dates"). Three things keep it
from doing harm:

- **Bounded**: it speaks of pairs that reached the model's `review_at`. What the model left out stays out, so that pruning and
  speed are what they were; and it raises no pair whose match weight lies below those of the judged pairs.
- **Calibrated**: its word on a judged pair is taken when it was trained on the others (cross-fitting), and only a straight line
  of that and the match weight is used: log odds = weight + a + b · its log odds + c · weight.
- **Shrunk**: a, b and c are drawn to 0 as the evidence wants it (`matching.label_shift`). A classifier that adds nothing to the
  model's odds changes nothing.

So its weights are millionths of a bit like the model's, and thresholds mean the same.
"""

import copy
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from omniid.conclusion import conclude
from omniid.duplicate_free import settle_sources
from omniid.errors import InputError, MissingExtraError, NotFittedError, SpecError
from omniid.evidence import weak_values
from omniid.labels import KnownRows, read_labels
from omniid.linking import ReadyRecords, partition, without_weak_links
from omniid.matching import WeightTables, compile_weights, judged_from, learn_line
from omniid.merging import merge_profiles
from omniid.recordlinkage.level_features import encode_levels
from omniid.resolution import Resolution
from omniid.results import Parts
from omniid.stages import Stages
from omniid.summary import summarize
from omniid.tables import BITS, Levels, Rows, Weights
from omniid.threads import threads_for

__all__ = ["PairClassifier"]

Floats = npt.NDArray[np.float64]

FOLDS = 5
SURE = 20.0  # bits; log odds and weights beyond are taken for this


@dataclass(frozen=True)
class PairClassifier:
    """A binary classifier with `fit` and `predict_proba` that weighs the pairs of a result anew, and clusters them again.

    Parameters
    ----------
    classifier
        Any that scikit-learn has or that has its interface; None: a logistic regression. It is copied before it is trained.

    Raises
    ------
    MissingExtraError
        If no classifier is given and scikit-learn is not installed.
    SpecError
        If the classifier has no `fit` or no `predict_proba`.

    References
    ----------
    Platt, "Probabilistic outputs for support vector machines" (1999); Wolpert, "Stacked generalization" (1992).

    Examples
    --------
    >>> class Never:  # any object with fit and predict_proba will do
    ...     classes_ = (0, 1)
    ...     def fit(self, features, labels): ...
    ...     def predict_proba(self, features):
    ...         return np.tile([0.5, 0.5], (len(features), 1))
    >>> PairClassifier(Never()).bits_
    Traceback (most recent call last):
    omniid.errors.NotFittedError: this PairClassifier has learned nothing yet; call fit(found, labels) first
    """

    classifier: Any = None
    _learned: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.classifier is None:
            object.__setattr__(self, "classifier", _default_classifier())
        for needed in ("fit", "predict_proba"):
            if not hasattr(self.classifier, needed):
                name = type(self.classifier).__name__
                raise SpecError(f"a {name} has no {needed}; pass a classifier that knows probabilities, or calibrate it first")

    @property
    def bits_(self) -> float:
        """log2 of how much more probable the judgements are with the classifier than with the model alone."""
        return float(self._need("gain"))

    def fit(self, found: Resolution, labels: Any) -> "PairClassifier":
        """Train the classifier on judged pairs of a result.

        Parameters
        ----------
        found
            A result; judged pairs that its model left out as too weak teach nothing here.
        labels
            As `read_labels` takes them.

        Returns
        -------
        PairClassifier
            Itself, trained.

        Raises
        ------
        InputError
            If fewer than two of the pairs are the same person, or fewer than two are different.
        """
        parts = found.parts
        known = read_labels(labels).rows(parts.records)
        at, same = _judged(parts, known)
        if min(same.sum(), (~same).sum()) < 2:
            raise InputError(
                f"of the {len(at):,} judged pairs that the model kept, {int(same.sum()):,} are the same person; a classifier "
                "needs at least two that are and two that are not: judge those of found.worth_judging(100)"
            )
        scores = parts.scores
        _, weight = _tables(parts).score(scores.left[at], scores.right[at], scores.levels[at])
        features = _features(scores.levels[at], weight, parts)
        said = _cross_fitted(self.classifier, features, same)
        line = learn_line(weight, np.column_stack([said, np.clip(weight / BITS, -SURE, SURE)]), same)
        judge = copy.deepcopy(self.classifier)
        judge.fit(features, same.astype(np.int64))
        self._learned.update(judge=judge, line=line.shift, gain=line.gain, least=judged_from(weight))
        return self

    def apply(self, found: Resolution) -> Resolution:
        """Weigh the pairs of a result anew, and cluster them again.

        Parameters
        ----------
        found
            A result of the same comparisons.

        Returns
        -------
        Resolution
            Entities keep their ids where they can, and `changes` tells the difference. It can't be saved, as a classifier is
            no plain data; its tables can.

        Raises
        ------
        NotFittedError
            If the classifier was not trained.
        """
        parts, stages = found.parts, Stages()
        tables = ClassifiedWeights(_tables(parts), self, parts)
        scores = parts.scores
        _, weight = tables.score(scores.left, scores.right, scores.levels)
        weight = np.where(scores.tier > 0, np.maximum(weight, parts.link_at), weight)
        scores = without_weak_links(replace(scores, weight=weight), parts.plan, parts.link_at)
        ready = ReadyRecords(parts.evidence, parts.plan, parts.classes, threads_for(len(parts.records)))
        ready, scores, model, alone = stages.run("settle sources", settle_sources, ready, scores, parts.model, parts.spec)
        clustering = stages.run("cluster", partition, ready, scores, model, tables)  # type: ignore[arg-type]  # only its score is called
        clustering = stages.run("merge", merge_profiles, ready, scores, clustering, model, tables.tables)
        concluded = conclude(parts.records, parts.evidence, parts.spec, ready.plan, clustering, parts.as_previous(), stages)
        shared = (
            parts.sent,
            parts.records,
            parts.evidence,
            parts.spec,
            model,
            ready.plan,
            parts.decisions,
            parts.classes,
        )
        name = type(self.classifier).__name__
        kept: dict[str, Any] = {"alone": alone, "events": parts.events, "cells": parts.cells}
        after = Parts(*shared, scores, *concluded, previous=parts.as_previous(), weighed_by=name, **kept)
        note = f"weighed by {name}, which foresees the judged pairs {self.bits_:,.0f} bits better than the model"
        summary = replace(summarize(after, stages, notes=[note]), pairs=found.summary.pairs)
        return Resolution(after, summary, found.backend)

    def moved(self, weight: Weights, levels: Levels, parts: Parts) -> Weights:
        """Match weights as the classifier would have them."""
        judge, line, least = (self._need(name) for name in ("judge", "line", "least"))
        if not len(weight):
            return weight
        said = _log_odds(judge, _features(levels, weight, parts))
        added = line[0] + line[1] * said + line[2] * np.clip(weight / BITS, -SURE, SURE)
        added = np.where((weight < least) & (added > 0), 0.0, added)
        moved: Weights = weight + np.rint(BITS * added).astype(np.int64)
        return moved

    def _need(self, name: str) -> Any:
        if name not in self._learned:
            raise NotFittedError("this PairClassifier has learned nothing yet; call fit(found, labels) first")
        return self._learned[name]


@dataclass(frozen=True, eq=False)
class ClassifiedWeights:
    """Weight tables whose weights a classifier moves."""

    tables: WeightTables
    classifier: PairClassifier
    parts: Parts

    def score(self, left: Rows, right: Rows, levels: Levels) -> tuple[npt.NDArray[np.intp], Weights]:
        """Weigh pairs."""
        at, weight = self.tables.score(left, right, levels)
        return at, self.classifier.moved(weight, levels, self.parts)


def _tables(parts: Parts) -> WeightTables:
    return compile_weights(parts.evidence, parts.model, parts.plan.traits, weak=weak_values(parts.classes))


def _default_classifier() -> Any:
    try:
        from sklearn.linear_model import LogisticRegression  # an extra, loaded only here
    except ImportError as error:
        raise MissingExtraError(
            "the default classifier is scikit-learn's logistic regression, and scikit-learn is not installed: "
            "pip install 'omniid[sklearn]', or pass a classifier of your own"
        ) from error
    return LogisticRegression(max_iter=1000)


def _judged(parts: Parts, known: KnownRows) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Positions of the scored pairs that are judged, and whether each is the same person."""
    left, right = parts.scores.left, parts.scores.right
    key, told = left.astype(np.int64) << 32 | right, known.left.astype(np.int64) << 32 | known.right
    one, two = known.person[left], known.person[right]
    by_person = np.minimum(one, two) >= 0
    place = np.minimum(np.searchsorted(told, key), max(len(told) - 1, 0))  # labels stand by rows, so by key
    by_pair = told[place] == key if len(told) else np.zeros(len(key), bool)
    at = np.flatnonzero(by_person | by_pair)
    same = one == two
    if len(told):
        same = np.where(by_pair, known.same[place], same)
    return at, same[at]


def _features(levels: Levels, weight: Weights, parts: Parts) -> Floats:
    """What a classifier sees of pairs: 0/1 per comparison level, and the match weight in bits."""
    traits = parts.plan.traits
    names, sizes = [trait.name for trait in traits], [len(trait.levels) for trait in traits]
    seen, _ = encode_levels(levels, names, sizes, "indicators")
    return np.column_stack([seen, np.clip(weight / BITS, -SURE, SURE)])


def _cross_fitted(classifier: Any, features: Floats, same: npt.NDArray[np.bool_]) -> Floats:
    """Log odds of each pair, in bits, by a copy of the classifier that was trained on the others."""
    fold = np.zeros(len(same), np.int64)
    for verdict in (True, False):  # each fold has its share of both
        at = np.flatnonzero(same == verdict)
        fold[at] = np.arange(len(at)) % FOLDS
    out = np.zeros(len(same))
    for number in range(FOLDS):
        held = fold == number
        if not held.any() or len(set(same[~held].tolist())) < 2:
            continue
        judge = copy.deepcopy(classifier)
        judge.fit(features[~held], same[~held].astype(np.int64))
        out[held] = _log_odds(judge, features[held])
    return out


def _log_odds(judge: Any, features: Floats) -> Floats:
    """Log odds of the class "same person" in bits."""
    share = np.asarray(judge.predict_proba(features), np.float64)[:, list(judge.classes_).index(1)]
    least = 2.0**-SURE
    share = np.clip(share, least, 1 - least)
    odds: Floats = np.log2(share) - np.log2(1 - share)
    return odds
