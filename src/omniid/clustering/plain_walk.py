"""Walks that no limit and no decision bars: unions and refusals on arrays."""

import numpy as np
import numpy.typing as npt

from omniid.clustering.array_rivals import rivals_on_arrays
from omniid.clustering.array_walk import NodeLinks, merge_groups, strengths
from omniid.clustering.field_conflicts import Columns, add_columns, heard
from omniid.clustering.ground import Ground, Outcome, links_between_nodes, number_nodes
from omniid.clustering.links import Links, is_among, pair_keys
from omniid.clustering.merge_values import NodeConflicts, node_conflicts
from omniid.clustering.refusals import WalkedLinks
from omniid.key_order import find_places
from omniid.tables import Refusal, Rows, Weights

__all__ = ["refuse_on_arrays", "walk_plain"]

Counts = npt.NDArray[np.int64]


def walk_plain(ground: Ground, rows: Rows, links: Links, pairs: tuple[Rows, Rows, Columns]) -> Outcome:
    """Walk components that keep every limit as a whole and hold no CANNOT_LINK, all at once.

    Parameters
    ----------
    ground
        All components.
    rows
        Their rows, ascending.
    links
        All links inside them, those found by scoring included.
    pairs
        Their inner pairs of records: left, right, conflict in columns.

    Returns
    -------
    Outcome
        Labels of `rows`, and the refusals among them.
    """
    nodes = number_nodes(ground, rows)
    stands_for = np.bincount(ground.records.take(rows), minlength=1).astype(np.int64)
    left, right, against = pairs
    one, other = nodes.of_row.take(left), nodes.of_row.take(right)
    conflicts = node_conflicts(one, other, against, stands_for.take(left) * stands_for.take(right))
    sizes = np.bincount(nodes.of_row.take(rows), minlength=len(nodes.names)).astype(np.int64)
    between = links_between_nodes(links, nodes)
    heaviest = int(links.weight.max(initial=ground.rule.link_at)) - ground.rule.link_at
    strength = strengths(between.tier, between.weight, between.place, ground.rule, heaviest)
    groups = ground.labels.take(nodes.names)
    evidence = NodeLinks(between.left_node, between.right_node, strength)
    roots = merge_groups(
        groups, sizes, evidence, conflicts.take(np.flatnonzero(conflicts.least.any(axis=1))), ground.rule, heaviest
    )
    refusals = refuse_on_arrays(ground, sizes, roots, between, conflicts)
    return Outcome(rows, nodes.names[roots[nodes.of_row[rows]]], refusals)


def refuse_on_arrays(
    ground: Ground, sizes: Counts, roots: Rows, links: WalkedLinks, conflicts: NodeConflicts
) -> tuple[Refusal, ...]:
    """Read refusals where only conflicts stand between clusters.

    Parameters
    ----------
    ground
        All components.
    sizes, roots
        Per node, its records, and the node that names its cluster.
    links
        All links between different nodes.
    conflicts
        Conflicts between the nodes.

    Returns
    -------
    tuple of Refusal
        Sorted by (left, right).
    """
    mine, theirs = roots.take(links.left_node), roots.take(links.right_node)
    refused = np.flatnonzero(mine != theirs)
    means = _means(sizes, roots, conflicts, mine[refused], theirs[refused])
    ambiguous = _ambiguous(ground, sizes, roots, links, conflicts)[refused]
    columns = (links.left[refused], links.right[refused], links.weight[refused], ambiguous, means)
    return tuple(
        Refusal(left, right, weight, "conflict", (), (), flag, mean)
        for left, right, weight, flag, mean in zip(*(column.tolist() for column in columns), strict=True)
    )


def _means(sizes: Counts, roots: Rows, conflicts: NodeConflicts, mine: Rows, theirs: Rows) -> Weights:
    """The mean conflict between pairs of final clusters, rounded down."""
    n = len(roots)
    wanted = np.minimum(mine, theirs).astype(np.int64) * n + np.maximum(mine, theirs)
    one, other = roots.take(conflicts.left), roots.take(conflicts.right)
    keys = np.minimum(one, other).astype(np.int64) * n + np.maximum(one, other)
    asked, which = np.unique(wanted, return_inverse=True)
    at = np.flatnonzero(is_among(keys, asked))
    between = add_columns(len(asked), np.searchsorted(asked, keys[at]), conflicts.take(at).totals())
    sums = heard(between)[which]
    records = np.bincount(roots, weights=sizes, minlength=1).astype(np.int64)
    means: Weights = sums // np.maximum(records.take(mine) * records.take(theirs), 1)
    return means


def _ambiguous(
    ground: Ground, sizes: Counts, roots: Rows, links: WalkedLinks, conflicts: NodeConflicts
) -> npt.NDArray[np.bool_]:
    """`flag_ambiguous` on arrays."""
    mine, theirs = roots.take(links.left_node), roots.take(links.right_node)
    rivals = rivals_on_arrays(len(roots), mine, theirs, links)
    left, right = np.minimum(rivals.left, rivals.right), np.maximum(rivals.left, rivals.right)
    keys = pair_keys(conflicts.left, conflicts.right)
    at = np.minimum(find_places(keys, pair_keys(left, right)), len(keys) - 1)
    known = is_among(pair_keys(left, right), keys)
    total = add_columns(len(rivals.places), rivals.which[known], conflicts.take(at[known]).totals())
    count = np.zeros(len(rivals.places), np.int64)
    np.add.at(count, rivals.which, sizes.take(left) * sizes.take(right))
    flags = np.zeros(len(mine), bool)
    flags[rivals.places] = ground.rule.allow(links.weight[rivals.places], heard(total), count)
    return flags
