"""Batch: channel records in, golden customer profiles out; the whole pipeline on one page."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from omniid.blocking import BlockingRule, block, choose_rules, rule_from_dict
from omniid.clustering import cluster
from omniid.comparison import compare, compare_rows
from omniid.compilation import Plan, compile_plan, evidence_kinds, field_plans, separators_for, source_columns
from omniid.copies import find_originals, only_originals, pairs_of_originals, share_with_copies
from omniid.decisions import read_decisions
from omniid.entity_ids import new_entity_ids
from omniid.errors import InputError, SpecError
from omniid.evidence import People, people_per_value, personal_rows, without_generic_values
from omniid.frames import Inputs, read_inputs, to_record_table
from omniid.inference import spec_from_inputs
from omniid.matching import compile_weights, conflict, match, review_threshold, score_rows
from omniid.normalization import normalize
from omniid.resolution import Resolution
from omniid.results import Parts
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.summary import summarize, unused_ids
from omniid.survivorship import survive
from omniid.tables import (
    BITS,
    CandidatePairs,
    Clustering,
    Column,
    ComparisonVectors,
    Decision,
    Levels,
    Model,
    Progress,
    RecordTable,
    Rows,
    ScoredPairs,
    Weights,
)

__all__ = ["load", "resolve"]

# Libraries whose data or arithmetic shape normal forms and levels, written into every model.
SHAPES_MODEL = ("omniid", "anyascii", "email-validator", "phonenumbers", "rapidfuzz")


def resolve(
    data: Any,
    spec: Spec | None = None,
    *,
    model: Model | None = None,
    decisions: Iterable[Decision] | str | Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Resolution:
    """Resolve channel records to people: who is who, and one golden profile for each.

    Parameters
    ----------
    data
        One frame, one path, or a mapping source → frame or path. Frames: pandas, polars, pyarrow, anything narwhals reads,
        a list of dicts. Paths: CSV, TSV, Parquet, JSON, JSON lines, plain or compressed with gzip or zstd.
    spec
        The declaration; None infers one from names and values, and a spec without fields has them inferred.
    model
        Weights learned by an earlier run; None learns them from the data, without labels.
    decisions
        What people decided about pairs of records, or the file that holds it.
    workers
        Threads; None takes all cores. The result does not depend on it.
    progress
        Called with (stage, done, total), total 0 where it is unknown; returning False cancels.

    Returns
    -------
    Resolution
        Crosswalk, profiles, provenance and the evidence behind them. The same input gives the same bytes, in any order of rows.

    Raises
    ------
    InputError
        If the data can't be read or a decision names a record that is not there.
    SpecError
        If the spec does not fit the data.
    CancelledError
        If `progress` returned False.

    Examples
    --------
    >>> import omniid
    >>> web = [{"id": "1", "email": "Anna.Kuznetsova@example.com", "phone": "+7 916 200-00-01"}]
    >>> shop = [{"id": "A", "name": "Анна Кузнецова", "phone": "8 (916) 200-00-01"}]
    >>> found = omniid.resolve({"web": web, "shop": shop})
    >>> [(person["first_name"], person["email"], person["records"]) for person in found.profiles]
    [('Анна', 'Anna.Kuznetsova@example.com', 2)]
    """
    if workers is not None and workers < 1:
        raise SpecError(f"workers is {workers}; give 1 or more, or None for all cores")
    stages = Stages(progress)
    inputs = stages.run("read", read_inputs, data)
    return resolve_inputs(inputs, spec, model, read_decisions(decisions or ()), workers or os.cpu_count() or 1, stages)


def resolve_inputs(
    inputs: Inputs, spec: Spec | None, model: Model | None, decided: Sequence[Decision], cores: int, stages: Stages
) -> Resolution:
    """Resolve what was read: one line per stage."""
    if spec is None or not spec.fields:
        spec = with_fields(spec or Spec(), stages.run("infer", spec_from_inputs, inputs))
    sent = stages.run("read", bring_together, inputs, spec)
    records = stages.run("normalize", normalize, sent, field_plans(spec))
    kinds = evidence_kinds(spec, records, model)
    records = with_columns(records, kinds)
    people = stages.run("count people", people_per_value, records, kinds)
    table = without_generic_values(records, kinds, people)
    plan = compile_plan(spec, table, kinds, decided, declared_rules(spec, model))
    originals = stages.run("find copies", find_originals, table, plan.columns, plan.apart)
    rules = stages.run("plan blocks", plan_rules, table, originals, plan)
    pairs = stages.run("block", block_originals, table, originals, rules, cores)
    vectors = compare(table, pairs, plan.comparisons, workers=cores, progress=stages.report)
    model = stages.run("fit", fit, table, vectors, plan, rules, people, cores, stages) if model is None else model
    model = with_thresholds(model, spec)
    scores = stages.run("match", score, table, vectors, model, plan, people, originals, stages)
    clustering = stages.run("cluster", partition, table, scores, model, plan, people, originals, cores)
    entity, entity_ids = stages.run("name", name_entities, records, clustering)
    golden = stages.run("survive", survive, records, entity, entity_ids, plan.survivorship, trust=plan.trust)
    parts = Parts(sent, records, table, spec, model, plan, decided, scores, clustering, entity, entity_ids, golden)
    return Resolution(parts, summarize(parts, people, stages, notes=unused_ids(inputs, spec)), inputs.backend)


def load(folder: str | Path) -> Resolution:
    """Open a saved result: the saved records, resolved again by the saved spec, model and decisions.

    Parameters
    ----------
    folder
        What `Resolution.save` wrote, as Parquet.

    Returns
    -------
    Resolution
        Equal to the one that was saved, as a result is a pure function of records, model and decisions.

    Raises
    ------
    InputError
        If the folder holds no saved result.

    Examples
    --------
    >>> import tempfile
    >>> found = resolve([{"id": "1", "email": "ann@example.com"}, {"id": "2", "email": "ANN@example.com"}])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     found.save(folder)
    ...     load(folder)
    Resolution(2 records, 1 people)
    """
    folder = Path(folder)
    for name in ("records.parquet", "unread.parquet", "spec.toml", "model.json", "decisions.jsonl"):
        if not (folder / name).exists():
            raise InputError(
                f"{folder} holds no saved result: {name} is missing; write one with found.save() or omniid resolve --out"
            )
    spec, model = Spec.load(folder / "spec.toml"), Model.load(folder / "model.json")
    settled = {name: replace(source, columns={}, record_id=None) for name, source in spec.sources.items()}
    inputs = replace(read_inputs(folder / "records.parquet"), rejects=pq.read_table(folder / "unread.parquet"))
    decided = read_decisions(folder / "decisions.jsonl")
    found = resolve_inputs(inputs, spec.replace(sources=settled), model, decided, os.cpu_count() or 1, Stages())
    return Resolution(replace(found.parts, spec=spec), found.summary, found.backend)


def with_fields(spec: Spec, inferred: Spec) -> Spec:
    """Take fields, columns and regions from an inferred spec where this one declares none."""
    sources = {}
    for name, guessed in inferred.sources.items():
        declared = spec.sources.get(name, guessed)
        columns = {**guessed.columns, **declared.columns}
        sources[name] = replace(declared, columns=columns, region=declared.region or guessed.region)
    unseen = {name: source for name, source in spec.sources.items() if name not in sources}
    return spec.replace(sources=sources | unseen, fields=inferred.fields, guesses=inferred.guesses)


def bring_together(inputs: Inputs, spec: Spec) -> RecordTable:
    """Bring all sources into one table, as they were sent."""
    ids = {name: source.record_id for name, source in spec.sources.items()}
    return to_record_table(inputs, columns=source_columns(spec, inputs), record_ids=ids, separators=separators_for(spec))


def with_columns(table: RecordTable, kinds: Mapping[str, str]) -> RecordTable:
    """Return the table with empty columns for those that a model knows and nobody fills here."""
    absent = sorted(set(kinds) - set(table.columns))
    empty = Column(np.full(len(table), -1, np.int32), pa.array([], pa.large_string()))
    return replace(table, columns={**table.columns, **dict.fromkeys(absent, empty)})


def declared_rules(spec: Spec, model: Model | None) -> tuple[BlockingRule, ...] | None:
    """Return the declared blocking rules, else those of the model; None: to be chosen from counts."""
    if spec.blocking is not None:
        return tuple(spec.blocking)
    return None if model is None else tuple(rule_from_dict(rule) for rule in model.rules)


def plan_rules(table: RecordTable, originals: Rows, plan: Plan) -> tuple[BlockingRule, ...]:
    """Return the rules that stand in the plan, else rules chosen from counts; none where nothing is evidence."""
    if plan.rules is not None or not plan.kinds:
        return plan.rules or ()
    return choose_rules(only_originals(table, originals), plan.kinds)


def block_originals(table: RecordTable, originals: Rows, rules: Sequence[BlockingRule], workers: int) -> CandidatePairs:
    """Candidate pairs among the originals, and one pair per copy."""
    nothing = CandidatePairs((), lambda: iter(()))
    pairs = block(only_originals(table, originals), rules, workers=workers) if rules else nothing
    return pairs_of_originals(pairs, originals)


def fit(
    table: RecordTable,
    vectors: ComparisonVectors,
    plan: Plan,
    rules: Sequence[BlockingRule],
    people: People,
    workers: int,
    stages: Stages,
) -> Model:
    """Learn the weights without labels."""

    def compare_pairs(left: Rows, right: Rows) -> Levels:
        return compare_rows(table, left, right, plan.comparisons, workers=workers)

    unfitted = replace(plan.matcher)  # a copy: the spec stays as declared
    model = unfitted.fit(table, vectors, plan.traits, compare_pairs, people=people, progress=stages.report).model_
    plain_rules = tuple(rule.to_dict() for rule in rules)
    return model.replace(rules=plain_rules, columns=tuple(sorted(plan.kinds)), versions=dict(library_versions()))


@cache
def library_versions() -> Mapping[str, str]:
    """Versions of omniid and of the libraries that shape a model, looked up once: it takes 20 ms."""
    return {name: version(name) for name in SHAPES_MODEL}


def with_thresholds(model: Model, spec: Spec) -> Model:
    """Let declared thresholds overrule the model's."""
    link_at = model.link_at if spec.link_at is None else spec.link_at
    learned = model.review_at if spec.link_at is None else review_threshold(link_at)
    return model.replace(link_at=link_at, review_at=min(link_at, learned if spec.review_at is None else spec.review_at))


def score(
    table: RecordTable, vectors: ComparisonVectors, model: Model, plan: Plan, people: People, originals: Rows, stages: Stages
) -> ScoredPairs:
    """Weigh all pairs; copies that do not link to their original get its other pairs."""
    personal = personal_rows(table, people)
    scores = match(table, vectors, model, plan.traits, rules=plan.link_rules, personal=personal, progress=stages.report)
    return share_with_copies(scores, originals, round(model.link_at * BITS))


def partition(
    table: RecordTable, scores: ScoredPairs, model: Model, plan: Plan, people: People, originals: Rows, workers: int
) -> Clustering:
    """Cluster within the limits and decisions, and against conflicts."""
    link_at = round(model.link_at * BITS)
    tables, personal = compile_weights(table, model, plan.traits), personal_rows(table, people)

    def weigh(left: Rows, right: Rows) -> tuple[Weights, Weights]:
        levels = compare_rows(table, left, right, plan.comparisons, workers=workers)
        weight = score_rows(tables, left, right, levels, plan.traits, link_at=link_at, rules=plan.link_rules, personal=personal)
        return weight, conflict(levels, model)

    return cluster(
        len(table),
        scores,
        link_at=link_at,
        limits=plan.limits,
        must=plan.must,
        cannot=plan.cannot,
        conflict=weigh,
        originals=originals,
    )


def name_entities(records: RecordTable, clustering: Clustering) -> tuple[Rows, pa.LargeStringArray]:
    """Entity number per row, and the ids, in the order of their smallest record keys."""
    labels = clustering.labels
    is_smallest = labels == np.arange(len(labels))
    number = np.cumsum(is_smallest, dtype=np.int32) - np.int32(1)
    smallest = np.flatnonzero(is_smallest)
    keys = records.record_id.take(pa.array(smallest))
    return number.take(labels), new_entity_ids(records.sources, records.source.take(smallest), keys)
