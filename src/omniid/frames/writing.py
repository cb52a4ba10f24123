"""Tables on their way out: as the caller's own kind of frame, or as a file."""

from base64 import b64encode
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from omniid.frames.text import column_text, is_list
from omniid.frames.whole_files import written_whole
from omniid.tables.arrays import text_scalar

__all__ = ["plain_table", "to_native", "write_table"]

ROWS = 1 << 17  # written at a time: what is decoded of 1M records then adds 0.2 GiB, and 0.4 at eight times as many
COMPACT = 8  # rows per value from which codes are written: with fewer, filling the dictionary costs more than it saves
LARGEST_DICTIONARY = (1 << 31) - 1  # bytes: however many values a dictionary has, it is written once and not looked up anew


def to_native(table: pa.Table, backend: str) -> Any:
    """Hand a table back as the kind of frame that the caller works with.

    Parameters
    ----------
    table
        Any Arrow table; dictionary columns become plain ones.
    backend
        "pandas", "polars", "pyarrow", "rows" (a list of dicts) or "files" (pandas), as `Inputs.backend` says.

    Returns
    -------
    pandas.DataFrame, polars.DataFrame, pyarrow.Table or list of dict
        Cells that hold several values are lists; a pandas frame has no index but row numbers.

    Raises
    ------
    ValueError
        If the backend is none of these.

    Examples
    --------
    >>> to_native(pa.table({"id": ["1"], "emails": [["a@x.com", "b@x.com"]]}), "rows")
    [{'id': '1', 'emails': ['a@x.com', 'b@x.com']}]
    """
    table = plain_table(table)
    if backend == "pyarrow":
        return table
    if backend == "rows":
        return table.to_pylist()
    if backend == "polars":
        import polars as pl  # only its users have it

        return pl.from_arrow(table)
    if backend in ("pandas", "files"):
        return _to_pandas(table)
    raise ValueError(f"backend {backend!r} is unknown; use pandas, polars, pyarrow, rows or files")


def write_table(table: pa.Table, path: str | Path, *, format: Literal["parquet", "csv"] = "parquet") -> None:  # noqa: A002  # the CLI's word
    """Write a table to a file, whole or not at all; the folder is made where it is missing.

    Parameters
    ----------
    table
        Any Arrow table.
    path
        The file; one that is there is replaced in one step, once the new one is complete.
    format
        "parquet", or "csv" (UTF-8, header, cells that hold several values joined by ";").

    Raises
    ------
    InputError
        If the folder cannot be made or the file not be written.
    ValueError
        If the format is neither.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_table(pa.table({"id": ["1"], "emails": [["a@x.com", "b@x.com"]]}), f"{folder}/out/web.csv", format="csv")
    ...     print(Path(folder, "out", "web.csv").read_text())
    "id","emails"
    "1","a@x.com;b@x.com"
    <BLANKLINE>
    """
    if format not in ("parquet", "csv"):
        raise ValueError(f"format {format!r} is unknown; use parquet or csv")
    with written_whole(path) as partial:
        if format == "parquet":
            _write_parquet(table, partial)
        else:
            arrow_csv.write_csv(_flat(plain_table(table)), partial, arrow_csv.WriteOptions(quoting_style="needed"))


def _write_parquet(table: pa.Table, path: Path) -> None:
    """Write slice by slice, so that little text is made at a time; a reader finds plain text, whatever was coded here.

    Few codes into one dictionary are written as they are. Other text is written without looking for repeats and without least
    and greatest, which would double the time.
    """
    table = _with_one_dictionary(table)
    kept = [name for name in table.column_names if _is_compact(table.column(name))]
    plain = pa.schema([field.with_type(_plain_type(field.type)) for field in table.schema], table.schema.metadata)
    written = pa.schema([table.schema.field(name) if name in kept else plain.field(name) for name in plain.names])
    looked_at = [*kept, *(field.name for field in table.schema if pa.types.is_integer(field.type))]
    with pq.ParquetWriter(
        path,
        written,
        compression="zstd",
        use_dictionary=looked_at,
        write_statistics=looked_at,
        dictionary_pagesize_limit=LARGEST_DICTIONARY,
        store_schema=False,
    ) as writer:
        writer.add_key_value_metadata({b"ARROW:schema": b64encode(plain.serialize().to_pybytes())})
        for start in range(0, max(table.num_rows, 1), ROWS):
            part = table.slice(start, ROWS)
            columns = [part.column(name) if name in kept else _plain_column(part.column(name)) for name in part.column_names]
            writer.write_table(pa.table(columns, written), ROWS)


def _with_one_dictionary(table: pa.Table) -> pa.Table:
    """Give columns whose chunks point into small dictionaries, each into its own, one dictionary for all of them."""
    for at, column in enumerate(table.columns):
        if column.num_chunks > 1 and all(_is_compact(pa.chunked_array([chunk])) for chunk in column.chunks if len(chunk)):
            table = table.set_column(at, table.field(at), column.unify_dictionaries())
    return table


def _is_compact(column: pa.ChunkedArray) -> bool:
    """Whether all codes point into one dictionary that is much smaller than the column."""
    is_coded = pa.types.is_dictionary(column.type) and pa.types.is_large_string(column.type.value_type)
    if not is_coded or not column.num_chunks:
        return False
    first = column.chunk(0).dictionary
    if first.null_count or len(first) * COMPACT > min(len(column), ROWS):
        return False
    return all(_is_same(chunk.dictionary, first) for chunk in column.chunks[1:])


def _is_same(one: pa.Array, other: pa.Array) -> bool:
    """Whether two arrays are views of the same memory."""
    places = [(a.offset, len(a), [b and b.address for b in a.buffers()]) for a in (one, other)]
    return places[0] == places[1]


def plain_table(table: pa.Table) -> pa.Table:
    """The same values without dictionaries.

    Examples
    --------
    >>> plain_table(pa.table({"city": pa.array(["Omsk", "Omsk"]).dictionary_encode()})).schema.field("city").type
    DataType(string)
    """
    return pa.table([_plain_column(column) for column in table.columns], table.column_names)


def _plain_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([_plain(chunk) for chunk in column.chunks], _plain_type(column.type))


def _plain(array: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        return array.dictionary.take(array.indices)
    if pa.types.is_large_list(array.type) and pa.types.is_dictionary(array.type.value_type):
        missing = array.is_null() if array.null_count else None
        return pa.LargeListArray.from_arrays(array.offsets, _plain(array.values), mask=missing)
    return array


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_large_list(kind) and pa.types.is_dictionary(kind.value_type):
        return pa.large_list(kind.value_type.value_type)
    return kind


def _flat(table: pa.Table) -> pa.Table:
    """Every column as text, several values joined by ";"."""
    columns = []
    for column in table.columns:
        text = column_text(column)
        columns.append(pc.binary_join(text, text_scalar(";")) if is_list(text.type) else text)
    return pa.table(columns, table.column_names)


def _to_pandas(table: pa.Table) -> Any:
    """A pandas frame with plain columns; list cells as lists, which pandas alone would make arrays."""
    import pandas as pd  # pandas is slow to import and not always wanted

    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if is_list(column.type):
            columns[name] = pd.Series(column.to_pylist(), dtype=object)
        else:
            columns[name] = column.to_pandas()
    return pd.DataFrame(columns)
