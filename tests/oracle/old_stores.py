"""Stores as earlier versions wrote them, made of those of today."""

import json
import sqlite3

from omniid.single_record.briefs import APART, BESIDE

__all__ = ["write_old_briefs"]


def write_old_briefs(connection: sqlite3.Connection) -> None:
    """Write what is kept of each record in brief as JSON, as versions 1 and 2 did."""
    for row, text in connection.execute("SELECT row, brief FROM briefs").fetchall():
        flags, *said = text.split(APART)
        told = [None if not one else one.split(BESIDE) if BESIDE in one else one for one in said]
        connection.execute("UPDATE briefs SET brief = ? WHERE row = ?", (json.dumps([json.loads(flags or "null"), *told]), row))
