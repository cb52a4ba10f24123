"""Clusters of a few records compared with each other, in plain Python: the twin of `join_profiles`."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

from omniid.clustering import BETA
from omniid.clustering.merge_values import MergeRule
from omniid.clustering.profile_unions import MOST, ROUNDS
from omniid.resolver.light_records import LightRecords, Pair

__all__ = ["join_lightly"]


class Union(NamedTuple):
    """Two clusters that may become one, and what that is worth: the less, the better."""

    order: int
    left: int
    right: int


def join_lightly(records: LightRecords, labels: list[int], near: Sequence[Pair], originals: Sequence[int]) -> list[int]:
    """Join clusters whose profiles agree; return for each record the first of its cluster.

    Parameters
    ----------
    records
        The records.
    labels
        For each, the first of its cluster.
    near
        The scored pairs among them, left < right.
    originals
        For each, the first that is equal to it; of equal records of a cluster one is compared.
    """
    for _ in range(ROUNDS):
        members = _members(labels, originals)
        met = {tuple(sorted((labels[left], labels[right]))) for left, right in near if labels[left] != labels[right]}
        found = (_weighed(records, members, left, right) for left, right in sorted(met))
        joined = _mutually_best([union for union in found if union is not None])
        if not joined:
            break
        labels = [joined.get(label, label) for label in labels]
    return labels


def _members(labels: Sequence[int], originals: Sequence[int]) -> dict[int, list[int]]:
    """First of a cluster → its records, of equal ones only the first."""
    members: dict[int, list[int]] = {}
    seen = set[Pair]()
    for place, (label, original) in enumerate(zip(labels, originals, strict=True)):
        if (label, original) not in seen:
            seen.add((label, original))
            members.setdefault(label, []).append(place)
    return members


def _weighed(records: LightRecords, members: Mapping[int, Sequence[int]], left: int, right: int) -> Union | None:
    """Two clusters, if what they say together is enough to join them."""
    count = len(members[left]) * len(members[right])
    if not 1 < count <= MOST:
        return None
    scorer = records.learned.scorer
    pairs = [(one, other) if one < other else (other, one) for one, other in product(members[left], members[right])]
    if records.most(pairs) < scorer.link_at:
        return None
    bits, levels = records.learned.profile_scorer.weigh([records.grade(*pair) for pair in pairs])
    weight, rule = scorer.held_back(bits, levels), MergeRule(scorer.link_at, BETA)
    if not rule.allows(weight, 0, count):  # no conflict makes it better
        return None
    total = records.conflict_between(pairs)
    if not rule.allows(weight, total, count):
        return None
    times, parts = BETA
    scale = (parts * MOST) ** 2
    return Union(-(weight * scale + times * total * scale // (parts * count)), left, right)


def _mutually_best(unions: Sequence[Union]) -> dict[int, int]:
    """Cluster → the one that it becomes a part of, where each is the other's best."""
    best: dict[int, Union] = {}
    for union in sorted(unions):
        best.setdefault(union.left, union)
        best.setdefault(union.right, union)
    return {union.right: union.left for union in unions if best[union.left] is union and best[union.right] is union}
