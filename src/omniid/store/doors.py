"""The doors to a SQLite store: what a thread has open, and how a reading or a writing begins and ends."""

import os
import sqlite3
import threading
from types import TracebackType

from omniid.errors import StoreError
from omniid.store.base import Snapshot, Transaction
from omniid.store.connections import FileConnections, MemoryConnections
from omniid.store.failures import FAILURES, as_ours
from omniid.store.forking import keep_open_forever
from omniid.store.snapshots import SqliteSnapshot, SqliteTransaction
from omniid.store.statements import Statements

__all__ = ["Doors", "ReadingDoor", "WritingDoor"]


class Doors(threading.local):
    """What each thread has open of one store, and all that is needed to open more.

    Parameters
    ----------
    connections : FileConnections or MemoryConnections
        Where connections come from.
    texts : Statements
        The tables and their SQL.
    place : str
        The store's path, for messages.
    """

    def __init__(self, connections: FileConnections | MemoryConnections, texts: Statements, place: str, process: int) -> None:
        self.connections = connections
        self.texts = texts
        self.place = place
        self.process = process
        self.view: SqliteSnapshot | None = None

    def require_own_process(self) -> None:
        """Refuse to work in a fork of the process that opened the store: SQLite's locks are not inherited."""
        if os.getpid() != self.process:
            raise StoreError(
                f"{self.place}: the store was opened in process {self.process}, and this is a fork of it; open it here"
            )

    def require_nothing_open(self, what: str) -> None:
        """Refuse what would wait for this very thread."""
        self.require_own_process()
        if self.connections.closed:
            raise StoreError(f"{self.place}: the store has been closed; open it again")
        if self.view is not None:
            raise StoreError(
                f"{self.place}: this thread has the store open, and {what} would wait for it for ever; end that first"
            )

    def ours(self, error: Exception) -> Exception:
        """Return the omniid error for one of SQLite's."""
        return as_ours(error, self.place, waited=self.connections.waited)


class ReadingDoor:
    """The door to one snapshot, or back to the view that the thread has open already."""

    __slots__ = ("_connection", "_doors")

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Snapshot:
        doors = self._doors
        doors.require_own_process()
        if doors.view is not None:
            return doors.view
        try:
            connection = doors.connections.take()
        except FAILURES as error:
            raise doors.ours(error) from error
        doors.view = view = SqliteSnapshot(connection, doors.texts, doors.place, doors.connections.waited)
        self._connection = connection
        return view

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._connection is None:
            return
        doors, connection, self._connection = self._doors, self._connection, None
        view, doors.view = doors.view, None
        if view is not None:
            view.end()
        if os.getpid() != doors.process:
            keep_open_forever(connection)
        else:
            doors.connections.give(connection)


class WritingDoor:
    """The door to the one transaction, or to a part of the one that the thread has open already."""

    __slots__ = ("_doors", "_outer", "_view")

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def __enter__(self) -> Transaction:
        doors = self._doors
        doors.require_own_process()
        self._outer = doors.view
        if self._outer is None:
            try:
                connection = doors.connections.begin()
            except FAILURES as error:
                raise doors.ours(error) from error
            self._view = SqliteTransaction(connection, doors.texts, doors.place, doors.connections.waited)
        elif isinstance(self._outer, SqliteTransaction):
            self._view = self._outer.part()
        else:
            raise StoreError(
                f"{doors.place}: writing inside reading, and what was read there may be older than what is written; "
                "read inside writing instead"
            )
        doors.view = self._view
        return self._view

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        doors = self._doors
        doors.view = self._outer
        if os.getpid() != doors.process:
            keep_open_forever(self._view.connection)
            return
        try:
            self._view.close(keep=kind is None)
        finally:
            if self._outer is None:
                doors.connections.end()
