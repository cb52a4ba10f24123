"""What walks stand on: the sets of components as nodes, the walk over them, and what it refused."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from omniid.clustering.apartness import Apartness
from omniid.clustering.best_first import merge_best_first
from omniid.clustering.held_values import follow_limit
from omniid.clustering.limited_sets import LimitedSets
from omniid.clustering.links import Links, order_links, rank_links
from omniid.clustering.merge_values import ConflictSums, MergeRule, MergeValues, NoConflicts, NodeConflicts, sum_conflicts
from omniid.clustering.refusals import Standing, WalkedLinks, flag_ambiguous, read_refusals, rival_unions
from omniid.key_order import order_of
from omniid.tables import Limit, Refusal, Rows

__all__ = ["Ground", "Nodes", "Outcome", "links_between_nodes", "number_nodes", "ranked_evidence", "walk"]


class Ground(NamedTuple):
    """What every walk stands on.

    `labels` names each row's component, `sets` its set before the walk (joined by MUST_LINKs, or equal records), `records`
    the row that stands for it among equal records; `links` are all links, by (left, right); `cannot` are CANNOT_LINKs whose
    ends share a component.
    """

    labels: Rows
    sets: Rows
    records: Rows
    links: Links
    limits: Sequence[Limit]
    cannot: Rows
    rule: MergeRule


class Nodes(NamedTuple):
    """Sets before the walk, numbered in the order of their smallest rows.

    `rows` are all rows of the walked components, `names` the smallest row of each node, `of_row` the node of each row of the
    table; `start` makes the sets as they are before the walk.
    """

    rows: Rows
    names: Rows
    of_row: Rows
    start: Callable[[], LimitedSets]


class Outcome(NamedTuple):
    """The new labels of walked rows, and what the walk refused."""

    rows: Rows
    labels: Rows
    refusals: tuple[Refusal, ...]


def number_nodes(ground: Ground, rows: Rows) -> Nodes:
    """Number the sets of the rows of whole components.

    Parameters
    ----------
    ground
        All components.
    rows
        Rows of the components to walk, ascending.

    Returns
    -------
    Nodes
        Their sets, with the limited values that they hold and the CANNOT_LINKs between them.
    """
    walked = np.zeros(len(ground.labels), bool)
    walked[rows] = True
    names = rows[ground.sets.take(rows) == rows]
    of_row = np.zeros(len(walked), np.int32)
    of_row[names] = np.arange(len(names), dtype=np.int32)
    of_row[rows] = of_row.take(ground.sets.take(rows))
    held = [(limit, np.flatnonzero(walked.take(limit.rows)), Apartness.of(limit)) for limit in ground.limits]
    parted = of_row[ground.cannot[walked.take(ground.cannot[:, 0])]].tolist()

    def start() -> LimitedSets:
        values = [follow_limit(limit, of_row.take(limit.rows[at]), at, apart) for limit, at, apart in held]
        sets = LimitedSets(len(names), values, parted)
        sets.foresee(ground.labels.take(names))
        return sets

    return Nodes(rows, names, of_row, start)


def links_between_nodes(links: Links, nodes: Nodes) -> WalkedLinks:
    """Keep the links between different nodes, by (left, right), ranked by their evidence."""
    links = links.take(order_of(links.left, links.right))
    left, right = nodes.of_row.take(links.left), nodes.of_row.take(links.right)
    apart = np.flatnonzero(left != right)
    links = links.take(apart)
    return WalkedLinks(
        rank_links(links), left[apart], right[apart], links.left, links.right, links.weight, links.tier, links.place
    )


def ranked_evidence(links: Links) -> list[tuple[int, int, int]]:
    """(tier, weight, place by priority) of each rank of `order_links`."""
    best_first = np.lexsort((links.place, -links.weight, -links.tier))
    columns = (column[best_first].tolist() for column in (links.tier, links.weight, links.place))
    return list(dict.fromkeys(zip(*columns, strict=True)))


def walk(ground: Ground, nodes: Nodes, links: Links, conflicts: NodeConflicts | None) -> Outcome:
    """Cluster the rows of some components by best-first merging.

    Components share no link, so walking them all at once gives what walking one after the other would.

    Parameters
    ----------
    ground
        All components.
    nodes
        The sets of the components to walk.
    links
        All links inside them, those found on the way included.
    conflicts
        Conflicts between the nodes; None where nothing conflicts.

    Returns
    -------
    Outcome
        Labels of `nodes.rows`, and the refusals among them.
    """
    n, between = len(nodes.names), links_between_nodes(links, nodes)
    sizes = np.bincount(nodes.of_row.take(nodes.rows), minlength=n).tolist()
    sums = None if conflicts is None else sum_conflicts(n, conflicts)
    final = Standing(nodes.start(), NoConflicts() if sums is None else ConflictSums(sizes, sums))
    values = None
    ordered = Links.of(between.left_node, between.right_node, between.tier, between.weight, between.place)
    if sums is not None:
        ranked = ranked_evidence(ordered)
        most = int(np.bincount(ground.labels.take(nodes.rows), minlength=1).max())
        values = MergeValues(ground.rule, final.conflicts, ranked, most_records=most)
    merge_best_first(final.sets, n, between.left_node, between.right_node, order_links(ordered), values)
    roots = np.array([final.sets.find(number) for number in range(n)], np.int32)
    mine, theirs = roots.take(between.left_node), roots.take(between.right_node)
    rivals = rival_unions(nodes.start(), [[node] for node in range(n)], mine, theirs, between, most=n)
    known = [
        {(one, other): total for one, near in enumerate(column) for other, total in near.items() if one < other}
        for column in sums or ()
    ]
    flags = flag_ambiguous(rivals, between, sizes, known, ground.rule)
    refusals = read_refusals(final, roots, between, flags, ground.limits)
    return Outcome(nodes.rows, nodes.names[roots[nodes.of_row[nodes.rows]]], refusals)
