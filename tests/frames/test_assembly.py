"""The record table: fields across sources, several values, and the same table for any order of rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid import errors
from omniid.frames import read_inputs, to_record_table
from omniid.tables import NO_TIME


def entries(table, field):
    column = table.raw[field]
    return {table.key(row): [value for value in column.entries_of(row) if value is not None] for row in range(len(table))}


def test_fields_are_united_across_sources_and_what_a_source_lacks_is_missing(backend):
    _, make = backend
    inputs = read_inputs(
        {
            "web": make([{"id": 2, "mail": "b@x.com", "note": "n"}, {"id": 10, "mail": "a@x.com", "note": None}]),
            "app": make([{"id": 1, "e_mail": "b@x.com", "tel": "600"}]),
        }
    )
    table = to_record_table(inputs, columns={"web": {"mail": "email"}, "app": {"e_mail": "email", "tel": "phone"}})
    assert [table.key(row) for row in range(3)] == [("app", "1"), ("web", "10"), ("web", "2")]
    assert table.sources == ("app", "web")
    assert table.source.dtype == np.int32
    assert list(table.raw) == ["email", "phone"]
    assert table.raw["email"].vocabulary.to_pylist() == ["a@x.com", "b@x.com"]
    assert table.raw["email"].codes.tolist() == [1, 0, 1]
    assert table.raw["phone"].codes.tolist() == [0, -1, -1]
    assert table.raw["email"].offsets is None
    assert (table.columns, table.display) == ({}, {})
    assert set(table.time.tolist()) == {NO_TIME}


def test_several_columns_lists_and_separators_become_several_values():
    rows = [
        {"id": 1, "mail": "a@x.com; b@x.com", "mail2": "c@x.com"},
        {"id": 2, "mail": ["b@x.com", "d@x.com|a@x.com"], "mail2": "b@x.com"},
        {"id": 3, "mail": " ; ", "mail2": None},
        {"id": 4, "mail": None, "mail2": "e@x.com;"},
    ]
    columns = {"web": {"mail2": "email", "mail": "email"}}  # the order of the columns counts, not that of the mapping
    table = to_record_table(read_inputs({"web": rows}), columns=columns, separators={"email": ";|"})
    assert list(entries(table, "email").values()) == [
        ["a@x.com", "b@x.com", "c@x.com"],
        ["b@x.com", "d@x.com", "a@x.com"],
        [],
        ["e@x.com"],
    ]
    assert table.raw["email"].offsets.tolist() == [0, 3, 6, 6, 7]
    assert table.raw["email"].vocabulary.to_pylist() == sorted(table.raw["email"].vocabulary.to_pylist())


def test_a_field_with_one_value_each_has_no_offsets():
    rows = [
        {"id": 1, "mail": "a@x.com;", "old": None},
        {"id": 2, "mail": None, "old": "b@x.com"},
        {"id": 3, "mail": "c@x.com", "old": "c@x.com"},
    ]
    table = to_record_table(
        read_inputs(rows), columns={"records": {"mail": "email", "old": "email"}}, separators={"email": ";"}
    )
    assert table.raw["email"].offsets is None
    assert list(entries(table, "email").values()) == [["a@x.com"], ["b@x.com"], ["c@x.com"]]


def test_cells_are_split_only_where_a_separator_was_declared():
    table = to_record_table(read_inputs([{"id": 1, "street": "Main; 5"}]), columns={"records": {"street": "street"}})
    assert list(entries(table, "street").values()) == [["Main; 5"]]


def test_a_column_that_is_entirely_missing_is_a_field_without_values(backend):
    _, make = backend
    table = to_record_table(read_inputs(make([{"id": "1", "mail": None}])), columns={"records": {"mail": "email"}})
    assert table.raw["email"].codes.tolist() == [-1]
    assert len(table.raw["email"].vocabulary) == 0


def test_one_record_makes_a_table(backend):
    _, make = backend
    table = to_record_table(read_inputs(make([{"mail": "a@x.com"}])), columns={"records": {"mail": "email"}})
    assert len(table) == 1
    assert table.raw["email"].entries_of(0) == ["a@x.com"]


def test_rejects_are_carried_over():
    table = to_record_table(read_inputs([{"name": "\udcff"}]), columns={"records": {}})
    assert table.rejects.column("field").to_pylist() == ["name"]


def test_a_misspelt_column_is_named_with_what_there_is_and_the_closest():
    inputs = read_inputs({"web": [{"id": 1, "e_mail": "a@x.com"}]})
    with pytest.raises(
        errors.SpecError, match=r"'email' is not in source 'web' \(frame\); its columns are id, e_mail; did you mean 'e_mail'\?"
    ):
        to_record_table(inputs, columns={"web": {"email": "email"}})
    with pytest.raises(errors.SpecError, match=r"columns names source 'wbe', but the sources are web; did you mean 'web'\?"):
        to_record_table(inputs, columns={"wbe": {}})
    with pytest.raises(errors.SpecError, match="columns says nothing of source 'web'"):
        to_record_table(inputs, columns={})


TEXTS = st.sampled_from(["a", "b", "a;b", "b; a", ";", " ", "ż", "😀", "\ufb01"])
CELL = st.none() | TEXTS | st.lists(TEXTS, max_size=3)
ROWS = st.lists(
    st.fixed_dictionaries({"source": st.sampled_from(["web", "app"]), "x": CELL, "y": CELL}), min_size=1, max_size=12
)


def made_of(rows):
    inputs = read_inputs(rows)
    names = [frame.name for frame in inputs.frames]
    return to_record_table(inputs, columns={name: {"x": "f", "y": "f"} for name in names}, separators={"f": ";"})


@given(ROWS, st.randoms())
def test_the_order_of_rows_changes_nothing(rows, random):
    one, other = made_of(rows), made_of(random.sample(rows, len(rows)))
    assert [one.key(i) for i in range(len(one))] == [other.key(i) for i in range(len(other))]
    assert one.raw["f"].codes.tolist() == other.raw["f"].codes.tolist()
    assert one.raw["f"].vocabulary.equals(other.raw["f"].vocabulary)
    assert str(one.raw["f"].offsets) == str(other.raw["f"].offsets)


@given(ROWS)
def test_it_agrees_with_the_obvious_way(rows):
    rows = [{"record_id": str(number), **dict(sorted(row.items()))} for number, row in enumerate(rows)]
    expected = {}
    for row in rows:
        values = []
        for cell in (row["x"], row["y"]):
            for text in cell if isinstance(cell, list) else [cell]:
                if text is not None and text.strip():
                    pieces = [piece.strip() for piece in text.split(";") if piece.strip()] if ";" in text else [text]
                    values += [piece for piece in pieces if piece not in values]
        expected[row["source"], row["record_id"]] = list(dict.fromkeys(values))
    table = made_of(rows)
    assert entries(table, "f") == expected
    assert list(entries(table, "f")) == sorted(expected)
    vocabulary = table.raw["f"].vocabulary.to_pylist()
    assert vocabulary == sorted({value for values in expected.values() for value in values})
    assert (table.raw["f"].offsets is None) == all(len(values) < 2 for values in expected.values())
