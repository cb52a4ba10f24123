"""Finding, making, recognising and bringing up to date a store's file.

A new file is made beside its place and put there whole, so no killed process leaves a half-made store behind.
"""

import glob
import os
import secrets
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from omniid.errors import InputError, StoreCorruptError
from omniid.store.base import TableShape
from omniid.store.checking import cut_page, schema_problems
from omniid.store.connections import connect
from omniid.store.failures import FAILURES, RECOVER, as_ours
from omniid.store.migrations import Migration, migrate
from omniid.store.statements import creation
from omniid.store.upkeep import copy_to, settle
from omniid.store.waiting import has_ended, seconds, who_writes

__all__ = ["Layout", "furnish", "prepare"]

_OLDEST = (3, 37)  # the first SQLite with STRICT tables


@dataclass(frozen=True)
class Layout:
    """What a store's file has to be: its tables, the version of them, whose file it is, and the ways from older versions."""

    shapes: Sequence[TableShape]
    version: int
    application: int
    migrations: Sequence[Migration]


def furnish(connection: sqlite3.Connection, layout: Layout) -> None:
    """Make all tables in an empty database, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    for shape in layout.shapes:
        for text in creation(shape):
            connection.execute(text)
    connection.execute(f"PRAGMA application_id = {layout.application:d}")
    connection.execute(f"PRAGMA user_version = {layout.version:d}")
    connection.execute("COMMIT")


def prepare(path: Path, layout: Layout, wait: float, *, backup_to: Path | None) -> None:
    """Make sure that a store of the wanted version stands at `path`.

    Parameters
    ----------
    path : Path
        The store's file, links resolved.
    layout : Layout
        What the file has to be.
    wait : float
        The most seconds to wait for others who open, migrate or write.
    backup_to : Path or None
        Where a copy goes before an older version is migrated.

    Raises
    ------
    InputError
        If the path is no place for a store, or the file no store of this or an older version.
    StoreCorruptError
        If the file is a store and damaged.
    StoreBusyError
        If others held it for longer than `wait`.
    """
    if sqlite3.sqlite_version_info < _OLDEST:
        raise InputError(
            f"this Python carries SQLite {sqlite3.sqlite_version}, and a store needs {'.'.join(map(str, _OLDEST))} or newer; "
            "use a newer Python (those of python.org and uv carry it)"
        )
    _refuse_bad_places(path)
    if not path.exists():
        _make(path, layout)
    _refuse_lost_wal(path)
    try:
        with closing(connect(path, wait, "FULL")) as connection:
            _recognise(connection, path, layout)
            _require(cut_page(connection, path), path)
            _use_wal(connection, path, wait)
            _bring_up_to_date(connection, path, layout, backup_to)
            _require(schema_problems(connection, layout.shapes), path)
    except FAILURES as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            raise InputError(
                f"{path} is no omniid store ({error}); choose another path. If it was one, it is damaged: restore a backup"
            ) from error
        raise as_ours(error, str(path), waited=lambda: f"{who_writes(path)}, and {seconds(wait)} passed") from error


def _refuse_bad_places(path: Path) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a folder; name the store's file inside it, such as {path / 'people.omniid'}")
    if not path.parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} is not there; make it, or choose another path")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise InputError(
            f"{path}: the folder {path.parent} cannot be written, and a store keeps files beside its own; allow it"
        )
    if path.exists():
        if not path.is_file():
            raise InputError(f"{path} is no ordinary file; choose another path")
        if not os.access(path, os.R_OK | os.W_OK):
            raise InputError(f"{path}: the file cannot be read and written; allow it, or copy the store to where it can be")
        if path.stat().st_size == 0:
            raise InputError(
                f"{path} is empty: a store cut to nothing, or a file made beforehand. Restore a backup, or remove the file to "
                "begin a new store"
            )


def _refuse_lost_wal(path: Path) -> None:
    """SQLite makes the -wal before the -shm and removes it after, so a -shm alone means that the -wal was taken away."""
    for _ in range(3):
        if not (Path(f"{path}-shm").exists() and not Path(f"{path}-wal").exists()):
            return
        time.sleep(0.01)  # others may be closing or opening it right now
    raise StoreCorruptError(
        f"{path}-wal is missing, and with it what was written since the last checkpoint. Put it back beside the store; or "
        f"restore a backup; or, to go on with the older state in the store's file, remove {path}-shm and `check` the store"
    )


def _make(path: Path, layout: Layout) -> None:
    """Make the file elsewhere and put it in its place, unless another process was first."""
    _clear_away(path)
    made = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.new")
    try:
        connection = sqlite3.connect(made, isolation_level=None)
        try:
            furnish(connection, layout)
            connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()
        with suppress(FileExistsError):
            try:
                os.link(made, path)
            except FileExistsError:
                raise
            except OSError:  # a file system without links
                if not path.exists():
                    made.rename(path)
        made.unlink(missing_ok=True)
        settle(path.parent)
    except (*FAILURES, OSError) as error:
        if isinstance(error, FAILURES):
            raise as_ours(error, str(path)) from error
        raise InputError(f"{path}: the store cannot be made there ({error}); choose another path") from error
    finally:
        made.unlink(missing_ok=True)


def _clear_away(path: Path) -> None:
    """Remove what processes left that were killed while they made the store."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.new"):
        maker = left.name.removeprefix(f".{path.name}.").partition("-")[0]
        if maker.isdecimal() and has_ended(int(maker)):
            left.unlink(missing_ok=True)


def _recognise(connection: sqlite3.Connection, path: Path, layout: Layout) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != layout.application:
        raise InputError(f"{path} is a database of another program (application id {application}); choose another path")
    if version > layout.version:
        raise InputError(
            f"{path}: the store is of version {version}, and this omniid knows versions up to {layout.version}; update omniid"
        )


def _use_wal(connection: sqlite3.Connection, path: Path, wait: float) -> None:
    """A backup comes without the journal in WAL mode; SQLite does not wait by itself where it changes this."""
    until = time.monotonic() + wait
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if (error.sqlite_errorcode & 0xFF) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
            continue
        if mode == "wal":
            return
        if time.monotonic() > until:
            break
        time.sleep(0.01)
    raise InputError(
        f"{path}: this file system cannot share memory between processes (network folders cannot); use a local disk"
    )


def _require(problems: list[str], path: Path) -> None:
    """Refuse a file with problems."""
    if problems:
        raise StoreCorruptError(f"{path}: {'; '.join(problems)}. {RECOVER}")


def _bring_up_to_date(connection: sqlite3.Connection, path: Path, layout: Layout, backup_to: Path | None) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == layout.version:
        return
    if backup_to is not None:
        copy_to(connection, backup_to, str(path))
    connection.execute("BEGIN IMMEDIATE")
    try:
        (again,) = connection.execute("PRAGMA user_version").fetchone()
        if again != layout.version:  # unless another process did it meanwhile
            migrate(connection, layout.migrations, layout.version, str(path))
            _require(schema_problems(connection, layout.shapes), path)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
