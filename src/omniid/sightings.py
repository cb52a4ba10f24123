"""Sightings: the distinct identifier tuples of event tables, resolved as records, with the events that follow them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from omniid.declarations import Guess, Source
from omniid.errors import InputError, SpecError
from omniid.event_columns import EventColumns, Events
from omniid.event_reading import EventPart, check_event_columns, read_part, sample_of_events
from omniid.event_tables import SIGHTING_ID, join_event_tables, sighting_source
from omniid.fields import kinds_by_column, roles
from omniid.frames import EventFrame, Inputs, SourceFrame, read_event_frames
from omniid.frames.naming import did_you_mean
from omniid.inference import guess_event_columns, guess_types
from omniid.spec import Spec
from omniid.tables import RecordTable
from omniid.tables.events import MEANINGS, EventTable

__all__ = ["Sighted", "declared_with", "read_sightings", "told_with", "with_event_times", "with_sightings"]

_WORDS = {True: "its words say so", False: "its words have no known meaning"}


@dataclass(frozen=True, eq=False)
class Sighted:
    """Event tables, read: sightings to resolve, and events to follow them.

    Parameters
    ----------
    frames
        The sightings of each event table as records.
    sources
        The source of each → what is known of it.
    guesses
        The source of each → what its columns were taken to be; where that was declared, nothing.
    told
        What the columns and types of the events were taken to be.
    declared
        What the columns and types mean, guesses included.
    events
        The events.
    notes
        What else the reader should know.
    """

    frames: tuple[SourceFrame, ...]
    sources: Mapping[str, Source]
    guesses: Mapping[str, Sequence[Guess]]
    told: tuple[Guess, ...]
    declared: Events
    events: EventTable
    notes: tuple[str, ...]


def read_sightings(data: Any, spec: Spec | None, record_sources: Iterable[str]) -> Sighted:
    """Read event tables: say what their columns hold, gather the distinct identifier tuples, and put the events in order.

    Parameters
    ----------
    data
        One frame or path, or a mapping of name to frame or path.
    spec
        What is declared of fields and events; None: all is inferred.
    record_sources
        The sources of records, whose names no event table may bear.

    Raises
    ------
    InputError
        If a table can't be read, has no times, or bears the name of a source of records.
    SpecError
        If a declared column is not there, or the declaration names a table that is not there.

    Examples
    --------
    >>> seen = read_sightings([{"at": "2024-05-01T10:00:00Z", "event": "visit", "mail": "a@x.com"}], None, [])
    >>> len(seen.events), seen.frames[0].name, seen.frames[0].table.column_names
    (1, 'events', ['sighting_id', 'mail'])
    """
    frames = read_event_frames(data)
    declared = Events() if spec is None or spec.events is None else spec.events
    _check_names(frames, declared, set(record_sources))
    parts: list[EventPart] = []
    columns: dict[str, EventColumns] = {}
    sources: dict[str, Source] = {}
    guesses: dict[str, Sequence[Guess]] = {}
    told: list[Guess] = []
    notes: list[str] = []
    for frame in frames:
        sighted = sighting_source(frame.name)
        own = declared.columns.get(frame.name)
        if own is not None:
            check_event_columns(frame, own)
        guess = guess_event_columns(frame.name, sighted, sample_of_events(frame.table), own)
        if guess.columns.time is None:
            raise InputError(
                f"events {frame.name!r} ({frame.place}) have no column that reads like times; name it with "
                f"Events(columns={{{frame.name!r}: EventColumns(time=...)}}). Columns: {', '.join(frame.table.column_names)}"
            )
        told += guess.reasons
        mapping = _identifiers(guess.columns.identifiers, guess.identifiers, frame, spec, notes)
        if not mapping:
            notes.append(f"events {frame.name!r} have no column of identifiers, so their events are nobody's")
        if guess.columns.type is None:
            notes.append(
                f"events {frame.name!r} have no column of types, so none of them is an order, a visit or a call; add "
                "one, such as 'order' in every row"
            )
        columns[frame.name] = replace(guess.columns, identifiers=mapping)
        region = _region(spec, sighted)
        is_settled = bool(guess.columns.identifiers) or (spec is not None and bool(spec.fields))
        sources[sighted] = Source(columns=mapping if is_settled else {}, record_id=SIGHTING_ID, region=region)
        guesses[sighted] = [replace(one, field=mapping[one.column]) for one in guess.identifiers if one.column in mapping]
        parts.append(read_part(frame, columns[frame.name], mapping, region))
    types, reasons = _meanings(declared, parts, [frame.name for frame in frames])
    table, tuples = join_event_tables(frames, parts, types)
    declared = declared.replace(columns=columns, types=types)
    filled = {made.name for made in tuples}  # a table without identifiers makes up no source
    sources = {name: one for name, one in sources.items() if name in filled}
    guesses = {name: some for name, some in guesses.items() if name in filled}
    return Sighted(tuple(tuples), sources, guesses, (*told, *reasons), declared, table, tuple(notes))


def with_sightings(inputs: Inputs, sighted: Sighted) -> Inputs:
    """The inputs, sightings among them as sources of their own."""
    return replace(inputs, frames=tuple(sorted([*inputs.frames, *sighted.frames], key=lambda frame: frame.name)))


def declared_with(spec: Spec, sighted: Sighted | None, present: Iterable[str] = ()) -> Spec:
    """The spec with the sources that sightings make up; without events, the spec without those that are not `present`.

    Examples
    --------
    >>> told = Spec(events=Events(columns={"web": EventColumns()}), sources={"web events": Source(), "web": Source()})
    >>> list(declared_with(told, None).sources)
    ['web']
    """
    if sighted is not None:
        return spec.replace(sources={**sighted.sources, **spec.sources}, events=sighted.declared)
    if spec.events is None:
        return spec
    absent = {sighting_source(name) for name in spec.events.columns} - set(present)
    return spec.replace(sources={name: source for name, source in spec.sources.items() if name not in absent})


def told_with(spec: Spec, sighted: Sighted) -> Spec:
    """The spec with what was guessed of the events, and the fields that their identifiers feed."""
    fed = {name: spec.sources.get(sighting_source(name), Source()).columns for name in sighted.declared.columns}
    columns = {name: replace(one, identifiers=dict(fed[name])) for name, one in sighted.declared.columns.items()}
    return spec.replace(events=sighted.declared.replace(columns=columns), guesses=[*spec.guesses, *sighted.told])


def with_event_times(table: RecordTable, events: EventTable) -> RecordTable:
    """Give every sighting the time of its last event: when its identifiers were last seen."""
    from omniid.entity_ids import RecordKeys  # here, as most runs have no events

    seen = events.sightings
    rows = RecordKeys.of_table(table).rows_of(RecordKeys(seen.sources, seen.source, seen.record_id))
    time = table.time.copy()
    here = rows >= 0
    time[rows[here]] = seen.last[here]
    return replace(table, time=time)


def _check_names(frames: Sequence[EventFrame], declared: Events, record_sources: set[str]) -> None:
    names = [frame.name for frame in frames]
    for name in declared.columns:
        if name not in names:
            raise SpecError(f"Events declares {name!r}; the event tables are {', '.join(names)}{did_you_mean(name, names)}")
    sighted: dict[str, str] = {}
    for name in names:
        source = sighting_source(name)
        if source in record_sources:
            raise InputError(
                f"the sightings of events {name!r} would be records of source {source!r}, which holds records already; name "
                "the events otherwise, for example events={'visits': ...}"
            )
        if source in sighted:
            raise InputError(f"events {sighted[source]!r} and {name!r} would be one source {source!r}; rename one of them")
        sighted[source] = name


def _identifiers(
    declared: Mapping[str, str], guesses: Sequence[Guess], frame: EventFrame, spec: Spec | None, notes: list[str]
) -> dict[str, str]:
    """Own column → column of the spec's fields: as declared, else of that name, else what it was taken for."""
    if declared:
        return dict(declared)
    if spec is None or not spec.fields:
        return {one.column: one.field for one in guesses if one.field is not None}
    known = {column for field in spec.fields for column in roles(field).values()}
    kinds = {column: kind.name for column, kind in kinds_by_column(spec.fields).items()}
    found = {name: name for name in frame.table.column_names if name in known}
    for one in guesses:
        alike = [column for column, kind in kinds.items() if kind == one.kind]
        target = one.field if one.field in known else alike[0] if len(alike) == 1 else None
        if one.column not in found and target is not None:
            found[one.column] = target
    unread = [one.column for one in guesses if one.column not in found]
    if unread:
        notes.append(
            f"events {frame.name!r}: no declared field takes {', '.join(unread)}, so these say nothing of whose event it is"
        )
    return found


def _region(spec: Spec | None, sighted: str) -> str | None:
    """The region that is declared for the sightings, else the one that all sources have."""
    if spec is None:
        return None
    if sighted in spec.sources:
        return spec.sources[sighted].region
    regions = {source.region for source in spec.sources.values()}
    return regions.pop() if len(regions) == 1 else None


def _meanings(
    declared: Events, parts: Sequence[EventPart], names: Sequence[str]
) -> tuple[dict[str, tuple[str, ...]], list[Guess]]:
    """Meaning → types, those that were declared and those whose words say it."""
    values = sorted({value for part in parts if "type" in part.texts for value in part.texts["type"].vocabulary.to_pylist()})
    known = {value: meaning for meaning, own in declared.types.items() for value in own}
    guessed = guess_types([value for value in values if value not in known])
    types: dict[str, list[str]] = {meaning: list(own) for meaning, own in declared.types.items()}
    for value, meaning in guessed.items():
        types.setdefault(meaning, []).append(value)
    where = names[0] if len(names) == 1 else "(all)"
    unknown = [value for value in values if value not in known]
    reasons = [
        Guess(where, f"type {value}", guessed.get(value, "other"), "event type", _WORDS[value in guessed]) for value in unknown
    ]
    return {meaning: tuple(types[meaning]) for meaning in MEANINGS if meaning in types}, reasons
