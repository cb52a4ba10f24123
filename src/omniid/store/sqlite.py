"""A store in one SQLite file (or in memory): many readers, one writer, all or nothing."""

import math
import os
import weakref
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Literal, Self

from omniid.errors import SpecError
from omniid.store.base import Snapshot, TableShape, Transaction
from omniid.store.checking import damage
from omniid.store.connections import FileConnections, MemoryConnections, connect
from omniid.store.doors import Doors, ReadingDoor, WritingDoor
from omniid.store.failures import FAILURES, as_ours
from omniid.store.forking import watch
from omniid.store.migrations import Migration
from omniid.store.opening import Layout, furnish, prepare
from omniid.store.statements import Statements
from omniid.store.upkeep import copy_to, squeeze

__all__ = ["APPLICATION", "SqliteStore"]

APPLICATION = 0x6F6D6E69
"""The application id in the head of a store's file: "omni"."""

Synchronous = Literal["normal", "full"]


class SqliteStore:
    """Tables of plain rows in one SQLite file that survives killed processes; threads and processes may share it.

    Every thread may use one store object; each reader has its own snapshot, and writers wait for each other. A store that
    was opened before a `fork` must be opened again in the child.

    Parameters
    ----------
    path : str or Path
        The file, made if it is not there; ":memory:" keeps all in memory and forgets it at `close`.
    shapes : sequence of TableShape
        The tables.
    wait : float
        The most seconds to wait for another writer (in memory: for anybody), then `StoreBusyError`.
    synchronous : {"normal", "full"}
        "normal": what was committed survives a killed process; a power cut may take the last commits, never half of one.
        "full": it survives a power cut too, and each commit waits for the disk.
    migrations : sequence of Migration
        The steps from older versions.
    version : int
        The version of the shapes, at least 1.
    application : int
        Whose file it is; a file with another number is refused.
    backup_to : str, Path or None
        Where to put a copy of a store of an older version before it is migrated.

    Raises
    ------
    InputError
        If the path is no place for a store, or the file is not one, or newer, or cannot be written.
    StoreCorruptError
        If the file is a damaged store.
    StoreBusyError
        If others held the file for longer than `wait`.

    Examples
    --------
    >>> members = TableShape("members", columns={"row": "int", "entity": "int"}, primary=("row",), indexes=(("entity",),))
    >>> with SqliteStore(":memory:", [members]) as store:
    ...     with store.writing() as tables:
    ...         tables.put("members", [(1, 7), (2, 7), (3, 8)])
    ...     with store.reading() as tables:
    ...         tables.rows("members", "entity", [7])
    [(1, 7), (2, 7)]
    """

    def __init__(
        self,
        path: str | Path,
        shapes: Sequence[TableShape],
        *,
        wait: float = 5.0,
        synchronous: Synchronous = "normal",
        migrations: Sequence[Migration] = (),
        version: int = 1,
        application: int = APPLICATION,
        backup_to: str | Path | None = None,
    ) -> None:
        _check_options(wait, synchronous, shapes, version)
        layout = Layout(tuple(shapes), version, application, tuple(migrations))
        self._shapes = layout.shapes
        self._wait = wait
        self._synchronous = synchronous
        self._connections: FileConnections | MemoryConnections
        if str(path) == ":memory:":
            self.path: Path | None = None
            self._connections = MemoryConnections(wait)
            furnish(self._connections.writer(), layout)
        else:
            self.path = Path(os.path.realpath(path))
            prepare(self.path, layout, wait, backup_to=None if backup_to is None else Path(backup_to))
            self._connections = FileConnections(self.path, wait, synchronous)
        self._place = str(self.path or ":memory:")
        self._doors = Doors(self._connections, Statements(layout.shapes), self._place, os.getpid())
        self._finalizer = weakref.finalize(self, self._connections.close)
        watch(self._connections)

    def reading(self) -> AbstractContextManager[Snapshot]:
        """Open one snapshot; inside another one, or inside `writing`, of the same thread, that one goes on.

        Returns
        -------
        context manager of Snapshot
            One state of the whole store, from its first read to its end, whatever is written meanwhile.

        Raises
        ------
        StoreBusyError
            In memory: if others held the store for longer than `wait`.
        """
        return ReadingDoor(self._doors)

    def writing(self) -> AbstractContextManager[Transaction]:
        """Open the one transaction at a time: kept at its end, undone by any error.

        Inside another `writing` of the same thread it is a part of it that can be undone alone; inside a `reading` it is
        refused, because what was read there may be older than what is written.

        Returns
        -------
        context manager of Transaction
            Reads see what was put and removed so far.

        Raises
        ------
        StoreBusyError
            If another thread or process wrote for longer than `wait`.
        StoreFullError
            If there is no room; nothing was written.
        """
        return WritingDoor(self._doors)

    def backup(self, path: str | Path) -> None:
        """Copy one consistent state to a new file, whole or not at all, while readers and the writer go on.

        Parameters
        ----------
        path : str or Path
            The file to make; it must not be there. It is a store that can be opened.

        Raises
        ------
        InputError
            If the file is there already, or cannot be made.
        StoreFullError
            If there is no room for it.
        """
        self._doors.require_nothing_open("backup")
        if self.path is None:
            connection = self._connections.take()
            try:
                copy_to(connection, Path(path), self._place)
            finally:
                self._connections.give(connection)
            return
        with closing(connect(self.path, self._wait, self._synchronous)) as connection:
            copy_to(connection, Path(path), self._place)

    def check(self) -> list[str]:
        """Return what is wrong with the store, in words; an empty list is a clean store.

        It reads all of the file: pages, order, kinds of values, indexes against tables, and the tables against the shapes.

        Returns
        -------
        list of str
            One problem each, at most about 100.
        """
        self._doors.require_nothing_open("check")
        if self.path is None:
            connection = self._connections.take()
            try:
                return damage(connection, self._shapes, self.path)
            finally:
                self._connections.give(connection)
        try:
            with closing(connect(self.path, self._wait, self._synchronous)) as connection:
                return damage(connection, self._shapes, self.path)
        except FAILURES as error:
            return [f"the file cannot be opened: {error}"]

    def compact(self) -> None:
        """Give back unused room and leave no byte of removed values in the store's files.

        It needs as much free room on the disk as the store takes, and all who read to end for a moment.

        Raises
        ------
        StoreBusyError
            If somebody read or wrote for longer than `wait`; removed values can then still be in the files.
        StoreFullError
            If there is no room for the work; the store is as it was.
        """
        self._doors.require_nothing_open("compact")
        self._connections.hold()
        try:
            squeeze(self._connections.writer(), self._place, self._wait)
        except FAILURES as error:
            raise as_ours(error, self._place, waited=self._connections.waited) from error
        finally:
            self._connections.release()

    def close(self) -> None:
        """Close the store; readers that are still open end by themselves, and closing it twice is no error."""
        self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"SqliteStore({self._place!r}, {len(self._shapes)} tables)"


def _check_options(wait: float, synchronous: str, shapes: Sequence[TableShape], version: int) -> None:
    if synchronous not in ("normal", "full"):
        raise SpecError(f"synchronous is {synchronous!r}; choose 'normal' or 'full'")
    if not 0 <= wait < math.inf:
        raise SpecError(f"wait is {wait!r}; give the most seconds to wait for others, 0 or more")
    if version < 1:
        raise SpecError(f"version is {version!r}; versions of a store begin at 1")
    names = [shape.name for shape in shapes]
    if len(set(names)) < len(names):
        raise SpecError(f"two tables have one name: {', '.join(sorted(names))}; each needs its own")
