"""The write-back ledger: what was written into the sources so far, read from plans, frames or files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pajson

from omniid.errors import InputError
from omniid.frames import plain_table, read_inputs
from omniid.tables.arrays import arrow_array, numpy_array, text_array

__all__ = ["CHANGE", "no_changes", "read_changes"]

TEXT = pa.large_string()
CHANGE = ("source", "record_id", "column", "old", "new", "idempotency_key")
CHANGES = pa.struct([(name, TEXT) for name in CHANGE[2:]])
LINE = pa.schema([("source", TEXT), ("record_id", TEXT), ("changes", pa.list_(CHANGES))])


def no_changes() -> pa.Table:
    """An empty ledger.

    Examples
    --------
    >>> no_changes().column_names
    ['source', 'record_id', 'column', 'old', 'new', 'idempotency_key']
    """
    return pa.table([text_array([])] * len(CHANGE), CHANGE)


def read_changes(written: Any) -> pa.Table:
    """Read what was written: the changes in the order in which they were made, each once.

    Parameters
    ----------
    written
        A `WriteBack` that was carried out, what its `save` or `to_json_lines` wrote, a frame of its `updates`, or a list of
        such, the earliest first.

    Returns
    -------
    pyarrow.Table
        source, record_id, column, old, new, idempotency_key, as plain text.

    Raises
    ------
    InputError
        If it can't be read, or a column is missing.

    Examples
    --------
    >>> change = {"source": "crm", "record_id": "7", "column": "mail", "old": None, "new": "a@x.com", "idempotency_key": "f00"}
    >>> read_changes([[change], [change]]).num_rows
    1
    """
    if written is None:
        return no_changes()
    several = isinstance(written, Sequence) and not isinstance(written, str) and not _are_rows(written)
    parts = [_read(one) for one in (written if several else [written])]
    table = pa.concat_tables([no_changes(), *parts]).combine_chunks()
    keys = table.column("idempotency_key").combine_chunks()
    if keys.null_count:
        raise InputError("a change in the write-back ledger has no idempotency_key; pass the updates of a plan as they are")
    first = np.unique(numpy_array(keys.dictionary_encode().indices), return_index=True)[1]
    return table if len(first) == len(table) else table.take(arrow_array(np.sort(first)))


def _are_rows(written: Sequence[Any]) -> bool:
    return bool(written) and all(isinstance(row, dict) for row in written)


def _read(one: Any) -> pa.Table:
    coded = getattr(one, "coded", None)
    if isinstance(coded, pa.Table):  # a WriteBack: the door to it lies above this layer
        return _checked(coded, "the plan")
    if isinstance(one, str | Path):
        path = Path(one).expanduser()
        path = path / "updates.parquet" if path.is_dir() else path
        if not path.exists():
            raise InputError(f"the write-back ledger {path} is not there; write it with plan.save(), or leave it out")
        if path.suffix == ".jsonl":
            return _json_lines(path)
        return _checked(read_inputs({"ledger": path}).frames[0].table, str(path))
    if isinstance(one, Sequence) and not one:
        return no_changes()
    if getattr(one, "shape", None) is not None and not one.shape[0]:
        return no_changes()
    return _checked(read_inputs({"ledger": one}).frames[0].table, "the frame of the write-back ledger")


def _checked(table: pa.Table, place: str) -> pa.Table:
    missing = [name for name in CHANGE if name not in table.column_names and name not in ("old", "new")]
    if missing:
        raise InputError(f"{place} is no write-back ledger: column {missing[0]!r} is missing; it needs {', '.join(CHANGE)}")
    absent = pa.chunked_array([pa.nulls(table.num_rows, TEXT)])
    chosen = {name: table.column(name) if name in table.column_names else absent for name in CHANGE}
    plain = plain_table(pa.table(chosen))
    return pa.table([column.cast(TEXT) for column in plain.columns], plain.column_names)


def _json_lines(path: Path) -> pa.Table:
    """Lines of one record each, with its changes."""
    if not path.stat().st_size:
        return no_changes()
    try:
        options = pajson.ParseOptions(explicit_schema=LINE, unexpected_field_behavior="ignore")
        lines = pajson.read_json(path, pajson.ReadOptions(block_size=1 << 26), options).combine_chunks()
        changes = lines.column("changes").combine_chunks()
    except (pa.ArrowInvalid, KeyError) as error:
        raise InputError(
            f"{path} is no write-back ledger: {error}; pass what plan.save() or plan.to_json_lines() wrote"
        ) from error
    record = numpy_array(pc.list_parent_indices(changes))
    flat = changes.flatten()
    keys = {name: lines.column(name).combine_chunks().take(arrow_array(record)) for name in ("source", "record_id")}
    return pa.table({**keys, **{name: flat.field(name) for name in CHANGE[2:]}})
