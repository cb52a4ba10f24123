"""What stands in the sources' own cells: which column feeds which field, and what was written into them by a plan."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from omniid.authority import Authority
from omniid.compilation import source_columns
from omniid.declarations import roles
from omniid.errors import SpecError
from omniid.frames import Inputs, SourceFrame
from omniid.frames.assembly import record_ids_of
from omniid.frames.cells import cell_texts, replace_cells
from omniid.frames.naming import did_you_mean
from omniid.frames.record_ids import ID_NAMES
from omniid.ledgers import CHANGE
from omniid.spec import Spec
from omniid.tables import RecordTable
from omniid.tables.arrays import arrow_array, distinct, numpy_array, text_array, text_scalar
from omniid.writeback import standing

__all__ = [
    "SourceCells",
    "cells_of",
    "cells_table",
    "check_authorities",
    "read_cells",
    "standing_changes",
    "without_written_cells",
]

Positions = npt.NDArray[np.int64]
TEXT = pa.large_string()
WRITTEN = pa.schema([*((name, TEXT) for name in (*CHANGE, "own")), ("stands", pa.bool_())])
COLUMNS = b"omniid.columns"


@dataclass(frozen=True, eq=False)
class SourceCells:
    """The sources' own columns, and the cells that hold what an earlier plan wrote.

    Parameters
    ----------
    columns
        Source → its own column → the field column that it feeds.
    named
        Sources whose records have an id of their own; the others are named by a hash of their content.
    written
        The write-back ledger, in its order, with what the source itself had in each cell, and whether the change stands there.
    """

    columns: Mapping[str, Mapping[str, str]]
    named: frozenset[str]
    written: pa.Table


def no_cells() -> pa.Table:
    """No cell that was written."""
    return pa.table([pa.nulls(0, part.type) for part in WRITTEN], WRITTEN)


def without_written_cells(inputs: Inputs, spec: Spec | None, changes: pa.Table) -> tuple[Inputs, pa.Table]:
    """Return inputs in which each cell that holds what was written into it holds what its source had there, and those cells.

    A cell that holds anything else was changed by its source since, and stays as it is.

    Parameters
    ----------
    inputs
        All that was read.
    spec
        The declaration, for its columns of record ids.
    changes
        The write-back ledger, as `read_changes` gives it.
    """
    frames, source = [], changes.column("source")
    rest = pc.invert(pc.is_in(source, value_set=text_array([frame.name for frame in inputs.frames])))
    parts = [_noted(changes.filter(rest))]
    for frame in inputs.frames:
        here = changes.filter(pc.equal(source, text_scalar(frame.name)))
        declared = spec.sources[frame.name].record_id if spec is not None and frame.name in spec.sources else None
        restored, noted = _restored(frame, here, record_ids_of(frame, declared)) if here.num_rows else (frame, no_cells())
        frames.append(restored)
        parts.append(noted)
    return replace(inputs, frames=tuple(frames)), pa.concat_tables(parts).combine_chunks()


def _restored(frame: SourceFrame, changes: pa.Table, ids: pa.LargeStringArray) -> tuple[SourceFrame, pa.Table]:
    rows, columns, last, first = standing_changes(frame.table, changes, ids)
    own = changes.column("old").take(arrow_array(first)).combine_chunks()
    table = frame.table
    for place in distinct(columns).tolist():
        at = np.flatnonzero(columns == place)
        made = replace_cells(table.column(place), rows[at], own.take(arrow_array(at)))
        table = table.set_column(place, table.column_names[place], made)
    return replace(frame, table=table), _noted(changes, last, own)


def _noted(changes: pa.Table, last: Positions | None = None, own: pa.LargeStringArray | None = None) -> pa.Table:
    """The changes, with what stood in the cells before those that stand."""
    place = np.full(changes.num_rows, -1, np.int64)
    if last is not None:
        place[last] = np.arange(len(last))
    before = pa.nulls(len(place), TEXT) if own is None else own.take(arrow_array(place, present=place >= 0))
    columns = [changes.column(name) for name in CHANGE]
    return pa.table([*columns, before, arrow_array(place >= 0)], WRITTEN.names)


def standing_changes(
    table: pa.Table, changes: pa.Table, ids: pa.LargeStringArray
) -> tuple[Positions, Positions, Positions, Positions]:
    """Find the cells of one source in which what was written still stands.

    Returns
    -------
    tuple of numpy.ndarray
        Per cell: row, position of the column, its last change that stands, and the change that began its chain.
    """
    changes = changes.combine_chunks()
    row = numpy_array(pc.index_in(changes.column("record_id").combine_chunks(), value_set=ids), null=-1).astype(np.int64)
    names = text_array(table.column_names)
    column = numpy_array(pc.index_in(changes.column("column").combine_chunks(), value_set=names), null=-1).astype(np.int64)
    known = np.flatnonzero((row >= 0) & (column >= 0))
    row, column = row[known], column[known]
    old, new = (changes.column(name).combine_chunks().take(arrow_array(known)) for name in ("old", "new"))
    now = pa.nulls(len(known), TEXT)
    for place in distinct(column).tolist():
        at = column == place
        texts, several = cell_texts(table.column(place), row[at])
        texts = pc.if_else(arrow_array(several), text_scalar("\x00"), texts)  # several values: nobody wrote them
        now = pc.replace_with_mask(now, arrow_array(at), texts)
    codes = numpy_array(pa.concat_arrays([old, new, now]).dictionary_encode().indices, null=-1).astype(np.int64)
    n = len(known)
    cell = np.unique(row * max(len(names), 1) + column, return_inverse=True)[1].reshape(-1)
    last, first = standing(cell, codes[:n], codes[n : 2 * n], codes[2 * n :])
    return row[last], column[last], known[last], known[first]


def cells_of(inputs: Inputs, spec: Spec, sent: RecordTable, written: pa.Table, sources: Collection[str]) -> SourceCells:
    """Note the own columns of sources, before the frames are let go; the sightings of events are nobody's cells."""
    check_authorities(spec, sent.sources)
    columns = {name: part for name, part in source_columns(spec, inputs).items() if name in sources}
    for frame in inputs.frames:  # in the order of the table: of several columns of one field, its first takes what is filled in
        if frame.name in columns:
            fed = columns[frame.name]
            columns[frame.name] = {column: fed[column] for column in frame.table.column_names if column in fed}
    named = set()
    for frame in inputs.frames:
        declared = frame.name in spec.sources and spec.sources[frame.name].record_id
        if declared or any(_names(frame, column, sent) for column in frame.table.column_names):
            named.add(frame.name)
    return SourceCells(columns, frozenset(named), written)


def _names(frame: SourceFrame, column: str, sent: RecordTable) -> bool:
    """Whether a column named like an id was taken as such: the id of its first row is that of a record."""
    if column.casefold() not in ID_NAMES:
        return False
    first = frame.table.column(column)[0].as_py()
    source = sent.sources.index(frame.name)
    if not isinstance(first, str):
        return False
    at = np.flatnonzero(numpy_array(pc.equal(sent.record_id, text_scalar(first))))
    return bool((sent.source[at] == source).any())


def cells_table(cells: SourceCells | None) -> pa.Table:
    """The written cells as a table to be saved, the columns in its metadata."""
    if cells is None:
        return no_cells()
    said = {"columns": {name: dict(part) for name, part in cells.columns.items()}, "named": sorted(cells.named)}
    return cells.written.replace_schema_metadata({COLUMNS: json.dumps(said).encode()})


def read_cells(folder: Path) -> SourceCells | None:
    """What a saved result knew of its sources' cells; None for one that was saved before there was write-back.

    Examples
    --------
    >>> read_cells(Path("nowhere")) is None
    True
    """
    path = folder / "source_cells.parquet"
    if not path.exists():
        return None
    table = pq.read_table(path)
    said = json.loads((table.schema.metadata or {}).get(COLUMNS, b"{}"))
    if not said:
        return None
    return SourceCells(said["columns"], frozenset(said["named"]), table.replace_schema_metadata(None).cast(WRITTEN))


def check_authorities(spec: Spec, sources: Collection[str]) -> None:
    """Refuse declarations of who may write what that name fields or sources which there are not.

    Raises
    ------
    SpecError
        With what there is.

    Examples
    --------
    >>> from omniid.fields import Email
    >>> check_authorities(Spec(fields=[Email("email")]), ["crm", "web"])
    """
    fields = {column for field in spec.fields for column in (*field.columns(), *roles(field).values())}
    for name, source in spec.sources.items():
        _check(name, source.authority, fields, sources)


def _check(source: str, authority: Authority, fields: Collection[str], sources: Collection[str]) -> None:
    declared = {*authority.accepts, *authority.fills, *authority.owns, *authority.shared, *authority.unverified}
    for name in sorted(declared - {"*"}):
        if name not in fields:
            there = ", ".join(sorted(fields))
            raise SpecError(
                f"source {source!r} declares who may write {name!r}, which is no field; the fields are {there}"
                f"{did_you_mean(name, sorted(fields))}"
            )
    for part in (authority.accepts, authority.fills):
        for field, named in part.items():
            for name in named or ():
                if name not in sources:
                    there = ", ".join(sorted(sources))
                    raise SpecError(
                        f"source {source!r} takes {field!r} from {name!r}, which is no source; the sources are {there}"
                        f"{did_you_mean(name, sorted(sources))}"
                    )
