"""Stores as earlier versions wrote them, made of those of today."""

import json
import sqlite3

from omniid.single_record.briefs import APART, BESIDE

__all__ = ["age", "write_old_briefs"]


def write_old_briefs(connection: sqlite3.Connection) -> None:
    """Write what is kept of each record in brief as JSON, as versions 1 and 2 did."""
    for row, text in connection.execute("SELECT row, brief FROM briefs").fetchall():
        flags, *said = text.split(APART)
        told = [None if not one else one.split(BESIDE) if BESIDE in one else one for one in said]
        connection.execute("UPDATE briefs SET brief = ? WHERE row = ?", (json.dumps([json.loads(flags or "null"), *told]), row))


def age(connection: sqlite3.Connection, version: int) -> None:
    """Say that a store is of an earlier version, which has none of the tables that came later."""
    if version < 5:
        connection.execute("DROP TABLE popular")
    connection.execute(f"PRAGMA user_version = {version:d}")
