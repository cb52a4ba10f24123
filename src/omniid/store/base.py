"""What every store can do: the protocols, and the shape of a table as data.

A store knows plain tables of plain rows and nothing of records, people or stages. Four verbs read and write (`rows`, `span`,
`put`, `remove`), two doors open a consistent view (`reading`, `writing`), and the rest keeps the file in order.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from omniid.errors import SpecError

__all__ = ["Row", "Snapshot", "Store", "TableShape", "Transaction", "Value"]

Value = int | float | str | bytes | None
Row = tuple[Any, ...]  # of `Value`s, as the shape says

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_KINDS = ("int", "real", "text", "bytes")


@dataclass(frozen=True)
class TableShape:
    """The shape of one table: its columns in order, its primary key, what can be looked up, what must be unique.

    A table whose primary key is one `int` column is kept in the order of that number; every other table is kept in the order
    of its primary key. A value may be None except in the primary key.

    Parameters
    ----------
    name : str
        The table's name: small letters, digits and underscores, as in column names.
    columns : mapping of str to {"int", "real", "text", "bytes"}
        Each column's kind of value. A row is a tuple in this order.
    primary : tuple of str
        The columns that together name one row. Its first column can be looked up.
    indexes : tuple of tuple of str
        Further look-ups. Of each, the first column can be looked up.
    unique : tuple of tuple of str
        Look-ups in which two rows with the same values, none of them None, are an error.

    Raises
    ------
    SpecError
        If a name, a kind or a column of a key is not one of those above.

    Examples
    --------
    >>> members = TableShape("members", columns={"row": "int", "entity": "int"}, primary=("row",), indexes=(("entity",),))
    >>> members.looked_up_by()
    ('row', 'entity')
    """

    name: str
    columns: Mapping[str, str]
    primary: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        for name in (self.name, *self.columns):
            if not _NAME.fullmatch(name):
                raise SpecError(
                    f"table {self.name!r}: the name {name!r} is not small letters, digits and underscores; rename it"
                )
        for column, kind in self.columns.items():
            if kind not in _KINDS:
                raise SpecError(f"table {self.name!r}: column {column!r} has kind {kind!r}; choose one of {', '.join(_KINDS)}")
        for key in (self.primary, *self.indexes, *self.unique):
            if not key or len(set(key)) < len(key) or not set(key) <= set(self.columns):
                raise SpecError(
                    f"table {self.name!r}: {key!r} is not some of its columns, each once; it has {', '.join(self.columns)}"
                )

    def looked_up_by(self) -> tuple[str, ...]:
        """Return the columns by which rows can be looked up, the primary key's first.

        Examples
        --------
        >>> TableShape("postings", columns={"key": "int", "row": "int"}, primary=("key", "row")).looked_up_by()
        ('key',)
        """
        return tuple(dict.fromkeys(key[0] for key in (self.primary, *self.indexes, *self.unique)))


class Snapshot(Protocol):
    """One consistent state of the store, never a mix of two; it stands from its first read until its door closes."""

    def rows(self, table: str, by: str, values: Iterable[Value]) -> list[Row]:
        """Return the whole rows whose column `by` is one of the values, ordered by that column, then by the primary key.

        Repeated values count once. None among the values finds nothing: missing never agrees.
        """
        ...

    def span(
        self, table: str, by: str, low: Value = None, high: Value = None, *, limit: int | None = None, descending: bool = False
    ) -> list[Row]:
        """Return the whole rows with low <= column `by` < high, ordered by that column, then by the primary key.

        None leaves an end open. Rows whose `by` is None stand in no span.
        """
        ...

    def count(self, table: str) -> int:
        """Return how many rows the table has."""
        ...


class Transaction(Snapshot, Protocol):
    """A snapshot that can be changed and sees its own changes; they are kept all or not at all."""

    def put(self, table: str, rows: Iterable[Row]) -> None:
        """Insert rows, each in the place of the row that has its primary key, if there is one."""
        ...

    def remove(self, table: str, by: str, values: Iterable[Value]) -> None:
        """Remove the rows whose column `by` is one of the values."""
        ...

    def clear(self, table: str) -> None:
        """Remove all rows of a table."""
        ...


class Store(Protocol):
    """Tables of plain rows that survive: many readers, one writer, all or nothing."""

    def reading(self) -> AbstractContextManager[Snapshot]:
        """Open one snapshot; inside another one of the same thread, that one goes on."""
        ...

    def writing(self) -> AbstractContextManager[Transaction]:
        """Open the one transaction at a time: kept at its end, undone by any error, `StoreBusyError` after the stated wait."""
        ...

    def backup(self, path: str | Path) -> None:
        """Copy one consistent state to a new file while readers and the writer go on."""
        ...

    def check(self) -> list[str]:
        """Return what is wrong with the store, in words; an empty list is a clean store."""
        ...

    def compact(self) -> None:
        """Give back unused room and leave no byte of removed values behind."""
        ...

    def close(self) -> None:
        """Close the store; closing it twice is no error."""
        ...
