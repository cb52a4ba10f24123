"""Whatever the caller passes, as one table of text per source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.errors import CancelledError, InputError
from omniid.frames.files import read_file, source_stem
from omniid.frames.natives import read_frame
from omniid.frames.text import is_list
from omniid.frames.values import Notes
from omniid.tables import Progress, rejects_table
from omniid.tables.arrays import arrow_array, numpy_array
from omniid.threads import cores, in_order

__all__ = ["Inputs", "SourceFrame", "read_inputs"]

LONE_SOURCE = "records"
SOURCE_COLUMN = "source"


@dataclass(frozen=True, eq=False)
class SourceFrame:
    """The records of one source, as they came.

    Parameters
    ----------
    name
        The source.
    table
        Its columns as text: large_string, or large_list<large_string> where cells hold several values; null where missing.
    place
        Where it came from, for messages: a path, or "frame".

    Examples
    --------
    >>> SourceFrame("web", pa.table({"mail": ["a@x.com", None]}), "web.csv").table.num_rows
    2
    """

    name: str
    table: pa.Table
    place: str


@dataclass(frozen=True, eq=False)
class Inputs:
    """All that was read, before anything is made of it.

    Parameters
    ----------
    frames
        One per source, sorted by name.
    backend
        The kind of frame that results are handed back as: "pandas", "polars", "pyarrow", "rows" (a list of dicts), or "files",
        for which that is pandas.
    rejects
        Rows and values that could not be read as they are, with the reason.

    Examples
    --------
    >>> inputs = read_inputs([{"mail": "a@x.com"}])
    >>> inputs.backend, inputs.frames[0].name, inputs.rejects.num_rows
    ('rows', 'records', 0)
    """

    frames: tuple[SourceFrame, ...]
    backend: str
    rejects: pa.Table


def read_inputs(data: Any, *, progress: Progress | None = None, workers: int | None = 1) -> Inputs:
    """Read frames and files into one table of text per source.

    A mapping's keys are the sources. Otherwise a column `source` says it, row by row; else the source of a file is its stem
    (``web.csv.gz`` → web), and that of a lone frame is ``records``.

    Parameters
    ----------
    data
        One frame, one path, or a mapping of source to frame or path; a sequence of paths will do too. Frames: pandas, polars,
        pyarrow, anything narwhals reads, a list of dicts. Paths: CSV, TSV, Parquet, JSON, JSON lines, plain, gzip or zstd.
    progress
        Called as (stage, done, total) after each frame or file; returning False cancels.
    workers
        Threads that read files side by side; None: one per core.

    Returns
    -------
    Inputs
        Frames by source, the kind of frame to hand back, and rejects.

    Raises
    ------
    InputError
        If something cannot be read; the message names it, its place and the way out.
    CancelledError
        If `progress` returned False.

    Examples
    --------
    >>> inputs = read_inputs({"web": [{"id": 1, "mail": "a@x.com"}], "shop": [{"id": "1", "mail": " "}]})
    >>> [(frame.name, frame.table.to_pylist()) for frame in inputs.frames]
    [('shop', [{'id': '1', 'mail': None}]), ('web', [{'id': '1', 'mail': 'a@x.com'}])]
    """
    named = _named(data)
    frames: list[SourceFrame] = []
    rejects: list[tuple[str | None, str | None, str | None, str | None, str]] = []
    backends: list[str] = []
    files = all(isinstance(part, str | Path) for _, part in named)  # frames are read by the caller's thread
    at_once = (workers or cores()) if files and len(named) > 1 else 1
    read = in_order((partial(_read_one, name, part) for name, part in named), at_once)
    for done, (made, backend, notes) in enumerate(read, start=1):
        frames += made
        lone = made[0].name if len(made) == 1 else None
        rejects += [(lone, None, column, value, reason) for column, value, reason in notes]
        backends.append(backend)
        if progress is not None and progress("read", done, len(named)) is False:
            raise CancelledError(f"reading was cancelled after {done} of {len(named)} inputs")
    frames.sort(key=lambda frame: frame.name)
    for one, other in pairwise(frames):
        if one.name == other.name:
            raise InputError(
                f"source {one.name!r} comes twice, from {one.place} and from {other.place}; "
                f"name the sources yourself, for example {{'{one.name}': first, '{one.name}2': second}}"
            )
    kinds = sorted(set(backends) - {"files"})
    return Inputs(tuple(frames), (kinds[0] if len(kinds) == 1 else "pandas") if kinds else "files", rejects_table(rejects))


def _read_one(name: str | None, part: Any) -> tuple[list[SourceFrame], str, Notes]:
    """The sources of one frame or file, its kind, and what could not be read as it is."""
    is_path = isinstance(part, str | Path)
    place = str(part) if is_path else "frame"
    where = place if is_path else "the frame" if name is None else f"the frame of source {name!r}"
    notes: Notes = []
    if is_path:
        table, backend = read_file(Path(part).expanduser(), notes), "files"
    else:
        table, backend = read_frame(part, where, notes)
    if table.num_rows == 0:
        raise InputError(f"{where} has no rows; pass at least one record, or leave it out")
    stem = source_stem(Path(part)) if is_path else LONE_SOURCE
    return [SourceFrame(name, table, place)] if name is not None else _split(table, stem, place, where), backend, notes


def _named(data: Any) -> list[tuple[str | None, Any]]:
    """Pairs of source (None where the data must tell) and frame or path."""
    if isinstance(data, Mapping):
        if not data:
            raise InputError("the mapping of source to data is empty; pass at least one source")
        for name, part in data.items():
            if not isinstance(name, str) or not name.strip():
                raise InputError(f"source {name!r} has no name; use text that is not empty as the mapping's keys")
            _check_part(name, part)
        return list(data.items())
    if isinstance(data, Sequence) and not isinstance(data, str) and data and all(isinstance(part, str | Path) for part in data):
        return [(None, part) for part in data]
    if isinstance(data, Sequence) and not isinstance(data, str) and not data:
        raise InputError("the list of records is empty; pass at least one record")
    return [(None, data)]


def _check_part(name: str, part: Any) -> None:
    """Tell a mapping of columns, which has no sources, from a mapping of sources."""
    if isinstance(part, list | tuple) and (not part or not isinstance(part[0], Mapping)):
        shown = "an empty list" if not part else f"a list of {type(part[0]).__name__}"
        raise InputError(
            f"source {name!r} holds {shown}, not records; pass a mapping of source to frame, path or list of dicts "
            "(columns by name belong in a frame: pandas.DataFrame(columns))"
        )


def _split(table: pa.Table, stem: str, place: str, where: str) -> list[SourceFrame]:
    """One frame per value of the column `source`, if there is one."""
    if SOURCE_COLUMN not in table.column_names:
        return [SourceFrame(stem, table, place)]
    column = table.column(SOURCE_COLUMN).combine_chunks()
    if is_list(column.type):
        raise InputError(f"column {SOURCE_COLUMN!r} of {where} holds several sources in one cell; give each record one")
    if column.null_count:
        row = pc.index(column.is_null(), True).as_py() + 1
        raise InputError(f"row {row} of {where} names no source; fill the column {SOURCE_COLUMN!r} in every row, or rename it")
    rest = table.drop_columns([SOURCE_COLUMN])
    if not rest.column_names:
        raise InputError(f"{where} has no columns but {SOURCE_COLUMN!r}; pass data with at least one more")
    coded = column.dictionary_encode()
    names = coded.dictionary.to_pylist()
    codes = numpy_array(coded.indices)
    together = rest.take(arrow_array(np.argsort(codes, kind="stable")))  # rows of one source keep their order
    stops = np.cumsum(np.bincount(codes, minlength=len(names)))
    starts = np.append(0, stops[:-1])
    return [
        SourceFrame(name, together.slice(int(i), int(j - i)), place) for name, i, j in zip(names, starts, stops, strict=True)
    ]
