"""Changing the tables of a store that an earlier version wrote, in one transaction."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from omniid.errors import InputError
from omniid.store.base import Row, TableShape, Value
from omniid.store.statements import creation

__all__ = ["Migration", "SchemaEditor", "migrate"]


class SchemaEditor:
    """What a migration may do: make and drop tables, and run SQL on them; all of it stands or falls with the whole migration.

    Parameters
    ----------
    connection : sqlite3.Connection
        A connection inside a transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def create(self, shape: TableShape) -> None:
        """Make a table with its indexes."""
        for text in creation(shape):
            self._connection.execute(text)

    def drop(self, table: str) -> None:
        """Drop a table with its indexes and rows."""
        self._connection.execute(f'DROP TABLE "{table}"')

    def execute(self, text: str, values: Sequence[Value] = ()) -> list[Row]:
        """Run one SQL statement and return its rows."""
        if text.split(None, 1)[0].upper() in ("BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"):
            raise InputError(f"a migration runs in one transaction, so it cannot run {text!r}; leave that statement out")
        return self._connection.execute(text, values).fetchall()


@dataclass(frozen=True)
class Migration:
    """One step from the version before to `to_version`.

    Parameters
    ----------
    to_version : int
        The version that the store has afterwards.
    apply : callable
        Changes the tables through the `SchemaEditor` that it is given.

    Examples
    --------
    >>> Migration(2, lambda tables: tables.create(TableShape("notes", {"row": "int", "text": "text"}, ("row",)))).to_version
    2
    """

    to_version: int
    apply: Callable[[SchemaEditor], None]


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration], version: int, place: str) -> None:
    """Bring the store to `version` step by step, inside the transaction that is open on `connection`.

    Parameters
    ----------
    connection : sqlite3.Connection
        A connection inside a writing transaction.
    migrations : sequence of Migration
        At least one step to each version above the file's.
    version : int
        The version wanted.
    place : str
        The store's path, for messages.

    Raises
    ------
    InputError
        If a step is not there.
    """
    (at,) = connection.execute("PRAGMA user_version").fetchone()
    steps = {migration.to_version: migration for migration in migrations}
    for step in range(at + 1, version + 1):
        if step not in steps:
            raise InputError(
                f"{place}: the store is of version {at}, and this omniid has no way from {step - 1} to {step}; open it once "
                "with an older omniid that has it"
            )
        steps[step].apply(SchemaEditor(connection))
    connection.execute(f"PRAGMA user_version = {version:d}")
