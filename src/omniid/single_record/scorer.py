"""The match weight of one pair of records, in plain Python: the integers that the kernel gives."""

from collections.abc import Sequence
from typing import NamedTuple

from omniid.comparison.comparer import silencing_order
from omniid.compilation import Plan, compile_plan, evidence_kinds
from omniid.pipeline import with_columns, with_thresholds
from omniid.single_record.evidence import Evidence
from omniid.single_record.field_conflicts import FieldConflicts
from omniid.single_record.first_looks import FirstLooks, Seen
from omniid.single_record.grading import NumberedField, PairGrading
from omniid.single_record.hashes import hash_text, signed
from omniid.single_record.ready_records import Lineup, ReadyRecord
from omniid.single_record.ready_rules import ReadyRule
from omniid.single_record.weighing import Weighing
from omniid.spec import Spec
from omniid.tables import BITS, MISSING, Model, RecordTable

__all__ = ["GradedPair", "PairScorer", "ScoredPair"]


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


class GradedPair(NamedTuple):
    """Per comparison the level of a pair of records before others silence it, and what it adds to A and to B."""

    levels: tuple[int, ...]
    a: tuple[int, ...]
    b: tuple[int, ...]


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
        all records, see `UnlessNumbered`; None: as the model lists them.

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
    >>> ann, bob = (scorer.ready(Evidence({"email": (f"{name}@x.com",)})) for name in ("ann", "bob"))
    >>> scorer.score(ann, ann).tier, scorer.score(ann, bob)
    (1, None)
    """

    def __init__(self, spec: Spec, model: Model, *, numbered: NumberedField | None = None) -> None:
        model = with_thresholds(model, spec)
        plan = plan_without_records(spec, model)
        self.plan, self.model = plan, model
        self.link_at, self.cut = round(model.link_at * BITS), round(model.review_at * BITS)
        traits = plan.traits
        self.weighing = Weighing(model, traits)
        self.field_conflicts = FieldConflicts(model, traits, plan.several)
        self._gradings = [PairGrading(comparison, numbered or _listed(model)) for comparison in plan.comparisons]
        names = [trait.name for trait in traits]
        self._silencers = [
            [(names.index(other), frozenset(traits[names.index(other)].levels.index(name) for name in levels))
             for other, levels in comparison.silent_when.items()]
            for comparison in plan.comparisons
        ]  # fmt: skip
        self._order = self._cheapest_first(silencing_order(plan.comparisons))
        self._silenced = [(number, self._silencers[number]) for number in self._order if self._silencers[number]]
        self._rules = [ReadyRule.of(rule, names, [trait.levels for trait in traits]) for rule in plan.link_rules]
        self._is_weak = [name in plan.weak for name in names]
        self.lineup = Lineup([one.lone_field for one in self._gradings], [one.reads for one in plan.comparisons])
        self._looks = FirstLooks(self._gradings, self._silencers, self._order, self._rules, self.weighing)

    def ready(self, evidence: Evidence) -> ReadyRecord:
        """A record, made ready to be scored against many others.

        Parameters
        ----------
        evidence
            As `EvidenceReader` gives it.
        """
        return self.lineup.of_evidence(evidence)

    def score(self, one: ReadyRecord, two: ReadyRecord, *, cut: int | None = None) -> ScoredPair | None:
        """Score a pair of records.

        Parameters
        ----------
        one, two
            The records, in any order.
        cut
            The least weight asked for; None: the model's `review_at`, as nobody keeps pairs below it.

        Returns
        -------
        ScoredPair or None
            None for a pair below the cut that no link rule holds of.
        """
        looks, cut = self._looks, self.cut if cut is None else cut
        seen = looks.at_plain(one, two, cut) if one.is_plain and two.is_plain else looks.at(one, two)
        if seen is None:
            return None
        found = self._graded(seen, one, two, cut)
        if found is None:
            return None
        a, b, rules = found
        weight, tier = self._weighed(seen.levels, a, b, rules, one, two)
        if weight < cut and not tier:
            return None
        return ScoredPair(self.held_back(weight, seen.levels), tier, tuple(seen.levels))

    def score_of(self, graded: GradedPair, one: ReadyRecord, two: ReadyRecord) -> ScoredPair:
        """The score of a pair that has been graded: what `score` gives, however low."""
        levels, weighing = self.silenced(graded.levels), self.weighing
        heard = [number for number, level in enumerate(levels) if level != MISSING]
        a = weighing.start_a + sum([graded.a[number] for number in heard])
        b = (weighing.start_b or 0) + sum([graded.b[number] for number in heard])
        weight, tier = self._weighed(levels, a, b, self._rules, one, two)
        return ScoredPair(self.held_back(weight, levels), tier, tuple(levels))

    def _weighed(
        self, levels: Sequence[int], a: int, b: int, rules: Sequence[ReadyRule], one: ReadyRecord, two: ReadyRecord
    ) -> tuple[int, int]:
        """Weight and tier of a pair of which all levels are known, with A, B and the link rules that may hold."""
        weighing = self.weighing
        tie = weighing.tie(levels, one.said, two.said)
        weight = weighing.weight(a + weighing.slip(levels) - tie, b - tie, levels)
        tier = max((rule.tier for rule in rules if rule.may_hold(levels, one.shared, two.shared)), default=0)
        return max(weight, self.link_at) if tier else weight, tier

    def _graded(self, seen: Seen, one: ReadyRecord, two: ReadyRecord, cut: int) -> tuple[int, int, list[ReadyRule]] | None:
        """Work out what is still open of a pair; A, B and the link rules that may hold, or None where nobody keeps it."""
        levels, bound, rules = seen.levels, seen.bound, seen.rules
        weighing, weak = self.weighing, (one.weak, two.weak)
        if bound < cut:
            rules = [rule for rule in rules if rule.may_hold(levels, one.shared, two.shared)]
            if not rules:
                return None
        a, b = weighing.start_a + seen.a, (weighing.start_b or 0) + seen.b
        for number in seen.order:
            level = levels[number]
            known = seen.exact.get(number)
            if level < MISSING:
                level = self._gradings[number].grade_cells(one.cells[number], two.cells[number], one, two)
            for other, told in self._silencers[number]:
                if levels[other] in told:
                    level = MISSING
            levels[number] = level
            bound -= seen.bounds[number]
            if level != MISSING:
                if known is None:
                    known = weighing.added(number, level, one.said, two.said, weak) if level else weighing.differing[number]
                a, b, bound = a + known[0], b + known[1], bound + known[0]
            if bound < cut:
                rules = [rule for rule in rules if rule.may_hold(levels, one.shared, two.shared)] if rules else rules
                if not rules:
                    return None
        return a, b, rules

    def most(self, one: ReadyRecord, two: ReadyRecord) -> list[int]:
        """The most that each comparison of two records can add to A, as far as equality tells."""
        return self._looks.at(one, two).bounds

    def grade(self, one: ReadyRecord, two: ReadyRecord) -> GradedPair:
        """Grade a pair of records, comparison by comparison."""
        levels = self._looks.graded(one, two)
        added = [self._looks.added(number, level, one, two) for number, level in enumerate(levels)]
        return GradedPair(tuple(levels), tuple([a for a, _ in added]), tuple([b for _, b in added]))

    def levels(self, one: ReadyRecord, two: ReadyRecord) -> list[int]:
        """The levels of a pair of records, without what they weigh."""
        return self.silenced(self._looks.graded(one, two))

    def silenced(self, levels: Sequence[int]) -> list[int]:
        """Levels with those missing that others have told the same as."""
        out = list(levels)
        for number, silencers in self._silenced:
            for other, told in silencers:
                if out[other] in told:
                    out[number] = MISSING
                    break
        return out

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

    def held_back(self, weight: int, levels: Sequence[int]) -> int:
        """Keep a pair that a weak identifier alone speaks for just below the threshold, as `held_back` does."""
        if not self.plan.weak:
            return weight
        agree = [number for number, level in enumerate(levels) if level > 0]
        return min(weight, self.link_at - 1) if len(agree) == 1 and self._is_weak[agree[0]] else weight


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


def _listed(model: Model) -> NumberedField:
    """Whether a word goes with many numbers, by the model's list; without one, none does."""
    listed = {} if model.frozen is None else {name: frozenset(words) for name, words in model.frozen.numbers.items()}

    def numbered(field: str, part: str, word: str, least: int) -> bool:
        words = listed.get(f"{field}, {part}, {least}")
        if not words:
            return False
        return signed(hash_text(word)) in words

    return numbered
