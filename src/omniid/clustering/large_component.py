"""A component of more records than one walk takes: solved in parts, from the strong end."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from omniid.clustering.best_first import merge_best_first
from omniid.clustering.ground import Ground, Outcome, links_between_nodes, number_nodes, ranked_evidence, read_outcome
from omniid.clustering.links import rank_links
from omniid.clustering.merge_values import ConflictOf, ConflictSums, MergeValues, sum_conflicts
from omniid.clustering.refusals import Standing
from omniid.clustering.sampled import SampledConflicts
from omniid.tables import Rows

__all__ = ["walk_large"]

LOOK_AHEAD = 256  # links whose conflicts are asked for together, as one call costs as much as hundreds of pairs


def walk_large(ground: Ground, components: Rows, inner_max: int, conflict: ConflictOf) -> Iterator[Outcome]:
    """Solve components that hold more than `inner_max` records, one after the other.

    Links are taken in canonical order, and each brings two parts of the component together. Where they would hold more than
    `inner_max` nodes, both are solved first, and every cluster becomes one node. If that is still too many, only the two
    clusters that the link names are tried. So no link is thrown away, and no record is left alone for being in a crowd.

    Parameters
    ----------
    ground
        All components.
    components
        Names of the components to solve.
    inner_max
        The most nodes in one walk.
    conflict
        Match weight and conflict of row pairs.

    Yields
    ------
    Outcome
        What became of each component.
    """
    rows = np.flatnonzero(np.isin(ground.labels, components)).astype(np.int32)
    rows = rows[np.argsort(ground.labels.take(rows), kind="stable")]
    for part in np.split(rows, np.flatnonzero(np.diff(ground.labels.take(rows))) + 1):
        if len(part):
            yield _LargeComponent(ground, part, inner_max, conflict).outcome()


class _LargeComponent:
    """One component while it is solved."""

    def __init__(self, ground: Ground, rows: Rows, inner_max: int, conflict: ConflictOf) -> None:
        self._ground, self._inner_max, self._conflict = ground, inner_max, conflict
        self._nodes = number_nodes(ground, rows)
        self._links = ground.links.take(np.flatnonzero(ground.labels.take(ground.links.left) == ground.labels[rows[0]]))
        self._stands_for = np.bincount(ground.records.take(rows), minlength=1).astype(np.int64)
        self._sets = self._nodes.start()
        self._conflicts = self._sampled()
        n = len(self._nodes.names)
        self._cluster = np.arange(n, dtype=np.int32)  # of each node
        self._parts: list[set[int]] = [{node} for node in range(n)]
        self._part = list(range(n))  # of each node that names a cluster
        self._unsolved: set[int] = set()
        self._grown: set[int] = set()  # parts that were solved, and then a cluster in them grew
        self._tried: dict[tuple[int, ...], int] = {}  # two clusters as they were → heaviest link that failed to join them

    def outcome(self) -> Outcome:
        """Solve the component and read labels and refusals."""
        listed = self._links
        order = np.lexsort((listed.right, listed.left, -listed.weight, -listed.tier))
        ends = [self._nodes.of_row.take(side)[order].tolist() for side in (listed.left, listed.right)]
        steps = list(zip(*ends, listed.weight[order].tolist(), strict=True))
        for place, (left, right, weight) in enumerate(steps):
            if not self._bring_together(left, right):
                self._try(left, right, weight, [step[:2] for step in steps[place : place + LOOK_AHEAD]])
        for part in self._unsolved | self._grown:
            self._solve(part)
        while self._sweep(steps):
            pass
        between = links_between_nodes(self._links, self._nodes)
        clusters = [[self._sets.find(node) for node in side.tolist()] for side in (between.left_node, between.right_node)]
        self._conflicts.prefetch((one, other) for one, other in zip(*clusters, strict=True) if one != other)
        return read_outcome(self._ground, self._nodes, between, Standing(self._sets, self._conflicts), self._sampled)

    def _sweep(self, steps: list[tuple[int, int, int]]) -> bool:
        """Try every two clusters that a link names once more, as both may have grown since; say whether any joined."""
        self._tried.clear()
        self._grown.clear()
        for place, (left, right, weight) in enumerate(steps):
            if self._sets.find(left) != self._sets.find(right):
                self._try(left, right, weight, [step[:2] for step in steps[place : place + LOOK_AHEAD]])
        return bool(self._grown)

    def _sampled(self) -> SampledConflicts:
        """Conflicts between the nodes as they are before anything is solved."""
        ground, nodes = self._ground, self._nodes
        members: list[list[int]] = [[] for _ in range(len(nodes.names))]
        for row in nodes.rows[ground.records.take(nodes.rows) == nodes.rows].tolist():
            members[nodes.of_row[row]].append(row)
        known = self._links.with_ends(ground.records)
        return SampledConflicts(members, nodes.of_row, self._stands_for, known, self._conflict, ground.rule.link_at)

    def _bring_together(self, left: int, right: int) -> bool:
        """Let the parts of two nodes become one part; say whether they are one now."""
        mine, theirs = (self._part[self._sets.find(node)] for node in (left, right))
        if mine != theirs and self._is_too_big(mine, theirs):
            for part in {mine, theirs} & self._unsolved:
                self._solve(part)
            mine, theirs = (self._part[self._sets.find(node)] for node in (left, right))
            if self._is_too_big(mine, theirs):
                return False
        if mine != theirs:
            mine, theirs = sorted((mine, theirs), key=lambda part: -len(self._parts[part]))
            for node in self._parts[theirs]:
                self._part[node] = mine
            self._parts[mine] |= self._parts[theirs]
            self._parts[theirs] = set()
            self._unsolved.add(mine)
        return True

    def _absorb(self, root: int, gone: int) -> None:
        """Note that one cluster has become part of another."""
        self._conflicts.absorb(root, gone)
        self._cluster[self._cluster == gone] = root

    def _is_too_big(self, mine: int, theirs: int) -> bool:
        """Whether two parts hold too many nodes to be solved as one."""
        return len(self._parts[mine]) + len(self._parts[theirs]) > self._inner_max

    def _try(self, left: int, right: int, weight: int, ahead: list[tuple[int, int]]) -> None:
        """Join two clusters of different parts if their link makes up for their conflict and nothing forbids it."""
        one, other = self._sets.find(left), self._sets.find(right)
        key = self._conflicts.key(one, other)
        if self._tried.get(key, weight - 1) >= weight or self._sets.barrier(one, other) is not None:
            return
        self._tried[key] = weight
        if not self._conflicts.knows(one, other):
            roots = [(self._sets.find(here), self._sets.find(there)) for here, there in ahead]
            self._conflicts.prefetch((here, there) for here, there in roots if here != there)
        if not self._ground.rule.allows(weight, *self._conflicts.between(one, other)):
            return
        root, gone = min(one, other), max(one, other)
        self._sets.union(root, gone)
        self._absorb(root, gone)
        self._parts[self._part[gone]].discard(gone)
        self._grown.add(self._part[root])

    def _solve(self, part: int) -> None:
        """Merge best-first inside one part; its clusters become its nodes."""
        roots = sorted(self._parts[part])
        self._unsolved.discard(part)
        self._grown.discard(part)
        if len(roots) < 2:
            return
        pairs = list(combinations(roots, 2))
        self._conflicts.prefetch(pairs)  # pairs of clusters that stayed as they were are known from before
        self._links = self._links.join(self._conflicts.take_found(pairs))
        n = len(self._nodes.names)
        sums = sum_conflicts(range(n), {pair: self._conflicts.between(*pair) for pair in pairs})
        sizes = [0] * n
        for root in roots:
            sizes[root] = self._conflicts.sample_size(root)
        self._merge(roots, ConflictSums(sizes, sums), sum(sizes))
        for root in roots:
            if (name := self._sets.find(root)) != root:
                self._absorb(name, root)
                self._parts[part].discard(root)

    def _merge(self, roots: list[int], conflicts: ConflictSums, most_records: int) -> None:
        """Walk over the clusters of one part, along all links between them."""
        inside = np.zeros(len(self._cluster), bool)
        inside[roots] = True
        left, right = (self._cluster.take(self._nodes.of_row.take(side)) for side in (self._links.left, self._links.right))
        at = np.flatnonzero(inside[left] & inside[right] & (left != right))
        links = self._links.take(at)
        values = MergeValues(self._ground.rule, conflicts, ranked_evidence(links), most_records=most_records)
        merge_best_first(self._sets, len(inside), left[at], right[at], rank_links(links), values)
