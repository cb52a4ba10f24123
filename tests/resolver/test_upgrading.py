"""Stores of earlier versions, opened by this one."""

import sqlite3

import omniid
from omniid.single_record.briefs import BESIDE
from oracle.old_stores import write_old_briefs

ROWS = [
    {"source": "crm", "id": "1", "email": ["ann@x.com", "ann@y.com"], "first_name": "Ann", "last_name": "Lee"},
    {"source": "crm", "id": "2", "email": "ann@x.com", "first_name": "Bob", "last_name": "Ray"},
    {"source": "web", "id": "3", "email": "bob@x.com", "first_name": "Bob", "last_name": "Ray"},
]


def test_briefs_of_version_2_are_written_anew(tmp_path):
    path = tmp_path / "people.omniid"
    with omniid.open(path) as resolver:
        resolver.upsert(ROWS)
        resolver.fit()
    connection = sqlite3.connect(path)
    now = dict(connection.execute("SELECT row, brief FROM briefs"))
    write_old_briefs(connection)
    connection.execute("PRAGMA user_version = 2")
    connection.commit()
    connection.close()
    with omniid.open(path) as resolver:
        assert not resolver.rebuild()
    connection = sqlite3.connect(path)
    assert dict(connection.execute("SELECT row, brief FROM briefs")) == now
    assert any(BESIDE in text for text in now.values())
    connection.close()
