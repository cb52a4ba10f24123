"""previous=: results, folders and bare crosswalks."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import omniid
from omniid import Decision, Email, InputError, PersonName, Spec, all_pairs, load, resolve

SPEC = Spec(fields=[Email(), PersonName()], blocking=[all_pairs()])
ROWS = [
    {"source": "crm", "record_id": "1", "email": "ann@x.com", "first_name": "Ann", "last_name": "Lee"},
    {"source": "web", "record_id": "1", "email": "ann@x.com", "first_name": "Ann", "last_name": "Lee"},
    {"source": "web", "record_id": "2", "email": "bob@x.com", "first_name": "Bob", "last_name": "Ray"},
]
JOIN = Decision("MUST_LINK", (("crm", "1"),), (("web", "2"),), author="kim", time="2026-01-01")


@pytest.fixture(scope="module")
def found() -> omniid.Resolution:
    return resolve(ROWS, SPEC)


def ids(found: omniid.Resolution) -> dict[tuple[str, str], str]:
    return {(row["source"], row["record_id"]): row["entity_id"] for row in found.crosswalk}


def changes(found: omniid.Resolution) -> list[tuple[str, list[str], list[str], str | None]]:
    return [(row["kind"], row["was"], row["became"], row["cause"]) for row in found.table("changes").to_pylist()]


@pytest.mark.parametrize("form", ["result", "folder", "csv folder", "folder as text"])
def test_a_result_and_its_folder_say_the_same(found: omniid.Resolution, tmp_path: Path, form: str) -> None:
    merged = resolve(ROWS, SPEC, model=found.model, previous=found, decisions=[JOIN])
    merged.save(tmp_path, format="csv" if form == "csv folder" else "parquet")
    before = merged if form == "result" else str(tmp_path) if form == "folder as text" else tmp_path
    undone = resolve(ROWS, SPEC, model=found.model, previous=before)
    assert ids(undone) == ids(found)
    ann, bob = ids(found)["crm", "1"], ids(found)["web", "2"]
    assert changes(merged) == [("merged", [ann, bob], [ann], "decision")]
    assert changes(undone) == [("split", [ann], [ann, bob], "decision")]
    assert merged.redirects == [{"entity_id": bob, "redirects_to": ann}]
    assert undone.redirects == []


def test_the_same_again_changes_nothing(found: omniid.Resolution, tmp_path: Path) -> None:
    assert found.changes == []
    found.save(tmp_path)
    again = resolve(ROWS, SPEC, model=found.model, previous=tmp_path)
    assert (again.changes, ids(again)) == ([], ids(found))
    again.save(tmp_path)  # over what it was compared with
    assert load(tmp_path).table("crosswalk").equals(found.table("crosswalk"))


@pytest.mark.parametrize("format_", ["parquet", "csv"])
def test_a_saved_result_with_changes_is_opened_equal(found: omniid.Resolution, tmp_path: Path, format_: str) -> None:
    merged = resolve(ROWS, SPEC, model=found.model, previous=found, decisions=[JOIN])
    merged.save(tmp_path, format=format_)  # type: ignore[arg-type]
    opened = load(tmp_path)
    for name in ("crosswalk", "changes", "redirects", "profiles"):
        assert opened.table(name).equals(merged.table(name)), name
    undone = resolve(ROWS, SPEC, model=found.model, previous=opened)
    assert ids(undone) == ids(found)


@pytest.mark.parametrize("kind", ["rows", "pandas", "pyarrow", "file"])
def test_a_bare_crosswalk_votes(found: omniid.Resolution, tmp_path: Path, kind: str) -> None:
    rows = [
        {"source": "web", "record_id": "2", "entity_id": "B-7"},
        {"source": "web", "record_id": "1", "entity_id": "A-1"},
        {"source": "old", "record_id": "9", "entity_id": "Z-0"},
    ]
    made = {"rows": rows, "pandas": pd.DataFrame(rows), "pyarrow": pa.Table.from_pylist(rows), "file": tmp_path / "old.csv"}
    pd.DataFrame(rows).to_csv(tmp_path / "old.csv", index=False)
    named = resolve(ROWS, SPEC, model=found.model, previous=made[kind])
    assert ids(named) == {("crm", "1"): "A-1", ("web", "1"): "A-1", ("web", "2"): "B-7"}
    assert changes(named) == [("erased", ["Z-0"], [], "record"), ("extended", ["A-1"], ["A-1"], "record")]
    assert named.redirects == [{"entity_id": "Z-0", "redirects_to": None}]


def test_a_crosswalk_without_sources_means_unique_records(found: omniid.Resolution) -> None:
    with pytest.raises(InputError, match="names no sources, but record id '1' is in several of them"):
        resolve(ROWS, SPEC, model=found.model, previous=[{"record_id": "2", "entity_id": "B"}])
    named = resolve(ROWS[1:], SPEC, model=found.model, previous=[{"record_id": "2", "entity_id": "B"}])
    assert ids(named)["web", "2"] == "B"


def test_what_is_no_earlier_result_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="neither a saved result's folder nor a crosswalk file"):
        resolve(ROWS, SPEC, previous=tmp_path / "nothing")
    with pytest.raises(InputError, match=r"no saved result with its id ledger: crosswalk\.parquet is missing"):
        resolve(ROWS, SPEC, previous=tmp_path)
    with pytest.raises(InputError, match="the crosswalk of previous= has no entity column"):
        resolve(ROWS, SPEC, previous=[{"record_id": "1"}])
    with pytest.raises(InputError, match="previous is 7; give an earlier result"):
        resolve(ROWS, SPEC, previous=7)


def test_who_is_who_does_not_depend_on_history(found: omniid.Resolution) -> None:
    odd = [{"source": row["source"], "record_id": row["record_id"], "entity_id": str(i)} for i, row in enumerate(ROWS)]
    named = resolve(ROWS, SPEC, model=found.model, previous=odd)
    without = [{k: v for k, v in row.items() if k != "entity_id"} for row in named.profiles]
    assert without == [{k: v for k, v in row.items() if k != "entity_id"} for row in found.profiles]
    assert len(set(ids(named).values())) == 2


def test_an_older_result_of_the_other_format_is_not_taken_for_this_one(found: omniid.Resolution, tmp_path: Path) -> None:
    found.save(tmp_path)
    merged = resolve(ROWS, SPEC, model=found.model, previous=found, decisions=[JOIN])
    merged.save(tmp_path, format="csv")
    assert load(tmp_path).table("crosswalk").equals(merged.table("crosswalk"))
    assert ids(resolve(ROWS, SPEC, model=found.model, previous=tmp_path)) == ids(found)
