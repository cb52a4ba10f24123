"""Clusters joined by their profiles: what two clusters say together where no single pair of their records says enough."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.clustering.barriers import Barriers, read_again, refused_unions
from omniid.clustering.links import is_among, pair_keys
from omniid.clustering.merge_values import BETA, MergeRule
from omniid.key_order import order_of
from omniid.tables import Clustering, Limit, ProfileUnion, Rows, ScoredPairs, Weights
from omniid.threads import in_order

__all__ = ["MOST", "ProfileWeigher", "UnionEvidence", "join_profiles"]

MOST = 60  # record pairs between two clusters that are compared; larger ones have enough single pairs to be known by
ROUNDS = 2  # so that what a change of one record touches grows by two clusters a side, and not by whole neighborhoods
BATCH = 1 << 19  # record pairs compared in one call

Counts = npt.NDArray[np.int64]
Keys = npt.NDArray[np.int64]
Places = npt.NDArray[np.signedinteger]


class UnionEvidence(NamedTuple):
    """Of each union, the weight of the two profiles and the sum of the conflicts over its record pairs."""

    weight: Weights
    total: Weights


ProfileWeigher = Callable[[Rows, Rows, Places], UnionEvidence]


class Unions(NamedTuple):
    """Pairs of clusters that might become one, by (left, right): their names and what they come to.

    `near_left` and `near_right` are the rows of the scored pair that brought them together, `pairs` their record pairs.
    """

    left: Rows
    right: Rows
    near_left: Rows
    near_right: Rows
    weight: Weights
    total: Weights
    pairs: Counts

    def take(self, positions: Places) -> "Unions":
        """A selection, in the order of `positions`."""
        left, right, near_left, near_right = (column[positions] for column in self[:4])
        return Unions(left, right, near_left, near_right, *(column[positions] for column in self[4:]))

    def join(self, other: "Unions") -> "Unions":
        """These, then the others."""
        left, right, near_left, near_right = (np.concatenate(both) for both in zip(self[:4], other[:4], strict=True))
        numbers = (np.concatenate(both) for both in zip(self[4:], other[4:], strict=True))
        return Unions(left, right, near_left, near_right, *numbers)


def join_profiles(
    clustering: Clustering,
    near: ScoredPairs,
    weigh: ProfileWeigher,
    *,
    link_at: int,
    limits: Sequence[Limit] = (),
    cannot: Rows | None = None,
    beta: tuple[int, int] = BETA,
    originals: Rows | None = None,
    workers: int = 1,
) -> Clustering:
    """Compare clusters with clusters, and join those whose profiles agree.

    Two clusters are compared if a scored pair joins them, at least one of them has several records, and there are at most
    `MOST` record pairs between them. A union is worth the weight of the two profiles plus β times the mean conflict over all
    its record pairs, and must reach `link_at`, as in clustering. In each of two rounds two clusters become one if each is
    the other's best among the unions that no limit and no CANNOT_LINK forbids.

    Parameters
    ----------
    clustering
        What links, limits and decisions made.
    near
        Scored pairs, links and possible links.
    weigh
        Called with the rows (left, right) of record pairs, union by union, and the first pair of each; gives the weight of the
        profiles of each union, and the sum of the conflicts over its pairs, both in millionths of a bit.
    link_at
        What a union must be worth, in millionths of a bit.
    limits, cannot, beta, originals
        As for `cluster`. Of equal records of a cluster one is compared.
    workers
        Threads; the result does not depend on it.

    Returns
    -------
    Clustering
        With the unions that were made, and among the refusals those that a limit or decision forbade.

    Examples
    --------
    >>> from omniid.tables import BITS
    >>> none = np.zeros(2, np.int16)
    >>> near = ScoredPairs(
    ...     left=np.array([0, 0], np.int32), right=np.array([1, 2], np.int32), weight=np.array([9 * BITS, -2 * BITS]),
    ...     tier=none.astype(np.int8), rule=none, levels=np.zeros((2, 0), np.int8), comparisons=(), rules=("email",))
    >>> def weigh(left, right, start):  # together the two records say enough
    ...     return UnionEvidence(np.full(len(start), 3 * BITS), np.zeros(len(start), np.int64))
    >>> found = join_profiles(Clustering(np.array([0, 0, 2], np.int32)), near, weigh, link_at=0)
    >>> found.labels.tolist(), found.profile_unions[0].weight
    ([0, 0, 0], 3000000)
    """
    rule, labels, made = MergeRule(link_at, beta), clustering.labels, list[ProfileUnion]()
    parted = np.zeros((0, 2), np.int32) if cannot is None else cannot.reshape(-1, 2)
    before: tuple[Unions, npt.NDArray[np.bool_]] | None = None
    refused = list[Unions]()
    for _ in range(ROUNDS):
        members = _members(labels, originals)
        found = _candidates(labels, near, members)
        found = _all_weighed(found, labels, weigh, members, before, workers)
        good = found.take(np.flatnonzero(rule.allow(found.weight, found.total, found.pairs)))
        free = Barriers(limits, parted, labels, good.left, good.right).free()
        refused.append(good.take(np.flatnonzero(~free)))
        joined = _mutually_best(good.take(np.flatnonzero(free)), rule, len(labels))
        if not len(joined.left):
            break
        made += _told(joined)
        names = np.arange(len(labels), dtype=np.int32)
        names[joined.right] = joined.left
        labels = names.take(labels)
        grown = np.zeros(len(labels), bool)
        grown[joined.left] = True
        before = found, grown
    return _result(clustering, labels, made, refused, limits, parted)


def _candidates(labels: Rows, near: ScoredPairs, members: Rows) -> Unions:
    """Pairs of clusters that scored pairs join and that are small enough, with the pair that weighs most."""
    one, other = labels.take(near.left), labels.take(near.right)
    sizes = np.bincount(labels.take(members), minlength=len(labels)).astype(np.int64)
    pairs = sizes.take(one) * sizes.take(other)
    at = np.flatnonzero((one != other) & (pairs > 1) & (pairs <= MOST))
    keys = pair_keys(np.minimum(one[at], other[at]), np.maximum(one[at], other[at]))
    order = order_of(keys)
    keys, at = keys[order], at[order]
    first = np.flatnonzero(np.append(True, np.diff(keys) != 0)[: len(keys)])
    of = np.repeat(np.arange(len(first)), np.diff(first, append=len(keys)))
    # The heaviest pair of each, and of equals that of the smallest rows; two sorts fewer than sorting by all of it.
    weight, rows = near.weight[at], pair_keys(near.left[at], near.right[at])
    heaviest = np.maximum.reduceat(weight, first) if len(first) else weight
    rows = np.where(weight == heaviest[of], rows, np.iinfo(np.int64).max)
    rows = np.minimum.reduceat(rows, first) if len(first) else rows
    none = np.zeros(len(first), np.int64)
    return Unions(*_ends(keys[first]), *_ends(rows), none, none, pairs[at[first]])


def _ends(keys: Keys) -> tuple[Rows, Rows]:
    """The two rows of each of `pair_keys`."""
    return (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)


def _members(labels: Rows, originals: Rows | None) -> Rows:
    """Rows, of equal records of a cluster only the first."""
    rows = np.arange(len(labels), dtype=np.int32)
    if originals is None:
        return rows
    own = originals == rows
    away = np.flatnonzero(~own & (labels.take(originals) != labels))  # copies that are too weak to be where their original is
    keys = pair_keys(labels[away], originals[away])
    order = order_of(keys)
    own[away[order[np.append(True, np.diff(keys[order]) != 0)[: len(order)]]]] = True
    members: Rows = rows[own]
    return members


def _all_weighed(
    unions: Unions,
    labels: Rows,
    weigh: ProfileWeigher,
    members: Rows,
    before: tuple[Unions, npt.NDArray[np.bool_]] | None,
    workers: int,
) -> Unions:
    """The unions with what they come to; between clusters that have not grown since `before`, it is what it was."""
    if before is None:
        return _weighed(unions, labels, weigh, members, workers)
    known, grown = before
    is_old = ~grown[unions.left] & ~grown[unions.right] & is_among(_keys(unions), _keys(known))
    at = np.searchsorted(_keys(known), _keys(unions.take(np.flatnonzero(is_old))))
    new = _weighed(unions.take(np.flatnonzero(~is_old)), labels, weigh, members, workers)
    both = new.join(known.take(at))
    return both.take(np.argsort(_keys(both)))


def _weighed(unions: Unions, labels: Rows, weigh: ProfileWeigher, members: Rows, workers: int) -> Unions:
    """The unions with what they come to."""
    heard = np.zeros(len(labels), bool)
    heard[unions.left], heard[unions.right] = True, True
    members = members[heard.take(labels.take(members))]
    members = members[order_of(labels.take(members))]
    count = np.bincount(labels.take(members), minlength=len(labels))
    first = np.cumsum(count) - count
    begin, many = [first.take(side) for side in (unions.left, unions.right)], count.take(unions.right)
    stops = np.flatnonzero(np.diff(np.cumsum(unions.pairs) // BATCH, append=-1)) + 1

    def part(at: int, stop: int) -> UnionEvidence:
        pairs = unions.pairs[at:stop]
        union = np.repeat(np.arange(at, stop), pairs)
        start = np.cumsum(pairs) - pairs
        here, there = np.divmod(np.arange(len(union)) - start[union - at], many[union])
        return weigh(members[begin[0][union] + here], members[begin[1][union] + there], start)

    tasks = (partial(part, *ends) for ends in pairwise([0, *stops.tolist()]))
    found = [UnionEvidence(*np.zeros((2, 0), np.int64)), *in_order(tasks, workers if len(stops) > 1 else 1)]
    weight, total = (np.concatenate(column) for column in zip(*found, strict=True))
    return unions._replace(weight=weight, total=total)


def _mutually_best(unions: Unions, rule: MergeRule, n_rows: int) -> Unions:
    """The unions of two clusters each of which is the other's best: by value, then by their smallest rows."""
    times, parts = rule.beta
    # Values are fractions over β's denominator times at most MOST: of two that differ, the scaled ones do, rounded down too.
    scale = (parts * MOST) ** 2
    value = unions.weight * scale + times * unions.total * scale // (parts * unions.pairs)
    ordered = unions.take(np.lexsort((unions.right, unions.left, -value)))
    place = np.arange(len(ordered.left))
    best = np.full(n_rows, len(place))
    for side in (ordered.left, ordered.right):
        np.minimum.at(best, side, place)
    return ordered.take(np.flatnonzero((best[ordered.left] == place) & (best[ordered.right] == place)))


def _told(unions: Unions) -> list[ProfileUnion]:
    mean = unions.total // unions.pairs
    near = zip(unions.near_left.tolist(), unions.near_right.tolist(), strict=True)
    columns = (column.tolist() for column in (unions.left, unions.right))
    return [ProfileUnion(*one) for one in zip(*columns, near, unions.weight.tolist(), mean.tolist(), strict=True)]


def _result(
    before: Clustering, labels: Rows, made: list[ProfileUnion], refused: list[Unions], limits: Sequence[Limit], parted: Rows
) -> Clustering:
    """The clustering after all rounds, with what was refused read from the final partition."""
    unions = refused[0]
    for later in refused[1:]:
        unions = unions.join(later)
    new, known = [], set[tuple[int, ...]]()
    if len(unions.left):
        known = {tuple(sorted((int(labels[one.left]), int(labels[one.right])))) for one in before.refusals}
    columns = (unions.near_left, unions.near_right, unions.weight, unions.total // unions.pairs)
    for left, right, weight, mean in zip(*(column.tolist() for column in columns), strict=True):
        clusters = tuple(sorted((int(labels[left]), int(labels[right]))))
        if clusters[0] != clusters[1] and clusters not in known:
            known.add(clusters)
            new.append((left, right, weight, mean))
    if not made and not new:
        return before
    after = before.with_labels(labels)
    touched = np.zeros(len(labels), bool)
    touched[[one.left for one in made]] = True
    refusals = read_again(after.refusals, labels, touched, limits, parted) + refused_unions(new, labels, limits, parted)
    refusals.sort(key=lambda one: (one.left, one.right))
    return replace(after, refusals=tuple(refusals), profile_unions=tuple(made), by_links=before.labels if made else None)


def _keys(unions: Unions) -> Keys:
    return pair_keys(unions.left, unions.right)
