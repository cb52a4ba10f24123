"""Stores of earlier versions, opened by this one."""

import json
import sqlite3

import omniid
from omniid.single_record.briefs import BESIDE
from oracle.old_stores import age, write_old_briefs

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
    age(connection, 2)
    connection.commit()
    connection.close()
    with omniid.open(path) as resolver:
        assert not resolver.rebuild()
    connection = sqlite3.connect(path)
    assert dict(connection.execute("SELECT row, brief FROM briefs")) == now
    assert any(BESIDE in text for text in now.values())
    connection.close()


def test_a_store_of_version_3_keeps_its_profile_pass(tmp_path):
    path = tmp_path / "people.omniid"
    with omniid.open(path, omniid.Spec(profile_pass=True)) as resolver:
        resolver.upsert(ROWS)
        resolver.fit()
        declared = resolver.spec
    connection = sqlite3.connect(path)
    for table, column in (("settings", "value"), ("models", "spec")):
        found = [one for (one,) in connection.execute(f"SELECT {column} FROM {table}") if '"profile_pass": true' in one]
        assert found
        for text in found:
            old = {name: value for name, value in json.loads(text).items() if name != "profile_pass"}
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (json.dumps(old), text))
    age(connection, 3)
    connection.commit()
    connection.close()
    with omniid.open(path) as resolver:
        assert resolver.spec == declared
        assert not resolver.rebuild()
