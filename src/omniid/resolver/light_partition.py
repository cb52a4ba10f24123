"""Who is who among a few records that no limit, decision or device concerns, in plain Python: the twin of `cluster`.

Most neighborhoods have fewer than ten records, and nearly all of their components are left whole at a glance; arrays take some
milliseconds for them. What comes out is the same as by `bulk_placing`, from the same evidence.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from omniid.clustering import BETA, UnionFind
from omniid.clustering.best_first import merge_best_first
from omniid.clustering.limited_sets import LimitedSets
from omniid.clustering.merge_values import MergeRule, MergeValues
from omniid.resolver.light_conflicts import LightConflicts
from omniid.resolver.light_profiles import join_lightly
from omniid.resolver.light_records import LightRecords, Pair

__all__ = ["Evidence", "partition_lightly"]

GLANCED = 10  # records of a component up to which all that speaks against it is looked at before it is walked


class Evidence(NamedTuple):
    """A scored pair: its weight, and the records that were compared for it, where they are copies of those that have it."""

    weight: int
    told_by: Pair


class Link(NamedTuple):
    """What a link counts as: the higher its tier and weight the better, of equals the one of the lower place."""

    tier: int
    weight: int
    place: int


def partition_lightly(records: LightRecords, weights: Mapping[Pair, int]) -> list[int]:
    """Cluster records that no limit, decision or device concerns; return for each the first of its cluster.

    Parameters
    ----------
    records
        The records.
    weights
        (left, right) → weight of their scored pairs, left < right.
    """
    originals = records.originals()
    evidence, node_of = _without_copies(records, weights, originals)
    sizes: dict[int, int] = {}
    for node in node_of:
        sizes[node] = sizes.get(node, 0) + 1
    link_at = records.learned.scorer.link_at
    sets = UnionFind(len(records))
    for (left, right), one in evidence.items():
        if one.weight >= link_at:
            sets.union(left, right)
    components: dict[int, list[int]] = {}
    for node in sizes:
        components.setdefault(sets.find(node), []).append(node)
    name_of: dict[int, int] = {}
    for nodes in components.values():
        name_of |= zip(nodes, _clusters(records, evidence, nodes, sizes), strict=True)
    labels = [name_of[node] for node in node_of]
    if records.learned.scorer.plan.profile_pass and len(set(labels)) > 1:
        return join_lightly(records, labels, list(evidence), originals)
    return labels


def _without_copies(
    records: LightRecords, weights: Mapping[Pair, int], originals: list[int]
) -> tuple[dict[Pair, Evidence], list[int]]:
    """The evidence among records of which none stands for another, and for each record the one that stands for it.

    Equal records that link are one. Of those that say too little for that, each has all the evidence of the first of them.
    """
    own = {pair: weight for pair, weight in weights.items() if originals[pair[0]] == pair[0] and originals[pair[1]] == pair[1]}
    evidence = {pair: Evidence(weight, pair) for pair, weight in own.items()}
    node_of = list(range(len(originals)))
    copies: dict[int, list[int]] = {}
    for place, first in enumerate(originals):
        if place != first:
            copies.setdefault(first, []).append(place)
    scorer = records.learned.scorer
    for first, places in copies.items():
        found = records.score(first, places[0])
        if found.weight >= scorer.link_at:
            for place in places:
                node_of[place] = first
            continue
        for place in places:
            if found.weight >= scorer.cut or found.tier:
                evidence[first, place] = Evidence(found.weight, (first, places[0]))
            for pair, weight in own.items():
                if first in pair:
                    other = pair[0] + pair[1] - first
                    evidence[min(place, other), max(place, other)] = Evidence(weight, pair)
    return evidence, node_of


def _clusters(
    records: LightRecords, evidence: Mapping[Pair, Evidence], nodes: list[int], sizes: Mapping[int, int]
) -> list[int]:
    """For each record of a component the first of its cluster."""
    whole = [nodes[0]] * len(nodes)
    if len(nodes) <= 2:
        return whole
    link_at, few = records.learned.scorer.link_at, len(nodes) <= GLANCED
    found: dict[Pair, int] = {}
    for pair in combinations(nodes, 2):
        known = evidence.get(pair)
        if known is not None and known.weight >= link_at:
            found[pair] = known.weight
            continue
        told = records.score(*pair) if few else records.link(*pair)
        if told is not None and told.weight >= link_at:
            found[pair] = told.weight
    rule = MergeRule(link_at, BETA, records.last_place + 1)
    worst = _worst(records, nodes, found) if few else None
    if worst is not None and rule.allows(min(found.values()), worst, 1):
        return whole
    links = {pair: _link(records, weight, evidence.get(pair)) for pair, weight in found.items()}
    if worst is not None and rule.allows(_weakest_of_tree(links), worst, 1):
        return whole
    return _walk(records, nodes, sizes, links, rule)


def _worst(records: LightRecords, nodes: Sequence[int], links: Mapping[Pair, int]) -> int:
    """The most that speaks against any pair of a component."""
    pairs = (pair for pair in combinations(nodes, 2) if pair not in links)
    return min((sum([told >> 1 for told in records.against(*pair)]) for pair in pairs), default=0)


def _link(records: LightRecords, weight: int, evidence: Evidence | None) -> Link:
    """What a link counts as; one that no rule made counts least of those of its weight."""
    if evidence is None or evidence.weight < records.learned.scorer.link_at:
        return Link(0, weight, records.last_place)
    told = records.link(*evidence.told_by) or records.score(*evidence.told_by)
    places = [place for number, exact, place in records.places if told.levels[number] == exact]
    return Link(told.tier, weight, min(places, default=records.last_place))


def _weakest_of_tree(links: Mapping[Pair, Link]) -> int:
    """The least weight in a maximum spanning tree."""
    sets, taken = UnionFind(max(right for _, right in links) + 1), []
    for pair, link in sorted(links.items(), key=lambda one: (-one[1].tier, -one[1].weight)):
        if sets.union(*pair):
            taken.append(link.weight)
    return min(taken)


def _walk(
    records: LightRecords, nodes: list[int], sizes: Mapping[int, int], links: Mapping[Pair, Link], rule: MergeRule
) -> list[int]:
    """Join the records of a component best first."""
    number = {node: at for at, node in enumerate(nodes)}
    ranked = sorted(set(links.values()), key=lambda one: (-one.tier, -one.weight, one.place))
    rank = {link: at for at, link in enumerate(ranked)}
    counts = [sizes[node] for node in nodes]

    def told(one: int, other: int) -> list[int]:
        pair, times = (nodes[one], nodes[other]), counts[one] * counts[other]
        link = links.get(pair)
        if link is None:
            columns = records.against(*pair)
        else:
            columns = records.settled(*pair) if link.tier else records.conflicts(*pair)
        return [(against & ~1) * times | (against & 1) for against in columns]

    values = MergeValues(rule, LightConflicts(counts, told), ranked, most_records=sum(counts))
    sets = LimitedSets(len(nodes))
    ends = np.array([(number[left], number[right], rank[link]) for (left, right), link in links.items()], np.int32)
    merge_best_first(sets, len(nodes), ends[:, 0], ends[:, 1], ends[:, 2], values)
    return [nodes[sets.find(at)] for at in range(len(nodes))]
