"""Batch: channel records in, golden customer profiles out; the whole pipeline on one page."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet as pq

from omniid.asked_precision import Linked, raise_to_precision
from omniid.blocking import BlockingRule, rule_from_dict
from omniid.compilation import compile_plan, evidence_kinds, field_plans, regions_of
from omniid.conclusion import conclude
from omniid.crowding import columns_read, frozen_keys, frozen_numbers, make_choices, with_choices
from omniid.decisions import read_decisions
from omniid.device_plans import check_devices
from omniid.duplicate_free import settle_sources
from omniid.errors import InputError, SpecError
from omniid.event_files import read_events
from omniid.evidence import Classes, choose_names, classify_values, thresholds_for, weak_values, without_generic_values
from omniid.frames import read_inputs
from omniid.gathering import Gathered, gather
from omniid.hash_meanings import HashMeanings
from omniid.labels import Labels, read_labels
from omniid.linking import ReadyRecords, fit, partition, plan_pairs, plan_rules, require_room, score
from omniid.matching import compile_weights, review_threshold
from omniid.meeting import hash_meanings, meet_columns, without_lost_values
from omniid.memory import MemoryBudget
from omniid.merging import merge_profiles
from omniid.normalization import normalize
from omniid.previous import Previous, read_previous
from omniid.resolution import Resolution
from omniid.results import Parts
from omniid.sharing import Thresholds, ValueClasses
from omniid.sightings import with_event_times
from omniid.source_cells import read_cells
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.stop_values import with_stop_values
from omniid.summary import summarize, told_changes
from omniid.tables import Column, Decision, Model, Progress, RecordTable
from omniid.tables.arrays import text_array
from omniid.threads import threads_for

__all__ = ["load", "resolve"]


def resolve(
    data: Any,
    spec: Spec | None = None,
    *,
    model: Model | None = None,
    decisions: Decision | Iterable[Decision] | str | Path | None = None,
    labels: Any = None,
    previous: Any = None,
    events: Any = None,
    purpose: str | None = None,
    written: Any = None,
    workers: int | None = None,
    memory_limit: int | str | None = None,
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
        What people decided about pairs of records, and the values that they pinned, or the file that holds it.
    labels
        What people know of some pairs or records, for the model to learn from, see `read_labels`. Labels train the weights of
        all pairs; they neither link nor part the pairs that bear them, as decisions do.
    previous
        An earlier `Resolution`, or the folder of a saved one: entities keep its ids, and `changes` tells the difference. A bare
        crosswalk (a frame or a file) only votes on the ids. Who is who does not depend on it.
    events
        What customers did, as one frame or path, or a mapping of name to frame or path: a time, a type and identifiers a row.
        The distinct identifier tuples are resolved with the records, and the events follow them; see `Resolution.journey`.
    purpose
        What the result is for, such as "fraud": fields limited to other purposes stay on the profile and are no evidence.
    written
        The plans that were written back so far, or their ledger: cells that hold what they wrote are read as their source had
        them, so that nothing that was written is evidence of itself. See `Resolution.write_back`.
    workers
        Threads; None takes all cores. The result does not depend on it.
    memory_limit
        The memory that the process may hold, in bytes or as text such as "4 GiB": what grows with pairs goes to disk beyond its
        share, in the folder for temporary files. None sets no limit. The result does not depend on it.
    progress
        Called with (stage, done, total), total 0 where it is unknown; returning False cancels.

    Returns
    -------
    Resolution
        Crosswalk, profiles, provenance and the evidence behind them. The same input gives the same bytes, in any order of rows.

    Raises
    ------
    InputError
        If the data, `labels` or `previous` can't be read, or no record of one side of a decision or label is there.
    SpecError
        If the spec does not fit the data, or the records alone do not fit `memory_limit`.
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
    spec = spec if purpose is None else (spec or Spec()).replace(purpose=purpose)
    stages = Stages(progress, MemoryBudget.of(memory_limit))
    before = None if previous is None else read_previous(previous)
    gathered = gather(stages.run("read", read_inputs, data, workers=workers), spec, stages, events, written)
    cores = threads_for(len(gathered.table), workers)
    return resolve_records(gathered, model, read_decisions(decisions or ()), before, cores, stages, trained_by(labels, model))


def resolve_records(
    gathered: Gathered,
    model: Model | None,
    decided: Sequence[Decision],
    previous: Previous | None,
    cores: int,
    stages: Stages,
    labels: Labels | None = None,
) -> Resolution:
    """Resolve the records of one table: one line per stage."""
    sent, spec, notes, backend, events, cells = gathered
    require_room(sent, stages.memory)
    choices = make_choices(spec, model, sent)
    records = stages.run("normalize", normalize, sent, field_plans(spec, choices), workers=cores)
    records, table, kinds, classes, thresholds = find_evidence(records, spec, model, stages, workers=cores)
    rules, repeats = declared_rules(spec, model), model.repeats if model else None
    asked = None if spec.incremental and model is not None else spec.precision  # the fit raised the threshold, the model has it
    plan = compile_plan(spec, table, kinds, decided, rules, repeats, frozen_keys(spec, model), frozen_numbers(spec, model))
    known = None if labels is None else labels.rows(table)
    ready = ReadyRecords(table, plan, classes, cores)
    rules = stages.run("plan blocks", plan_rules, ready)
    blocks = stages.run("block", plan_pairs, ready, rules)
    if model is None:
        model = with_choices(stages.run("fit", fit, ready, blocks, rules, stages, known), choices, thresholds.names)
    model = with_thresholds(model, spec).replace(people_at_most=thresholds.people_at_most, rows_above=thresholds.rows_above)
    weights = compile_weights(table, model, plan.traits, weak=weak_values(classes))
    scores = stages.run("match", score, ready, blocks, model, weights, stages)
    ready, scores, model, alone = stages.run("settle sources", settle_sources, ready, scores, model, spec)
    del blocks  # each of these two makes room for what comes after: 0.2 GiB at 1M records
    clustering = stages.run("cluster", partition, ready, scores, model, weights)
    clustering = stages.run("merge", merge_profiles, ready, scores, clustering, model, weights)
    linked, plan = Linked(model, scores, clustering, alone), ready.plan
    model, scores, clustering, alone = stages.run("threshold", raise_to_precision, linked, ready, weights, asked)
    del ready, weights, linked
    concluded = conclude(records, table, spec, plan, clustering, previous, stages, cores)
    kept: dict[str, Any] = {"alone": alone, "events": events, "cells": cells}
    parts = Parts(sent, records, table, spec, model, plan, decided, classes, scores, *concluded, previous, **kept)
    return Resolution(parts, summarize(parts, stages, notes=notes), backend)


class Evidence(NamedTuple):
    """Records with all columns that matching reads, the values that are evidence, their kinds, and their classes."""

    records: RecordTable
    table: RecordTable
    kinds: Mapping[str, str]
    classes: Mapping[str, ValueClasses]
    thresholds: Thresholds


def find_evidence(
    records: RecordTable,
    spec: Spec,
    model: Model | None,
    stages: Stages,
    known: Callable[[Classes, RecordTable], Classes] | None = None,
    hashes: Callable[[RecordTable], HashMeanings] | None = None,
    workers: int = 1,
) -> Evidence:
    """Say which values are evidence: those that mean the same meet in one column, stop values and generic ones are missing.

    `known` replaces the classes of values where more is known of them than these records say, and `hashes` what their hashes
    stand for.
    """
    records = with_stop_values(records, spec.stop_values, spec.fields, regions_of(spec))
    meanings = hash_meanings(records, spec.fields, spec.purpose) if hashes is None else hashes(records)
    met = meet_columns(records, spec.fields, spec.purpose, meanings)
    kinds = evidence_kinds(spec, met, model)
    names = {*kinds, *(columns_read(spec, model) if spec.incremental and model is not None else ())}
    records, met = with_columns(records, names), with_columns(met, names)
    thresholds = thresholds_for(spec, model)
    if spec.incremental and model is None:
        thresholds = replace(thresholds, names=choose_names(met, spec))
    counted = stages.run("count people", classify_values, met, spec, thresholds, workers=workers)
    classes = counted if known is None else known(counted, met)
    table = without_lost_values(without_generic_values(met, classes), met, spec.fields, spec.purpose, meanings)
    check_devices(spec, table)
    return Evidence(records, table, kinds, classes, thresholds)


def load(folder: str | Path) -> Resolution:
    """Open a saved result: the saved records, resolved again by the saved spec, model and decisions.

    Parameters
    ----------
    folder
        What `Resolution.save` wrote, as Parquet.

    Returns
    -------
    Resolution
        Equal to the one that was saved, as a result is a pure function of records, model and decisions, and the saved ledger
        keeps the ids.

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
    stages, before = Stages(), open_saved(folder)
    sent = gather_saved(folder, (before.spec or Spec()).replace(precision=None), stages)  # the model's threshold is as asked
    found = resolve_records(sent, before.model, before.decisions or (), before, threads_for(len(sent)), stages)
    parts = found.parts.reopened(before.spec or sent.spec, folder)
    return Resolution(parts, replace(found.summary, **told_changes(parts)), found.backend)


def learn_again(folder: str | Path, *, labels: Any, decisions: Any = ()) -> Resolution:
    """Resolve the records of a saved result again, with labels to learn from; entities keep their ids.

    Parameters
    ----------
    folder
        What `Resolution.save` wrote.
    labels
        As `read_labels` takes them.
    decisions
        What people decided, beside the decisions so far.

    Raises
    ------
    InputError
        If the folder holds no saved result, or labels or decisions do not fit its records.
    """
    stages, before = Stages(), open_saved(Path(folder))
    sent = gather_saved(Path(folder), before.spec or Spec(), stages)
    decided = [*(before.decisions or ()), *(one for one in read_decisions(decisions) if one not in (before.decisions or ()))]
    return resolve_records(sent, None, decided, before, threads_for(len(sent)), stages, read_labels(labels))


def open_saved(folder: Path) -> Previous:
    """What a saved result rested on.

    Raises
    ------
    InputError
        If the folder holds none.
    """
    for name in ("records.parquet", "unread.parquet", "spec.toml", "model.json", "decisions.jsonl", "id_ledger.parquet"):
        if not (folder / name).exists():
            raise InputError(
                f"{folder} holds no saved result: {name} is missing; write one with found.save() or omniid resolve --out"
            )
    return read_previous(folder)


def gather_saved(folder: Path, spec: Spec, stages: Stages) -> Gathered:
    """The saved records, as the sources sent them."""
    settled = {name: replace(source, columns={}, record_id=None) for name, source in spec.sources.items()}
    inputs = replace(read_inputs(folder / "records.parquet"), rejects=pq.read_table(folder / "unread.parquet"))
    gathered = gather(inputs, spec.replace(sources=settled), stages)._replace(cells=read_cells(folder))
    events = read_events(folder)
    if events is None:
        return gathered
    return gathered._replace(table=with_event_times(gathered.table, events), events=events)


def with_columns(table: RecordTable, names: Collection[str]) -> RecordTable:
    """Return the table with empty columns for those that a model knows and nobody fills here."""
    absent = sorted(set(names) - set(table.columns))
    empty = Column(np.full(len(table), -1, np.int32), text_array([]))
    return replace(table, columns={**table.columns, **dict.fromkeys(absent, empty)})


def declared_rules(spec: Spec, model: Model | None) -> tuple[BlockingRule, ...] | None:
    """Return the declared blocking rules, else those of the model; None: to be chosen from counts."""
    if spec.blocking is not None:
        return tuple(spec.blocking)
    return None if model is None else tuple(rule_from_dict(rule) for rule in model.rules)


def trained_by(labels: Any, model: Model | None) -> Labels | None:
    """Read labels; None where there are none. A model that is given learns no more."""
    if labels is not None and model is not None:
        raise SpecError("labels train a model, but model= is given and learns no more; leave one of the two out")
    return None if labels is None else read_labels(labels)


def with_thresholds(model: Model, spec: Spec) -> Model:
    """Let declared thresholds overrule the model's."""
    link_at = model.link_at if spec.link_at is None else spec.link_at
    learned = model.review_at if spec.link_at is None else review_threshold(link_at)
    return model.replace(link_at=link_at, review_at=min(link_at, learned if spec.review_at is None else spec.review_at))
