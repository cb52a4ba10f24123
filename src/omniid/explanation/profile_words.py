"""Unions that no link made: two clusters whose profiles agree, field by field."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from omniid.answers import Union, bits_text, key_text
from omniid.clustering import BETA
from omniid.comparison import PairComparer
from omniid.copies import find_originals
from omniid.explanation.pairs import weight_tables
from omniid.matching import ProfileEvidence, weigh_profiles
from omniid.results import Parts
from omniid.tables import BITS, ProfileUnion, Rows

__all__ = ["links_within", "profile_steps", "unions_inside", "why_profiles"]

FIELDS = 4  # fields that are named
FOUND_BY = "profiles agree"


def links_within(parts: Parts, positions: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Of the positions of links, those whose ends links brought together; between others their profiles decided."""
    labels, scores = parts.clustering.by_links, parts.scores
    if labels is None:
        return positions
    within: npt.NDArray[np.intp] = positions[labels[scores.left[positions]] == labels[scores.right[positions]]]
    return within


def unions_inside(parts: Parts, entity: int) -> list[ProfileUnion]:
    """The unions of profiles within an entity, in the order in which they were made."""
    return [one for one in parts.clustering.profile_unions if parts.entity[one.left] == entity]


def profile_steps(parts: Parts, entity: int) -> list[Union]:
    """How the profiles of an entity came together."""
    beta, steps = BETA[0] / BETA[1], []
    for union, (left, right) in _sides(parts, entity):
        bits, mean = union.weight / BITS, union.conflict / BITS
        one, other = (tuple(parts.records.keys(rows)) for rows in (left, right))
        near = parts.records.keys(np.array(union.near, np.int32))
        steps.append(Union(one, other, (near[0], near[1]), FOUND_BY, "weighed", bits, mean, bits + beta * mean))
    return steps


def why_profiles(parts: Parts, pair: Sequence[int]) -> str:
    """The sentence on a step that a union of profiles made; "" for any other step.

    Parameters
    ----------
    parts
        The result.
    pair
        The two rows of the step.
    """
    entity = int(parts.entity[pair[0]])
    for union, sides in _sides(parts, entity):
        if set(union.near) == set(pair):
            ends = " and ".join(key_text(key) for key in parts.records.keys(np.array(union.near, np.int32)))
            mean = union.conflict / BITS
            value = union.weight / BITS + BETA[0] / BETA[1] * mean
            worth = f"{bits_text(union.weight / BITS)} bits"
            if mean:
                worth += (
                    f" {bits_text(BETA[0] / BETA[1] * mean)} for the conflicts between their records = {bits_text(value)} bits"
                )
            return f"The profiles around {ends} agree: {_agreements(parts, sides)}; {worth}."
    return ""


def _sides(parts: Parts, entity: int) -> list[tuple[ProfileUnion, tuple[Rows, Rows]]]:
    """Each union of an entity with the rows on both sides at that time."""
    labels = parts.clustering.by_links
    if labels is None:
        return []
    rows = np.flatnonzero(parts.entity == entity).astype(np.int32)
    names, out = labels[rows].copy(), []
    for union in unions_inside(parts, entity):
        out.append((union, (rows[names == union.left], rows[names == union.right])))
        names[names == union.right] = union.left
    return out


def _agreements(parts: Parts, sides: tuple[Rows, Rows]) -> str:
    """The fields that speak most for two profiles, and whose values they are."""
    found, left, right = _evidence(parts, sides)
    gain, told = found.bits[0] - found.looks[0], list[str]()
    for number in np.argsort(-gain, kind="stable").tolist():
        if gain[number] > 0 and len(told) < FIELDS:
            at = int(found.pair[0, number])
            keys = parts.records.keys(np.array([left[at], right[at]], np.int32))
            ends = " and ".join(key_text(key) for key in keys)
            told.append(f"{parts.plan.comparisons[number].name} of {ends} {bits_text(gain[number] / BITS)}")
    return ", ".join(told)


def _evidence(parts: Parts, sides: tuple[Rows, Rows]) -> tuple[ProfileEvidence, Rows, Rows]:
    """What the profiles of two sides come to, as the run worked it out, and the record pairs that it looked at."""
    distinct = []
    for rows in sides:
        own = find_originals(parts.evidence.take(rows), parts.plan.columns, parts.plan.apart[rows])
        distinct.append(rows[own == np.arange(len(rows))])
    left, right = (side.reshape(-1) for side in np.meshgrid(*distinct, indexing="ij"))
    comparer, start = PairComparer(parts.evidence, parts.plan.comparisons), np.zeros(1, np.intp)
    graded = comparer.graded(left, right)
    return weigh_profiles(weight_tables(parts), parts.plan.traits, graded, left, right, start, comparer.silence), left, right
