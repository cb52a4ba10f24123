"""Profiles against profiles in plain Python: the twin of `weigh_profiles`."""

from collections.abc import Iterable, Sequence

import numpy as np

from omniid.single_record.ready_records import ReadyRecord
from omniid.single_record.scorer import GradedPair, PairScorer
from omniid.single_record.weighing import cost_of_relatives
from omniid.tables import BITS, MISSING

__all__ = ["ProfileScorer"]

LOWEST = -(2**40)  # ranks a missing level below all others, in millionths of a bit


class ProfileScorer:
    """A pair scorer, ready to weigh groups of records as two wholes.

    Parameters
    ----------
    scorer
        Scores single pairs.
    """

    def __init__(self, scorer: PairScorer) -> None:
        self._scorer = scorer
        self._swapped = [trait.levels.index("swapped") if "swapped" in trait.levels else None for trait in scorer.plan.traits]

    def most(self, pairs: Iterable[tuple[ReadyRecord, ReadyRecord]]) -> int:
        """No less than what `weigh` makes of these pairs of records, at a small part of its cost."""
        best = [max(some) for some in zip(*(self._scorer.most(one, two) for one, two in pairs), strict=True)]
        return int(self._scorer.weighing.start_a + sum(best))

    def weigh(self, pairs: Sequence[GradedPair]) -> tuple[int, list[int]]:
        """Weigh one union: all record pairs between two groups, in order; return its weight and levels.

        Examples
        --------
        >>> import omniid
        >>> from omniid.single_record import Evidence
        >>> names = ["ann", "bob", "ann", "eve"] * 9
        >>> found = omniid.resolve([{"id": str(number), "email": f"{name}@x.com"} for number, name in enumerate(names)])
        >>> pairs = PairScorer(found.spec, found.model)
        >>> scorer = ProfileScorer(pairs)
        >>> ann, bob = (pairs.ready(Evidence({"email": (value,)})) for value in ("ann@x.com", "bob@x.com"))
        >>> scorer.weigh([pairs.grade(ann, ann)])[0] > scorer.weigh([pairs.grade(ann, bob)])[0]
        True
        """
        weighing = self._scorer.weighing
        best = [self._best(number, pairs) for number in range(len(self._swapped))]
        levels = self._scorer.silenced([pairs[at].levels[number] for number, at in enumerate(best)])
        a, b = weighing.start_a, weighing.start_b or 0
        for number, at in enumerate(best):
            if levels[number] == MISSING:
                continue
            worth = pairs[at].a[number]
            tries = sum(pair.levels[number] != MISSING for pair in pairs)
            looks = min(int(np.rint(BITS * np.log2(max(tries, 1)))), max(worth, 0))
            a += worth - looks
            b += pairs[at].b[number] - looks
        if weighing.start_b is not None:
            a -= cost_of_relatives(b)
        return weighing.where_judged(a, levels), levels

    def _best(self, number: int, pairs: Sequence[GradedPair]) -> int:
        """The first pair whose level of a comparison speaks most for one person."""
        ranks = [self._rank(number, pair.levels[number], pair.a[number]) for pair in pairs]
        return ranks.index(max(ranks))

    def _rank(self, number: int, level: int, worth: int) -> int:
        """What makes a level better than another, as in `weigh_profiles`."""
        if level == self._swapped[number]:
            return LOWEST + 2
        return worth if level > 0 else LOWEST + 1 if level == 0 else LOWEST
