"""Components of more records than one walk takes: solved in rounds, each of which walks over many small parts."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.clustering.array_walk import NodeLinks, fits_arrays, merge_groups, strengths
from omniid.clustering.best_first import merge_best_first
from omniid.clustering.field_conflicts import Shared, mark_shared
from omniid.clustering.ground import Ground, Outcome, links_between_nodes, number_nodes, ranked_evidence
from omniid.clustering.limited_sets import LimitedSets
from omniid.clustering.links import Links, best_first, inner_pairs, is_among, order_links, pair_keys
from omniid.clustering.merge_values import ConflictOf, ConflictSums, MergeValues, NodeConflicts, sum_conflicts
from omniid.clustering.parts import parts_of
from omniid.clustering.refusals import Standing, WalkedLinks, read_refusals, rival_unions
from omniid.clustering.spoken_pairs import Between, SpokenPairs
from omniid.key_order import order_of
from omniid.tables import Refusal, Rows, Weights

__all__ = ["walk_large"]

PART = 32  # sets walked together at most: half as many pairs per set are scored in the first round

Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Places = npt.NDArray[np.signedinteger]


class SetLinks(NamedTuple):
    """The best link between each two linked sets, the smaller set on the left; `shared` is what any of their links shares."""

    left: Rows
    right: Rows
    tier: npt.NDArray[np.int8]
    weight: Weights
    place: npt.NDArray[np.int16]
    shared: Shared

    def take(self, positions: npt.NDArray[np.intp]) -> "SetLinks":
        """A selection of the links, in the order of `positions`."""
        left, right, tier, weight, place, shared = self
        return SetLinks(
            left[positions], right[positions], tier[positions], weight[positions], place[positions], shared[positions]
        )


class KnownConflicts:
    """Conflicts between final clusters, all asked for together."""

    def __init__(self, known: Mapping[tuple[int, int], tuple[int, int]]) -> None:
        self._known = known

    def between(self, one: int, other: int) -> tuple[int, int]:
        """The sum of the conflicts, and the number of record pairs."""
        return self._known[one, other]

    def absorb(self, root: int, gone: int) -> None:
        """Final clusters are not joined."""
        raise AssertionError(f"final clusters {root} and {gone} were to be joined")


def walk_large(ground: Ground, components: Rows, inner_max: int, broken: Rows, conflict: ConflictOf) -> Iterator[Outcome]:
    """Solve components that hold more than `inner_max` records, all in the same rounds.

    In every round the pairs of sets that a link joins and that may be united (no limit or decision forbids it, and the best
    link makes up for the mean conflict over the records that speak for them) bring sets together, from the best link on, to
    parts of at most `PART` sets. Each part is walked: the best union first, again and again. The next round starts from the
    sets that this makes. When no two linked sets may be united any more, the component is solved. So no link is thrown away,
    no record is left alone for being in a crowd, and the work grows with the number of links.

    Parameters
    ----------
    ground
        All components.
    components
        Names of the components to solve.
    inner_max
        The most sets in one part, if it is less than `PART`.
    broken
        Names of the components that break a limit or hold a CANNOT_LINK.
    conflict
        Match weight and conflict of row pairs.

    Yields
    ------
    Outcome
        What became of the components.
    """
    chosen = np.zeros(len(ground.labels), bool)
    for is_barred in (False, True):
        chosen[:] = False
        chosen[components[np.isin(components, broken) == is_barred]] = True
        rows = np.flatnonzero(chosen.take(ground.labels)).astype(np.int32)
        if len(rows):
            yield _LargeComponents(ground, rows, min(PART, inner_max), conflict, is_barred=is_barred).outcome()


class _LargeComponents:
    """Components while they are solved."""

    def __init__(self, ground: Ground, rows: Rows, most: int, conflict: ConflictOf, *, is_barred: bool) -> None:
        self._ground, self._most, self._rule = ground, most, ground.rule
        self._nodes = number_nodes(ground, rows)
        inside = np.zeros(len(ground.labels), bool)
        inside[rows] = True
        self._links = ground.links.take(np.flatnonzero(inside.take(ground.links.left)))
        self._open = best_first(self._links)  # those between different sets
        records = rows[ground.records.take(rows) == rows]
        known = self._links.with_ends(ground.records)
        self._spoken = SpokenPairs(
            records, self._nodes.of_row.take(records), known, conflict, ground.rule.link_at, ground.rule.places - 1
        )
        self._barred = self._nodes.start() if is_barred else None
        self._roots = np.arange(len(self._nodes.names), dtype=np.int32)

    def outcome(self) -> Outcome:
        """Solve the components and read labels and refusals."""
        changed = np.ones(len(self._roots), bool)
        allowed = np.zeros(0, np.int64)
        while len((sets := self._allowed(changed, allowed)).left):
            allowed, before = pair_keys(sets.left, sets.right), self._roots
            self._walk_parts(sets)
            changed[:] = False
            changed[self._roots[self._roots != before]] = True
        rows, nodes = self._nodes.rows, self._nodes
        return Outcome(rows, nodes.names[self._roots[nodes.of_row[rows]]], self._refusals())

    def _set_links(self) -> SetLinks:
        """The best link between each two sets, by the sets."""
        one, other = (self._roots.take(self._nodes.of_row.take(side)) for side in (self._open.left, self._open.right))
        apart = np.flatnonzero(one != other)
        if len(apart) < len(one):  # sets only grow: what is inside one now stays there
            self._open, one, other = self._open.take(apart), one[apart], other[apart]
        keys = pair_keys(np.minimum(one, other), np.maximum(one, other))
        order = order_of(keys)  # links stand best first
        keys = keys[order]
        first = np.flatnonzero(np.append(True, np.diff(keys) != 0)[: len(keys)])
        best, keys, shared = self._open.take(order[first]), keys[first], self._open.shared
        if shared.size:
            shared = np.logical_or.reduceat(shared[order], first, axis=0)
        ends = (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)
        return SetLinks(*ends, best.tier, best.weight, best.place, shared[: len(keys)])

    def _between(self, one: Rows, other: Rows) -> Between:
        """Conflicts between pairs of sets; links that scoring finds count from now on, and what they share."""
        between, found = self._spoken.between(self._roots, one, other)
        if len(found.left):
            self._links, self._open = self._links.join(found), best_first(self._open.join(found))
        if self._open.shared.size:
            sets = self._set_links()
            keys, known = pair_keys(np.minimum(one, other), np.maximum(one, other)), pair_keys(sets.left, sets.right)
            at = np.flatnonzero(is_among(keys, known))
            mark_shared(between.columns, at, sets.shared[known.searchsorted(keys[at])])
        return between

    def _allowed(self, changed: Flags, allowed: npt.NDArray[np.int64]) -> SetLinks:
        """The linked sets that may be united; of sets that did not change, those that might before."""
        sets = self._set_links()
        may = is_among(pair_keys(sets.left, sets.right), allowed)
        new = np.flatnonzero(changed.take(sets.left) | changed.take(sets.right))
        between = self._between(sets.left[new], sets.right[new])
        sets = self._set_links()  # links found just now join sets that were linked before
        may[new] = self._rule.allow(sets.weight[new], between.total, between.pairs)
        if self._barred is not None:
            at = new[may[new]]
            self._barred.foresee_between(self._roots, sets.left[at], sets.right[at])
            ends = zip(sets.left[at].tolist(), sets.right[at].tolist(), strict=True)
            may[at] = [self._barred.barrier(*pair) is None for pair in ends]
        return sets.take(np.flatnonzero(may))

    def _walk_parts(self, sets: SetLinks) -> None:
        """Walk over parts of the sets that may be united."""
        order = order_of(-sets.tier, -sets.weight, sets.place, sets.left, sets.right)
        parts = parts_of(len(self._roots), sets.left, sets.right, order, self._most)
        named = np.zeros(len(parts), bool)
        named[sets.left] = named[sets.right] = True
        members = np.flatnonzero(named).astype(np.int32)
        if self._barred is not None:
            self._barred.foresee(np.where(named, parts, -1).astype(np.int32).take(self._roots))
        by_part = members[np.argsort(parts.take(members), kind="stable")]
        one, other = (by_part[at] for at in inner_pairs(parts.take(by_part)))
        between = self._between(one, other)
        links = self._set_links()
        inside = named.take(links.left) & named.take(links.right) & (parts.take(links.left) == parts.take(links.right))
        links = links.take(np.flatnonzero(inside))
        links = links._replace(left=_places(members, links.left), right=_places(members, links.right))
        low, high = _places(members, np.minimum(one, other)), _places(members, np.maximum(one, other))
        conflicts = NodeConflicts(low, high, between.columns, np.ones(len(one), np.int64))
        speakers = self._spoken.speakers(self._roots)[2][members]
        told = conflicts.take(np.flatnonzero(between.columns.any(axis=1)))
        roots = self._walk_part_sets(members, parts.take(members), speakers, links, told)
        new_root = np.arange(len(parts), dtype=np.int32)
        new_root[members] = members[roots]
        self._roots = new_root.take(self._roots)

    def _walk_part_sets(self, members: Rows, groups: Rows, sizes: Counts, links: SetLinks, conflicts: NodeConflicts) -> Places:
        """Walk over the sets of all parts, numbered by their place among `members`; on arrays where nothing is forbidden."""
        heaviest, records = int(links.weight.max()) - self._rule.link_at, np.bincount(groups, weights=sizes).astype(np.int64)
        worst = int((conflicts.least >> 1).sum(axis=1).min(initial=0))  # what isn't heard now may be when sets have grown
        if self._barred is None and fits_arrays(records, int(links.tier.max()), heaviest, worst, self._rule).all():
            strength = strengths(links.tier, links.weight, links.place, self._rule, heaviest)
            return merge_groups(groups, sizes, NodeLinks(links.left, links.right, strength), conflicts, self._rule, heaviest)
        n = len(self._roots)
        all_sizes = np.zeros(n, np.int64)
        all_sizes[members] = sizes
        sums = sum_conflicts(n, conflicts._replace(left=members[conflicts.left], right=members[conflicts.right]))
        between = Links.of(members[links.left], members[links.right], links.tier, links.weight, links.place)
        most = int(records.max())
        values = MergeValues(self._rule, ConflictSums(all_sizes.tolist(), sums), ranked_evidence(between), most_records=most)
        walked = self._unbarred() if self._barred is None else self._barred
        merge_best_first(walked, n, between.left, between.right, order_links(between), values)
        return members.searchsorted([walked.find(member) for member in members.tolist()])

    def _refusals(self) -> tuple[Refusal, ...]:
        """Read refusals from the final sets; conflicts are those of the records that speak for them."""
        links = links_between_nodes(self._links, self._nodes)
        mine, theirs = self._roots.take(links.left_node), self._roots.take(links.right_node)
        apart = np.flatnonzero(mine != theirs)
        keys = np.unique(pair_keys(mine[apart], theirs[apart]), return_index=True)[0]
        one, other = (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)
        between = self._between(one, other)
        sums = zip(between.total.tolist(), between.pairs.tolist(), strict=True)
        known = dict(zip(zip(one.tolist(), other.tolist(), strict=True), sums, strict=True))
        final = Standing(self._unbarred() if self._barred is None else self._barred, KnownConflicts(known))
        return read_refusals(final, self._roots, links, self._ambiguous(mine, theirs, links), self._ground.limits)

    def _ambiguous(self, mine: Rows, theirs: Rows, links: WalkedLinks) -> Flags:
        """`flag_ambiguous`, with conflicts over the records that speak for the parts, all scored in one call."""
        rows, start, count = self._spoken.speakers(np.arange(len(self._roots), dtype=np.int32))
        stop = (start + count).tolist()
        heard = [rows[begin:end].tolist() for begin, end in zip(start.tolist(), stop, strict=True)]
        parts = self._unbarred() if self._barred is None else self._nodes.start()
        rivals = rival_unions(parts, heard, mine, theirs, links, most=self._spoken.most)
        between, _ = self._spoken.between_rows(rivals.which, rivals.left, rivals.right, len(rivals.places))
        flags = np.zeros(len(mine), bool)
        flags[rivals.places] = self._rule.allow(links.weight[rivals.places], between.total, between.pairs)
        return flags

    def _unbarred(self) -> LimitedSets:
        """The nodes as sets between which nothing is forbidden."""
        return LimitedSets(len(self._roots))


def _places(members: Rows, some: Rows) -> Rows:
    """The place of each of some sets among the members, which ascend."""
    return members.searchsorted(some).astype(np.int32)
