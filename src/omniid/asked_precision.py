"""The threshold for a precision that somebody asks for, by what the model expects of the clusters."""

from typing import NamedTuple

import numpy as np

from omniid.duplicate_free import settle_again
from omniid.linking import ReadyRecords, partition
from omniid.matching import WeightTables
from omniid.merging import merge_profiles
from omniid.quality import bonds_of
from omniid.rescoring import rescore
from omniid.tables import BITS, Clustering, Model, ScoredPairs, Weights

__all__ = ["Linked", "raise_to_precision"]

STEP, HIGHEST = 0.5, 20.0  # bits between the thresholds that are tried, and above which none is
ROUNDS = 6  # clusterings at most: the second nearly always holds what was asked


class Linked(NamedTuple):
    """A model with its threshold, the pairs and clusters that it makes, and the weights of pairs without rivals."""

    model: Model
    scores: ScoredPairs
    clustering: Clustering
    alone: Weights | None = None


def raise_to_precision(linked: Linked, ready: ReadyRecords, weights: WeightTables, precision: float | None) -> Linked:
    """Raise the threshold until the model expects the clusters to be as precise as asked; it is never lowered.

    What links on its own is raised to any threshold, so that some precisions can't be reached; then the threshold that comes
    nearest is taken.

    Parameters
    ----------
    linked
        The clusters at the model's own threshold.
    ready
        The records.
    weights
        The model, compiled for them.
    precision
        The share of pairs of records in one cluster that should be one person, at least; None changes nothing.

    Returns
    -------
    Linked
        As a run with that threshold declared gives it.
    """
    if precision is None:
        return linked
    for _ in range(ROUNDS):
        model, scores = linked.model, linked.scores
        cut = _threshold(linked, ready, precision)
        if cut <= model.link_at:
            break
        model = model.replace(link_at=cut)
        same = np.zeros(len(ready.table), bool)
        scores = rescore(scores, ready.originals, same, ready, model, weights, reweigh=True)
        ready, scores, alone = settle_again(ready, scores, model)
        clustering = partition(ready, scores, model, weights)
        linked = Linked(model, scores, merge_profiles(ready, scores, clustering, model, weights), alone)
    return linked


def _threshold(linked: Linked, ready: ReadyRecords, precision: float) -> float:
    """The lowest threshold in bits, not below the present one, that is expected to give the precision, or the nearest to it."""
    model, scores, clustering, _ = linked
    bonds = bonds_of(scores, clustering, ready.plan.must, round(model.link_at * BITS))
    best, best_cut = -1.0, model.link_at
    first = int(np.floor(model.link_at / STEP)) + 1
    for cut in (model.link_at, *(step * STEP for step in range(first, int(HIGHEST / STEP) + 1))):
        raised = np.maximum(bonds.probability, 1 / (1 + 2.0**-cut))  # what links on its own is raised to any threshold
        chance = np.where(bonds.lasts, raised, bonds.probability)
        kept = bonds.lasts | (bonds.strength >= cut)
        sizes = np.bincount(bonds.forest.labels(kept)).astype(np.int64)
        pairs = int((sizes * (sizes - 1) // 2).sum())
        expected = float(bonds.forest.sums(np.where(kept, chance, 0.0)).pairs.sum()) / pairs if pairs else 1.0
        if expected >= precision:
            return cut
        if expected > best + 1e-9:
            best, best_cut = expected, cut
    return best_cut
