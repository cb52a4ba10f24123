"""Small neighborhoods resolved in plain Python: the stages' own functions, on evidence of one pair at a time.

A batch run makes tables of all records ready before it compares any, which takes a tenth of a second however few they are. Here
each pair is scored by `omniid.single_record`, with the same integers, so that the same clustering gives the same partition.
"""

from collections.abc import Sequence

import numpy as np

from omniid.clustering import Priorities, UnionEvidence, cluster, join_profiles
from omniid.clustering.profile_unions import Places
from omniid.copies import first_copies, pairs_of_copies
from omniid.matching import conflict
from omniid.pair_store import sorted_pairs
from omniid.priorities import pair_ranks
from omniid.resolver.learned import Learned
from omniid.single_record import Evidence, ScoredPair
from omniid.single_record.profiles import GradedPair
from omniid.tables import Clustering, Rows, ScoredPairs, Weights
from omniid.weak_evidence import held_back

__all__ = ["LightRecords", "cluster_lightly"]


class LightRecords:
    """Records by place, with all that is known of their pairs.

    Parameters
    ----------
    learned
        What the store resolves by.
    evidence
        Per record, in the order of their keys.
    """

    def __init__(self, learned: Learned, evidence: Sequence[Evidence]) -> None:
        self.learned, self.evidence = learned, evidence
        self._ready = [learned.scorer.ready(one) for one in evidence]
        self._scored: dict[tuple[int, int], ScoredPair] = {}
        self._graded: dict[tuple[int, int], GradedPair] = {}

    def score(self, left: int, right: int) -> ScoredPair:
        """The score of a pair, however low."""
        pair = (left, right)
        if pair not in self._scored:
            found = self.learned.scorer.score(self._ready[left], self._ready[right], keep_all=True)
            if found is None:
                raise AssertionError("all pairs were to be kept")
            self._scored[pair] = found
        return self._scored[pair]

    def grade(self, left: int, right: int) -> GradedPair:
        """The levels of a pair before any comparison silences another."""
        pair = (left, right)
        if pair not in self._graded:
            self._graded[pair] = self.learned.profile_scorer.grade(self._ready[left], self._ready[right])
        return self._graded[pair]

    def originals(self) -> Rows:
        """Per record, the first that is equal to it in all that matching reads."""
        columns = self.learned.light_reader.columns
        first: dict[tuple[tuple[str, ...], ...], int] = {}
        return np.array(
            [first.setdefault(tuple(one.values.get(name, ()) for name in columns), at) for at, one in enumerate(self.evidence)],
            np.int32,
        )

    def pairs(self, pairs: Sequence[tuple[int, int]]) -> ScoredPairs:
        """Some pairs, by (left, right), as a batch run has them."""
        plan = self.learned.scorer.plan
        scored = [self.score(*pair) for pair in pairs]
        n = len(pairs)
        ends = np.array(pairs, np.int32).reshape(n, 2)
        return ScoredPairs(
            left=ends[:, 0].copy(),
            right=ends[:, 1].copy(),
            weight=np.array([one.weight for one in scored], np.int64),
            tier=np.array([one.tier for one in scored], np.int8),
            rule=np.zeros(n, np.int16),
            levels=self._levels(scored),
            comparisons=tuple(trait.name for trait in plan.traits),
            rules=("",),
        )

    def _levels(self, scored: Sequence[ScoredPair]) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
        width = len(self.learned.scorer.plan.traits)
        return np.array([one.levels for one in scored], np.int8).reshape(len(scored), width)

    def weigh(self, left: Rows, right: Rows) -> tuple[Weights, Weights]:
        """Match weights and conflicts of pairs, as `cluster` asks for them."""
        scored = [self.score(*pair) for pair in zip(left.tolist(), right.tolist(), strict=True)]
        weight = np.array([one.weight for one in scored], np.int64)
        return weight, conflict(self._levels(scored), self.learned.scorer.model)

    def weigh_unions(self, left: Rows, right: Rows, start: Places) -> UnionEvidence:
        """What the profiles of unions come to, as `join_profiles` asks for it."""
        plan, link_at = self.learned.scorer.plan, self.learned.scorer.link_at
        ends = [(min(pair), max(pair)) for pair in zip(left.tolist(), right.tolist(), strict=True)]
        stops = [*start.tolist()[1:], len(ends)]
        told = [
            self.learned.profile_scorer.weigh([self.grade(*pair) for pair in ends[begin:stop]])
            for begin, stop in zip(start.tolist(), stops, strict=True)
        ]
        single, against = self.weigh(np.minimum(left, right), np.maximum(left, right))
        against = np.where(single >= link_at, 0, against)
        levels = np.array([one for _, one in told], np.int8).reshape(len(told), len(plan.traits))
        weight = held_back(np.array([bits for bits, _ in told], np.int64), levels, plan.traits, plan.weak, link_at)
        return UnionEvidence(weight, np.add.reduceat(against, start))


def cluster_lightly(records: LightRecords, pairs: Sequence[tuple[int, int]]) -> Clustering:
    """Cluster records that no limit, decision or device concerns.

    Parameters
    ----------
    records
        The records.
    pairs
        Their scored pairs, left < right, by (left, right).
    """
    plan, link_at, n = records.learned.scorer.plan, records.learned.scorer.link_at, len(records.evidence)
    originals = records.originals()
    own = originals == np.arange(n)
    lots = [records.pairs([pair for pair in pairs if own[pair[0]] and own[pair[1]]])]
    if not own.all():
        firsts = list(zip(*(side.tolist() for side in first_copies(originals)), strict=True))
        copied = records.pairs(firsts)
        copied = copied.take(np.flatnonzero((copied.weight >= records.learned.scorer.cut) | (copied.tier > 0)))
        lots += list(pairs_of_copies(lots, copied, originals, link_at))
    scores = sorted_pairs(lots, lots[0].comparisons, lots[0].rules)
    ranks = Priorities(pair_ranks(scores.levels, plan.traits, plan.ranks), max(plan.ranks.values(), default=-1) + 1)
    found = cluster(n, scores, link_at=link_at, conflict=records.weigh, originals=originals, priorities=ranks)
    if not plan.profile_pass:
        return found
    return join_profiles(found, scores, records.weigh_unions, link_at=link_at, originals=originals)
