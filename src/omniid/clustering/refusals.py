"""Refusals: links whose ends lie in different final clusters, and what stands between them."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.clustering.limited_sets import LimitedSets
from omniid.clustering.links import is_among
from omniid.clustering.merge_values import Conflicts, MergeRule, NoConflicts, counted
from omniid.clustering.union_find import UnionFind
from omniid.tables import Limit, Refusal, Rows, Weights

__all__ = ["Rivals", "Standing", "WalkedLinks", "compete", "flag_ambiguous", "read_refusals", "rival_unions"]

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.signedinteger]


class Standing(NamedTuple):
    """Sets at one point of a walk, and the conflicts between them."""

    sets: LimitedSets
    conflicts: Conflicts


class WalkedLinks(NamedTuple):
    """Links between different nodes of walked components, by (left, right).

    `left_node` and `right_node` are the sets that MUST_LINKs made of the ends, `left` and `right` their rows. Equal `rank`
    means equal evidence, 0 is the best; `place` is that by priority, which says no more than whose turn it is.
    """

    rank: Rows
    left_node: Rows
    right_node: Rows
    left: Rows
    right: Rows
    weight: Weights
    tier: npt.NDArray[np.int8]
    place: npt.NDArray[np.int16]


def read_refusals(
    final: Standing, roots: Rows, links: WalkedLinks, ambiguous: Flags, limits: Sequence[Limit]
) -> tuple[Refusal, ...]:
    """Read every refusal from the final partition.

    Parameters
    ----------
    final
        The sets after the walk.
    roots
        The name of each node's set in `final`.
    links
        All links between different nodes of the walked components.
    ambiguous
        Which links `flag_ambiguous` flagged.
    limits
        The limits that `final` was made with, in the same order.

    Returns
    -------
    tuple of Refusal
        In the order of the links.
    """
    mine, theirs = roots.take(links.left_node), roots.take(links.right_node)
    refused = np.flatnonzero(mine != theirs)
    between = zip(mine[refused].tolist(), theirs[refused].tolist(), strict=True)
    reasons = {pair: _reason(final, pair, limits) for pair in set(between)}
    columns = (column[refused].tolist() for column in (mine, theirs, links.left, links.right, links.weight))
    return tuple(
        Refusal(left, right, weight, *reasons[here, there][:3], flag, reasons[here, there][3])
        for here, there, left, right, weight, flag in zip(*columns, ambiguous[refused].tolist(), strict=True)
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


def compete(mine: Rows, theirs: Rows, rank: Rows) -> Flags:
    """Say beside which refused links evidence of equal value joins one of the two clusters: only these can be ambiguous.

    Parameters
    ----------
    mine, theirs
        The two final clusters of each link.
    rank
        The place of each link's evidence among all.

    Examples
    --------
    >>> compete(np.array([0, 0, 0]), np.array([0, 1, 1]), np.array([4, 4, 5])).tolist()
    [False, True, False]
    """
    inner = mine == theirs
    n_ranks = int(rank.max(initial=0)) + 1
    here, there = (side.astype(np.int64) * n_ranks + rank for side in (mine, theirs))
    rivals = np.sort(here[inner])
    return np.asarray(~inner & (is_among(here, rivals) | is_among(there, rivals)), np.bool_)


class Rivals(NamedTuple):
    """Refused links beside which evidence of equal value joins one of the ends, and the items that they would bring together.

    `places` are positions of links. Pair i of items, (`left`, `right`), belongs to `places[which[i]]`; `which` ascends.
    """

    places: Places
    which: Places
    left: Rows
    right: Rows


def rival_unions(
    parts: LimitedSets | UnionFind, members: list[list[int]], mine: Rows, theirs: Rows, links: WalkedLinks, *, most: int
) -> Rivals:
    """Follow the links inside final clusters from the best on, and look at refused ones when their turn comes.

    A refused link is a rival if a link of exactly the same value joins one of its two ends, as better links (and MUST_LINKs)
    have made them, to the rest of its cluster, and no limit or decision stands between the ends.

    Parameters
    ----------
    parts
        The sets as they were before the walk; joined on the way.
    members
        Per node, the items that speak for it, ascending; changed on the way.
    mine, theirs
        The two final clusters of each link.
    links
        All links between different nodes.
    most
        How many items speak for a set.

    Returns
    -------
    Rivals
    """
    doubtful, inner = compete(mine, theirs, links.rank), mine == theirs
    last = np.full(int(max(mine.max(initial=0), theirs.max(initial=0))) + 1, -1)  # rank that each cluster is followed to
    for side in (mine, theirs):
        np.maximum.at(last, side[doubtful], links.rank[doubtful])
    places = np.flatnonzero(doubtful | (inner & (links.rank <= last.take(mine))))
    best_first = places[np.argsort(links.rank[places], kind="stable")]
    columns = (links.rank, inner, links.left_node, links.right_node)
    rows = zip(*(column[best_first].tolist() for column in columns), best_first.tolist(), strict=True)
    asked = list[int]()
    pairs = list[tuple[int, int, int]]()
    find, barrier = parts.find, parts.barrier if isinstance(parts, LimitedSets) else None
    for _, same in groupby(rows, key=itemgetter(0)):
        ends = [(find(left), find(right), is_inner, place) for _, is_inner, left, right, place in same]
        joining = [(left, right) for left, right, is_inner, _ in ends if is_inner and left != right]
        competing = {part for pair in joining for part in pair}
        for left, right, is_inner, place in ends if len(joining) < len(ends) else ():
            if not is_inner and (left in competing or right in competing) and (not barrier or barrier(left, right) is None):
                pairs += [(len(asked), here, there) for here in members[left] for there in members[right]]
                asked.append(place)
        for left, right in joining:
            if (one := find(left)) != (other := find(right)):
                parts.union(one, other)
                root, gone = (one, other) if one < other else (other, one)
                members[root] = sorted(members[root] + members[gone])[:most]
    return Rivals(np.array(asked, np.intp), *np.array(pairs, np.int32).reshape(-1, 3).T)


def flag_ambiguous(
    rivals: Rivals,
    links: WalkedLinks,
    sizes: Sequence[int],
    conflicts: Sequence[Mapping[tuple[int, int], int]],
    rule: MergeRule,
) -> Flags:
    """Say which links were refused although evidence of equal value competes.

    Take the part of each final cluster that better links than the refused one (and MUST_LINKs) tie to its end. If a link of
    exactly the same value joins one of the two parts to the rest of its cluster, and the refused link would join the two
    parts alone, then only the order of the record keys decided.

    Parameters
    ----------
    rivals
        What `rival_unions` found; their items are nodes.
    links
        All links between different nodes.
    sizes
        Records per node.
    conflicts
        Per column of `field_conflicts`: (smaller node, larger node) → the conflicts between their records added up;
        absent where it is 0. As sizes, integers of any length: thousands of equal records on both sides outgrow 64 bits.
    rule
        When a union is good enough.

    Returns
    -------
    numpy.ndarray
        bool per link.
    """
    flags = np.zeros(len(links.rank), bool)
    count, sums = [0] * len(rivals.places), [[0] * len(rivals.places) for _ in conflicts]
    for which, one, other in zip(*(column.tolist() for column in rivals[1:]), strict=True):
        count[which] += sizes[one] * sizes[other]
        for column, known in zip(sums, conflicts, strict=True):
            against = known.get((min(one, other), max(one, other)), 0)
            column[which] += against - (column[which] & against & 1)
    total = [counted([column[which] for column in sums]) for which in range(len(count))] if sums else [0] * len(count)
    weights = links.weight[rivals.places].tolist()
    flags[rivals.places] = [rule.allows(*union) for union in zip(weights, total, count, strict=True)]
    return flags
