"""Bad input, end to end: each gets a clear error or a counted reject with its reason, and nothing else is lost."""

import gzip
from pathlib import Path

import pytest

import omniid
from omniid import InputError, resolve

GOOD = [{"id": "8", "email": "ann@x.com", "name": "Ann Lee"}, {"id": "9", "email": "ANN@x.com", "name": "Ann Lee"}]


def keys(found: omniid.Resolution) -> set[str]:
    return set(found.table("crosswalk")["record_id"].to_pylist())


def together(found: omniid.Resolution, *ids: str) -> bool:
    rows = found.table("crosswalk").to_pylist()
    return len({row["entity_id"] for row in rows if row["record_id"] in ids}) == 1


def reasons(found: omniid.Resolution) -> list[tuple[str | None, str]]:
    return [(row["value"], row["reason"]) for row in found.table("rejects").to_pylist()]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("web.csv", b"", r"web\.csv is empty"),
        ("web.csv", b"id,email\n", r"web\.csv has no rows"),
        ("web.json", b"[]", r"web\.json"),
        ("web.csv", "id,имя\n1,Анна\n".encode("cp1251"), r"web\.csv is not UTF-8: byte 0xE8 in line 1"),
        ("web.csv", b"id,email\n1,a@x.com\n2,\xff@x.com\n", r"is not UTF-8: byte 0xFF in line 3"),
        ("web.csv.gz", b"no gzip", r"web\.csv\.gz"),
        ("web.parquet", b"no parquet", r"web\.parquet"),
        ("web.csv", b"id,id\n1,2\n", "two columns named 'id'"),
        ("web.xlsx", b"PK", r"web\.xlsx"),
    ],
)
def test_a_file_that_can_not_be_trusted_is_named(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=says):
        resolve(tmp_path / name)


def test_ragged_rows_are_rejected_one_by_one(tmp_path: Path) -> None:
    text = "id,email,city\n1,a@x.com,Omsk\n2,b@x.com\n3,c@x.com,Perm,extra\n4,a@x.com,Omsk\n"
    (tmp_path / "web.csv.gz").write_bytes(gzip.compress(text.encode()))
    found = resolve(tmp_path / "web.csv.gz")
    assert keys(found) == {"1", "4"}
    assert together(found, "1", "4")
    assert [value for value, _ in reasons(found)] == ["2,b@x.com", "3,c@x.com,Perm,extra"]
    assert "2 cells where the header has 3" in reasons(found)[0][1]
    assert sum(found.summary.rejects.values()) == 2


def test_one_record_is_one_person() -> None:
    found = resolve(GOOD[:1])
    assert (found.summary.people, found.profiles[0]["email"]) == (1, "ann@x.com")


@pytest.mark.parametrize("empty", [None, "", "N/A", "nan", float("nan"), "  ", []])
def test_a_column_that_is_entirely_missing_hurts_nobody(empty: object) -> None:
    found = resolve([{**row, "phone": empty, "birth_date": empty} for row in GOOD])
    assert together(found, "8", "9")
    assert "phone" not in found.table("provenance")["field"].to_pylist()
    assert reasons(found) == []


def test_data_that_says_nothing_is_kept() -> None:
    found = resolve([{"id": "1", "email": None}, {"id": "2", "email": None}])
    assert (keys(found), found.summary.people) == ({"1", "2"}, 2)


@pytest.mark.parametrize("column", ["email", "name", "note", "phone", "birth_date"])
def test_ten_megabytes_in_one_cell(column: str) -> None:
    found = resolve([*GOOD, {"id": "1", "email": "bob@x.com", "name": "Bob Ray", column: "x" * 10_000_000}])
    assert keys(found) == {"1", "8", "9"}
    assert together(found, "8", "9")
    kept = [row for row in found.table("provenance").to_pylist() if row["record_id"] == "1" and len(row["value"]) > 1_000_000]
    told = [reason for value, reason in reasons(found) if value and value.startswith("xxx")]
    assert kept or told
    assert all(len(value or "") < 1000 for value, _ in reasons(found))


@pytest.mark.parametrize("mark", ["\x00", "\x07", "\x1b[2J", "\u200f", "\u202e", "\ufeff", "\u200b", "\x85"])
def test_control_characters_and_marks_separate_nobody(mark: str) -> None:
    found = resolve([GOOD[0], {"id": "9", "email": f"ann{mark}@x.com", "name": f"Ann{mark} Lee"}])
    assert keys(found) == {"8", "9"}
    shown = str(found.explain(("records", "8"), ("records", "9"))) + str(found.profiles)
    assert together(found, "8", "9") or reasons(found), shown
    if together(found, "8", "9"):
        assert found.profiles[0]["last_name"] == "Lee"


def test_a_lone_surrogate_is_replaced_and_told(tmp_path: Path) -> None:
    found = resolve([*GOOD, {"id": "1\udc80", "email": "bob@x.com", "name": "B\ud800ob Ray"}])
    assert found.summary.people == 2
    assert any("lone surrogate" in reason for _, reason in reasons(found))
    found.save(tmp_path)
    assert omniid.load(tmp_path).summary.people == 2


@pytest.mark.parametrize("date", ["31/02/1980", "30.02.1980", "1980-13-45", "1979-02-29"])
def test_dates_that_never_were_are_rejected(date: str) -> None:
    found = resolve([{**GOOD[0], "birth_date": "1980-03-01"}, {**GOOD[1], "birth_date": date}])
    assert [value for value, _ in reasons(found)] == [date]
    assert reasons(found)[0][1].startswith("impossible ")
    assert together(found, "8", "9")
    assert found.profiles[0]["birth_date"] == "1980-03-01"


def test_two_records_with_one_key_both_live_and_it_is_told() -> None:
    found = resolve([GOOD[0], {**GOOD[1], "id": "8", "email": "bob@x.com", "name": "Bob Ray"}])
    assert (len(keys(found)), found.summary.people) == (2, 2)
    assert "'id' of 'records' is not unique" in found.summary.notes[0]
