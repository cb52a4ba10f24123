"""What is wrong with a store's file, in words."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from omniid.store.base import TableShape
from omniid.store.failures import FAILURES
from omniid.store.statements import index_names

__all__ = ["cut_page", "damage", "schema_problems"]

_MOST = 100  # problems listed; a badly damaged file has millions
_TYPES = {"int": "INTEGER", "real": "REAL", "text": "TEXT", "bytes": "BLOB"}


def schema_problems(connection: sqlite3.Connection, shapes: Sequence[TableShape]) -> list[str]:
    """Return how the file's tables and indexes differ from the shapes; tables that no shape names are left alone."""
    problems = []
    for shape in shapes:
        columns = connection.execute("SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid", (shape.name,)).fetchall()
        if not columns:
            problems.append(f"table {shape.name} is missing")
            continue
        wanted = [(name, _TYPES[kind]) for name, kind in shape.columns.items()]
        if [(name, kind) for name, kind, _ in columns] != wanted:
            there = ", ".join(f"{name} {kind}" for name, kind, _ in columns)
            problems.append(
                f"table {shape.name} has the columns {there} instead of {', '.join(' '.join(pair) for pair in wanted)}"
            )
        primary = tuple(name for _, name in sorted((place, name) for name, _, place in columns if place))
        if primary != shape.primary:
            problems.append(
                f"table {shape.name} has the primary key {', '.join(primary)} instead of {', '.join(shape.primary)}"
            )
        for index, key in index_names(shape).items():
            found = connection.execute("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (index,)).fetchall()
            if tuple(name for (name,) in found) != key:
                problems.append(f"index {index} of table {shape.name} is missing or has other columns than {', '.join(key)}")
    return problems


def cut_page(connection: sqlite3.Connection, path: Path) -> list[str]:
    """Return that the file's last page is not whole, which SQLite itself takes for a page that ends in zeros.

    While a -wal holds pages, a power cut may have left it so, and the -wal mends it.
    """
    wal = Path(f"{path}-wal")
    if wal.exists() and wal.stat().st_size:
        return []
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    more = path.stat().st_size % size
    return [f"the file was cut: its last page has {more} bytes instead of {size}"] if more else []


def damage(connection: sqlite3.Connection, shapes: Sequence[TableShape], path: Path | None) -> list[str]:
    """Return what SQLite's integrity check finds (pages, order, types, indexes against tables) and what differs in shape."""
    try:
        found = connection.execute(f"PRAGMA integrity_check({_MOST})").fetchall()
        problems = [f"integrity: {line}" for (words,) in found if words != "ok" for line in words.splitlines()]
        return problems + schema_problems(connection, shapes) + ([] if path is None else cut_page(connection, path))
    except FAILURES as error:
        return [f"the file cannot be read to its end: {error}"]
