"""The match weight of one pair of records, in plain Python: the integers that the kernel gives."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from omniid.comparison.comparer import silencing_order
from omniid.compilation import Plan, compile_plan, evidence_kinds
from omniid.pipeline import with_columns, with_thresholds
from omniid.single_record.evidence import Evidence
from omniid.single_record.grading import NumberedField, PairGrading
from omniid.single_record.hashes import hash_text, signed
from omniid.single_record.readings import MEMO
from omniid.single_record.ready_records import NOBODY, Lineup, ReadyRecord
from omniid.single_record.ready_rules import BELOW, UNSEEN, ReadyRule
from omniid.single_record.weighing import Weighing
from omniid.spec import Spec
from omniid.tables import BITS, MISSING, Model, RecordTable

__all__ = ["PairScorer", "ScoredPair"]


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


class _Rest(NamedTuple):
    """What pairs have in common of which both records fill the same comparisons."""

    levels: list[int]
    bounds: list[int]
    bound: int
    exact: list[int]
    order: list[int]
    rules: list[ReadyRule]


class _Seen(NamedTuple):
    """What equality alone tells of a pair; `exact`: what each comparison adds of which the single values are equal."""

    levels: list[int]
    bounds: list[int]
    bound: int
    exact: dict[int, tuple[int, int]]
    rest: _Rest


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
        self._gradings = [PairGrading(comparison, numbered or _listed(model)) for comparison in plan.comparisons]
        names = [trait.name for trait in traits]
        self._silencers = [
            [(names.index(other), frozenset(traits[names.index(other)].levels.index(name) for name in levels))
             for other, levels in comparison.silent_when.items()]
            for comparison in plan.comparisons
        ]  # fmt: skip
        self._order = self._cheapest_first(silencing_order(plan.comparisons))
        self._rules = [ReadyRule.of(rule, names, [trait.levels for trait in traits]) for rule in plan.link_rules]
        self._is_weak = [name in plan.weak for name in names]
        self.lineup = Lineup([one.exact_field for one in self._gradings], [one.reads for one in plan.comparisons])
        self._elsewhere = {  # whose weight is moved by the frequency of another field's value
            number for number, moved in enumerate(self.weighing.values) if moved.field != self._gradings[number].exact_field
        }
        self._exactly = lru_cache(MEMO)(self._added_by)
        self._rests: dict[int, _Rest] = {}
        self._bounds = [self._most(number) for number in range(len(traits))]

    def ready(self, evidence: Evidence) -> ReadyRecord:
        """A record, made ready to be scored against many others.

        Parameters
        ----------
        evidence
            As `EvidenceReader` gives it.
        """
        return self.lineup.of_evidence(evidence)

    def score(self, one: ReadyRecord, two: ReadyRecord, *, keep_all: bool = False) -> ScoredPair | None:
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
        seen = self._first_look(one, two)
        levels, bound, rest = seen.levels, seen.bound, seen.rest
        rules = rest.rules
        if bound < self.cut and not keep_all:
            rules = [rule for rule in rules if rule.may_hold(levels, one.shared, two.shared)]
            if not rules:
                return None
        weighing, weak = self.weighing, (one.weak, two.weak)
        a, b = weighing.start_a, weighing.start_b or 0
        for number in rest.order:
            level = levels[number]
            known = seen.exact.get(number)
            if level < MISSING:
                level = self._gradings[number].grade_cells(one.cells[number], two.cells[number], one.values, two.values)
            for other, told in self._silencers[number]:
                if levels[other] in told:
                    level = MISSING
            levels[number] = level
            bound -= seen.bounds[number]
            if level != MISSING:
                more_a, more_b = known or weighing.added(number, level, one.said, two.said, weak)
                a, b, bound = a + more_a, b + more_b, bound + more_a
            if bound < self.cut and not keep_all:
                rules = [rule for rule in rules if rule.may_hold(levels, one.shared, two.shared)]
                if not rules:
                    return None
        tie = weighing.tie(levels, one.said, two.said)
        weight = weighing.weight(a + weighing.slip(levels) - tie, b - tie, levels)
        tier = max((rule.tier for rule in rules if rule.may_hold(levels, one.shared, two.shared)), default=0)
        if weight < self.cut and not tier and not keep_all:
            return None
        if tier:
            weight = max(weight, self.link_at)
        return ScoredPair(self.held_back(weight, levels), tier, tuple(levels))

    def most(self, one: ReadyRecord, two: ReadyRecord) -> list[int]:
        """The most that each comparison of two records can add to A, as far as equality tells."""
        return self._first_look(one, two).bounds

    def graded(self, one: ReadyRecord, two: ReadyRecord) -> list[int]:
        """The level of every comparison before others silence it."""
        return [grading.grade(one.values, two.values) for grading in self._gradings]

    def silenced(self, levels: Sequence[int]) -> list[int]:
        """Levels with those missing that others have told the same as."""
        out = list(levels)
        for number in self._order:
            if any(out[other] in told for other, told in self._silencers[number]):
                out[number] = MISSING
        return out

    def _first_look(self, one: ReadyRecord, two: ReadyRecord) -> _Seen:
        """What equality alone tells: levels, the most that each comparison can add to A, and the most that A can be."""
        mask = one.mask & two.mask
        rest = self._rests.get(mask) or self._rest(mask)
        levels, bounds, bound = list(rest.levels), list(rest.bounds), rest.bound
        mine, yours, exact = one.cells, two.cells, {}
        for number in rest.exact:
            left, right = mine[number], yours[number]
            if left == right and type(left) is str:
                levels[number] = level = self._gradings[number].top
                if one.weak or two.weak or number in self._elsewhere:
                    exact[number] = self.weighing.added(number, level, one.said, two.said, (one.weak, two.weak))
                else:
                    exact[number] = self._exactly(number, left)
                most = exact[number][0]
                most = max(most, 0) if self._silencers[number] else most
            elif type(left) is str and type(right) is str:
                continue
            elif left is None or right is None:  # only another field of theirs can speak
                levels[number] = UNSEEN if self._gradings[number].reads_records else MISSING
                most = bounds[number] if self._gradings[number].reads_records else 0
            else:
                levels[number], most = UNSEEN, self._bounds[number][1]
            bound += most - bounds[number]
            bounds[number] = most
        return _Seen(levels, bounds, bound, exact, rest)

    def _added_by(self, number: int, value: str) -> tuple[int, int]:
        """What agreement on one value adds, of records that hold no other."""
        grading = self._gradings[number]
        values = {grading.exact_field or "": (value,)}
        return self.weighing.added(number, grading.top, values, values, (NOBODY, NOBODY))

    def _rest(self, mask: int) -> _Rest:
        """What is the same for all pairs of which both records fill the same comparisons."""
        levels, bounds, exact = [MISSING] * len(self._gradings), [0] * len(self._gradings), []
        for number, grading in enumerate(self._gradings):
            if mask >> number & 1:
                levels[number] = UNSEEN if grading.exact_field is None else BELOW
                bounds[number] = self._bounds[number][grading.exact_field is None]
                if grading.exact_field is not None:
                    exact.append(number)
        rules = [rule for rule in self._rules if all(mask >> number & 1 for number, _, _ in rule.agree)]
        order = [number for number in self._order if mask >> number & 1]
        found = _Rest(levels, bounds, self.weighing.start + sum(bounds), exact, order, rules)
        self._rests[mask] = found
        return found

    def _most(self, number: int) -> tuple[int, int]:
        """The most that a comparison can add to A where single values differ, and anywhere."""
        a, shift = self.weighing.a[number], self.weighing.values[number]
        top = len(a) - 2  # the last entry is that of missing
        fuzzy = [*shift.fuzzy, *[0] * len(a)]
        sums = [a[level] + fuzzy[level] for level in range(top + 1)]
        sums[shift.exact] += shift.most_at_exact
        below = max([0, *sums[:top]]) if self._may_be_missing(number) else max(sums[:top])
        return below, max(0, below, sums[top])

    def _may_be_missing(self, number: int) -> bool:
        """Whether the comparison may be missing though both records fill its field."""
        return bool(self._silencers[number]) or self._gradings[number].may_be_missing

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
