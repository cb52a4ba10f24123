"""JSON lines made of columns are those that the standard library would write, line by line."""

import json
from itertools import groupby
from pathlib import Path

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from omniid.source_updates.lines import OF_CHANGE, OF_RECORD, json_lines, write_lines

ODD = ['say "hi"', "a\\b", "tab\there", "Łódź", "\x00", "", "李", "\u2028"]
texts = st.one_of(st.none(), st.sampled_from(ODD), st.text(max_size=6))
rows = st.lists(st.tuples(st.sampled_from(["1", '2"', "Ł"]), *[texts] * len(OF_CHANGE)), max_size=6)
NAMES = (*OF_RECORD, *OF_CHANGE)


@given(rows)
def test_lines_are_those_of_the_standard_library(rows: list[tuple[str | None, ...]]) -> None:
    made = [dict(zip(NAMES, ("crm", row[0], "e", *row[1:]), strict=True)) for row in rows]
    made.sort(key=lambda one: str(one["record_id"]))
    expected = []
    for _, part in groupby(made, key=lambda one: one["record_id"]):
        found = list(part)
        changes = [{name: one[name] for name in OF_CHANGE} for one in found]
        line = {**{name: found[0][name] for name in OF_RECORD}, "changes": changes}
        expected.append(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
    table = pa.table({name: pa.array([one[name] for one in made], pa.large_string()) for name in NAMES})
    assert json_lines(table).to_pylist() == expected


def test_a_file_holds_each_line_once(tmp_path: Path) -> None:
    change = dict.fromkeys((*OF_RECORD, *OF_CHANGE), "Łódź")
    write_lines(pa.Table.from_pylist([change, {**change, "record_id": "2"}]), tmp_path / "a" / "updates.jsonl")
    lines = (tmp_path / "a" / "updates.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["record_id"] for line in lines] == ["Łódź", "2"]
    write_lines(pa.table({name: pa.array([], pa.large_string()) for name in change}), tmp_path / "none.jsonl")
    assert (tmp_path / "none.jsonl").read_bytes() == b""
