"""Checkpoints beside the writer: a thread moves the pages of the -wal into the file while others read and write.

SQLite leaves that to a commit that finds the -wal full: one upsert in some hundred took half a second for it. Here a commit
only begins the work. It needs no lock that a writer or reader waits for, and a killed process loses no more by it than before.
"""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress

from omniid.store.failures import FAILURES

__all__ = ["Checkpoints"]

_PAGES_A_ROW = 2.0  # written per changed row, until a checkpoint has told: an upsert changes some 30 rows on 45 to 70 pages
_LEAST, _MOST = 0.05, 10.0  # of what a checkpoint may tell


class Checkpoints:
    """Checkpoints of one file, one at a time, each in a thread of its own.

    Parameters
    ----------
    connect
        Makes a connection of the thread's own.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_over = False
        self._seen = 0  # rows that the writer had changed when the last one began
        self._a_row, self._held = _PAGES_A_ROW, 0
        self.connection: sqlite3.Connection | None = None

    def look(self, writer: sqlite3.Connection, pages: int) -> None:
        """Begin one if the writer, between two transactions, has written about so many pages since the last one began."""
        changed = writer.total_changes - self._seen
        if changed < 0:  # another connection
            changed = writer.total_changes
        if changed * self._a_row < max(pages, 1) or (self._thread is not None and self._thread.is_alive()):
            return
        with self._lock:
            if self._is_over:
                return
            self._seen = writer.total_changes
            thread = threading.Thread(target=self._work, args=(changed,), name="omniid checkpoint", daemon=True)
            with suppress(RuntimeError):  # no thread is to be had: a commit does it at last
                thread.start()
                self._thread = thread

    def rest(self) -> None:
        """Return once none is at work."""
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def finish(self) -> None:
        """Begin none any more, and return once none is at work."""
        with self._lock:
            self._is_over = True
        self.rest()

    def _work(self, changed: int) -> None:
        with suppress(*FAILURES), closing(self._connect()) as self.connection:
            (_, pages, _) = self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            new = pages - self._held if pages > self._held else pages  # fewer: the -wal was begun anew
            self._a_row, self._held = min(max(new / changed, _LEAST), _MOST), pages
        self.connection = None
