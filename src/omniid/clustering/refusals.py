"""Refusals: links whose ends lie in different final clusters, and what stands between them."""

from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.clustering.limited_sets import LimitedSets
from omniid.clustering.merge_values import Conflicts, MergeRule, NoConflicts
from omniid.tables import Limit, Refusal, Rows, Weights

__all__ = ["Standing", "WalkedLinks", "read_refusals"]

Flags = npt.NDArray[np.bool_]


class Standing(NamedTuple):
    """Sets at one point of a walk, and the conflicts between them."""

    sets: LimitedSets
    conflicts: Conflicts


class WalkedLinks(NamedTuple):
    """Links between different nodes of walked components, by (left, right).

    `left_node` and `right_node` are the sets that MUST_LINKs made of the ends, `left` and `right` their rows. Equal `rank`
    means equal evidence, 0 is the best.
    """

    rank: Rows
    left_node: Rows
    right_node: Rows
    left: Rows
    right: Rows
    weight: Weights


def read_refusals(
    final: Standing,
    start: Callable[[], Standing],
    roots: Rows,
    links: WalkedLinks,
    limits: Sequence[Limit],
    rule: MergeRule,
) -> tuple[Refusal, ...]:
    """Read every refusal from the final partition.

    A refusal is *ambiguous* where evidence of equal value competes. Take the part of each final cluster that better links
    than the refused one (and MUST_LINKs) tie to its end. If a link of exactly the same value joins one of the two parts to
    the rest of its cluster, and the refused link would join the two parts alone, then only the order of the record keys
    decided.

    Parameters
    ----------
    final
        The sets after the walk.
    start
        Makes the sets as they were before the walk.
    roots
        The name of each node's set in `final`.
    links
        All links between different nodes of the walked components.
    limits
        The limits that `final` was made with, in the same order.
    rule
        When a union is good enough.

    Returns
    -------
    tuple of Refusal
        Sorted by (left, right).
    """
    mine, theirs = roots.take(links.left_node), roots.take(links.right_node)
    refused = np.flatnonzero(mine != theirs)
    ambiguous = _ambiguous(start, mine, theirs, links, rule)[refused].tolist()
    between = zip(mine[refused].tolist(), theirs[refused].tolist(), strict=True)
    reasons = {pair: _reason(final, pair, limits) for pair in set(between)}
    columns = (column[refused].tolist() for column in (mine, theirs, links.left, links.right, links.weight))
    return tuple(
        Refusal(left, right, weight, *reasons[here, there][:3], flag, reasons[here, there][3])
        for here, there, left, right, weight, flag in zip(*columns, ambiguous, strict=True)
    )


def _reason(
    final: Standing, pair: tuple[int, int], limits: Sequence[Limit]
) -> tuple[str, tuple[int, ...], tuple[int, ...], int]:
    """What stands between two final clusters, the limited codes on both sides, and the mean conflict between them."""
    total, count = final.conflicts.between(*pair)
    mean = total // count
    barrier = final.sets.barrier(*pair)
    if barrier is None:
        if isinstance(final.conflicts, NoConflicts):
            raise AssertionError(f"nothing forbids the union of sets {pair}, so the walk should have made it")
        return "conflict", (), (), mean
    if barrier == len(limits):
        return "CANNOT_LINK", (), (), mean
    left, right = (tuple(sorted(final.sets.values(root, barrier))) for root in pair)
    return limits[barrier].name, left, right, mean


def _ambiguous(start: Callable[[], Standing], mine: Rows, theirs: Rows, links: WalkedLinks, rule: MergeRule) -> Flags:
    """Whether each link was refused although evidence of equal value competes."""
    flags = np.zeros(len(mine), bool)
    inner = mine == theirs
    n_ranks = int(links.rank.max(initial=0)) + 1
    here, there = (side.astype(np.int64) * n_ranks + links.rank for side in (mine, theirs))
    rivals = np.unique(here[inner])
    doubtful = ~inner & (np.isin(here, rivals) | np.isin(there, rivals))
    if not doubtful.any():
        return flags
    clusters = np.union1d(mine[doubtful], theirs[doubtful])
    places = np.flatnonzero(doubtful | (inner & np.isin(mine, clusters)))
    best_first = places[np.argsort(links.rank[places], kind="stable")]
    columns = (links.rank, inner, links.left_node, links.right_node)
    rows = zip(*(column[best_first].tolist() for column in columns), best_first.tolist(), strict=True)
    parts, conflicts = start()
    for _, same in groupby(rows, key=itemgetter(0)):
        ends = [(parts.find(left), parts.find(right), is_inner, place) for _, is_inner, left, right, place in same]
        joining = [(left, right) for left, right, is_inner, _ in ends if is_inner and left != right]
        competing = {part for pair in joining for part in pair}
        for left, right, is_inner, place in ends:
            if not is_inner and (left in competing or right in competing) and parts.barrier(left, right) is None:
                flags[place] = rule.allows(int(links.weight[place]), *conflicts.between(left, right))
        for left, right in joining:
            if (one := parts.find(left)) != (other := parts.find(right)):
                root = parts.union(one, other)
                conflicts.absorb(root, max(one, other))
    return flags
