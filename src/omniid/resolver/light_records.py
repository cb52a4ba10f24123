"""A few records by place, with all that is asked of their pairs; each is worked out once, when it is first asked for."""

from collections.abc import Iterable, Sequence

from omniid.clustering.merge_values import counted
from omniid.resolver.learned import Learned
from omniid.single_record import GradedPair, ReadyRecord, ScoredPair

__all__ = ["LightRecords", "Pair"]

Pair = tuple[int, int]


class LightRecords:
    """Records by place, with all that is known of their pairs.

    Parameters
    ----------
    learned
        What the store resolves by.
    ready
        Per record, in the order of their keys.

    Attributes
    ----------
    places
        The comparisons that have a place by priority: number, level at which they agree exactly, place.
    last_place
        The place of links that agree on none of them.
    """

    def __init__(self, learned: Learned, ready: Sequence[ReadyRecord]) -> None:
        self.learned, self._ready = learned, ready
        self._scored: dict[Pair, ScoredPair] = {}
        self._graded: dict[Pair, GradedPair] = {}
        self._against: dict[Pair, tuple[int, ...]] = {}
        plan = learned.scorer.plan
        traits = enumerate(plan.traits)
        self.places = [(number, one.exact, plan.ranks[one.name]) for number, one in traits if one.name in plan.ranks]
        self.last_place = max(plan.ranks.values(), default=-1) + 1

    def __len__(self) -> int:
        return len(self._ready)

    def score(self, left: int, right: int) -> ScoredPair:
        """The score of a pair, however low."""
        pair = (left, right)
        if pair not in self._scored:
            self._scored[pair] = self.learned.scorer.score_of(self.grade(left, right), self._ready[left], self._ready[right])
        return self._scored[pair]

    def conflicts(self, left: int, right: int) -> tuple[int, ...]:
        """What speaks against a pair, field by field, as `clustering.field_conflicts` has it; nothing where it is a link."""
        found = self.score(left, right)
        columns = self.learned.scorer.field_conflicts.of(found.levels)
        if found.weight >= self.learned.scorer.link_at:
            return tuple([against & 1 for against in columns])
        return columns

    def link(self, left: int, right: int) -> ScoredPair | None:
        """The score of a pair where that is a link: sooner said than that of any pair."""
        pair = (left, right)
        found = self._scored.get(pair)
        if found is None:
            scorer = self.learned.scorer
            found = scorer.score(self._ready[left], self._ready[right], cut=scorer.link_at)
            if found is None:
                return None
            self._scored[pair] = found
        return found if found.weight >= self.learned.scorer.link_at else None

    def against(self, left: int, right: int) -> tuple[int, ...]:
        """What speaks against a pair that is no link: what `conflicts` has, without its score."""
        pair = (left, right)
        if pair in self._scored:
            return self.conflicts(left, right)
        if pair not in self._against:
            scorer = self.learned.scorer
            self._against[pair] = scorer.field_conflicts.of(scorer.levels(self._ready[left], self._ready[right]))
        return self._against[pair]

    def settled(self, left: int, right: int) -> tuple[int, ...]:
        """The fields that a strong link settles: where its records share a value, or differ all the same."""
        columns = self.learned.scorer.field_conflicts.of(self.score(left, right).levels)
        return (0, *[int(against != 0) for against in columns[1:]])

    def conflict_between(self, pairs: Iterable[Pair]) -> int:
        """What speaks against the union of two groups of records, of which all pairs are given."""
        columns = zip(*(self.conflicts(*pair) for pair in pairs), strict=True)
        return counted([2 * sum([one >> 1 for one in column]) | any(one & 1 for one in column) for column in columns])

    def grade(self, left: int, right: int) -> GradedPair:
        """The levels of a pair before any comparison silences another."""
        pair = (left, right)
        if pair not in self._graded:
            self._graded[pair] = self.learned.scorer.grade(self._ready[left], self._ready[right])
        return self._graded[pair]

    def most(self, pairs: Iterable[Pair]) -> int:
        """No less than what the profiles come to of two groups of records, of which all pairs are given."""
        return self.learned.profile_scorer.most((self._ready[left], self._ready[right]) for left, right in pairs)

    def originals(self) -> list[int]:
        """Per record, the first that is equal to it in all that matching reads."""
        columns = self.learned.light_reader.columns
        first: dict[tuple[tuple[str, ...] | None, ...], int] = {}
        return [first.setdefault(tuple(map(one.values.get, columns)), at) for at, one in enumerate(self._ready)]
