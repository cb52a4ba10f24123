"""The match weight of one pair of records, in plain Python: the integers that the kernel gives."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from omniid.comparison.comparer import silencing_order
from omniid.compilation import Plan, compile_plan, evidence_kinds
from omniid.matching import LinkRule
from omniid.pipeline import with_columns, with_thresholds
from omniid.single_record.evidence import Evidence
from omniid.single_record.grading import NumberedField, PairGrading
from omniid.single_record.weighing import Weighing
from omniid.spec import Spec
from omniid.tables import BITS, MISSING, TIERS, Model, RecordTable

__all__ = ["PairScorer", "ScoredPair"]

NOBODY: Mapping[str, frozenset[str]] = {}
UNSEEN = -2  # in place of a level: it has to be worked out


class ScoredPair(NamedTuple):
    """What a pair of records came to.

    Parameters
    ----------
    weight
        Match weight in millionths of a bit.
    tier
        Position in `TIERS`.
    levels
        Level per comparison, -1 where missing.
    """

    weight: int
    tier: int
    levels: tuple[int, ...]


class PairScorer:
    """A spec and its model, ready to score pairs of records one by one.

    Parameters
    ----------
    spec
        The declaration.
    model
        The model that was learned with it.
    numbered
        (field, part of the value, its letters without digits, least number) → whether that word goes with so many numbers among
        all records, see `UnlessNumbered`; None: no word does.

    Raises
    ------
    SpecError
        If the model does not fit the spec.

    Examples
    --------
    >>> from omniid import resolve
    >>> rows = [{"id": str(number), "email": f"{name}@x.com"} for number, name in enumerate(["ann", "bob", "ann", "eve"] * 9)]
    >>> found = resolve(rows)
    >>> scorer = PairScorer(found.spec, found.model)
    >>> ann, bob = Evidence({"email": ("ann@x.com",)}), Evidence({"email": ("bob@x.com",)})
    >>> scorer.score(ann, ann).tier, scorer.score(ann, bob)
    (1, None)
    """

    def __init__(self, spec: Spec, model: Model, *, numbered: NumberedField | None = None) -> None:
        model = with_thresholds(model, spec)
        plan = plan_without_records(spec, model)
        self.plan, self.model = plan, model
        self.link_at, self.cut = round(model.link_at * BITS), round(model.review_at * BITS)
        traits = plan.traits
        self._weighing = Weighing(model, traits)
        self._gradings = [PairGrading(comparison, numbered or _never) for comparison in plan.comparisons]
        names = [trait.name for trait in traits]
        self._silencers = [
            [(names.index(other), frozenset(traits[names.index(other)].levels.index(name) for name in levels))
             for other, levels in comparison.silent_when.items()]
            for comparison in plan.comparisons
        ]  # fmt: skip
        self._order = self._cheapest_first(silencing_order(plan.comparisons))
        self._rules = [_ReadyRule.of(rule, names, [trait.levels for trait in traits]) for rule in plan.link_rules]
        self._is_weak = [name in plan.weak for name in names]
        self._bounds = [self._most(number) for number in range(len(traits))]

    def score(self, one: Evidence, two: Evidence, *, keep_all: bool = False) -> ScoredPair | None:
        """Score a pair of records.

        Parameters
        ----------
        one, two
            The records, in any order.
        keep_all
            Whether pairs below `review_at` are scored to the end as well.

        Returns
        -------
        ScoredPair or None
            None for a pair below the model's `review_at` that no link rule holds of: nobody keeps such pairs.
        """
        left, right = one.values, two.values
        weighing, weak = self._weighing, (one.weak or NOBODY, two.weak or NOBODY)
        levels, bounds, bound = self._first_look(one, two)
        rules = [rule for rule in self._rules if rule.may_hold(levels, one.shared, two.shared)]
        if bound < self.cut and not rules and not keep_all:
            return None
        a, b = weighing.start_a, weighing.start_b or 0
        for number in self._order:
            level = levels[number]
            if level == UNSEEN:
                level = self._gradings[number].grade(left, right)
            for other, told in self._silencers[number]:
                if levels[other] in told:
                    level = MISSING
            levels[number] = level
            if level != MISSING:
                more_a, more_b = weighing.added(number, level, left, right, weak)
                a, b = a + more_a, b + more_b
                bound += more_a - bounds[number]
            else:
                bound -= bounds[number]
            if bound < self.cut and not keep_all:
                rules = [rule for rule in rules if rule.may_hold(levels, one.shared, two.shared)]
                if not rules:
                    return None
        tie = weighing.tie(levels, left)
        weight = weighing.weight(a - tie, b - tie, levels)
        tier = max((rule.tier for rule in rules if rule.may_hold(levels, one.shared, two.shared)), default=0)
        if weight < self.cut and not tier and not keep_all:
            return None
        if tier:
            weight = max(weight, self.link_at)
        return ScoredPair(self._held_back(weight, levels), tier, tuple(levels))

    def _first_look(self, one: Evidence, two: Evidence) -> tuple[list[int], list[int], int]:
        """Levels that need no look at strings, the most that each comparison can add to A, and the most that A can be."""
        left, right = one.values, two.values
        levels, bounds, bound = [], [], self._weighing.start_a
        for grading, (below, most, if_missing) in zip(self._gradings, self._bounds, strict=True):
            level, best = UNSEEN, most
            field = grading.exact_field
            if field is not None:
                mine, yours = left.get(field), right.get(field)
                if mine is None or yours is None:
                    level, best = (UNSEEN, if_missing) if grading.reads_records else (MISSING, 0)
                elif len(mine) == 1 and len(yours) == 1:
                    if mine == yours:
                        level = grading.top
                    else:
                        best = below
            elif not grading.reads_records and not any(name in left and name in right for name in grading.fields):
                level, best = MISSING, 0
            levels.append(level)
            bounds.append(best)
            bound += best
        return levels, bounds, bound

    def _most(self, number: int) -> tuple[int, int, int]:
        """The most that a comparison can add to A where single values differ, anywhere, and where its own field is missing."""
        a, shift = self._weighing.a[number], self._weighing.values[number]
        top = len(a) - 2  # the last entry is that of missing
        fuzzy = [*shift.fuzzy, *[0] * len(a)]
        sums = [a[level] + fuzzy[level] for level in range(top + 1)]
        sums[shift.exact] += shift.most_at_exact
        below = max([0, *sums[:top]])
        return below, max(below, sums[top]), below

    def _cheapest_first(self, order: Sequence[int]) -> list[int]:
        """Comparisons in an order in which each comes after those that silence it, and those that cost most come late."""
        waiting, done = list(order), []
        cost = {number: self._gradings[number].cost for number in order}
        while waiting:
            ready = [n for n in waiting if not any(other in waiting for other, _ in self._silencers[n])]
            number = min(ready, key=lambda n: (cost[n], n))
            waiting.remove(number)
            done.append(number)
        return done

    def _held_back(self, weight: int, levels: Sequence[int]) -> int:
        """Keep a pair that a weak identifier alone speaks for just below the threshold, as `held_back` does."""
        if not self.plan.weak:
            return weight
        agree = [number for number, level in enumerate(levels) if level > 0]
        return min(weight, self.link_at - 1) if len(agree) == 1 and self._is_weak[agree[0]] else weight


class _ReadyRule(NamedTuple):
    """A link rule by numbers: what must agree, what contradicts, and the fields whose values must be personal."""

    agree: tuple[tuple[int, int], ...]
    unless: tuple[tuple[int, int], ...]
    names: frozenset[str]
    tier: int

    @classmethod
    def of(cls, rule: LinkRule, names: Sequence[str], levels: Sequence[Sequence[str]]) -> "_ReadyRule":
        agree = tuple((names.index(name), levels[names.index(name)].index(level)) for name, level in rule.agree.items())
        unless = tuple(
            (names.index(name), levels[names.index(name)].index(level)) for name, said in rule.unless.items() for level in said
        )
        return cls(agree, unless, frozenset(rule.agree), TIERS.index(rule.tier))

    def may_hold(self, levels: Sequence[int], shared: frozenset[str], other_shared: frozenset[str]) -> bool:
        """Whether it holds as far as levels are known."""
        for number, least in self.agree:
            if levels[number] != UNSEEN and levels[number] < least:
                return False
        for number, level in self.unless:
            if levels[number] == level:
                return False
        return self.names.isdisjoint(shared) and self.names.isdisjoint(other_shared)


def plan_without_records(spec: Spec, model: Model) -> Plan:
    """What a spec compiles to under a model, for no records at all.

    Parameters
    ----------
    spec, model
        As for `PairScorer`.
    """
    nobody = RecordTable.of([])
    kinds = evidence_kinds(spec, nobody, model)
    reads = {column: "" for one in spec.comparisons or () for column in one.reads}
    return compile_plan(spec, with_columns(nobody, {**reads, **kinds}), kinds, (), None, model.repeats)


def _never(_field: str, _part: str, _word: str, _least: int) -> bool:
    return False
