"""Reading and writing rows through one SQLite connection inside an open transaction."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice

from omniid.errors import InputError, OmniidError, StoreError
from omniid.store.base import Row, Value
from omniid.store.failures import FAILURES, as_ours
from omniid.store.statements import LARGEST, Statements

__all__ = ["SqliteSnapshot", "SqliteTransaction"]


class SqliteSnapshot:
    """One consistent state of a SQLite store, from its first read until `end`.

    Parameters
    ----------
    connection : sqlite3.Connection
        A connection with an open transaction that nobody else reads through.
    texts : Statements
        The tables and their SQL.
    place : str
        The store's path, for messages.
    waited : callable
        Says who holds the store, for messages.
    """

    __slots__ = ("_over", "_place", "_texts", "_waited", "connection")

    def __init__(self, connection: sqlite3.Connection, texts: Statements, place: str, waited: Callable[[], str]) -> None:
        self.connection = connection
        self._texts = texts
        self._place = place
        self._waited = waited
        self._over = ""

    def end(self, why: str = "it has been closed") -> None:
        """Refuse whatever is asked from now on, because a later answer would come from another state."""
        self._over = self._over or why

    def rows(self, table: str, by: str, values: Iterable[Value]) -> list[Row]:
        """Return the whole rows whose column `by` is one of the values, ordered by that column, then by the primary key."""
        wanted = values if isinstance(values, (list, tuple)) else list(values)
        number = len(wanted)
        if number > LARGEST:
            return self._portions(table, by, wanted)
        if not number:
            self._texts.rows(table, by, 1)  # names the table or column that is not there
            return []
        text, missing = self._texts.rows(table, by, number)
        return self._ask(text, [*wanted, *[wanted[-1]] * missing] if missing else wanted)

    def _portions(self, table: str, by: str, wanted: Iterable[Value]) -> list[Row]:
        """Ask for many values, sorted as SQLite sorts them (text by code point is text by its UTF-8), a portion at a time."""
        try:
            ordered = sorted({value for value in wanted if value is not None})
        except TypeError as error:
            raise InputError(f"table {table!r}: {by!r} holds one kind of value, not several ({error}); ask for one") from error
        found: list[Row] = []
        for start in range(0, len(ordered), LARGEST):
            found += self.rows(table, by, ordered[start : start + LARGEST])
        return found

    def span(
        self, table: str, by: str, low: Value = None, high: Value = None, *, limit: int | None = None, descending: bool = False
    ) -> list[Row]:
        """Return the whole rows with low <= column `by` < high, ordered by that column, then by the primary key."""
        if limit is not None and limit < 0:
            raise InputError(f"limit is {limit}; give the most rows that are wanted, or None for all of them")
        text = self._texts.span(table, by, low=low is not None, high=high is not None, descending=descending)
        ends = [end for end in (low, high) if end is not None]
        return self._ask(text, [*ends, -1 if limit is None else limit])

    def count(self, table: str) -> int:
        """Return how many rows the table has."""
        return int(self._ask(self._texts.count(table), ())[0][0])

    def _ask(self, text: str, values: list[Value] | tuple[Value, ...]) -> list[Row]:
        if self._over:
            raise self._refusal()
        try:
            return self.connection.execute(text, values).fetchall()
        except FAILURES as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> OmniidError:
        ours = as_ours(error, self._place, waited=self._waited)
        self.end(f"it failed before: {ours}")
        return ours

    def _refusal(self) -> StoreError:
        return StoreError(f"{self._place}: this view of the store is over ({self._over}); open another one")


def _joined(rows: Iterator[Row], width: int, several: int, rest: list[Row]) -> Iterator[list[Value]]:
    """The values of several rows as those of one statement; rows that make none are left in `rest`."""
    while len(some := list(islice(rows, several))) == several and {*map(len, some)} == {width}:
        yield list(chain.from_iterable(some))
    rest += some
    if some and len(some) == several:  # one of them is no row of the table: as rows by themselves they are refused
        rest += rows


class SqliteTransaction(SqliteSnapshot):
    """The one open transaction of a SQLite store: a snapshot that can be changed and sees its own changes."""

    __slots__ = ("_depth", "_outer")

    def __init__(self, connection: sqlite3.Connection, texts: Statements, place: str, waited: Callable[[], str]) -> None:
        super().__init__(connection, texts, place, waited)
        self._depth = 0
        self._outer: SqliteTransaction | None = None

    def put(self, table: str, rows: Iterable[Row]) -> None:
        """Insert rows, each in the place of the row that has its primary key, if there is one."""
        width, several = self._texts.several(table)
        if isinstance(rows, (list, tuple)) and len(rows) < several:
            self._change(self._texts.put(table), rows)
            return
        coming, full = iter(rows), self._texts.put(table, several)
        self._change(full, _joined(coming, width, several, rest := list[Row]()))
        self._change(self._texts.put(table), rest)

    def remove(self, table: str, by: str, values: Iterable[Value]) -> None:
        """Remove the rows whose column `by` is one of the values."""
        self._change(self._texts.remove(table, by), [(value,) for value in values])

    def clear(self, table: str) -> None:
        """Remove all rows of a table."""
        self._change(self._texts.clear(table), ((),))

    def _change(self, text: str, rows: Iterable[Sequence[Value]]) -> None:
        if self._over:
            raise self._refusal()
        if isinstance(rows, (list, tuple)) and not rows:
            return
        try:
            self.connection.executemany(text, rows)
        except FAILURES as error:
            raise self._failed(error) from error
        except BaseException:  # the rows' own maker failed: what came before must not be kept without the rest
            self.end("the rows that were to be written could not be made")
            raise

    def part(self) -> "SqliteTransaction":
        """Begin a part of this transaction that can be undone alone."""
        if self._over:
            raise self._refusal()
        inner = SqliteTransaction(self.connection, self._texts, self._place, self._waited)
        inner._depth = self._depth + 1
        inner._outer = self
        try:
            self.connection.execute(f"SAVEPOINT part_{inner._depth}")
        except FAILURES as error:
            raise self._failed(error) from error
        return inner

    def close(self, *, keep: bool) -> None:
        """Keep all that was changed, or undo it; what failed on the way is never kept in part.

        Raises
        ------
        StoreError
            If it should be kept and something in it had failed, or the disk does not take it.
        """
        failure = self._over
        self.end()
        try:
            if keep and not failure:
                self.connection.execute(f"RELEASE part_{self._depth}" if self._outer else "COMMIT")
                return
            self._undo()
        except FAILURES as error:
            with suppress(*FAILURES):  # what cannot be undone here is undone when the connection is closed
                self._undo()
            raise as_ours(error, self._place, waited=self._waited) from error
        if keep:
            raise StoreError(f"{self._place}: nothing of this transaction is kept, because {failure}")

    def _undo(self) -> None:
        """Undo this transaction or part; where SQLite has undone all already (no room left), the outer one is over too."""
        if self.connection.in_transaction:
            if self._outer is None:
                self.connection.execute("ROLLBACK")
                return
            self.connection.execute(f"ROLLBACK TO part_{self._depth}")
            self.connection.execute(f"RELEASE part_{self._depth}")
        elif self._outer is not None:
            self._outer.end("SQLite undid all of it")
