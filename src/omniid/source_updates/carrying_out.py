"""A plan carried out on the caller's own frames, and taken back from them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.errors import InputError
from omniid.frames import SourceFrame, to_native
from omniid.frames.assembly import record_ids_of
from omniid.frames.cells import cell_texts
from omniid.frames.editing import edit_frame
from omniid.frames.files import read_file, source_stem
from omniid.frames.inputs import LONE_SOURCE, SOURCE_COLUMN
from omniid.frames.natives import read_frame
from omniid.source_cells import standing_changes
from omniid.tables.arrays import arrow_array, distinct, numpy_array, text_scalar

__all__ = ["carry_out", "take_back"]

Rows = npt.NDArray[np.int64]
SEPARATORS = " \t;|,"  # a lone value may stand between them


class Cells(NamedTuple):
    """New texts of some cells of one source: row, position of the column, text."""

    row: Rows
    column: Rows
    text: pa.LargeStringArray


Change = Callable[[pa.Table, pa.Table, pa.LargeStringArray], Cells]  # text table, changes of the source, record ids → cells


def carry_out(data: Any, changes: pa.Table, record_ids: Mapping[str, str | None]) -> Any:
    """Return the frames with `new` in every cell that holds `old`, see `WriteBack.apply`."""
    return _edited(data, changes, record_ids, _forward)


def take_back(data: Any, changes: pa.Table, record_ids: Mapping[str, str | None]) -> Any:
    """Return the frames with what the sources had where a written value stands, see `without_written`."""
    return _edited(data, changes, record_ids, _backward)


def _edited(data: Any, changes: pa.Table, record_ids: Mapping[str, str | None], change: Change) -> Any:
    if isinstance(data, Mapping):
        return {name: _of_part(part, name, changes, record_ids, change) for name, part in data.items()}
    if isinstance(data, Sequence) and not isinstance(data, str) and data and all(isinstance(part, str | Path) for part in data):
        return {source_stem(Path(part)): _of_part(part, None, changes, record_ids, change) for part in data}
    return _of_part(data, None, changes, record_ids, change)


def _of_part(part: Any, name: str | None, changes: pa.Table, record_ids: Mapping[str, str | None], change: Change) -> Any:
    """One frame or file: the rows of each of its sources, their cells, and the frame with these changed."""
    if isinstance(part, str | Path):
        path = Path(part).expanduser()
        table, place, native = read_file(path, []), str(path), None
        stem = source_stem(path)
    else:
        (table, _), place, native, stem = read_frame(part, "the frame", []), "frame", part, LONE_SOURCE
        if name is None and change is _forward and SOURCE_COLUMN not in table.column_names:
            _check_named(changes)
    if table.num_rows == 0:
        raise InputError(f"{place} has no rows; pass at least one record, or leave it out")
    edits: dict[int, list[tuple[Rows, pa.LargeStringArray]]] = {}
    for source, rows in _sources(table, name, stem):
        here = changes.filter(pc.equal(changes.column("source"), text_scalar(source)))
        if not here.num_rows:
            continue
        own = table if name is not None or SOURCE_COLUMN not in table.column_names else table.drop_columns([SOURCE_COLUMN])
        of_source = own.take(arrow_array(rows)) if len(rows) < table.num_rows else own
        ids = record_ids_of(SourceFrame(source, of_source, place), record_ids.get(source))
        cells = change(of_source, here, ids)
        for column in distinct(cells.column).tolist():
            at = np.flatnonzero(cells.column == column)
            where = table.column_names.index(of_source.column_names[column])
            edits.setdefault(where, []).append((rows[cells.row[at]], cells.text.take(arrow_array(at))))
    merged = {
        column: (np.concatenate([rows for rows, _ in found]), pa.concat_arrays([texts for _, texts in found]).to_pylist())
        for column, found in sorted(edits.items())
    }
    if native is not None:
        return edit_frame(native, merged)
    return to_native(edit_frame(table, merged), "files")


def _check_named(changes: pa.Table) -> None:
    """Refuse a frame without a name where the plan is for named sources: nothing would be written, and nobody told."""
    planned = sorted(set(changes.column("source").to_pylist()))
    if planned and LONE_SOURCE not in planned:
        raise InputError(
            f"the frame has no name, so that it is source {LONE_SOURCE!r}; the plan is for {', '.join(planned)}: "
            f"pass a dict such as {{{planned[0]!r}: frame}}"
        )


def _sources(table: pa.Table, name: str | None, stem: str) -> list[tuple[str, Rows]]:
    """Sources of a frame with their rows: a column `source` says it row by row, where no name is given."""
    if name is not None or SOURCE_COLUMN not in table.column_names:
        return [(name or stem, np.arange(table.num_rows))]
    coded = table.column(SOURCE_COLUMN).combine_chunks().dictionary_encode()
    codes = numpy_array(coded.indices, null=-1)
    return [(source, np.flatnonzero(codes == code)) for code, source in enumerate(coded.dictionary.to_pylist())]


def _forward(table: pa.Table, changes: pa.Table, ids: pa.LargeStringArray) -> Cells:
    """Cells that hold the old value take the new one; of several changes of a cell, the first that fits."""
    changes = changes.combine_chunks()
    row = numpy_array(pc.index_in(changes.column("record_id").combine_chunks(), value_set=ids), null=-1).astype(np.int64)
    names = pa.array(table.column_names, pa.large_string())
    column = numpy_array(pc.index_in(changes.column("column").combine_chunks(), value_set=names), null=-1).astype(np.int64)
    old, new = changes.column("old").combine_chunks(), changes.column("new").combine_chunks()
    fits = np.zeros(len(row), bool)
    for place in distinct(column[column >= 0]).tolist():
        at = np.flatnonzero((column == place) & (row >= 0))
        texts, several = cell_texts(table.column(place), row[at])
        bare, wanted = (
            pc.utf8_trim(pc.fill_null(one, text_scalar("")), SEPARATORS) for one in (texts, old.take(arrow_array(at)))
        )
        fits[at] = numpy_array(pc.equal(bare, wanted)) & ~several
    at = np.flatnonzero(fits)
    return Cells(row[at], column[at], new.take(arrow_array(at)))


def _backward(table: pa.Table, changes: pa.Table, ids: pa.LargeStringArray) -> Cells:
    rows, columns, _, first = standing_changes(table, changes, ids)
    return Cells(rows, columns, changes.combine_chunks().column("old").combine_chunks().take(arrow_array(first)))
