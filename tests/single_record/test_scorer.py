"""A pair scored in plain Python has the levels, the weight and the tier that the arrays give it."""

import numpy as np

import omniid
from omniid.blocking import rule_from_dict
from omniid.compilation import compile_plan
from omniid.evidence import weak_values
from omniid.linking import ReadyRecords, plan_pairs
from omniid.matching import compile_weights, link_tiers
from omniid.pipeline import find_evidence
from omniid.sharing import VALUE_CLASSES
from omniid.single_record import EvidenceReader, PairScorer, forms_of
from omniid.stages import Stages
from omniid.tables import BITS
from oracle.single_records import channels, known_numbers, with_ties_of_one_name


class Both:
    """Records of a table for the arrays, and one by one."""

    def __init__(self, records, spec, model):
        found = find_evidence(records, spec, model, Stages())
        plan = compile_plan(spec, found.table, found.kinds, (), None, model.repeats)
        self.ready, self.model = ReadyRecords(found.table, plan, found.classes, 1), model
        weights = compile_weights(found.table, model, plan.traits, weak=weak_values(found.classes))
        self.weights = with_ties_of_one_name(weights, found.table, model)
        self.classes = {
            (name, value): VALUE_CLASSES[one]
            for name, classes in found.classes.items()
            for value, one in zip(found.table.columns[name].vocabulary.to_pylist(), classes.classes.tolist(), strict=True)
        }
        reader = EvidenceReader(spec)
        class_of = lambda name, value: self.classes.get((name, value), "personal")  # noqa: E731
        self.scorer = PairScorer(spec, model, numbered=known_numbers(found.table))
        self.evidence = [self.scorer.ready(reader.read(forms, class_of)) for forms in forms_of(records)]

    def batch(self, left, right):
        """Levels, weights and tiers of row pairs."""
        plan, ready = self.ready.plan, self.ready
        levels = ready.comparer.levels(left, right)
        tiers = link_tiers(left, right, levels, plan.link_rules, ready.personal, plan.traits)
        return levels, ready.weigh(left, right, levels, self.model, self.weights), tiers

    def check(self, left, right):
        """Each pair has the same, one by one."""
        cut = round(self.model.review_at * BITS)
        for one, two, *batch in zip(left.tolist(), right.tolist(), *self.batch(left, right), strict=True):
            levels, weight, tier = batch[0].tolist(), int(batch[1]), int(batch[2])
            found = self.scorer.score(self.evidence[one], self.evidence[two], keep_all=True)
            assert (found.levels, found.weight, found.tier) == (tuple(levels), weight, tier), (one, two)
            kept = self.scorer.score(self.evidence[two], self.evidence[one])
            assert kept == (found if weight >= cut or tier else None), (one, two)


def test_candidate_pairs_of_omnichannel_records():
    found = omniid.resolve(channels(2000))
    both = Both(found.parts.records, found.spec, found.model)
    rules = [rule_from_dict(rule) for rule in found.model.rules]
    blocks = plan_pairs(both.ready, rules)
    pairs = np.concatenate([np.column_stack([chunk.left, chunk.right]) for chunk in blocks.candidates()])
    some = np.random.default_rng(0).permutation(len(pairs))[:4000]
    both.check(pairs[some, 0], pairs[some, 1])
