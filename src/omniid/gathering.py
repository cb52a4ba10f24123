"""What the sources sent, in one table: columns told apart where nobody declared them, sightings of events among the records."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from omniid.compilation import separators_for, source_columns
from omniid.declarations import Field, roles
from omniid.frames import Inputs, to_record_table
from omniid.inference import spec_from_inputs
from omniid.ledgers import read_changes
from omniid.sightings import declared_with, read_sightings, told_with, with_event_times, with_sightings
from omniid.source_cells import SourceCells, cells_of, without_written_cells
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.summary import unused_ids
from omniid.tables import RecordTable
from omniid.tables.events import EventTable

__all__ = ["Gathered", "bring_together", "gather", "with_fields"]


class Gathered(NamedTuple):
    """What the sources sent, in one table, and what else of the inputs a result needs; the frames read are let go."""

    table: RecordTable
    spec: Spec
    notes: Sequence[str]
    backend: str
    events: EventTable | None = None
    cells: SourceCells | None = None


def gather(inputs: Inputs, spec: Spec | None, stages: Stages, events: Any = None, written: Any = None) -> Gathered:
    """Say what the columns mean where nobody did, and bring all sources into one table.

    What was written back is read as its source had it, and the sightings of events are records beside the others.
    """
    inputs, changes = without_written_cells(inputs, spec, read_changes(written))
    sources, sighted = [frame.name for frame in inputs.frames], None
    if events is not None:
        sighted = stages.run("read events", read_sightings, events, spec, [frame.name for frame in inputs.frames])
        inputs = with_sightings(inputs, sighted)
    spec = declared_with(spec or Spec(), sighted, [frame.name for frame in inputs.frames])
    if not spec.fields:
        spec = with_fields(spec, stages.run("infer", spec_from_inputs, inputs, sighted.guesses if sighted else None))
    spec = spec if sighted is None else told_with(spec, sighted)
    sent, notes = stages.run("read", bring_together, inputs, spec), unused_ids(inputs, spec)
    gathered = Gathered(sent, spec, notes, inputs.backend, cells=cells_of(inputs, spec, sent, changes, sources))
    if sighted is None:
        return gathered
    table = with_event_times(sent, sighted.events)
    return gathered._replace(table=table, notes=[*notes, *sighted.notes], events=sighted.events)


def with_fields(spec: Spec, inferred: Spec) -> Spec:
    """Take fields, columns and regions from an inferred spec where this one declares none."""
    sources = {}
    for name, guessed in inferred.sources.items():
        declared = spec.sources.get(name, guessed)
        columns = {**guessed.columns, **declared.columns}
        sources[name] = replace(declared, columns=columns, region=declared.region or guessed.region)
    unseen = {name: source for name, source in spec.sources.items() if name not in sources}
    return spec.replace(sources=sources | unseen, fields=_still_fed(spec, inferred), guesses=inferred.guesses)


def _still_fed(spec: Spec, inferred: Spec) -> Sequence[Field]:
    """The inferred fields without those of one column that only columns which the spec maps elsewhere were guessed to feed."""
    guessed: dict[str | None, list[bool]] = {}
    for one in inferred.guesses:
        declared = spec.sources[one.source].columns if one.source in spec.sources else {}
        guessed.setdefault(one.field, []).append(declared.get(one.column, one.field) != one.field)
    told = {field for source in spec.sources.values() for field in source.columns.values()}
    lost = {field for field, moved in guessed.items() if all(moved)} - told
    return [field for field in inferred.fields if not (len(fed := set(roles(field).values())) == 1 and fed <= lost)]


def bring_together(inputs: Inputs, spec: Spec) -> RecordTable:
    """Bring all sources into one table, as they were sent."""
    ids = {name: source.record_id for name, source in spec.sources.items()}
    return to_record_table(inputs, columns=source_columns(spec, inputs), record_ids=ids, separators=separators_for(spec))
