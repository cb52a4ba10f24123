"""Copying a store while it runs, and leaving nothing of removed values in its files."""

import os
import sqlite3
import time
from pathlib import Path

from omniid.errors import InputError, StoreBusyError
from omniid.store.failures import FAILURES, as_ours
from omniid.store.waiting import seconds

__all__ = ["copy_to", "settle", "squeeze"]


def settle(folder: Path) -> None:
    """Have the system write down a folder's list of files, where it can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows has no such thing
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy_to(connection: sqlite3.Connection, target: Path, place: str) -> None:
    """Write one consistent state to a new file, whole or not at all; removed values are not in it.

    Parameters
    ----------
    connection : sqlite3.Connection
        A connection outside any transaction.
    target : Path
        The file to make; it must not be there.
    place : str
        The store's path, for messages.
    """
    if target.exists():
        raise InputError(f"{target} is there already; choose another name for the backup, or remove it first")
    if not target.parent.is_dir():
        raise InputError(f"{target}: the folder {target.parent} is not there; make it, or choose another path for the backup")
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)  # of a backup that was killed
    try:
        connection.execute("VACUUM INTO ?", (str(partial),))
        with partial.open("rb+") as written:
            os.fsync(written.fileno())
        partial.rename(target)
        settle(target.parent)
    except FAILURES as error:
        raise as_ours(error, f"{place} (backup to {target})") from error
    finally:
        partial.unlink(missing_ok=True)


def squeeze(connection: sqlite3.Connection, place: str, wait: float) -> None:
    """Rewrite the file without free pages and empty the -wal, so that removed values are in neither.

    Parameters
    ----------
    connection : sqlite3.Connection
        The writing connection, outside any transaction.
    place : str
        The store's path, for messages.
    wait : float
        The most seconds to wait for readers, for the message.
    """
    _empty_wal(connection, place, wait)  # first, so that a long reader is met before the work and not after it
    connection.execute("PRAGMA temp_store = FILE")  # the rewritten copy may be larger than memory
    try:
        connection.execute("VACUUM")
    finally:
        connection.execute("PRAGMA temp_store = MEMORY")
    _empty_wal(connection, place, wait)


def _empty_wal(connection: sqlite3.Connection, place: str, wait: float) -> None:
    until = time.monotonic() + wait
    (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    while is_busy and time.monotonic() < until:  # for readers SQLite waits itself, for another checkpoint it does not
        time.sleep(0.005)
        (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise StoreBusyError(
            f"{place}: somebody still reads or writes the store after {seconds(wait)}, so removed values can still be in it; "
            "call again when they are done"
        )
