"""JSON as columns: an array of objects, an object of arrays, or one object a line."""

import json
from typing import Any

import pyarrow as pa

from omniid.errors import InputError
from omniid.frames.naming import name_columns
from omniid.frames.values import Notes, objects_to_text

__all__ = ["read_json", "read_json_lines", "rows_to_table"]


def read_json(data: bytes, place: str, notes: Notes) -> pa.Table:
    """Read an array of objects, or an object of arrays (or, as pandas writes it, of objects with one key per row).

    A file of one object a line is read too, whatever its name says.

    Raises
    ------
    InputError
        If it is not JSON (with the line), or JSON of another shape.

    Examples
    --------
    >>> read_json(b'{"id": [1, 2], "mail": ["a@x.com", null]}', "web.json", []).to_pylist()
    [{'id': '1', 'mail': 'a@x.com'}, {'id': '2', 'mail': None}]
    """
    try:
        content = json.loads(data)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and data.lstrip()[:1] == b"{":
            return read_json_lines(data, place, notes)
        raise InputError(
            f"{place} is not JSON: {error.msg} in line {error.lineno}, column {error.colno}; mend that line"
        ) from error
    except RecursionError as error:
        raise InputError(f"{place} is nested too deeply to be records; pass an array of flat objects") from error
    if isinstance(content, list):
        return rows_to_table(content, place, notes)
    if isinstance(content, dict) and content:
        cells = list(content.values())
        if all(isinstance(cell, dict) for cell in cells) and len({tuple(cell) for cell in cells}) == 1:
            content = {name: list(cell.values()) for name, cell in content.items()}
        return _columns_to_table(content, place, notes)
    raise InputError(f"{place} holds no records; write an array of objects, an object of arrays, or one object a line")


def read_json_lines(data: bytes, place: str, notes: Notes) -> pa.Table:
    r"""Read one JSON object a line; empty lines don't count.

    Raises
    ------
    InputError
        If a line is not a JSON object, with its number.

    Examples
    --------
    >>> read_json_lines(b'{"id": 1}\n{"id": 2, "tags": ["a"]}\n', "web.jsonl", []).to_pylist()
    [{'id': '1', 'tags': None}, {'id': '2', 'tags': ['a']}]
    """
    lines = [line for line in data.splitlines() if line.strip()]
    try:
        rows = json.loads(b"[" + b",".join(lines) + b"]")  # one call: half the time of a call per line
    except (json.JSONDecodeError, RecursionError):
        rows = []
    if len(rows) != len(lines):
        rows = [_line(line, number, place) for number, line in enumerate(data.splitlines(), start=1) if line.strip()]
    return rows_to_table(rows, place, notes)


def rows_to_table(rows: list[Any], place: str, notes: Notes) -> pa.Table:
    """Plain rows as text columns; keys may differ from row to row, and a key that a row lacks is missing there.

    Columns stand in the order that the rows agree on: by the foremost position that a key has in any row, then by name.

    Raises
    ------
    InputError
        If a row is not a mapping, or no row has a key.

    Examples
    --------
    >>> rows_to_table([{"id": 1}, {"id": 2, "mail": "a@x.com"}], "frame", []).column_names
    ['id', 'mail']
    """
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise InputError(
                f"row {number} of {place} is {_shown(row)}, not an object of column and value; pass one per record"
            )
    foremost: dict[Any, int] = {}
    for keys in {tuple(row) for row in rows}:
        for position, key in enumerate(keys):
            foremost[key] = min(position, foremost.get(key, position))
    if rows and not foremost:
        raise InputError(f"{place} has no columns; pass rows with at least one key")
    names = sorted(foremost, key=lambda key: (foremost[key], str(key)))
    return _columns_to_table({name: [row.get(name) for row in rows] for name in names}, place, notes)


def _columns_to_table(columns: dict[Any, Any], place: str, notes: Notes) -> pa.Table:
    """Columns of Python values as a table of text; a lone object is one record."""
    if not all(isinstance(cells, list) for cells in columns.values()):
        return rows_to_table([columns], place, notes)
    lengths = {name: len(cells) for name, cells in columns.items()}
    if len(set(lengths.values())) > 1:
        (short, few), (long, many) = min(lengths.items(), key=lambda x: x[1]), max(lengths.items(), key=lambda x: x[1])
        raise InputError(
            f"{place} has {few} values in {short!r} and {many} in {long!r}; give every column one value per record"
        )
    names = name_columns(list(columns), place) if columns else []
    return pa.table([objects_to_text(cells, name, notes) for name, cells in zip(names, columns.values(), strict=True)], names)


def _line(line: bytes, number: int, place: str) -> Any:
    try:
        return json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"line {number} of {place} is not JSON ({error}); mend or drop that line") from error


def _shown(value: object) -> str:
    text = repr(value)
    return f"{type(value).__name__} {text[:40]}{'…' if len(text) > 40 else ''}"
