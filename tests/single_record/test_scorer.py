"""A pair scored in plain Python has the levels, the weight and the tier that the arrays give it."""

import dataclasses
import random
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import omniid
from omniid.blocking import rule_from_dict
from omniid.compilation import compile_plan
from omniid.crowding import frozen_numbers
from omniid.evidence import weak_values
from omniid.fields import Identifier
from omniid.hashing import hash_strings
from omniid.linking import ReadyRecords, plan_pairs
from omniid.matching import compile_weights, link_tiers
from omniid.matching.frequencies import field_salt
from omniid.pipeline import find_evidence
from omniid.sharing import VALUE_CLASSES
from omniid.single_record import LEAST, Briefs, EvidenceReader, FormColumns, Forms, PairScorer, forms_of, table_of
from omniid.stages import Stages
from omniid.tables import Populations
from oracle.single_records import channels


class Both:
    """Records of a table for the arrays, and one by one."""

    def __init__(self, records, spec, model):
        found = find_evidence(records, spec, model, Stages())
        numbers = frozen_numbers(spec, model)
        plan = compile_plan(spec, found.table, found.kinds, (), None, model.repeats, numbers=numbers)
        self.ready, self.model = ReadyRecords(found.table, plan, found.classes, 1), model
        self.weights = compile_weights(found.table, model, plan.traits, weak=weak_values(found.classes))
        self.classes = {
            (name, value): VALUE_CLASSES[one]
            for name, classes in found.classes.items()
            for value, one in zip(found.table.columns[name].vocabulary.to_pylist(), classes.classes.tolist(), strict=True)
        }
        reader = EvidenceReader(spec)
        class_of = lambda name, value: self.classes.get((name, value), "personal")  # noqa: E731
        self.scorer = PairScorer(spec, model)
        evidence = [reader.read(forms, class_of) for forms in forms_of(records)]
        briefs = Briefs(self.scorer.lineup, self.scorer.weighing.fields)
        self.evidence = [self.scorer.ready(one) for one in evidence]
        self.kept = [briefs.ready(briefs.text(one)) for one in evidence]

    def batch(self, left, right):
        """Levels, weights and tiers of row pairs, and the weights before weak identifiers hold any back."""
        plan, ready = self.ready.plan, self.ready
        levels = ready.comparer.levels(left, right)
        tiers = link_tiers(left, right, levels, plan.link_rules, ready.personal, plan.traits)
        plain = dataclasses.replace(ready, plan=dataclasses.replace(plan, weak=frozenset()))
        weights = (one.weigh(left, right, levels, self.model, self.weights) for one in (ready, plain))
        return levels, *weights, tiers

    def check(self, left, right):
        """Each pair has the same, one by one."""
        cut = self.scorer.cut
        for one, two, *batch in zip(left.tolist(), right.tolist(), *self.batch(left, right), strict=True):
            levels, weight, before, tier = batch[0].tolist(), *map(int, batch[1:])
            found = self.scorer.score(self.evidence[one], self.evidence[two], cut=LEAST)
            assert (found.levels, found.weight, found.tier) == (tuple(levels), weight, tier), (one, two)
            assert (
                self.scorer.score_of(self.scorer.grade(self.kept[one], self.kept[two]), self.kept[one], self.kept[two]) == found
            )
            for some in (self.evidence, self.kept):
                for least in (None, self.scorer.link_at):
                    kept = self.scorer.score(some[two], some[one], cut=least)
                    assert kept == (found if before >= (cut if least is None else least) or tier else None), (one, two)
                assert tuple(self.scorer.levels(some[one], some[two])) == found.levels


@cache
def learned():
    """Omnichannel records, resolved once."""
    return omniid.resolve(channels(1000), omniid.Spec(incremental=True))


def test_candidate_pairs_of_omnichannel_records():
    found = learned()
    both = Both(found.parts.records, found.spec, found.model)
    blocks = plan_pairs(both.ready, [rule_from_dict(rule) for rule in found.model.rules])
    pairs = np.concatenate([np.column_stack([chunk.left, chunk.right]) for chunk in blocks.candidates()])
    some = np.random.default_rng(0).permutation(len(pairs))[:1000]
    both.check(pairs[some, 0], pairs[some, 1])
    slipping = Both(found.parts.records, found.spec, found.model.replace(slip=2.5))  # a gain that no single level shows
    slipping.check(pairs[some[:500], 0], pairs[some[:500], 1])
    tied = Both(found.parts.records, found.spec, found.model.replace(populations=any_populations(both.ready.table)))
    tied.check(pairs[some, 0], pairs[some, 1])


def any_populations(table):
    """Three populations, with random shares of the table's names and cities."""
    draw, known = np.random.default_rng(3), {}
    for field, most in (("first_name", 1000), ("last_name", 1000), ("city", 10**6)):
        keys = hash_strings(table.columns[field].vocabulary, field_salt(field)).tolist()[::2]
        known[field] = {f"{key:016x}": tuple(draw.integers(0, most, 3).tolist()) for key in keys}
    homes = known.pop("city")
    return Populations(("first_name", "last_name"), (0.5, 0.3, 0.2), known, tie=2.0, place="city", homes=homes, home_tie=3.0)


@settings(max_examples=settings().max_examples // 2)  # each compiles a model anew
@given(seed=st.integers(0, 10**6))
def test_pairs_of_mixed_records_whatever_their_values_are_shared_by(seed):
    found = learned()
    records, draw = found.parts.records, random.Random(seed)
    forms, keys = forms_of(records), records.keys(np.arange(len(records)))
    at = [draw.randrange(len(forms)) for _ in range(6)]
    mixed = [Forms(None, mixture(forms, at, draw), []) for _ in range(draw.choice([2, 2, 5]))]
    drawn = table_of(mixed, keys[: len(mixed)], FormColumns.of(records))
    spec = found.spec.replace(rows_above=draw.choice([1, 50]), people_at_most={"email": draw.choice([1, 6])})
    if draw.random() < 0.3:
        weak = [dataclasses.replace(one, behavior="weak") if isinstance(one, Identifier) else one for one in spec.fields]
        spec = spec.replace(fields=weak)
    model = found.model if draw.random() < 0.7 else judged(found.model)
    both = Both(drawn, spec, model.replace(rows_above=spec.rows_above, link_at=draw.choice([-10.0, 3.0, 20.0])))
    left, right = np.triu_indices(len(mixed), 1)
    both.check(left.astype(np.int32), right.astype(np.int32))


def mixture(forms, at, draw):
    """Fields of some records, now and then several values of one."""
    out = {}
    for name in sorted({name for row in at for name in forms[row].fields}):
        entries = [entry for row in at[: draw.choice([1, 2, 6])] for entry in forms[row].fields.get(name, ())]
        if entries and draw.random() < 0.8:
            out[name] = draw.sample(entries, min(len(entries), draw.choice([1, 1, 1, 1, 2])))
    return out


def judged(model):
    """A model that judged pairs have moved."""
    moved = [dataclasses.replace(one, shift=tuple(0.5 * at - 1 for at in range(len(one.levels)))) for one in model.comparisons]
    return model.replace(comparisons=tuple(moved), shift=1.5, shift_from=-4.0, slip=1.75)
