"""What holds the clusters of a result together: links, decisions and devices, each with how likely it is right."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.expectation import SpanningForest, hang_trees, spanning_forest
from omniid.matching import match_probability
from omniid.results import Parts
from omniid.tables import BITS, TIERS, Clustering, Rows, ScoredPairs, Weights

__all__ = ["Bonds", "bonds_of", "find_bonds", "pair_probability"]

Floats = npt.NDArray[np.float64]

GIVEN = np.inf  # strength of what no threshold undoes: decisions and devices
NO_TREES = SpanningForest(np.zeros(0, np.int32), np.zeros(0, np.int64), ())


class Bonds(NamedTuple):
    """Links within clusters and what else holds them together.

    `pair` is the position among the scored pairs, -1 for a decision, a device or whole profiles; `strength` is in bits. What
    `lasts` holds at any threshold: decisions, devices and identifiers that link on their own.
    """

    left: Rows
    right: Rows
    strength: Floats
    probability: Floats
    pair: npt.NDArray[np.int64]
    lasts: npt.NDArray[np.bool_]
    forest: SpanningForest


def find_bonds(parts: Parts) -> Bonds:
    """Find what holds the clusters of a result together.

    Parameters
    ----------
    parts
        The result.
    """
    return bonds_of(parts.scores, parts.clustering, parts.plan.must, parts.link_at)


def bonds_of(scores: ScoredPairs, clustering: Clustering, must: Rows, link_at: int) -> Bonds:
    """Find what holds clusters together.

    What a decision or a unique identifier says is taken for certain, and so is whose an anonymous record is. Where whole
    profiles joined two clusters, their weight less the conflict between their records counts.

    Parameters
    ----------
    scores
        Scored pairs.
    clustering
        The clusters.
    must
        int32 of shape (k, 2): rows that decisions join.
    link_at
        The threshold in millionths of a bit.
    """
    labels = clustering.labels
    inside = np.flatnonzero((scores.weight >= link_at) & (labels[scores.left] == labels[scores.right]))
    unions = [one for one in clustering.profile_unions if labels[one.left] == labels[one.right]]
    near = np.array([one.near for one in unions], np.int32).reshape(-1, 2)
    worth = np.array([one.weight + one.conflict for one in unions], np.int64)
    told = must[labels[must[:, 0]] == labels[must[:, 1]]] if len(must) else near[:0]
    weight = np.concatenate([scores.weight[inside], np.array([one.weight for one in unions], np.int64)])
    found = Bonds(
        np.concatenate([scores.left[inside], near.min(axis=1, initial=len(labels)), told.min(axis=1, initial=len(labels))]),
        np.concatenate([scores.right[inside], near.max(axis=1, initial=-1), told.max(axis=1, initial=-1)]),
        np.concatenate([weight / BITS, np.full(len(told), GIVEN)]),
        np.concatenate(
            [pair_probability(scores.weight[inside], scores.tier[inside]), match_probability(worth), np.ones(len(told))]
        ),
        np.concatenate([inside, np.full(len(unions) + len(told), -1)]),
        np.concatenate([scores.tier[inside] > 0, np.zeros(len(unions), bool), np.ones(len(told), bool)]),
        NO_TREES,
    )
    whole = np.concatenate([weight, np.full(len(told), np.iinfo(np.int32).max * BITS)])
    forest = spanning_forest(len(labels), found.left, found.right, whole)
    loose = np.flatnonzero((forest.parent < 0) & (labels != np.arange(len(labels)))).astype(np.int32)
    if not len(loose):
        return found._replace(forest=forest)
    devices: tuple[npt.NDArray[Any], ...] = (
        labels[loose],
        loose,
        np.full(len(loose), GIVEN),
        np.ones(len(loose)),
        np.full(len(loose), -1),
        loose >= 0,
    )
    left, right, strength, chance, pair, lasts = (np.append(*both) for both in zip(found[:-1], devices, strict=True))
    held = np.flatnonzero(forest.link >= 0)  # devices hold trees together that nothing else does: all of these links stay
    all_links = np.concatenate([np.sort(forest.link[held]), np.arange(len(found.left), len(left))])
    trees = hang_trees(len(labels), left[all_links], right[all_links], strength[all_links])
    link = np.where(trees.link < 0, -1, all_links[trees.link])
    return Bonds(left, right, strength, chance, pair, lasts, trees._replace(link=link))


def pair_probability(weight: Weights, tier: npt.NDArray[np.int8]) -> Floats:
    """How likely pairs are one person: by their weight, and for certain where a unique identifier says so."""
    return np.where(tier == TIERS.index("unique"), 1.0, match_probability(weight))
