"""Components up to `inner_max` records: all inner pairs are scored, most components are settled on arrays, the rest walked."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.clustering.array_path import left_whole, spanning_forest
from omniid.clustering.array_walk import fits_arrays
from omniid.clustering.field_conflicts import Columns, heard, mark_shared, no_conflicts, only_shared, take_pairs
from omniid.clustering.ground import Ground, Outcome, number_nodes, walk
from omniid.clustering.links import Links, inner_pairs, is_among, pair_keys, rank_links
from omniid.clustering.merge_values import ConflictOf, MergeRule, node_conflicts
from omniid.clustering.plain_walk import walk_plain
from omniid.key_order import find_places, order_of
from omniid.tables import Rows
from omniid.threads import in_order

__all__ = ["score_inner_pairs", "walk_conflicting"]

BATCH = 1 << 19  # inner pairs scored in one call

Flags = npt.NDArray[np.bool_]


class InnerPairs(NamedTuple):
    """Pairs of the records of one component, `left` < `right`, and their conflict in columns; links share or don't disagree."""

    left: Rows
    right: Rows
    against: Columns


def walk_conflicting(
    ground: Ground, components: Rows, sizes: Rows, broken: Rows, conflict: ConflictOf, workers: int = 1
) -> Iterator[Outcome]:
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
    workers
        Threads; batches know nothing of each other.

    Yields
    ------
    Outcome
        Per batch, what became of the components that were walked.
    """
    chosen = np.zeros(len(ground.labels), bool)
    chosen[components] = True
    rows = np.flatnonzero(chosen.take(ground.labels)).astype(np.int32)
    rows = rows[order_of(ground.labels.take(rows))]
    links = np.flatnonzero(chosen.take(ground.labels.take(ground.links.left)))
    links = links[order_of(ground.labels.take(ground.links.left[links]))]
    pairs = np.cumsum(sizes.astype(np.int64) * (sizes - 1) // 2)
    stops = np.flatnonzero(np.diff(pairs // BATCH, append=-1)) + 1  # of each batch, among the components
    ends = [
        np.append(groups, len(chosen)).searchsorted(np.append(components, len(chosen))[stops])
        for groups in (ground.labels.take(rows), ground.labels.take(ground.links.left[links]))
    ]
    parts = [slice(*ends) for ends in pairwise([0, *stops.tolist()])]
    rows_of, links_of = ([slice(*ends) for ends in pairwise([0, *end.tolist()])] for end in ends)

    def batch(part: slice, row: slice, link: slice) -> list[Outcome]:
        return list(_walk_batch(ground, components[part], rows[row], ground.links.take(links[link]), broken, conflict))

    tasks = (partial(batch, *one) for one in zip(parts, rows_of, links_of, strict=True))
    for outcomes in in_order(tasks, workers if len(parts) > 1 else 1):
        yield from outcomes


def _walk_batch(ground: Ground, names: Rows, rows: Rows, links: Links, broken: Rows, conflict: ConflictOf) -> Iterator[Outcome]:
    """Score the inner pairs of some components, settle what can be settled on arrays, and walk the others."""
    records = rows[ground.records.take(rows) == rows]
    one, other = inner_pairs(ground.labels.take(records))
    left, right = records[one], records[other]
    found, against = score_inner_pairs(left, right, links.with_ends(ground.records), conflict, ground.rule)
    links, pairs = links.join(found), InnerPairs(left, right, against)
    walked = ~_settled(ground, names, rows, links, pairs)
    is_broken = np.isin(names, broken)
    walked |= is_broken
    if not walked.any():
        return
    sizes = np.bincount(names.searchsorted(ground.labels.take(rows)), minlength=len(names))
    tier, heaviest = int(links.tier.max(initial=0)), int(links.weight.max(initial=0)) - ground.rule.link_at
    plain = walked & ~is_broken & fits_arrays(sizes, tier, max(heaviest, 0), int(heard(against).min(initial=0)), ground.rule)
    for chosen, walk_some in ((plain, walk_plain), (walked & ~plain, _walk_rows)):
        if chosen.any():
            yield walk_some(ground, *_of_components(ground, names[chosen], rows, links, pairs))


def _settled(ground: Ground, names: Rows, rows: Rows, links: Links, pairs: InnerPairs) -> Flags:
    """Which components no conflict can part."""
    worst = np.zeros(len(names), np.int64)
    np.minimum.at(worst, names.searchsorted(ground.labels.take(pairs.left)), heard(pairs.against))
    sets = np.sort(rows[ground.sets.take(rows) == rows])
    left, right = (sets.searchsorted(ground.sets.take(side)) for side in (links.left, links.right))
    tree = spanning_forest(len(sets), left, right, rank_links(links))
    return left_whole(names.searchsorted(ground.labels.take(links.left[tree])), links.weight[tree], worst, ground.rule)


def _of_components(ground: Ground, names: Rows, rows: Rows, links: Links, pairs: InnerPairs) -> tuple[Rows, Links, InnerPairs]:
    """The rows, ascending, links and pairs of some components."""
    chosen = np.zeros(len(ground.labels), bool)
    chosen[names] = True
    inside, at = (np.flatnonzero(chosen.take(ground.labels.take(side))) for side in (links.left, pairs.left))
    kept = np.sort(rows[chosen.take(ground.labels.take(rows))])
    return kept, links.take(inside), InnerPairs(pairs.left[at], pairs.right[at], take_pairs(pairs.against, at))


def _walk_rows(ground: Ground, rows: Rows, links: Links, pairs: InnerPairs) -> Outcome:
    """Walk components whose links and conflicts are all known, heeding limits and decisions."""
    nodes = number_nodes(ground, rows)
    stands_for = np.bincount(ground.records.take(rows), minlength=1).astype(np.int64)
    one, other = nodes.of_row.take(pairs.left), nodes.of_row.take(pairs.right)
    between = node_conflicts(one, other, pairs.against, stands_for[pairs.left] * stands_for[pairs.right])
    return walk(ground, nodes, links, between)


def score_inner_pairs(left: Rows, right: Rows, links: Links, conflict: ConflictOf, rule: MergeRule) -> tuple[Links, Columns]:
    """Score record pairs that are no links yet.

    Parameters
    ----------
    left, right
        The pairs, left < right.
    links
        What is known to link, between the records that stand for others.
    conflict
        Match weight and conflict of row pairs.
    rule
        From which weight a pair is a link, and the last place by priority.

    Returns
    -------
    found, against
        The pairs that proved to be links, and the conflict of each pair in columns; links have none, but may share values.
    """
    links = links.take(np.argsort(pair_keys(links.left, links.right), kind="stable"))
    known, keys = pair_keys(links.left, links.right), pair_keys(left, right)
    among = is_among(keys, known)
    unknown = np.flatnonzero(~among)
    weight, negative = conflict(left[unknown], right[unknown])
    linked = weight >= rule.link_at
    negative[linked] = only_shared(negative[linked])
    against = no_conflicts(len(left), negative.shape[1])
    for number in range(negative.shape[1]):
        against[unknown, number] = negative[:, number]
    if negative.shape[1] > 1:
        at = np.flatnonzero(among)
        mark_shared(against, at, links.shared[find_places(known, keys[at])])
    new = unknown[linked]
    last = np.full(len(new), rule.places - 1, np.int16)
    found = Links(left[new], right[new], np.zeros(len(new), np.int8), weight[linked], last, (negative[linked, 1:] & 1) > 0)
    return found, against
