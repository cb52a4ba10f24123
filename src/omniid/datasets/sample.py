"""A sample: one raw table per channel, and the truth; how it is written to files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from omniid.errors import InputError

__all__ = ["Sample", "write"]


@dataclass(frozen=True)
class Sample:
    """Raw channel tables as a business would export them, and who each record really is.

    Parameters
    ----------
    channels
        Channel name → table of strings; the record id is the column `id` or `record_id`.
    truth
        One row per record: source (the channel), record_id, entity_id (the person).
    people
        One row per person, where the sample was generated: entity_id, household_id (who shares a home now), family_id (who
        does or did), role (head, partner, child, flatmate), gender (m, f), birth_date. It is not written to files.
    events
        What some of the people did, where the sample has such a table: one row per event, for ``resolve(..., events=)``.

    Examples
    --------
    >>> from omniid.datasets import generate
    >>> sample = generate(200, seed=7)
    >>> sample.n_records, sample.truth.column_names
    (200, ['source', 'record_id', 'entity_id'])
    """

    channels: Mapping[str, pa.Table]
    truth: pa.Table
    people: pa.Table | None = None
    events: pa.Table | None = None

    @property
    def n_records(self) -> int:
        """Number of records over all channels."""
        return sum(table.num_rows for table in self.channels.values())

    @property
    def n_entities(self) -> int:
        """Number of people with at least one record."""
        return len(self.truth["entity_id"].unique())

    def __str__(self) -> str:
        lines = [f"{self.n_records:,} records of {self.n_entities:,} people in {len(self.channels)} channels"]
        for name, table in self.channels.items():
            lines.append(f"  {name:<12}{table.num_rows:>9,}  {', '.join(table.column_names)}")
        return "\n".join(lines)


def write(sample: Sample, folder: str | Path, *, format: str = "csv") -> dict[str, Path]:  # noqa: A002 - the word callers expect
    """Write one file per channel and one for the truth, and say where they are.

    Parameters
    ----------
    sample
        What to write.
    folder
        Is made where it is missing; files of the same names are replaced.
    format
        "csv" or "parquet".

    Returns
    -------
    dict
        Channel name → path, in channel order. The truth lies beside them as `truth.csv` or `truth.parquet`, and so does
        `events.csv` where there is one; they are not in the mapping, so that the mapping can be resolved as it is.

    Raises
    ------
    InputError
        Where the format is unknown.

    Examples
    --------
    >>> import tempfile
    >>> from omniid.datasets import generate
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     paths = write(generate(100), folder)
    ...     sorted(path.name for path in Path(folder).iterdir())[:3]
    ['app.csv', 'call_centre.csv', 'loyalty.csv']
    """
    writers = {"csv": pyarrow.csv.write_csv, "parquet": pyarrow.parquet.write_table}
    if format not in writers:
        raise InputError(f"format {format!r} is unknown; write 'csv' or 'parquet'")
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    paths = {name: target / f"{name}.{format}" for name in sample.channels}
    for name, table in sample.channels.items():
        writers[format](table, paths[name])
    writers[format](sample.truth, target / f"truth.{format}")
    if sample.events is not None:
        writers[format](sample.events, target / f"events.{format}")
    return paths
