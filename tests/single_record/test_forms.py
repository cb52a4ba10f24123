"""Forms: plain data from which a table comes back as `normalize` made it."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.fields import Address, Email, Phone, Timestamp
from omniid.single_record import Forms, RecordReader, forms_of, packed, table_of, unpacked
from omniid.spec import Spec
from omniid.tables import RecordTable
from oracle.single_records import assert_same_records, generated, normalized

texts = st.none() | st.sampled_from(["a", "b", "Ł"])


@given(texts, texts, texts)
def test_an_entry_is_what_was_packed(raw, normal, shown):
    if normal is None and raw is None:
        return  # nothing came
    assert unpacked(packed(raw, normal, shown)) == (raw, normal, shown)


def test_a_table_comes_back_from_its_forms():
    spec, sent = generated(500)
    records = normalized(sent, spec)
    forms = forms_of(records)
    keys = records.keys(np.arange(len(records)))
    kept = [Forms(*json.loads(json.dumps(one))) for one in forms]
    assert kept == forms
    back = RecordReader(spec).table_of(kept[::-1], keys[::-1])  # in whatever order they are kept
    assert_same_records(back, records)
    assert set(back.columns) >= set(records.columns)
    for name, column in records.columns.items():
        assert back.columns[name].vocabulary.equals(column.vocabulary), name
        assert back.columns[name].is_multi == column.is_multi
    assert forms_of(back) == forms


def test_several_values_and_what_was_read_of_others_keep_their_places():
    spec = Spec(fields=[Email("mail"), Phone(), Address("street", city="city", full="line"), Timestamp("seen")])
    rows = [
        {"record_id": "2", "mail": ["x@", "Ann@x.com", "nope"], "line": "12 Main St, Leeds", "seen": "2024-01-02"},
        {"record_id": "1", "phone": "+48 501 234 567", "city": ["Leeds", "?", "York"], "seen": "never"},
        {"record_id": "3"},
    ]
    sent = RecordTable.of(rows)
    reader = RecordReader(spec)
    forms = reader.read_table(sent)
    assert [len(one.rejects) for one in forms] == [1, 2, 0]
    assert_same_records(reader.table_of(forms, sent.keys(np.arange(3))), normalized(sent, spec))


def test_no_record_is_a_table_without_rows():
    table = table_of([], [])
    assert len(table) == 0
    assert table.columns == {}
    assert len(RecordReader(Spec(fields=[Email()])).table_of([], []).columns["email"].codes) == 0


@pytest.mark.parametrize("normal", [None, "a"])
def test_what_no_plan_names_is_a_column_where_a_record_fills_it(normal):
    table = table_of([Forms(None, {"x": [packed("a", normal, normal)]}, [])], [("s", "1")])
    assert list(table.raw) == ["x"]
    assert ("x" in table.columns) == (normal is not None)
