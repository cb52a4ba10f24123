"""A run loads what it needs: no frame library, no e-mail validator, where nobody hands one in or asks for one."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HEAVY = ("pandas", "narwhals", "email_validator", "rich", "polars")
RESOLVE = """
import sys
import omniid
for data in {every}:
    result = omniid.resolve(data)
    assert result.summary.people == 2
    result.save({folder!r})
    found = [name for name in {heavy} if name in sys.modules]
    assert not found, (data, found)
"""
ROWS = {
    "web": [
        {"id": 1, "e-mail": "ann@example.com", "name": "Ann Lee", "phone": "+48 501 502 503"},
        {"id": 2, "e-mail": "bob@example.com", "name": "Bob Ray", "phone": "+48 501 502 504"},
    ],
    "shop": [{"id": "A", "mail": "ANN@EXAMPLE.COM", "name": "LEE, Ann", "born": "1971-02-03", "city": None}],
}
STORE = """
import sys
import omniid
from omniid.resolver import light_discovery, updating
names = ["Ann Lee", "Bob Ray"] * 9
rows = [{{"id": str(n), "mail": f"{{name[:3]}}@example.com", "name": name}} for n, name in enumerate(names)]
with omniid.open(":memory:") as resolver:
    resolver.upsert(rows)
    resolver.fit()
    resolver.upsert({{"id": "a", "mail": "ann@example.com"}})
    light_discovery.MANY = updating.MANY = 0  # arrays for any number of records
    resolver.upsert([{{"id": "b", "mail": "ann@example.com"}}, {{"id": "c", "name": "Bob Ray"}}])
    found = [name for name in {heavy} if name in sys.modules]
    assert not found, found
"""


CSV = ("id,mail,name\n1,ann@example.com,Ann Lee\n2,bob@example.com,Bob Ray\n", "id,mail,name\nA,ANN@EXAMPLE.COM,Ann Lee\n")
LINES = (
    '{"id": "1", "mail": "ann@example.com", "name": "Ann Lee"}\n{"id": "2", "mail": "bob@example.com"}\n',
    '{"id": "A", "mail": "ANN@EXAMPLE.COM", "name": "Ann Lee"}\n',
)


def test_rows_and_files_are_resolved_and_saved_without_frame_libraries(tmp_path: Path) -> None:
    every: list[object] = [ROWS]
    for ending, texts in (("csv", CSV), ("jsonl", LINES)):
        paths = {name: tmp_path / f"{name}.{ending}" for name in ("web", "shop")}
        for path, text in zip(paths.values(), texts, strict=True):
            path.write_text(text)
        every.append({name: str(path) for name, path in paths.items()})
    for name in ("web", "shop"):
        pq.write_table(pa.Table.from_pylist(ROWS[name]), tmp_path / f"{name}.parquet")
    every.append({name: str(tmp_path / f"{name}.parquet") for name in ("web", "shop")})
    code = RESOLVE.format(every=every, heavy=HEAVY, folder=str(tmp_path / "saved"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_store_lives_without_frame_libraries() -> None:
    done = subprocess.run([sys.executable, "-c", STORE.format(heavy=HEAVY)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
