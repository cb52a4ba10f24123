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
    ],
)
def test_each_code_has_its_error(code, kind, says):
    error = sqlite3.OperationalError("what SQLite says")
    error.sqlite_errorcode = code
    ours = as_ours(error, "people.omniid", waited=lambda: "thread 'ingest' holds it")
    assert type(ours) is kind
    assert str(ours).startswith("people.omniid: ")
    assert says in str(ours)


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (sqlite3.OperationalError("Could not decode to UTF-8 column 'name' with text 'Ann'"), StoreCorruptError, "not UTF-8"),
        (UnicodeDecodeError("utf-8", b"Ann\xff", 3, 4, "invalid start byte"), StoreCorruptError, "not UTF-8"),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"), InputError, "does not fit its table"),
        (sqlite3.ProgrammingError("Cannot operate on a closed database."), StoreError, "has been closed; open it again"),
        (sqlite3.InterfaceError("type 'object' is not supported"), InputError, "does not fit its table"),
        (OverflowError("Python int too large"), InputError, "does not fit its table"),
    ],
)
def test_what_python_says_has_its_error_and_tells_no_value(error, kind, says):
    ours = as_ours(error, "people.omniid")
    assert type(ours) is kind
    assert says in str(ours)
    assert "Ann" not in str(ours)
