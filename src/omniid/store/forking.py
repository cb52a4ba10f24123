"""Keeping a forked process away from connections that it inherited.

A SQLite connection must not be carried across a fork: its locks are not inherited, and closing it in the child could remove the
-wal that the parent still needs (https://www.sqlite.org/howtocorrupt.html, section 2.6). So the child never closes them.
"""

import os
import sqlite3
import weakref
from typing import Protocol

__all__ = ["keep_open_forever", "watch"]


class _Abandonable(Protocol):
    def rest(self) -> None: ...

    def abandon(self) -> list[sqlite3.Connection]: ...


_watched: "weakref.WeakSet[_Abandonable]" = weakref.WeakSet()


def watch(connections: _Abandonable) -> None:
    """Have `connections` at rest when this process is forked, and abandoned in the child."""
    _watched.add(connections)


def keep_open_forever(connection: sqlite3.Connection) -> None:
    """Make sure that Python never closes a connection in this process."""
    import ctypes  # loaded only where a process was forked with a store open

    ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))


def _rest_all() -> None:
    for connections in list(_watched):  # SQLite's own locks must not be held by a thread that the child has not
        connections.rest()


def _abandon_all() -> None:
    for connections in list(_watched):
        for connection in connections.abandon():
            keep_open_forever(connection)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_rest_all, after_in_child=_abandon_all)
