"""From normal forms to a partition: records made ready once, then fitted, scored and clustered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.blocking import MAX_BLOCK, BlockingRule, BlockPlan, choose_rules, plan_blocks
from omniid.clustering import Priorities, cluster
from omniid.comparison import PairComparer, compare_pairs, numbered_words
from omniid.compilation import Plan
from omniid.copies import IDENTICAL, find_originals, first_copies, only_originals, pairs_of_copies
from omniid.evidence import Classes, personal_rows
from omniid.judging import judged_candidates
from omniid.kernel import chunk_within, score_batches, weigh
from omniid.kernel_plans import kernel_plan
from omniid.labels import KnownRows
from omniid.matching import WeightTables, conflicts_by_field, score_rows, shared_fields
from omniid.memory import MemoryBudget
from omniid.pair_store import PairStore
from omniid.priorities import pair_ranks
from omniid.spellings import mixes_scripts
from omniid.stages import Stages
from omniid.tables import BITS, Clustering, FrozenChoices, Levels, Model, RecordTable, Rows, ScoredPairs, Weights
from omniid.weak_evidence import held_back

__all__ = [
    "SAMPLE",
    "ReadyRecords",
    "SettledPairs",
    "fit",
    "library_versions",
    "partition",
    "plan_pairs",
    "plan_rules",
    "require_room",
    "score",
    "without_weak_links",
]

# Candidate pairs that weights are learned from: of 16 million, one in 16 moved the expected matches by half a percent.
SAMPLE = 1_000_000
# Bytes that a record and each column of it take beside what was read: normal forms, blocks, record matrix, clusters, profiles.
PER_RECORD, PER_COLUMN = 160, 20
PER_SAMPLED_PAIR = 200  # bytes that a pair takes while it is compared and counted
# Libraries whose data or arithmetic shape normal forms and levels, written into every model.
SHAPES_MODEL = ("omniid", "anyascii", "email-validator", "phonenumbers", "rapidfuzz")


@dataclass(frozen=True, eq=False)
class ReadyRecords:
    """The records as matching sees them, with all that several stages derive from them.

    Parameters
    ----------
    table
        Normal forms; values that too many people share are missing.
    plan
        The spec compiled for them.
    classes
        Value classes.
    workers
        Threads.
    pairs
        Pairs whose weight depends on other pairs; None where none does.
    """

    table: RecordTable
    plan: Plan
    classes: Classes
    workers: int
    pairs: "SettledPairs | None" = None

    @cached_property
    def originals(self) -> Rows:
        """Per row, the smallest row that is equal to it in all that matching reads."""
        return find_originals(self.table, self.plan.columns, self.plan.apart)

    @cached_property
    def comparer(self) -> PairComparer:
        """The comparisons made ready."""
        return PairComparer(self.table, self.plan.comparisons, workers=self.workers)

    @cached_property
    def personal(self) -> dict[str, npt.NDArray[np.bool_]]:
        """Which rows' values are used by one person only."""
        return personal_rows(self.table, self.classes)

    def settled(self, plan: Plan, pairs: "SettledPairs | None", alone: npt.NDArray[np.bool_]) -> "ReadyRecords":
        """The same under a plan with more limits, which read the rows flagged as `alone` one by one."""
        other = replace(self, plan=plan, pairs=pairs)
        originals = find_originals(self.table, plan.columns, plan.apart | alone)
        other.__dict__.update(comparer=self.comparer, personal=self.personal, originals=originals)  # worked out once
        return other

    def weigh(self, left: Rows, right: Rows, levels: Levels, model: Model, weights: WeightTables) -> Weights:
        """Match weights of row pairs, left < right, as the scored pairs have them."""
        weight = self._held_back(self._weighed(left, right, levels, model, weights), levels, model)
        return weight if self.pairs is None else self.pairs.known(left, right, weight)

    def weigh_kept(
        self, left: Rows, right: Rows, levels: Levels, model: Model, weights: WeightTables
    ) -> tuple[npt.NDArray[np.intp], Weights]:
        """Places of row pairs that are scored pairs, and their match weights; `review_at` counts before one is held back."""
        weight = self._weighed(left, right, levels, model, weights)
        kept = np.flatnonzero(weight >= round(model.review_at * BITS))
        return kept, self._held_back(weight[kept], levels[kept], model)

    def _weighed(self, left: Rows, right: Rows, levels: Levels, model: Model, weights: WeightTables) -> Weights:
        plan, link_at = self.plan, round(model.link_at * BITS)
        return score_rows(
            weights, left, right, levels, plan.traits, link_at=link_at, rules=plan.link_rules, personal=self.personal
        )

    def _held_back(self, weight: Weights, levels: Levels, model: Model) -> Weights:
        return held_back(weight, levels, self.plan.traits, self.plan.weak, round(model.link_at * BITS))


class SettledPairs(NamedTuple):
    """Pairs whose weight depends on other pairs, by (left, right) as one number, ascending."""

    keys: npt.NDArray[np.int64]
    weight: Weights

    @classmethod
    def of(cls, pairs: ScoredPairs, at: npt.NDArray[np.intp]) -> "SettledPairs":
        """Those of the scored pairs at some positions, ascending."""
        return cls((pairs.left[at].astype(np.int64) << 32) | pairs.right[at], pairs.weight[at])

    def known(self, left: Rows, right: Rows, weight: Weights) -> Weights:
        """Weights of row pairs: of those that are known here, else as given."""
        if not len(self.keys):
            return weight
        keys = (left.astype(np.int64) << 32) | right
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[place] == keys, self.weight[place], weight)


def require_room(sent: RecordTable, memory: MemoryBudget) -> None:
    """Stop right after reading where the rest of the run would not fit, going by what measured runs took per record and column.

    Raises
    ------
    SpecError
        If it does not fit.
    """
    memory.require("this many records", len(sent) * (PER_RECORD + PER_COLUMN * len(sent.raw)))


def plan_rules(ready: ReadyRecords) -> tuple[BlockingRule, ...]:
    """Return the rules that stand in the plan, else rules chosen from counts; none where nothing is evidence."""
    if ready.plan.rules is not None or not ready.plan.kinds:
        return ready.plan.rules or ()
    names = [name for name, kind in ready.plan.kinds.items() if kind in ("first_name", "last_name")]
    spellings = any(mixes_scripts(ready.table.display[name]) for name in names if name in ready.table.display)
    originals = only_originals(ready.table, ready.originals)
    local = ready.plan.incremental
    return choose_rules(originals, ready.plan.kinds, spellings=spellings, local=local, workers=ready.workers)


def plan_pairs(ready: ReadyRecords, rules: Sequence[BlockingRule]) -> BlockPlan:
    """Plan the candidate pairs among records that equal no earlier one."""
    if not rules:
        return BlockPlan((), len(ready.table), MAX_BLOCK, ())
    only, crowded = ready.originals == np.arange(len(ready.table)), ready.plan.crowded
    return plan_blocks(ready.table, rules, only=only, freeze=ready.plan.incremental, crowded=crowded, workers=ready.workers)


def fit(
    ready: ReadyRecords, blocks: BlockPlan, rules: Sequence[BlockingRule], stages: Stages, known: KnownRows | None = None
) -> Model:
    """Learn the weights from at most about `SAMPLE` of the candidate pairs, and from labels where there are any."""
    one_in = max(-(-blocks.pairs // SAMPLE), 1)
    pairs = blocks.candidates(workers=ready.workers, one_in=one_in)
    most = stages.memory.share("sampled pairs")
    batch = SAMPLE if most is None else min(max(most // PER_SAMPLED_PAIR, 1024), SAMPLE)
    judged = None if known is None else judged_candidates(blocks, ready.originals, known, workers=ready.workers, one_in=one_in)
    model = (
        replace(ready.plan.matcher)  # a copy: the spec stays as declared
        .fit(
            ready.table,
            compare_pairs(ready.comparer, pairs, keep_bytes=0, batch=batch, progress=stages.report),
            ready.plan.traits,
            ready.comparer.levels,
            stands_for=one_in,
            originals=ready.originals,
            people={name: found.likely_people for name, found in ready.classes.items()},
            judged=None if judged is None else judged.pairs,
            workers=ready.workers,
            progress=stages.report,
        )
        .model_
    )
    if judged is not None and known is not None:
        model = model.replace(judged={**model.judged, "unmade": float(judged.unmade), "absent": float(known.absent)})
    plain_rules = tuple(rule.to_dict() for rule in rules)
    columns, repeats = tuple(sorted(ready.plan.kinds)), ready.plan.repeats
    crowded = {} if blocks.crowded is None else blocks.crowded.to_dict()
    frozen = FrozenChoices(crowded, numbers=numbered_words(ready.plan.comparisons)) if ready.plan.incremental else None
    return model.replace(rules=plain_rules, columns=columns, repeats=repeats, frozen=frozen, versions=library_versions())


@cache
def library_versions() -> dict[str, str]:
    """Versions of omniid and of the libraries that shape a model, looked up once: it takes 20 ms."""
    from importlib.metadata import version  # here: it loads the e-mail package, and only fitting needs it

    return {name: version(name) for name in SHAPES_MODEL}


def score(ready: ReadyRecords, blocks: BlockPlan, model: Model, weights: WeightTables, stages: Stages) -> ScoredPairs:
    """Find, compare and weigh the candidate pairs; equal records share what one of them came to."""
    plan, most = ready.plan, stages.memory.share("scored pairs")
    kernel = kernel_plan(blocks, ready.comparer, weights, plan.traits, model, plan.link_rules, ready.personal)
    kernel, link_at = replace(kernel, rules=(*kernel.rules, IDENTICAL)), round(model.link_at * BITS)
    chunk = chunk_within(kernel, stages.memory.share("candidate pairs"), ready.workers)
    left, right = first_copies(ready.originals)
    rule = np.full(len(left), len(blocks.rules), np.int16)
    with PairStore(tuple(trait.name for trait in plan.traits), kernel.rules, at_most=most) as store:
        for lot in score_batches(kernel, chunk=chunk, workers=ready.workers, progress=stages.report):
            store.add(without_weak_links(lot, plan, link_at))
        copied = without_weak_links(weigh(left, right, rule, ready.comparer.levels(left, right), kernel), plan, link_at)
        for lot in pairs_of_copies(store.lots(), copied, ready.originals, link_at, most=store.most, every=plan.incremental):
            store.add(lot)
        scores = store.joined()
    stages.spilled += store.spilled
    return scores


def without_weak_links(pairs: ScoredPairs, plan: Plan, link_at: int) -> ScoredPairs:
    """Keep pairs that a weak identifier alone speaks for below the threshold."""
    return replace(pairs, weight=held_back(pairs.weight, pairs.levels, plan.traits, plan.weak, link_at)) if plan.weak else pairs


def partition(ready: ReadyRecords, scores: ScoredPairs, model: Model, weights: WeightTables) -> Clustering:
    """Cluster within the limits and decisions, and against conflicts."""
    plan, link_at = ready.plan, round(model.link_at * BITS)

    def weigh(left: Rows, right: Rows) -> tuple[Weights, Weights]:
        levels = ready.comparer.levels(left, right)
        return ready.weigh(left, right, levels, model, weights), conflicts_by_field(levels, model, plan.traits, plan.several)

    return cluster(
        len(ready.table),
        scores,
        link_at=link_at,
        limits=plan.limits,
        must=plan.must,
        cannot=plan.cannot,
        conflict=weigh,
        originals=ready.originals,
        priorities=Priorities(pair_ranks(scores.levels, plan.traits, plan.ranks), max(plan.ranks.values(), default=-1) + 1),
        workers=ready.workers,
        shared=shared_fields(scores.levels, scores.tier, model, plan.traits, plan.several),
    )
