"""What holds the clusters of a result together: links, decisions and devices, each with how likely it is right."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.expectation import SpanningForest, spanning_forest
from omniid.matching import match_probability
from omniid.results import Parts
from omniid.tables import BITS, TIERS, Rows, Weights

__all__ = ["Bonds", "find_bonds", "pair_probability"]

Floats = npt.NDArray[np.float64]

GIVEN = np.inf  # strength of what no threshold undoes: decisions, unique identifiers, devices


class Bonds(NamedTuple):
    """Links within clusters and what else holds them together.

    `pair` is the position among the scored pairs, -1 for a decision or a device; `strength` is in bits. What `lasts` holds at
    any threshold: decisions, devices and identifiers that link on their own.
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

    What a decision or a unique identifier says is taken for certain, and so is whose an anonymous record is.

    Parameters
    ----------
    parts
        The result.
    """
    scores, labels = parts.scores, parts.clustering.labels
    inside = np.flatnonzero((scores.weight >= parts.link_at) & (labels[scores.left] == labels[scores.right]))
    must = parts.plan.must[labels[parts.plan.must[:, 0]] == labels[parts.plan.must[:, 1]]] if len(parts.plan.must) else _none()
    left = np.concatenate([scores.left[inside], must.min(axis=1, initial=len(labels))]).astype(np.int32)
    right = np.concatenate([scores.right[inside], must.max(axis=1, initial=-1)]).astype(np.int32)
    strength = np.concatenate([scores.weight[inside] / BITS, np.full(len(must), GIVEN)])
    probability = np.concatenate([pair_probability(scores.weight[inside], scores.tier[inside]), np.ones(len(must))])
    pair = np.concatenate([inside, np.full(len(must), -1)])
    forest = spanning_forest(len(labels), left, right, strength)
    loose = np.flatnonzero((forest.parent < 0) & (labels != np.arange(len(labels)))).astype(np.int32)
    if len(loose):
        left, right = np.append(left, labels[loose]), np.append(right, loose)
        strength = np.append(strength, np.full(len(loose), GIVEN))
        probability, pair = np.append(probability, np.ones(len(loose))), np.append(pair, np.full(len(loose), -1))
        forest = spanning_forest(len(labels), left, right, strength)
    lasts = (pair < 0) | (np.append(scores.tier, 0)[pair] > 0)
    return Bonds(left, right, strength, probability, pair, lasts, forest)


def pair_probability(weight: Weights, tier: npt.NDArray[np.int8]) -> Floats:
    """How likely pairs are one person: by their weight, and for certain where a unique identifier says so."""
    return np.where(tier == TIERS.index("unique"), 1.0, match_probability(weight))


def _none() -> Rows:
    return np.zeros((0, 2), np.int32)
