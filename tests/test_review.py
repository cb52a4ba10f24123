"""The review queue goes out as a file and comes back as decisions, whatever people do to it."""

import csv
from pathlib import Path

import pytest

import omniid
from omniid import datasets, read_decisions, resolve


@pytest.fixture(scope="module")
def channels() -> dict[str, object]:
    return dict(datasets.generate(1_500, seed=11).channels)


@pytest.fixture(scope="module")
def found(channels: dict[str, object]) -> omniid.Resolution:
    return resolve(channels)


def sheet(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def asked(found: omniid.Resolution) -> set[tuple[str, str, str, str]]:
    names = ("left_source", "left_record_id", "right_source", "right_record_id")
    return {tuple(row[name] for name in names) for row in found.table("review").to_pylist()}


def key(text: str) -> tuple[str, ...]:
    return tuple(text.split("; ")[0].split(":", 1))


def test_the_queue_goes_out_readable(found: omniid.Resolution, tmp_path: Path) -> None:
    assert found.write_review(tmp_path / "review.csv") == len(asked(found)) == found.summary.to_review > 3
    rows = sheet(tmp_path / "review.csv")
    assert {(*key(row["left_records"]), *key(row["right_records"])) for row in rows} == asked(found)
    assert [float(row["match_probability"]) for row in rows] == sorted(
        (float(r["match_probability"]) for r in rows), reverse=True
    )
    named = next(row for row in rows if row["last_name_left"] and row["last_name_right"])
    assert named["decision"] == ""
    assert list(named)[:4] == ["decision", "reason", "match_probability", "why"]
    assert found.write_review(tmp_path / "few.csv", limit=2) == 2
    assert read_decisions(tmp_path / "few.csv") == ()


def test_answers_come_back_however_people_write_them(found, channels, tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    found.write_review(path)
    rows = sheet(path)
    answers = [" Same ", "DIFFERENT", "unsure", "", "  "]
    with path.open("w", encoding="utf-8", newline="") as file:  # as a spreadsheet in Warsaw saves it
        file.write("\n\n")
        lines = csv.writer(file, delimiter=";")
        names = ["why", " Decision ", "reason", "left_records", "right_records", "note to self"]
        lines.writerow(names)
        for row, answer in zip(rows, answers + [""] * len(rows), strict=False):
            lines.writerow([row["why"], answer, "called her", row["left_records"], row["right_records"], "x"])
            file.write(";;;;;\n\n")
    told = read_decisions(path, author="kim", time="2026-05-01")
    assert [(one.kind, one.author, one.reason, one.time) for one in told] == [
        (kind, "kim", "called her", "2026-05-01") for kind in ("MUST_LINK", "CANNOT_LINK", "UNSURE")
    ]
    again = resolve(channels, found.spec, model=found.model, decisions=path, previous=found)
    entity = {(row["source"], row["record_id"]): row["entity_id"] for row in again.table("crosswalk").to_pylist()}
    ends = [(key(row["left_records"]), key(row["right_records"])) for row in rows[:5]]
    assert entity[ends[0][0]] == entity[ends[0][1]]
    assert entity[ends[1][0]] != entity[ends[1][1]]
    assert not {(*left, *right) for left, right in ends[:3]} & asked(again)  # none of them is asked again
    assert {row["cause"] for row in again.table("changes").to_pylist()} == {"decision"}


def test_a_decision_binds_the_companions(found, tmp_path: Path) -> None:
    found.write_review(tmp_path / "review.csv")
    entity = {(row["source"], row["record_id"]): row["entity_id"] for row in found.table("crosswalk").to_pylist()}
    rows = sheet(tmp_path / "review.csv")
    several = [row for row in rows if ";" in row["left_records"] + row["right_records"]]
    assert several
    for row in several:
        for side in ("left_records", "right_records"):
            assert len({entity[tuple(one.split(":", 1))] for one in row[side].split("; ")}) == 1


def test_strange_keys_go_out_and_come_back(tmp_path: Path) -> None:
    rows = [
        {"source": "a:b", "record_id": "1; 2", "name": "Ann Lee", "city": "Rome", "birth_date": "1980-05-03"},
        {"source": "c", "record_id": " [x]", "name": "Ann Leigh", "city": "Rome", "birth_date": "1980-05-03"},
    ] + [
        {"source": "c", "record_id": f"{i}", "name": f"N{i} M{i}", "city": "Oslo", "birth_date": f"19{i}-01-01"}
        for i in range(60, 90)
    ]
    first = resolve(rows)
    found = resolve(rows, first.spec.replace(link_at=60.0, review_at=-40.0), model=first.model)
    assert found.write_review(tmp_path / "review.csv") > 0
    text = (tmp_path / "review.csv").read_text(encoding="utf-8-sig").split("\n")
    (tmp_path / "review.csv").write_text(
        "\n".join([text[0], *("same" + line if line else "" for line in text[1:])]), encoding="utf-8"
    )
    told = read_decisions(tmp_path / "review.csv")
    keys = {(row["source"], row["record_id"]) for row in found.table("crosswalk").to_pylist()}
    assert {key for one in told for key in (*one.left, *one.right)} <= keys
    assert ("a:b", "1; 2") in {key for one in told for key in (*one.left, *one.right)}
