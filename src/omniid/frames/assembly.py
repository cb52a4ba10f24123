"""The record table: fields across sources, rows sorted by (source, record_id)."""

from collections.abc import Iterable, Mapping
from functools import partial

import numpy as np
import pyarrow as pa

from omniid.errors import SpecError
from omniid.frames.encoded import column_of, encode, split_cells
from omniid.frames.inputs import Inputs, SourceFrame
from omniid.frames.naming import did_you_mean
from omniid.frames.record_ids import choose_record_id, content_ids, declared_ids
from omniid.ordering import rank_values
from omniid.tables import NO_TIME, Column, RecordTable, Rows
from omniid.tables.arrays import arrow_array
from omniid.threads import in_order, threads_for

__all__ = ["record_ids_of", "to_record_table"]


def to_record_table(
    inputs: Inputs,
    *,
    columns: Mapping[str, Mapping[str, str]],
    record_ids: Mapping[str, str | None] | None = None,
    separators: Mapping[str, str] | None = None,
) -> RecordTable:
    """Bring the sources' columns together as fields of one record table.

    Parameters
    ----------
    inputs
        As of `read_inputs`.
    columns
        Source → raw column → field; columns that are not named are left out. Several columns of one source may feed one field:
        their values stand in the order of the columns.
    record_ids
        Source → the column that names its records. Without one, `choose_record_id` looks for it, and failing that a hash of
        the record's content names it.
    separators
        Field → characters at which a text cell holds several values, such as ";|" for e-mail addresses. Fields that no column
        feeds don't matter.

    Returns
    -------
    RecordTable
        With `raw` filled, `columns` and `display` empty, and no times.

    Raises
    ------
    SpecError
        If a source or column does not exist; the message names what there is, and the closest match.
    InputError
        If a declared record id is missing or comes twice.

    Examples
    --------
    >>> from omniid.frames import read_inputs
    >>> inputs = read_inputs({"web": [{"id": 2, "mail": "a@x.com;b@x.com"}, {"id": 1, "mail": None}]})
    >>> table = to_record_table(inputs, columns={"web": {"mail": "email"}}, separators={"email": ";"})
    >>> table.key(1), table.raw["email"].entries_of(1)
    (('web', '2'), ['a@x.com', 'b@x.com'])
    """
    frames = sorted(inputs.frames, key=lambda frame: frame.name)
    record_ids = record_ids or {}
    _check_sources(frames, columns, "columns", required=True)
    _check_sources(frames, record_ids, "record_ids", required=False)
    ids: list[pa.LargeStringArray] = []
    parts: dict[str, list[tuple[pa.ChunkedArray, Rows]]] = {}
    start = 0
    for frame in frames:
        mapping = columns[frame.name]
        _check_columns(frame, mapping)
        keys = record_ids_of(frame, record_ids.get(frame.name))
        rank, order = rank_values(keys)
        ids.append(keys.take(arrow_array(order)))
        for name in frame.table.column_names:
            if name in mapping:
                parts.setdefault(mapping[name], []).append((frame.table.column(name), rank + np.int32(start)))
        start += len(rank)
    separators = separators or {}

    def column(field: str) -> Column:
        arrays, positions = zip(*parts.pop(field), strict=True)
        entries = encode(*arrays)
        entries = entries._replace(rows=np.concatenate(positions).take(entries.rows))
        if separators.get(field):
            entries = split_cells(entries, separators[field])
        return column_of(entries, start)

    fields = list(parts)
    made = in_order((partial(column, field) for field in fields), threads_for(start))
    raw = dict(zip(fields, made, strict=True))
    source = np.repeat(np.arange(len(frames), dtype=np.int32), [frame.table.num_rows for frame in frames])
    return RecordTable(
        sources=tuple(frame.name for frame in frames),
        source=source,
        record_id=pa.concat_arrays(ids),
        raw=raw,
        columns={},
        display={},
        time=np.full(start, NO_TIME, np.int64),
        rejects=inputs.rejects,
    )


def record_ids_of(frame: SourceFrame, declared: str | None = None) -> pa.LargeStringArray:
    """Return the ids of a source's records: of a declared column, else of the one found, else made of their content.

    Raises
    ------
    SpecError, InputError
        As `declared_ids`.

    Examples
    --------
    >>> record_ids_of(SourceFrame("web", pa.table({"id": pa.array(["7", "8"], pa.large_string())}), "frame")).to_pylist()
    ['7', '8']
    """
    table = frame.table
    if declared:
        return declared_ids(frame, declared)
    chosen = choose_record_id(table)
    if chosen:
        return table.column(chosen).combine_chunks()
    names = table.column_names
    columns = in_order((partial(encode, table.column(name)) for name in names), threads_for(len(table)))
    return content_ids(dict(zip(names, columns, strict=True)), len(table))


def _check_sources(frames: list[SourceFrame], declared: Iterable[str], what: str, *, required: bool) -> None:
    """Refuse declarations for sources that don't exist, and sources without a declaration where one is required."""
    names, declared = [frame.name for frame in frames], list(declared)
    for name in declared:
        if name not in names:
            raise SpecError(f"{what} names source {name!r}, but the sources are {', '.join(names)}{did_you_mean(name, names)}")
    for name in names if required else ():
        if name not in declared:
            raise SpecError(
                f"{what} says nothing of source {name!r}; map its columns to fields, or map none with an empty mapping"
            )


def _check_columns(frame: SourceFrame, mapping: Mapping[str, str]) -> None:
    """Refuse columns that don't exist."""
    names = frame.table.column_names
    for name in mapping:
        if name not in names:
            raise SpecError(
                f"column {name!r} is not in source {frame.name!r} ({frame.place}); "
                f"its columns are {', '.join(names)}{did_you_mean(name, names)}"
            )
