"""What SQLite says becomes the error whose name is the caller's next move."""

import sqlite3

import pytest

from omniid.errors import InputError, StoreBusyError, StoreCorruptError, StoreError, StoreFullError
from omniid.store.failures import as_ours


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        (sqlite3.SQLITE_BUSY, StoreBusyError, "thread 'ingest' holds it. Nothing was written: call again"),
        (sqlite3.SQLITE_BUSY_RECOVERY, StoreBusyError, "thread 'ingest' holds it"),
        (sqlite3.SQLITE_LOCKED, StoreBusyError, "thread 'ingest' holds it"),
        (sqlite3.SQLITE_FULL, StoreFullError, "no room to write"),
        (sqlite3.SQLITE_IOERR_WRITE, StoreFullError, "make room"),
        (sqlite3.SQLITE_CORRUPT, StoreCorruptError, "put a backup in its place"),
        (sqlite3.SQLITE_CORRUPT_INDEX, StoreCorruptError, "damaged"),
        (sqlite3.SQLITE_NOTADB, StoreCorruptError, "damaged"),
        (sqlite3.SQLITE_IOERR_SHORT_READ, StoreCorruptError, "damaged"),
        (sqlite3.SQLITE_READONLY, InputError, "right to read and write"),
        (sqlite3.SQLITE_CANTOPEN, InputError, "must be there"),
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, InputError, "does not fit its table"),
        (sqlite3.SQLITE_MISMATCH, InputError, "does not fit its table"),
        (sqlite3.SQLITE_IOERR_READ, StoreError, "code 266"),
        (None, InputError, "does not fit its table"),
    ],
)
def test_each_code_has_its_error(code, kind, says):
    error = sqlite3.OperationalError("what SQLite says")
    if code is not None:
        error.sqlite_errorcode = code
    ours = as_ours(error, "people.omniid", waited=lambda: "thread 'ingest' holds it")
    assert type(ours) is kind
    assert str(ours).startswith("people.omniid: ")
    assert says in str(ours)
