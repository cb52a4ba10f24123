"""SQLite connections as a store wants them: how each is set up, and who may use which one when."""

import sqlite3
import threading
import time
from collections import deque
from pathlib import Path

from omniid.errors import StoreBusyError, StoreError
from omniid.store.checkpoints import Checkpoints
from omniid.store.failures import FAILURES
from omniid.store.waiting import Holder, seconds, who_writes

__all__ = ["FileConnections", "MemoryConnections", "connect"]

# Measured on 6 tables of 1M rows (674 MB): 20 rows by key take 48-55 microseconds with 16 to 256 MiB of cache, 100 with 2 MiB;
# a memory map is no faster (50-80), and an error of the disk would kill the process instead of reaching the caller.
_CACHE_KIB = {"reading": 32 * 1024, "writing": 64 * 1024}
_IDLE = 16  # reading connections kept open for the next reader; each takes up to its cache
# Checkpoints beside the writer begin when about `_PART` of so many pages were written. A commit that finds all of them in the
# -wal moves them into the file itself, and pays for the distinct ones: 80 ms for 4000 in tables of 1M rows. That happens where
# somebody writes without a pause, so that the -wal is never found to be done with. A record of a service writes some 45 pages.
_PAGES_IN_WAL = (16_000, 32_000)
_SHARE_IN_WAL = 4  # of the file's pages, one in so many, within these ends
_PART = 8  # one in so many
_BETWEEN_LOOKS = 256  # transactions after which the file's size is looked at again


def connect(path: Path | None, wait: float, synchronous: str, use: str = "writing") -> sqlite3.Connection:
    """Return a connection set up for reading or writing; None is a database in memory."""
    name = ":memory:" if path is None else f"{path.as_uri()}?mode=rw"
    connection = sqlite3.connect(
        name, timeout=wait, isolation_level=None, check_same_thread=False, cached_statements=512, uri=path is not None
    )
    try:
        for pragma in (
            f"cache_size = -{_CACHE_KIB[use]}",
            "temp_store = MEMORY",  # nothing that is sorted or spilled is written anywhere else
            "cell_size_check = ON",  # damaged pages are noticed when they are read
            "trusted_schema = OFF",
            f"synchronous = {synchronous}",
            "fullfsync = ON",  # macOS: through the disk's own cache
            "checkpoint_fullfsync = ON",
            "secure_delete = ON",
            f"query_only = {'ON' if use == 'reading' else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


class FileConnections:
    """The connections to a store's file: one that writes, and as many as read at the same time.

    Readers take a connection and give it back, so a thread that ends leaves nothing behind; the one last given back is taken
    first, because its pages are in memory.

    Parameters
    ----------
    path : Path
        The store's file, there and recognised.
    wait : float
        The most seconds to wait for another writer.
    synchronous : str
        SQLite's setting of that name.
    """

    def __init__(self, path: Path, wait: float, synchronous: str) -> None:
        self._path = path
        self._wait = wait
        self._synchronous = synchronous
        self._idle: deque[sqlite3.Connection] = deque()
        self._writer: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        self._holder = Holder()
        self._begun = 0
        self._most_pages = _PAGES_IN_WAL[0]
        self._checkpoints = Checkpoints(lambda: connect(path, wait, synchronous))
        self.closed = False

    def take(self) -> sqlite3.Connection:
        """Return a connection for one reader, inside a transaction."""
        if self.closed:
            raise StoreError(f"{self._path}: the store has been closed; open it again")
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = connect(self._path, self._wait, self._synchronous, "reading")
        try:
            connection.execute("BEGIN")
        except BaseException:
            connection.close()
            raise
        return connection

    def give(self, connection: sqlite3.Connection) -> None:
        """Take a reader's connection back."""
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except FAILURES:
            connection.close()
            return
        if len(self._idle) < _IDLE:
            self._idle.append(connection)
        else:
            connection.close()
        if self.closed:
            self._drain()

    def begin(self) -> sqlite3.Connection:
        """Return the writing connection inside a transaction, once nobody else writes; end with `end`."""
        started = time.monotonic()
        self.hold()
        try:
            left = max(0.0, self._wait - (time.monotonic() - started))
            connection = self.writer()
            if self._begun % _BETWEEN_LOOKS == 0:
                (pages,) = connection.execute("PRAGMA page_count").fetchone()
                fewest, most = _PAGES_IN_WAL
                self._most_pages = min(max(pages // _SHARE_IN_WAL, fewest), most)
                connection.execute(f"PRAGMA wal_autocheckpoint = {self._most_pages}")
            self._begun += 1
            if self._wait - left > 0.001:
                connection.execute(f"PRAGMA busy_timeout = {int(left * 1000)}")
            try:
                connection.execute("BEGIN IMMEDIATE")
            finally:
                if self._wait - left > 0.001:
                    connection.execute(f"PRAGMA busy_timeout = {int(self._wait * 1000)}")
        except BaseException:
            self.release()
            raise
        return connection

    def end(self) -> None:
        """Let the next one write; the transaction is over."""
        if self._writer is not None and self._writer.in_transaction:  # the disk refused even to undo it; closing does
            self._writer.close()
            self._writer = None
        if self._writer is not None:
            self._checkpoints.look(self._writer, self._most_pages // _PART)
        self.release()

    def hold(self) -> None:
        """Keep other threads of this process from writing, or say who writes."""
        if not self._lock.acquire(timeout=self._wait):
            raise StoreBusyError(
                f"{self._path}: {self._holder.words()}, and {seconds(self._wait)} passed. Nothing was written: call again"
            )
        self._holder.begin()
        if self.closed:
            self.release()
            raise StoreError(f"{self._path}: the store has been closed; open it again")

    def release(self) -> None:
        """Let other threads of this process write."""
        self._holder.end()
        self._lock.release()
        if self.closed:
            self._close_writer()

    def writer(self) -> sqlite3.Connection:
        """Return the writing connection, for who holds the lock."""
        if self._writer is None:
            self._writer = connect(self._path, self._wait, self._synchronous)
        return self._writer

    def waited(self) -> str:
        """Say who else holds the store."""
        return f"{who_writes(self._path)}, and {seconds(self._wait)} passed"

    def close(self) -> None:
        """Close what is idle now, and the rest as it is given back."""
        self.closed = True
        self._checkpoints.finish()
        self._drain()
        self._close_writer()

    def _close_writer(self) -> None:
        if self._lock.acquire(blocking=False):  # else who holds it comes here when it is done
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            self._lock.release()

    def _drain(self) -> None:
        while self._idle:
            try:
                self._idle.pop().close()
            except IndexError:  # another thread drains too
                return

    def rest(self) -> None:
        """Return once no thread of the store's own uses a connection."""
        self._checkpoints.rest()

    def abandon(self) -> list[sqlite3.Connection]:
        """Return all connections without closing them, for a process that was forked and must not touch them."""
        kept = [*self._idle, *(one for one in (self._writer, self._checkpoints.connection) if one is not None)]
        self._idle.clear()
        self._writer = None
        self.closed = True
        self._lock = threading.Lock()
        return kept


class MemoryConnections:
    """The one connection to a store in memory; readers and the writer take turns, so nobody sees half a transaction.

    Parameters
    ----------
    wait : float
        The most seconds to wait for a turn.
    """

    def __init__(self, wait: float) -> None:
        self._wait = wait
        self._connection = connect(None, wait, "OFF")
        self._lock = threading.Lock()
        self._holder = Holder()
        self.closed = False

    def take(self) -> sqlite3.Connection:
        """Return the connection for one reader."""
        self.hold()
        return self._connection

    def give(self, connection: sqlite3.Connection) -> None:  # noqa: ARG002  # the same signature as for files
        """End a reader's turn."""
        self.release()

    def begin(self) -> sqlite3.Connection:
        """Return the connection inside a transaction; end with `end`."""
        self.hold()
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            self.release()
            raise
        return self._connection

    def end(self) -> None:
        """End the writer's turn."""
        self.release()

    def hold(self) -> None:
        """Take a turn, or say who has it."""
        if not self._lock.acquire(timeout=self._wait):
            raise StoreBusyError(f":memory:: {self._holder.words()}, and {seconds(self._wait)} passed; call again")
        self._holder.begin()
        if self.closed:
            self.release()
            raise StoreError(":memory:: the store has been closed; open another one")

    def release(self) -> None:
        """End the turn."""
        self._holder.end()
        self._lock.release()
        if self.closed:
            self.close()

    def writer(self) -> sqlite3.Connection:
        """Return the connection, for who has the turn."""
        return self._connection

    def waited(self) -> str:
        """Say who else holds the store."""
        return self._holder.words()

    def close(self) -> None:
        """Close the store and forget what was in it, now or when who has the turn is done."""
        self.closed = True
        if self._lock.acquire(blocking=False):
            self._connection.close()
            self._lock.release()

    def rest(self) -> None:
        """Return at once: no thread of the store's own uses the connection."""

    def abandon(self) -> list[sqlite3.Connection]:
        """Return the connection without closing it, for a process that was forked."""
        self.closed = True
        self._lock = threading.Lock()
        return [self._connection]
