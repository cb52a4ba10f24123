"""Neighborhoods resolved by the stages' own functions, on evidence of one pair at a time.

A batch run makes tables of all records ready before it compares any, which takes a tenth of a second however few they are. Here
each pair is scored by `omniid.single_record`, with the same integers, so that the same clustering gives the same partition.
"""

from collections.abc import Sequence

import numpy as np

from omniid.clustering import Priorities, UnionEvidence, cluster, join_profiles
from omniid.clustering.field_conflicts import Columns
from omniid.clustering.profile_unions import Places
from omniid.copies import first_copies, pairs_of_copies
from omniid.matching import shared_fields
from omniid.pair_store import sorted_pairs
from omniid.priorities import pair_ranks
from omniid.resolver.light_records import LightRecords, Pair
from omniid.tables import Clustering, Rows, ScoredPairs, Weights

__all__ = ["cluster_lightly"]


def cluster_lightly(records: LightRecords, pairs: Sequence[Pair]) -> Clustering:
    """Cluster records that no limit, decision or device concerns.

    Parameters
    ----------
    records
        The records.
    pairs
        Their scored pairs, left < right, by (left, right).
    """
    scorer, n = records.learned.scorer, len(records)
    plan, link_at = scorer.plan, scorer.link_at
    originals = np.array(records.originals(), np.int32)
    own = originals == np.arange(n)
    lots = [_scored(records, [pair for pair in pairs if own[pair[0]] and own[pair[1]]])]
    if not own.all():
        firsts = list(zip(*(side.tolist() for side in first_copies(originals)), strict=True))
        copied = _scored(records, firsts)
        copied = copied.take(np.flatnonzero((copied.weight >= scorer.cut) | (copied.tier > 0)))
        lots += list(pairs_of_copies(lots, copied, originals, link_at))
    scores = sorted_pairs(lots, lots[0].comparisons, lots[0].rules)
    ranks = Priorities(pair_ranks(scores.levels, plan.traits, plan.ranks), max(plan.ranks.values(), default=-1) + 1)

    shared = shared_fields(scores.levels, scores.tier, scorer.model, plan.traits, plan.several)

    def weigh(left: Rows, right: Rows) -> tuple[Weights, Columns]:
        ends = list(zip(left.tolist(), right.tolist(), strict=True))
        weight = np.array([records.score(*pair).weight for pair in ends], np.int64)
        against = np.array([records.conflicts(*pair) for pair in ends], np.int64)
        return weight, against.reshape(len(ends), 1 + shared.shape[1])

    def weigh_unions(left: Rows, right: Rows, start: Places) -> UnionEvidence:
        ends = [(min(pair), max(pair)) for pair in zip(left.tolist(), right.tolist(), strict=True)]
        stops = [*start.tolist()[1:], len(ends)]
        unions = [ends[begin:stop] for begin, stop in zip(start.tolist(), stops, strict=True)]
        told = [_union(records, union) for union in unions]
        return UnionEvidence(*np.array(told, np.int64).reshape(len(told), 2).T)

    found = cluster(n, scores, link_at=link_at, conflict=weigh, originals=originals, priorities=ranks, shared=shared)
    if not plan.profile_pass:
        return found
    return join_profiles(found, scores, weigh_unions, link_at=link_at, originals=originals)


def _union(records: LightRecords, pairs: Sequence[Pair]) -> tuple[int, int]:
    """What the profiles of two clusters come to, and the conflicts between them; just that it is too little, where it is."""
    scorer = records.learned.scorer
    if (most := records.most(pairs)) < scorer.link_at:
        return most, 0
    weight = scorer.held_back(*records.learned.profile_scorer.weigh([records.grade(*pair) for pair in pairs]))
    return weight, records.conflict_between(pairs)


def _scored(records: LightRecords, pairs: Sequence[Pair]) -> ScoredPairs:
    """Some pairs, by (left, right), as a batch run has them."""
    traits = records.learned.scorer.plan.traits
    scored = [records.score(*pair) for pair in pairs]
    n = len(pairs)
    ends = np.array(pairs, np.int32).reshape(n, 2)
    return ScoredPairs(
        left=ends[:, 0].copy(),
        right=ends[:, 1].copy(),
        weight=np.array([one.weight for one in scored], np.int64),
        tier=np.array([one.tier for one in scored], np.int8),
        rule=np.zeros(n, np.int16),
        levels=np.array([one.levels for one in scored], np.int8).reshape(n, len(traits)),
        comparisons=tuple(trait.name for trait in traits),
        rules=("",),
    )
