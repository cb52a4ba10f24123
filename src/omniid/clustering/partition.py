"""`cluster`: from links, decisions and limits to a partition of the rows."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from omniid.clustering.best_first import merge_best_first
from omniid.clustering.components import connected_components
from omniid.clustering.limited_sets import LimitedSets, values_by_node
from omniid.clustering.limits import sets_over_limit
from omniid.clustering.must_links import contract_must_links
from omniid.clustering.refusals import WalkedLinks, read_refusals
from omniid.errors import InputError
from omniid.tables import Clustering, Limit, Refusal, Rows, ScoredPairs

__all__ = ["cluster"]


def cluster(
    n_rows: int,
    pairs: ScoredPairs,
    *,
    link_at: int,
    limits: Sequence[Limit] = (),
    must: Rows | None = None,
    cannot: Rows | None = None,
) -> Clustering:
    """Partition the rows: links join, decisions and limits part.

    Pairs at or above `link_at` are links. MUST_LINKs are followed first, then the best union that nothing forbids is made
    until none is left (by tier, then weight; of equals, the two sets' smallest rows decide). A component that breaks
    nothing as a whole is left whole without a walk, which is nearly all of them; both ways give the same partition.

    Parameters
    ----------
    n_rows
        Number of records.
    pairs
        Pairs of rows with their match weight, each pair once, in any order.
    link_at
        The match weight, in millionths of a bit, from which a pair is a link.
    limits
        What no cluster may exceed; the first one in the way of a union is named in its refusal.
    must, cannot
        int32 of shape (k, 2): pairs of rows that decisions join or part, already reduced to the one decision that counts
        for each pair. `must` stands newest first (at equal times by rows), `cannot` in any order.

    Returns
    -------
    Clustering
        Labels (the smallest row of each cluster), refused links, conflicts among decisions, overridden sets.

    Raises
    ------
    InputError
        If a decision names a row outside range(n_rows), or one row twice.

    Examples
    --------
    >>> from omniid.tables import BITS
    >>> none = np.zeros(2, np.int16)
    >>> pairs = ScoredPairs(
    ...     left=np.array([0, 1], np.int32), right=np.array([1, 2], np.int32), weight=np.array([9 * BITS, 7 * BITS]),
    ...     tier=none.astype(np.int8), rule=none, levels=np.zeros((2, 0), np.int8), comparisons=(), rules=("email",))
    >>> cluster(3, pairs, link_at=0).labels.tolist()
    [0, 0, 0]
    >>> passport = Limit("at_most(passport, 1)", "passport", 1, np.array([0, 2], np.int32), np.array([4, 5], np.int32))
    >>> found = cluster(3, pairs, link_at=0, limits=[passport])
    >>> found.labels.tolist(), found.refusals[0].limit, found.refusals[0].left_codes, found.refusals[0].right_codes
    ([0, 0, 2], 'at_most(passport, 1)', (4,), (5,))
    """
    must, cannot = _checked("MUST_LINK", must, n_rows), _checked("CANNOT_LINK", cannot, n_rows)
    contraction = contract_must_links(n_rows, must, cannot)
    links = pairs.take(np.flatnonzero(pairs.weight >= link_at))
    joined = contraction.followed
    labels = connected_components(
        n_rows, np.concatenate([links.left, joined[:, 0]]), np.concatenate([links.right, joined[:, 1]])
    )
    inside = cannot[labels.take(cannot[:, 0]) == labels.take(cannot[:, 1])]
    broken = np.concatenate([labels.take(inside[:, 0]), *(sets_over_limit(limit, labels) for limit in limits)])
    refusals: tuple[Refusal, ...] = ()
    if len(broken):
        to_walk = np.zeros(n_rows, bool)
        to_walk[broken] = True
        labels, refusals = _walk(to_walk[labels], labels, contraction.labels, links, limits, inside)
    overridden = np.unique(
        np.concatenate([np.zeros(0, np.int32), *(sets_over_limit(limit, contraction.labels) for limit in limits)])
    )
    return Clustering(labels, refusals, contraction.conflicts, tuple(overridden.tolist()))


def _checked(kind: str, pairs: Rows | None, n_rows: int) -> Rows:
    """Decided pairs as an array of shape (k, 2), each naming two different rows."""
    array = np.zeros((0, 2), np.int32) if pairs is None else np.asarray(pairs, np.int32).reshape(-1, 2)
    wrong = ((array < 0) | (array >= n_rows)).any(axis=1) | (array[:, 0] == array[:, 1])
    if wrong.any():
        pair = array[int(np.argmax(wrong))].tolist()
        raise InputError(f"{kind} {pair} is no pair of records; name two different rows in range({n_rows})")
    return array


def _walk(
    walked: npt.NDArray[np.bool_], labels: Rows, sets: Rows, links: ScoredPairs, limits: Sequence[Limit], cannot: Rows
) -> tuple[Rows, tuple[Refusal, ...]]:
    """Cluster the rows of broken components by best-first merging; the other rows keep their labels.

    Components share no link, so walking them all at once gives what walking one after the other would. The nodes are the
    sets that MUST_LINKs made, numbered in the order of their smallest rows.
    """
    rows = np.flatnonzero(walked).astype(np.int32)
    names = rows[sets.take(rows) == rows]
    node = np.zeros(len(walked), np.int32)
    node[names] = np.arange(len(names), dtype=np.int32)
    node[rows] = node.take(sets.take(rows))
    kept = [walked.take(limit.rows) for limit in limits]
    start = partial(
        LimitedSets,
        len(names),
        [limit.n for limit in limits],
        [values_by_node(node.take(limit.rows[keep]), limit.codes[keep]) for limit, keep in zip(limits, kept, strict=True)],
        node[cannot].tolist(),
    )
    between = _links_between_nodes(links.take(np.flatnonzero(walked.take(links.left))), node)
    final = start()
    merge_best_first(final, len(names), between.left_node, between.right_node, between.rank)
    roots = np.array([final.find(number) for number in range(len(names))], np.int32)
    labels = labels.copy()
    labels[rows] = names[roots[node[rows]]]
    return labels, read_refusals(final, start, roots, between, limits)


def _links_between_nodes(links: ScoredPairs, node: Rows) -> WalkedLinks:
    """Links between different nodes by (left, right), ranked by (tier, weight); equal evidence shares a rank."""
    links = links.take(np.lexsort((links.right, links.left)))
    left, right = node.take(links.left), node.take(links.right)
    links = links.take(apart := np.flatnonzero(left != right))
    best_first = np.lexsort((-links.weight, -links.tier))
    tier, weight = links.tier[best_first], links.weight[best_first]
    rank = np.zeros(len(links), np.int32)
    rank[best_first[1:]] = np.cumsum((tier[1:] != tier[:-1]) | (weight[1:] != weight[:-1]))
    return WalkedLinks(rank, left[apart], right[apart], links.left, links.right, links.weight)
