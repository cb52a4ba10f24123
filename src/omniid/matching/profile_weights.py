"""Profiles against profiles: two groups of records weighed as two wholes, each comparison at its best level over all pairs."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.matching.relatives import relatives_cost
from omniid.matching.weights import WeightTables
from omniid.tables import BITS, MISSING, ComparisonTraits, Levels, Rows, Weights

__all__ = ["ProfileEvidence", "weigh_profiles"]

LOWEST = -(2**40)  # ranks a missing level below all others, in millionths of a bit

Places = npt.NDArray[np.signedinteger]


class ProfileEvidence(NamedTuple):
    """What the profiles of pairs of groups come to.

    Parameters
    ----------
    levels
        int8 of shape (unions, comparisons): the best level of each comparison.
    pair
        Of the same shape: which of the record pairs has it, the first of equals.
    bits
        int64 of the same shape: what the level adds in millionths of a bit, value frequency included.
    looks
        int64 of the same shape: what is taken off, as so many pairs were looked at.
    relatives
        int64 per union: what it loses because relatives would explain this too.
    weight
        int64 per union: the weight in millionths of a bit, prior included.
    """

    levels: Levels
    pair: npt.NDArray[np.int64]
    bits: Weights
    looks: Weights
    relatives: Weights
    weight: Weights


def weigh_profiles(
    tables: WeightTables,
    traits: Sequence[ComparisonTraits],
    graded: Levels,
    left: Rows,
    right: Rows,
    start: Places,
    silence: Callable[[Levels], None],
) -> ProfileEvidence:
    """Weigh pairs of groups of records as if each group were one record that holds all its values.

    Every comparison counts once, at the level that speaks most for one person. Who looks at k pairs finds an agreement by
    chance k times as often, so u grows by that factor: an agreement loses log2(k) bits, though never more than it adds.

    Parameters
    ----------
    tables
        The model's weights.
    traits
        The comparisons.
    graded
        int8 of shape (record pairs, comparisons): the levels of all record pairs between the two groups of each union, union
        by union, before any comparison silences another: a field that agrees in one pair tells the same as one that agrees
        in another pair, and silences it there too.
    left, right
        Rows of the record pairs.
    start
        The first record pair of each union, ascending; each has at least one.
    silence
        Makes comparisons missing, in place, where others tell the same.

    Returns
    -------
    ProfileEvidence

    References
    ----------
    That chance agreements grow with the number of looks is Bonferroni's correction: Dunn, "Multiple comparisons among means",
    JASA 56 (1961).

    Examples
    --------
    >>> from omniid.matching import compile_weights
    >>> from omniid.tables import ComparisonWeights, Model, RecordTable
    >>> mail = ComparisonWeights("email", ("else", "exact"), (0.5, 0.5), (0.9375, 0.0625))
    >>> traits = [ComparisonTraits("email", ("else", "exact"), (0.5, 0.5))]
    >>> tables = compile_weights(RecordTable.of([]), Model((mail,), prior=0.5), traits)
    >>> rows, graded = np.zeros(2, np.int32), np.array([[0], [1]], np.int8)
    >>> found = weigh_profiles(tables, traits, graded, rows, rows, np.array([0]), lambda levels: None)
    >>> found.levels.tolist(), found.bits.tolist(), found.looks.tolist(), found.weight.tolist()
    ([[1]], [[3000000]], [[1000000]], [2000000])
    """
    unions, n = len(start), len(graded)
    of = np.repeat(np.arange(unions), np.diff(start, append=n))
    shape = (unions, len(traits))
    levels, pair, tries = np.empty(shape, np.int8), np.empty(shape, np.int64), np.empty(shape, np.int64)
    a, b = np.empty(shape, np.int64), np.empty(shape, np.int64)
    for number, trait in enumerate(traits):
        level = graded[:, number]
        worth, other = _contributions(tables, number, level, left, right)
        best = _first_best(_rank(worth, level, trait), of, start)
        levels[:, number], pair[:, number] = level[best], best
        a[:, number], b[:, number] = worth[best], other[best]
        tries[:, number] = np.add.reduceat((level != MISSING).astype(np.int64), start)
    silence(levels)
    told = levels != MISSING
    looks = np.where(told, np.minimum(_log2(tries), np.maximum(a, 0)), 0)
    bits = np.where(told, a, 0)
    weight = tables.start_a + (bits - looks).sum(axis=1)
    relatives = np.zeros(unions, np.int64)
    if tables.start_b is not None:
        relatives = relatives_cost(tables.start_b + (np.where(told, b, 0) - looks).sum(axis=1))
    weight -= relatives
    if tables.judged is not None:
        weight = tables.judged.where_judged(weight, levels)
    return ProfileEvidence(levels, pair, bits, looks, relatives, weight)


def _contributions(
    tables: WeightTables, number: int, level: npt.NDArray[np.int8], left: Rows, right: Rows
) -> tuple[Weights, Weights]:
    """What one comparison adds to A and B for each record pair, value frequency included."""
    a, b, shift = tables.a[number][level], tables.b[number][level], tables.shifts[number]
    if shift is not None:
        at, where = shift.of(level, left, right)
        a[at] += shift.a.ravel().take(where)
        b[at] += shift.b.ravel().take(where)
    return a, b


def _rank(worth: Weights, level: npt.NDArray[np.int8], trait: ComparisonTraits) -> Weights:
    """What makes a level better than another: its worth; "swapped", which tells columns from each other, goes before "else"."""
    rank = np.where(level > 0, worth, np.where(level == 0, LOWEST + 1, LOWEST))
    if "swapped" in trait.levels:
        rank[level == trait.levels.index("swapped")] = LOWEST + 2
    return rank


def _first_best(rank: Weights, of: Places, start: Places) -> npt.NDArray[np.int64]:
    """The position of the first record pair of each union that ranks highest."""
    hits = np.flatnonzero(rank == np.maximum.reduceat(rank, start)[of])
    first = np.flatnonzero(np.diff(of[hits], prepend=-1))
    return hits[first].astype(np.int64)


def _log2(counts: npt.NDArray[np.int64]) -> Weights:
    """log2 of whole numbers in millionths of a bit, 0 for none."""
    return np.asarray(np.rint(BITS * np.log2(np.maximum(counts, 1))), np.int64)
