"""Files as tables of text: delimited text, Parquet, JSON and JSON lines, each plain, gzip or zstd."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from omniid.errors import InputError
from omniid.frames.delimited import read_delimited
from omniid.frames.encoding import file_bytes, utf8_bytes
from omniid.frames.json_text import read_json, read_json_lines
from omniid.frames.naming import name_columns
from omniid.frames.text import column_text
from omniid.frames.values import Notes

__all__ = ["read_file", "source_stem"]

COMPRESSIONS = (".gz", ".gzip", ".zst", ".zstd")
FORMATS = {".parquet": "parquet", ".pq": "parquet", ".json": "json", ".jsonl": "lines", ".ndjson": "lines"}
DELIMITED = (".csv", ".tsv", ".tab", ".psv", ".txt")
PARQUET_MAGIC = b"PAR1"
ZIP_MAGIC = b"PK\x03\x04"
PANDAS_INDEX = re.compile(r"__index_level_\d+__")  # how pandas writes an index without a name; it counts rows, it is no column


def read_file(path: Path, notes: Notes) -> pa.Table:
    """Read a file as text columns, by its ending, or by its first bytes where the ending says nothing.

    Parameters
    ----------
    path
        The file.
    notes
        Takes one line per row or value that could not be read as it is.

    Returns
    -------
    pyarrow.Table
        large_string or large_list<large_string> columns.

    Raises
    ------
    InputError
        If the file is missing, empty, not what its ending says, or not UTF-8.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "web.jsonl")
    ...     _ = path.write_text('{"id": 1, "mail": "a@x.com"}')
    ...     print(read_file(path, []).to_pylist())
    [{'id': '1', 'mail': 'a@x.com'}]
    """
    place = str(path)
    data = file_bytes(path)
    kind = _format(path, data)
    if kind == "parquet":
        return _read_parquet(data, place)
    if data.startswith(ZIP_MAGIC):
        raise InputError(
            f"{place} is a ZIP archive or a spreadsheet; save the sheet as CSV, or pass pandas.read_excel(path, dtype=str)"
        )
    text = utf8_bytes(data, place)
    if text.isspace() or not text:
        raise InputError(f"{place} is empty (white space only); pass a file with at least one record")
    if kind == "lines":
        return read_json_lines(text, place, notes)
    if kind == "json":
        return read_json(text, place, notes)
    return read_delimited(text, place, notes)


def source_stem(path: Path) -> str:
    """The source that a file's name stands for.

    Examples
    --------
    >>> source_stem(Path("exports/web.csv.gz")), source_stem(Path("shop.2026.parquet"))
    ('web', 'shop.2026')
    """
    if path.suffix.lower() in COMPRESSIONS:
        path = path.with_suffix("")
    known = path.suffix.lower() in FORMATS or path.suffix.lower() in DELIMITED
    return path.stem if known else path.name


def _format(path: Path, data: bytes) -> str:
    """parquet, json, lines or delimited."""
    ending = (path.with_suffix("") if path.suffix.lower() in COMPRESSIONS else path).suffix.lower()
    if ending in FORMATS:
        return FORMATS[ending]
    if data.startswith(PARQUET_MAGIC):
        return "parquet"
    if ending not in DELIMITED and data.lstrip()[:1] in (b"[", b"{"):
        return "json"
    return "delimited"


def _read_parquet(data: bytes, place: str) -> pa.Table:
    try:
        table = pq.ParquetFile(pa.BufferReader(data)).read()
        kept = [name for name in table.column_names if not PANDAS_INDEX.fullmatch(name)]
        names = name_columns(kept, place)
        return pa.table([column_text(table.column(name)) for name in kept], names)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{place} is not Parquet that can be read ({reason}); write it anew, or correct its ending") from error
