"""Every output has the columns of the contract, in its order, and the caller's own kind of frame."""

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import omniid
from omniid import Email, Identifier, InputError, PersonName, Spec, all_pairs, at_most, one_per_source, resolve

ROWS = [
    {"record_id": "1", "source": "crm", "email": "ann@x.com", "first_name": "Ann", "last_name": "Lee", "passport": "P1"},
    {"record_id": "2", "source": "crm", "email": "ann@x.com", "first_name": "Ann", "last_name": "Lee", "passport": "P2"},
    {"record_id": "7", "source": "web", "email": "ann@x.com", "first_name": "Ann", "last_name": "Lee", "passport": None},
    {"record_id": "8", "source": "web", "email": "nobody", "first_name": "Bob", "last_name": "Ray", "passport": None},
]
SPEC = Spec(fields=[Email(), PersonName(), Identifier("passport", kind="passport")], blocking=[all_pairs()])
COLUMNS = {
    "crosswalk": ["source", "record_id", "entity_id", "entity_kind"],
    "profiles": [
        "entity_id", "entity_kind", "household_id", "records", "sources", "email", "emails", "first_name", "last_name",
        "passport", "passports",
    ],
    "provenance": ["entity_id", "field", "value", "raw", "source", "record_id", "time", "rule", "survived", "reason"],
    "scored_pairs": [
        "left_source", "left_record_id", "right_source", "right_record_id", "match_weight", "match_probability", "tier", "rule",
        "email", "first_name", "last_name", "passport",
    ],
    "refusals": [
        "left_source", "left_record_id", "right_source", "right_record_id", "match_weight", "conflict", "limit", "left_value",
        "right_value", "ambiguous",
    ],
    "rejects": ["source", "record_id", "field", "value", "reason"],
    "households": ["household_id", "entity_id", "size"],
    "relations": [
        "left_entity_id", "right_entity_id", "relation", "elder_entity_id", "years_apart", "evidence", "reason", "household_id",
    ],
}  # fmt: skip
COLUMNS["review"] = [*COLUMNS["refusals"], "why"]


@pytest.fixture(scope="module")
def found() -> omniid.Resolution:
    return resolve(ROWS, SPEC.replace(limits=[at_most("passport", 1)]))


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_of_every_output(found: omniid.Resolution, name: str) -> None:
    assert found.table(name).column_names == COLUMNS[name]


def test_an_unknown_output_is_named(found: omniid.Resolution) -> None:
    with pytest.raises(InputError, match="no result 'people'; choose from crosswalk, profiles"):
        found.table("people")


def test_a_refusal_shows_the_values_that_stand_between(found: omniid.Resolution) -> None:
    for row in found.refusals:
        assert row["limit"] == "at_most(passport, 1)"
        assert {row["left_value"], row["right_value"]} == {"p1", "p2"}  # normal forms
        assert row["match_weight"] >= found.model.link_at - 1e-6
    assert {(row["left_record_id"], row["right_record_id"]) for row in found.refusals} & {("1", "2"), ("1", "7"), ("2", "7")}


def test_a_refusal_of_one_per_source_shows_the_record_ids() -> None:
    found = resolve(ROWS, SPEC.replace(limits=[one_per_source("crm")]))
    assert found.refusals
    assert {value for row in found.refusals for value in (row["left_value"], row["right_value"])} == {"1", "2"}


def test_no_limit_is_ever_exceeded(found: omniid.Resolution) -> None:
    held: dict[str, set[str]] = {}
    passport = {(row["source"], row["record_id"]): row["passport"] for row in ROWS}
    for row in found.crosswalk:
        held.setdefault(row["entity_id"], set()).add(str(passport[row["source"], row["record_id"]]))
    assert all(len(values - {"None"}) <= 1 for values in held.values())
    apart = resolve(ROWS, SPEC.replace(limits=[one_per_source("crm"), one_per_source("web")]))
    sources = [(row["entity_id"], row["source"]) for row in apart.crosswalk]
    assert len(set(sources)) == len(sources)


def test_weights_and_probabilities_say_the_same(found: omniid.Resolution) -> None:
    for row in found.scored_pairs:
        assert row["match_probability"] == pytest.approx(1 / (1 + 2.0 ** -row["match_weight"]))
        assert row["tier"] in ("weighed", "strong", "unique")


def as_kind(kind: str, folder: Path) -> tuple[Any, type]:
    table = pa.Table.from_pylist(ROWS)
    if kind == "file":
        pq.write_table(table, folder / "rows.parquet")
        return folder / "rows.parquet", pd.DataFrame
    made = {"rows": ROWS, "pandas": table.to_pandas(), "polars": pl.from_arrow(table), "pyarrow": table}[kind]
    return made, {"rows": list, "pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.Table}[kind]


@pytest.mark.parametrize("kind", ["rows", "pandas", "polars", "pyarrow", "file"])
def test_frames_come_out_as_they_went_in(found: omniid.Resolution, kind: str, tmp_path: Path) -> None:
    data, wanted = as_kind(kind, tmp_path)
    other = resolve(data, found.spec, model=found.model)
    for name in COLUMNS:
        frame = getattr(other, name)
        assert isinstance(frame, wanted), name
        if not isinstance(frame, list):
            assert list(frame.columns if kind != "pyarrow" else frame.column_names) == COLUMNS[name]
        assert other.table(name).equals(found.table(name)), name
