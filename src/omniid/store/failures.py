"""What SQLite says went wrong, as the error whose name is the caller's next move.

SQLite's primary result codes: https://www.sqlite.org/rescode.html
"""

import sqlite3
from collections.abc import Callable

from omniid.errors import InputError, OmniidError, StoreBusyError, StoreCorruptError, StoreError, StoreFullError

__all__ = ["FAILURES", "RECOVER", "as_ours"]

FAILURES = (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeError)
"""What a call of SQLite raises; UnicodeError comes of a text that cannot be stored, or of words about a damaged file."""

RECOVER = (
    "Stop writing to it. Close it, move the file and its -wal and -shm away together, put a backup in its place and sync the "
    "sources again. Without a backup: `sqlite3 OLD '.recover' | sqlite3 NEW` saves what can be read, and derived tables can be "
    "rebuilt"
)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_REFUSED = (sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_RANGE)
_NO_ROOM = (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_TRUNCATE, sqlite3.SQLITE_IOERR_SHMSIZE)
_TORN = (sqlite3.SQLITE_IOERR_SHORT_READ,)


def as_ours(error: Exception, place: str, *, waited: Callable[[], str] | None = None) -> OmniidError:
    """Return the omniid error that says what `error` means for the store at `place`.

    Parameters
    ----------
    error : Exception
        A `sqlite3.Error`, or what Python raises for a value that SQLite cannot take.
    place : str
        The store's path, for the message.
    waited : callable, optional
        Says who holds the store and for how long it was waited for.

    Examples
    --------
    >>> import sqlite3
    >>> error = sqlite3.OperationalError("database or disk is full")
    >>> error.sqlite_errorcode = sqlite3.SQLITE_FULL
    >>> as_ours(error, "people.omniid")
    StoreFullError('people.omniid: there is no room to write (database or disk is full). Nothing was written: make room, ...')
    """
    extended = getattr(error, "sqlite_errorcode", None)
    code = None if extended is None else extended & 0xFF
    if code in _BUSY:
        who = waited() if waited else "another thread or process holds the store"
        return StoreBusyError(f"{place}: {who}. Nothing was written: call again")
    if code == sqlite3.SQLITE_FULL or extended in _NO_ROOM:
        return StoreFullError(f"{place}: there is no room to write ({error}). Nothing was written: make room, then call again")
    if code in _DAMAGED or extended in _TORN:
        return StoreCorruptError(f"{place}: the store is damaged ({error}). {RECOVER}")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return InputError(
            f"{place}: the store cannot be written there ({error}); its file, the -wal and -shm beside it and their folder "
            "must be there, with the right to read and write"
        )
    if "closed database" in str(error):
        return StoreError(f"{place}: the store has been closed; open it again")
    if code is None and isinstance(error, (sqlite3.OperationalError, UnicodeDecodeError)):  # its words hold the value
        return StoreCorruptError(f"{place}: the store is damaged (a text in it is not UTF-8). {RECOVER}")
    if code in _REFUSED or code is None:
        return InputError(f"{place}: a value or row does not fit its table ({error}). Nothing of this transaction is kept")
    return StoreError(f"{place}: the store failed ({error}, code {extended}). Nothing was written: call again, then `check` it")
