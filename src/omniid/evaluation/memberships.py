"""Reading a crosswalk or a truth: which record belongs to which entity, as text."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.errors import InputError
from omniid.frames import read_inputs

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["ENTITY_COLUMNS", "RECORD_COLUMNS", "KnownLabels", "Memberships", "known_labels", "read_memberships", "true_labels"]

RECORD_COLUMNS = ("record_id", "unique_id", "rec_id", "id")
ENTITY_COLUMNS = ("entity_id", "cluster", "cluster_id", "true_id")


class Memberships(NamedTuple):
    """Records with their entity, all as large_string without nulls; `source` is None where the frame has none.

    `incomplete` counts rows that were left out, because their source, record or entity is missing.
    """

    name: str
    source: pa.LargeStringArray | None
    record_id: pa.LargeStringArray
    entity: pa.LargeStringArray
    incomplete: int


def read_memberships(frame: Any, name: str) -> Memberships:
    """Read records and their entities from any frame.

    Parameters
    ----------
    frame
        A pyarrow table, any frame that narwhals reads, a list of dicts or a file, with a record column (`record_id`,
        `unique_id`, `rec_id` or `id`), an entity column (`entity_id`, `cluster`, `cluster_id` or `true_id`; of several
        the first in this order counts) and perhaps `source`.
    name
        What to call the frame in messages.

    Returns
    -------
    Memberships
        The complete rows. Numbers become text: 7 and 7.0 are "7".

    Raises
    ------
    InputError
        If it is no frame, or a column is missing.

    Examples
    --------
    >>> members = read_memberships(pa.table({"id": [1, 2], "cluster": ["x", None]}), "truth")
    >>> members.record_id.to_pylist(), members.entity.to_pylist(), members.incomplete
    (['1'], ['x'], 1)
    """
    if isinstance(frame, list | str | Path) or any(getattr(getattr(frame, "index", None), "names", ())):
        frame = read_inputs({name: frame}).frames[0].table  # rows, a file, or a pandas frame whose named index is a column
    import narwhals as nw  # here, as whoever resolves gets this file too, and files and rows need no frame library

    try:
        table = nw.from_native(frame)
    except TypeError:
        message = f"{name} is a {type(frame).__name__}; pass a pandas, polars or pyarrow frame"
        raise InputError(message) from None
    if isinstance(table, nw.LazyFrame):
        table = table.collect()
    columns = {
        "record": _first_present(table.columns, RECORD_COLUMNS, name, "record"),
        "entity": _first_present(table.columns, ENTITY_COLUMNS, name, "entity"),
    }
    if "source" in table.columns:
        columns["source"] = "source"
    text = {role: _as_text(table[column]) for role, column in columns.items()}
    complete = np.logical_and.reduce([np.asarray(array.is_valid()) for array in text.values()])
    kept = {role: array.filter(pa.array(complete)) for role, array in text.items()}
    return Memberships(name, kept.get("source"), kept["record"], kept["entity"], int((~complete).sum()))


def _first_present(available: list[str], wanted: tuple[str, ...], name: str, role: str) -> str:
    """The first wanted column that the frame has."""
    for column in wanted:
        if column in available:
            return column
    raise InputError(
        f"{name} has no {role} column; name it {wanted[0]!r} (or {', '.join(wanted[1:])}). Available: {', '.join(available)}"
    )


def _as_text(series: "nw.Series[Any]") -> pa.LargeStringArray:
    """A column as text; null, NaN and "" are null."""
    try:
        array = series.to_arrow()
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # a column of mixed Python objects: text and numbers in one
        missing = series.is_null().to_list()
        values = [None if absent else value for value, absent in zip(series.to_list(), missing, strict=True)]
        array = pa.array([None if value is None else _plain(value) for value in values], pa.large_string())
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_floating(array.type):  # whole numbers with gaps arrive as floats: 7.0 is the id 7
        array = pc.if_else(pc.is_finite(array), array, None)
        if pc.all(pc.equal(array, pc.floor(array))).as_py():
            array = array.cast(pa.int64())
    array = array.cast(pa.large_string())
    return pc.if_else(pc.equal(array, ""), None, array)


def _plain(value: Any) -> str:
    """One Python value as text, whole floats as integers."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def true_labels(crosswalk: Any, truth: Any) -> npt.NDArray[np.int64]:
    """Number the true entities of a crosswalk's records, row by row, for measures that take labels.

    Parameters
    ----------
    crosswalk, truth
        As `evaluate` takes them.

    Returns
    -------
    numpy.ndarray
        int64 per row of the crosswalk; a record that the truth does not know is an entity of its own.

    Raises
    ------
    InputError
        If either can't be read.

    Examples
    --------
    >>> crosswalk = [{"record_id": "1", "entity_id": "x"}, {"record_id": "2", "entity_id": "y"}]
    >>> true_labels(crosswalk, [{"record_id": "2", "entity_id": "p"}]).tolist()
    [1, 0]
    """
    known = known_labels(crosswalk, truth).labels
    alone = int(known.max(initial=-1)) + np.cumsum(known < 0)
    return np.where(known >= 0, known, alone).astype(np.int64)


class KnownLabels(NamedTuple):
    """The number of the true entity per row of a crosswalk, -1 where the truth does not know it, and the ids of the numbers."""

    labels: npt.NDArray[np.int64]
    ids: pa.LargeStringArray


def known_labels(crosswalk: Any, truth: Any) -> KnownLabels:
    """Number the true entities of a crosswalk's records that the truth knows.

    Parameters
    ----------
    crosswalk, truth
        As `evaluate` takes them.

    Returns
    -------
    KnownLabels
        int64 per row of the crosswalk.

    Raises
    ------
    InputError
        If either can't be read.

    Examples
    --------
    >>> crosswalk = [{"record_id": "1", "entity_id": "x"}, {"record_id": "2", "entity_id": "y"}]
    >>> known_labels(crosswalk, [{"record_id": "2", "entity_id": "p"}]).labels.tolist()
    [-1, 0]
    """
    mine, theirs = read_memberships(crosswalk, "crosswalk"), read_memberships(truth, "truth")
    coded = theirs.entity.dictionary_encode()
    entity = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    if mine.source is None or theirs.source is None:
        found = pc.index_in(mine.record_id, value_set=theirs.record_id)
    else:
        separator = pa.scalar("\x1f", pa.large_string())
        keys = (pc.binary_join_element_wise(side.source, side.record_id, separator) for side in (mine, theirs))
        found = pc.index_in(next(keys), value_set=next(keys))
    at = found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return KnownLabels(np.append(entity, -1)[at], coded.dictionary)
