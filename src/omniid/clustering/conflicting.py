"""Components up to `inner_max` records: all inner pairs are scored, most components are settled on arrays, the rest walked."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from omniid.clustering.array_path import left_whole, spanning_forest
from omniid.clustering.ground import Ground, Outcome, number_nodes, walk
from omniid.clustering.links import Links, inner_pairs, pair_keys, rank_links
from omniid.clustering.merge_values import ConflictOf, ConflictSums, node_conflicts, sum_conflicts
from omniid.tables import Rows, Weights

__all__ = ["score_inner_pairs", "walk_conflicting"]

BATCH = 1 << 19  # inner pairs scored in one call


def walk_conflicting(ground: Ground, components: Rows, sizes: Rows, broken: Rows, conflict: ConflictOf) -> Iterator[Outcome]:
    """Settle or walk components, many in one batch.

    Parameters
    ----------
    ground
        All components.
    components, sizes
        Names of the components to look at, ascending, and their records.
    broken
        Names of the components that break a limit or hold a CANNOT_LINK: they are always walked.
    conflict
        Match weight and conflict of row pairs.

    Yields
    ------
    Outcome
        Per batch, what became of the components that were walked.
    """
    pairs = np.cumsum(sizes.astype(np.int64) * (sizes - 1) // 2)
    batch = np.full(len(ground.labels), -1, np.int32)
    batch[components] = pairs // BATCH
    of_row = batch.take(ground.labels)
    of_link = of_row.take(ground.links.left)
    for number in np.unique(batch[components]).tolist():
        rows = np.flatnonzero(of_row == number).astype(np.int32)
        yield _walk_batch(ground, rows, ground.links.take(np.flatnonzero(of_link == number)), broken, conflict)


def _walk_batch(ground: Ground, rows: Rows, links: Links, broken: Rows, conflict: ConflictOf) -> Outcome:
    """Score the inner pairs of some components, settle what can be settled on arrays, and walk the others."""
    records = rows[ground.records.take(rows) == rows]
    records = records[np.argsort(ground.labels.take(records), kind="stable")]
    one, other = inner_pairs(ground.labels.take(records))
    left, right = records[one], records[other]
    found, against = score_inner_pairs(left, right, links.with_ends(ground.records), conflict, ground.rule.link_at)
    links = links.join(found)
    names, sets = np.unique(ground.labels.take(rows)), np.unique(ground.sets.take(rows))
    group = np.searchsorted(names, ground.labels.take(left))
    worst = np.zeros(len(names), np.int64)
    np.minimum.at(worst, group, against)
    one_set, other_set = (np.searchsorted(sets, ground.sets.take(side)) for side in (links.left, links.right))
    tree = spanning_forest(len(sets), one_set, other_set, rank_links(links))
    of_tree = np.searchsorted(names, ground.labels.take(links.left[tree]))
    settled = left_whole(of_tree, links.weight[tree], worst, ground.rule) & ~np.isin(names, broken)
    if settled.all():
        return Outcome(rows[:0], rows[:0], ())
    walked = np.zeros(len(ground.labels), bool)
    walked[names[~settled]] = True
    kept = walked.take(ground.labels.take(rows))
    pairs = np.flatnonzero(walked.take(ground.labels.take(left)))
    inside = links.take(np.flatnonzero(walked.take(ground.labels.take(links.left))))
    return _walk_rows(ground, rows[kept], inside, left[pairs], right[pairs], against[pairs])


def _walk_rows(ground: Ground, rows: Rows, links: Links, left: Rows, right: Rows, against: Weights) -> Outcome:
    """Walk components whose links and conflicts are all known."""
    nodes = number_nodes(ground, rows)
    stands_for = np.bincount(ground.records.take(rows), minlength=1)
    # Counts in Python integers: thousands of equal records on both sides outgrow 64 bits.
    count = [here * there for here, there in zip(stands_for[left].tolist(), stands_for[right].tolist(), strict=True)]
    one, other = (nodes.of_row.take(side).tolist() for side in (left, right))
    sums = sum_conflicts(range(len(nodes.names)), node_conflicts(one, other, against.tolist(), count))
    sizes = np.bincount(nodes.of_row.take(rows), minlength=len(nodes.names)).tolist()
    most = int(np.bincount(ground.labels.take(rows), minlength=1).max())
    return walk(ground, nodes, links, partial(ConflictSums, sizes, sums), most_records=most)


def score_inner_pairs(left: Rows, right: Rows, links: Links, conflict: ConflictOf, link_at: int) -> tuple[Links, Weights]:
    """Score record pairs that are no links yet.

    Parameters
    ----------
    left, right
        The pairs, left < right.
    links
        What is known to link, between the records that stand for others.
    conflict
        Match weight and conflict of row pairs.
    link_at
        From which weight a pair is a link.

    Returns
    -------
    found, against
        The pairs that proved to be links, and the conflict of each pair, 0 for links.
    """
    unknown = np.flatnonzero(~np.isin(pair_keys(left, right), pair_keys(links.left, links.right)))
    weight, negative = conflict(left[unknown], right[unknown])
    linked = weight >= link_at
    against = np.zeros(len(left), np.int64)
    against[unknown] = np.where(linked, 0, negative)
    new = unknown[linked]
    return Links(left[new], right[new], np.zeros(len(new), np.int8), weight[linked]), against
