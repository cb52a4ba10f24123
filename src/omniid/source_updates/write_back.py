"""The write-back plan as its users see it: frames, files, and their own frames with the plan carried out."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from omniid.frames import plain_table, to_native, write_table
from omniid.ledgers import read_changes
from omniid.plain import text_table
from omniid.results import Parts
from omniid.source_updates.carrying_out import carry_out, take_back
from omniid.source_updates.lines import write_lines
from omniid.source_updates.planning import ACTIONS, plan_updates
from omniid.spec import Spec

__all__ = ["WriteBack", "make_write_back", "without_written"]


@dataclass(frozen=True, eq=False)
class WriteBack:
    """What each source should be told so that its records say what the golden profiles say; `print` it.

    Parameters
    ----------
    coded
        One row per changed cell, its text as codes: `updates` shows it.
    not_made
        What was refused, counted: `refused` shows it.
    record_ids
        Source → its column of record ids, where one is declared.
    backend
        The kind of frame that the records came as.

    Examples
    --------
    >>> import omniid
    >>> crm = [{"id": "7", "e-mail": "ann@x.com", "phone": None}]
    >>> data = {"crm": crm, "web": [{"id": "1", "e-mail": "ann@x.com", "phone": "+48501234567"}]}
    >>> found = omniid.resolve(data, omniid.Spec(sources={"crm": omniid.Source(fills=["phone"])}))
    >>> plan = found.write_back()
    >>> [(row["record_id"], row["column"], row["old"], row["new"], row["action"]) for row in plan.updates]
    [('7', 'phone', None, '+48501234567', 'fill')]
    >>> plan.apply(data)["crm"]
    [{'id': '7', 'e-mail': 'ann@x.com', 'phone': '+48501234567'}]
    """

    coded: pa.Table
    not_made: pa.Table
    record_ids: dict[str, str | None]
    backend: str

    def __len__(self) -> int:
        return int(self.coded.num_rows)

    @cached_property
    def updates(self) -> Any:
        """The changes, by record and column.

        source, record_id, entity_id, field, column (the source's own), old, new, action (fill, correct or compensate), reason
        (the rule that chose the value), from_source and from_record_id (where it comes from), idempotency_key.
        """
        return to_native(self.coded, self.backend)

    @cached_property
    def refused(self) -> Any:
        """What was not planned though the profile says something else: source, column, field, reason, cells, example."""
        return to_native(self.not_made, self.backend)

    @cached_property
    def summary(self) -> Any:
        """Counts per source and column: source, column, field, fill, correct, compensate, refused."""
        return to_native(_counts(self.coded, self.not_made), self.backend)

    def __str__(self) -> str:
        rows = _counts(self.coded, self.not_made).to_pylist()
        records = pa.table({name: self.coded.column(name).cast(pa.large_string()) for name in ("source", "record_id")})
        touched = records.group_by(["source", "record_id"]).aggregate([]).num_rows
        refused = pc.sum(self.not_made.column("cells")).as_py() or 0
        head = f"write back {len(self):,} fields of {touched:,} records; {refused:,} refused"
        if not rows:
            return head
        table = text_table(tuple(rows[0]), [tuple(f"{v:,}" if isinstance(v, int) else v for v in row.values()) for row in rows])
        why = [
            f"{one['source']}.{one['column']}: {one['cells']:,} refused, {one['reason']}" for one in self.not_made.to_pylist()
        ]
        return "\n".join([head, table, *why])

    def __repr__(self) -> str:
        return f"WriteBack({len(self):,} fields)"

    def save(self, folder: str | Path) -> None:
        """Write ``updates.parquet``, ``updates.jsonl`` and ``refused.parquet`` to a folder, which is made if it is not there.

        Raises
        ------
        InputError
            If the folder can't be written.
        """
        folder = Path(folder)
        write_table(self.coded, folder / "updates.parquet")
        write_table(self.not_made, folder / "refused.parquet")
        self.to_json_lines(folder / "updates.jsonl")

    def to_json_lines(self, path: str | Path) -> None:
        """Write one line per record with all of its changes, always the same bytes for the same plan.

        Raises
        ------
        InputError
            If the file can't be written.
        """
        write_lines(self.coded, Path(path))

    def apply(self, data: Any) -> Any:
        """Return the caller's frames with the plan carried out; a cell that holds something else than `old` stays as it is.

        Parameters
        ----------
        data
            What was resolved, as `omniid.resolve` takes it; it is not changed.

        Returns
        -------
        frame or dict
            The same kinds of frames (pandas for files), rows and columns in their order; a dict by source where one came, or
            several files.

        Raises
        ------
        InputError
            If it can't be read, or is a frame without a name where the plan is for named sources.
        """
        return carry_out(data, read_changes(self), self.record_ids)


def make_write_back(
    parts: Parts, backend: str, *, sources: Collection[str] | None, fields: Collection[str] | None, applied: Any
) -> WriteBack:
    """Plan what the sources should be told, see `Resolution.write_back`."""
    updates, refused = plan_updates(parts, read_changes(applied), sources, fields)
    ids = {name: source.record_id for name, source in parts.spec.sources.items()}
    return WriteBack(updates, refused, ids, backend)


def without_written(data: Any, written: Any, spec: Spec | None = None) -> Any:
    """Return frames in which each cell that holds what was written back holds again what its source had there.

    For records that do not go through ``resolve(written=…)``, such as those sent to a live store.

    Parameters
    ----------
    data
        Frames or files, as `omniid.resolve` takes them; they are not changed.
    written
        The plans that were carried out, or their ledger, the earliest first.
    spec
        Says which columns hold the record ids, where that is declared.

    Returns
    -------
    frame or dict
        As of `WriteBack.apply`. A cell that its source has changed since stays as it is.

    Raises
    ------
    InputError
        If data or ledger can't be read.

    Examples
    --------
    >>> change = {"source": "crm", "record_id": "7", "column": "mail", "old": None, "new": "a@x.com", "idempotency_key": "f00"}
    >>> without_written({"crm": [{"id": "7", "mail": "a@x.com"}, {"id": "8", "mail": "b@x.com"}]}, [change])
    {'crm': [{'id': '7', 'mail': None}, {'id': '8', 'mail': 'b@x.com'}]}
    """
    ids = {} if spec is None else {name: source.record_id for name, source in spec.sources.items()}
    return take_back(data, read_changes(written), ids)


def _counts(updates: pa.Table, refused: pa.Table) -> pa.Table:
    """Actions and refused cells per source and column."""
    names = ("source", "column", "field")
    counts: dict[tuple[str, ...], dict[str, int]] = {}
    plain = plain_table(updates.select([*names, "action"]))
    for row in plain.group_by([*names, "action"]).aggregate([([], "count_all")]).to_pylist():
        counts.setdefault(tuple(row[name] for name in names), {})[row["action"]] = row["count_all"]
    for row in refused.to_pylist():
        part = counts.setdefault(tuple(row[name] for name in names), {})
        part["refused"] = part.get("refused", 0) + row["cells"]
    keys = sorted(counts)
    columns = {name: pa.array([key[i] for key in keys], pa.large_string()) for i, name in enumerate(names)}
    return pa.table(
        {
            **columns,
            **{name: pa.array([counts[key].get(name, 0) for key in keys], pa.int64()) for name in (*ACTIONS, "refused")},
        }
    )
