"""From a closed set of records to who is who: the stages of a batch run, on a neighborhood."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from omniid.compilation import compile_plan
from omniid.conclusion import conclude
from omniid.crowding import frozen_keys, frozen_numbers
from omniid.duplicate_free import settle_sources
from omniid.evidence import Classes, weak_values
from omniid.linking import ReadyRecords, partition, plan_pairs, score
from omniid.matching import compile_weights
from omniid.merging import merge_profiles
from omniid.pipeline import Evidence, declared_rules, find_evidence, with_thresholds
from omniid.previous import Previous
from omniid.resolver.hashed import KnownHashes
from omniid.results import Parts
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.tables import Clustering, Decision, Model, RecordTable, ScoredPairs, Weights
from omniid.threads import threads_for

__all__ = ["Clustered", "KnownClasses", "cluster_records", "derive", "evidence_of", "made_ready"]

# (column, its values) → people and records per value, as far as they are known better than from the records at hand.
KnownClasses = Callable[[Classes, RecordTable], Classes]


def evidence_of(
    records: RecordTable,
    spec: Spec,
    model: Model,
    known: KnownClasses | None,
    stages: Stages,
    hashes: KnownHashes | None = None,
) -> Evidence:
    """Say which values are evidence, where classes and what hashes stand for are known from records that are not at hand."""
    return find_evidence(records, spec, model, stages, known=known, hashes=hashes)


def made_ready(found: Evidence, spec: Spec, model: Model, decided: Sequence[Decision] = ()) -> ReadyRecords:
    """The records as matching sees them, under a frozen model."""
    rules, crowded = declared_rules(spec, model), frozen_keys(spec, model)
    numbers = frozen_numbers(spec, model)
    plan = compile_plan(spec, found.table, found.kinds, decided, rules, model.repeats, crowded, numbers)
    return ReadyRecords(found.table, plan, found.classes, threads_for(len(found.table)))


class Clustered(NamedTuple):
    """Records as far as the stages before their entities' names have come.

    Parameters
    ----------
    found
        What of them is evidence.
    ready
        The records as matching sees them.
    model
        The numbers that weighed them.
    scores, clustering
        Scored pairs, and the partition.
    alone
        As in `Parts`.
    """

    found: Evidence
    ready: ReadyRecords
    model: Model
    scores: ScoredPairs
    clustering: Clustering
    alone: Weights | None


def cluster_records(
    records: RecordTable,
    spec: Spec,
    model: Model,
    *,
    decided: Sequence[Decision] = (),
    known: KnownClasses | None = None,
    hashes: KnownHashes | None = None,
    stages: Stages,
    found: Evidence | None = None,
) -> Clustered:
    """Cluster records; the parameters are those of `derive`."""
    found = found or evidence_of(records, spec, model, known, stages, hashes)
    ready = made_ready(found, spec, model, decided)
    blocks = stages.run("block", plan_pairs, ready, ready.plan.rules or ())
    model = with_thresholds(model, spec)
    weights = compile_weights(ready.table, model, ready.plan.traits, weak=weak_values(found.classes))
    scores = stages.run("match", score, ready, blocks, model, weights, stages)
    ready, scores, model, alone = stages.run("settle sources", settle_sources, ready, scores, model, spec)
    clustering = stages.run("cluster", partition, ready, scores, model, weights)
    clustering = stages.run("merge", merge_profiles, ready, scores, clustering, model, weights)
    return Clustered(found, ready, model, scores, clustering, alone)


def derive(
    records: RecordTable,
    spec: Spec,
    model: Model,
    *,
    decided: Sequence[Decision] = (),
    previous: Previous | None = None,
    known: KnownClasses | None = None,
    hashes: KnownHashes | None = None,
    stages: Stages | None = None,
    found: Evidence | None = None,
) -> Parts:
    """Resolve records that have no evidence with any other record, as a batch run of all records resolves them.

    Parameters
    ----------
    records
        Their normal forms.
    spec, model
        The declaration, and the frozen numbers.
    decided
        Standing decisions, of which both sides are among the records.
    previous
        Their ids before.
    known
        Replaces the classes of values by those that all records of the store give them.
    hashes
        Says what hashes stand for by all records of the store.
    stages
        Runs the stages.
    found
        What of them is evidence, where that is worked out already.
    """
    stages = stages or Stages()
    done = cluster_records(records, spec, model, decided=decided, known=known, hashes=hashes, stages=stages, found=found)
    ready, found = done.ready, done.found
    concluded = conclude(found.records, ready.table, spec, ready.plan, done.clustering, previous, stages)
    return Parts(
        records,
        found.records,
        ready.table,
        spec,
        done.model,
        ready.plan,
        tuple(decided),
        found.classes,
        done.scores,
        *concluded,
        previous,
        alone=done.alone,
    )
