"""`rival_unions` where no limit and no decision bars a union: all ranks of all clusters at once."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.clustering.array_path import spanning_forest
from omniid.clustering.components import connected_components
from omniid.clustering.refusals import Rivals, WalkedLinks, compete
from omniid.key_order import order_of
from omniid.tables import Rows

__all__ = ["rivals_on_arrays"]

BATCH = 1 << 21  # nodes of copies laid out at a time

Counts = npt.NDArray[np.int64]
Places = npt.NDArray[np.signedinteger]


class _Inside(NamedTuple):
    """Clusters with refused links that may be ambiguous: their nodes one after the other, and the links inside them.

    `nodes` are sorted by cluster; `start` and `size` say where each cluster's nodes are, `place` where each node is. `left`
    and `right` are places of nodes, links sorted by `key`: (cluster, rank) as one integer. `in_tree` marks a maximum spanning
    forest.
    """

    nodes: Rows
    start: Counts
    size: Counts
    place: Counts
    left: Counts
    right: Counts
    key: Counts
    in_tree: npt.NDArray[np.bool_]


def rivals_on_arrays(n: int, mine: Rows, theirs: Rows, links: WalkedLinks) -> Rivals:
    """Find refused links beside which a link of equal value joins one of the ends, as better links have made them.

    For each cluster and rank of such a refused link the cluster is laid out once, joined along the better links of a maximum
    spanning forest. Links of the same rank then show which of the parts are competed for.

    Parameters
    ----------
    n
        Number of nodes.
    mine, theirs
        The two final clusters of each link.
    links
        All links between different nodes.

    Returns
    -------
    Rivals
        As `rival_unions` finds them; their items are nodes.
    """
    doubtful = np.flatnonzero(compete(mine, theirs, links.rank))
    n_ranks = int(links.rank.max(initial=0)) + 1
    keys = [side[doubtful].astype(np.int64) * n_ranks + links.rank[doubtful] for side in (mine, theirs)]
    wanted = np.sort(np.concatenate(keys))
    wanted = wanted[np.append(True, np.diff(wanted) != 0)[: len(wanted)]]
    inside = _look_inside(n, wanted // n_ranks, mine, theirs, links, n_ranks)
    copies = [np.searchsorted(wanted, side) for side in keys]
    ends = [inside.place[node[doubtful]] for node in (links.left_node, links.right_node)]
    return _pair_up(inside, wanted, n_ranks, doubtful, copies, ends)


def _look_inside(n: int, clusters: Places, mine: Rows, theirs: Rows, links: WalkedLinks, n_ranks: int) -> _Inside:
    """Lay out the nodes and links of some clusters; `clusters` ascends."""
    chosen = np.zeros(n, bool)
    chosen[clusters] = True
    root = np.arange(n)  # of each node that a link names
    root[links.left_node], root[links.right_node] = mine, theirs
    nodes = np.flatnonzero(chosen.take(root))
    nodes = nodes[order_of(root.take(nodes))].astype(np.int32)
    place = np.zeros(n, np.int64)
    place[nodes] = np.arange(len(nodes))
    of_node = root.take(nodes)
    start, size = np.searchsorted(of_node, np.arange(n)), np.bincount(of_node, minlength=n)
    inner = np.flatnonzero((mine == theirs) & chosen.take(mine))
    key = mine[inner].astype(np.int64) * n_ranks + links.rank[inner]
    order = order_of(key)
    inner, key = inner[order], key[order]
    left, right = place.take(links.left_node[inner]), place.take(links.right_node[inner])
    in_tree = np.zeros(len(inner), bool)
    in_tree[spanning_forest(len(nodes), left, right, links.rank[inner])] = True
    return _Inside(nodes, start, size, place, left, right, key, in_tree)


def _pair_up(
    inside: _Inside, wanted: Counts, n_ranks: int, doubtful: Places, copies: list[Places], ends: list[Counts]
) -> Rivals:
    """Join each cluster along its better links, once per rank that is wanted; keep links whose ends are competed for."""
    clusters = wanted // n_ranks
    part_of = [np.zeros(len(doubtful), np.int64) for _ in copies]  # of each end: its part, numbered through all copies
    rival = np.zeros(len(doubtful), bool)
    members: list[Rows] = []
    first: list[Counts] = []
    done = 0
    for some in _batches(inside.size[clusters]):
        offset = np.cumsum(inside.size[clusters[some]]) - inside.size[clusters[some]]
        labels, competed = _join_copies(inside, wanted[some], clusters[some], n_ranks, offset)
        for side, (copy, end) in enumerate(zip(copies, ends, strict=True)):
            here = np.flatnonzero((copy >= some.start) & (copy < some.stop))
            which = copy[here]
            at = labels[offset[which - some.start] + end[here] - inside.start[clusters[which]]]
            rival[here] |= competed[at]
            part_of[side][here] = at + done
        order = order_of(labels)
        of_copy = np.repeat(np.arange(len(offset)), inside.size[clusters[some]])
        node = np.arange(len(labels)) - offset[of_copy] + inside.start[clusters[some]][of_copy]
        members.append(inside.nodes[node[order]])
        first.append(np.searchsorted(labels[order], np.arange(len(labels) + 1)) + done)
        done += len(labels)
    return _items(doubtful, rival, part_of, members, first)


def _join_copies(
    inside: _Inside, wanted: Counts, clusters: Counts, n_ranks: int, offset: Counts
) -> tuple[Rows, npt.NDArray[np.bool_]]:
    """The part of each node of each copy, and which parts a link of the copy's rank would join to another."""
    begin, stop = np.searchsorted(inside.key, clusters * n_ranks), np.searchsorted(inside.key, wanted)
    tree = np.append(0, np.cumsum(inside.in_tree))
    in_tree = np.flatnonzero(inside.in_tree)
    total = int(inside.size[clusters].sum())
    copy, at = _ranges(tree[begin], tree[stop] - tree[begin])
    shift = offset - inside.start[clusters]
    better = in_tree[at]
    labels = connected_components(total, inside.left[better] + shift[copy], inside.right[better] + shift[copy])
    copy, equal = _ranges(stop, np.searchsorted(inside.key, wanted, side="right") - stop)
    one, other = labels[inside.left[equal] + shift[copy]], labels[inside.right[equal] + shift[copy]]
    competed = np.zeros(total, bool)
    competed[one[one != other]] = competed[other[one != other]] = True
    return labels, competed


def _items(
    doubtful: Places, rival: npt.NDArray[np.bool_], part_of: list[Counts], members: list[Rows], first: list[Counts]
) -> Rivals:
    """All pairs of nodes between the two parts of each rival."""
    at = np.flatnonzero(rival)
    if not len(at):
        return Rivals(doubtful[at], at, *np.zeros((2, 0), np.int32))
    nodes = np.concatenate(members)
    start = np.concatenate([batch[:-1] for batch in first])
    size = np.concatenate([np.diff(batch) for batch in first])
    one, other = (side[at] for side in part_of)
    many = size[other]
    which, step = _ranges(np.zeros(len(at), np.int64), size[one] * many)
    here, there = np.divmod(step, many[which])
    return Rivals(doubtful[at], which, nodes[start[one][which] + here], nodes[start[other][which] + there])


def _ranges(start: Counts, count: Counts) -> tuple[Places, Places]:
    """Runs of consecutive numbers, one after the other: which run each is of, and the number."""
    which = np.repeat(np.arange(len(start)), count)
    return which, start[which] + np.arange(len(which)) - (np.cumsum(count) - count)[which]


def _batches(sizes: Counts) -> Iterator[slice]:
    """Copies that are laid out together."""
    batch = np.cumsum(sizes) // BATCH
    starts = np.flatnonzero(np.diff(batch, prepend=-1)).tolist()
    for start, stop in pairwise([*starts, len(sizes)]):
        yield slice(start, stop)
