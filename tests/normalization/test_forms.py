"""Columns made of forms: normal and display forms ranked together, values read in pieces, both as if each came alone."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omniid.normalization import forms, normalize
from omniid.normalization.forms import Entries, encode
from omniid.tables import FieldPlan, RecordTable

texts = st.sampled_from([None, "", "a", "b", "A", "ą", "prefix that is long", "prefix that is longer"])
PLANS = [FieldPlan("email", {"email": "mail"}), FieldPlan("phone", {"phone": "mobile"}, {"web": "PL", "shop": "RU"})]
MAILS = [
    "A.B+c@Gmail.com",
    "ab@gmail.com",
    "x@example.org",
    "X@example.org",
    "Anna <a@x.pl>",
    "nobody",
    "a@münchen.de",
    " b@c.io ",
]
PHONES = ["501 234 567", "+48 501-234-567", "8 916 200-00-01", "12", "call me", "501234567 ext. 3", "+999 12345678"]


@given(st.lists(st.tuples(texts, texts), max_size=8), st.lists(st.integers(0, 7), max_size=9))
@example([("a", "a"), ("b", "B"), ("c", "c"), ("d", "d")], [0, 1, 2, 3, 3])
@example([("a", None), ("b", "b"), ("c", "")], [0, 1, 2])
@example([("a", "b"), ("b", "b"), ("b", "a"), (None, "c"), ("c", "c")], [4, 3, 2, 1, 0])
def test_display_forms_are_encoded_as_if_alone(pairs, places):
    codes = np.array([place if place < len(pairs) else -1 for place in places], np.int32)
    value, display = (pa.array([pair[part] for pair in pairs], pa.large_string()) for part in (0, 1))
    shown = pa.array([None if pair[0] is None else pair[1] for pair in pairs], pa.large_string())
    raw = pa.array([str(place) for place in range(len(pairs))], pa.large_string())
    found = Entries(codes, value, display, raw).columns()
    for column, alone in zip(found, (encode(codes, raw), encode(codes, value), encode(codes, shown)), strict=True):
        assert column.codes.tolist() == alone.codes.tolist()
        assert column.codes.dtype == np.int32
        assert column.vocabulary.to_pylist() == alone.vocabulary.to_pylist()


@pytest.mark.parametrize("piece", [1, 3, 5])
def test_values_read_in_pieces_are_read_alike(monkeypatch, piece):
    rows = [
        {"source": source, "record_id": f"{place}", "mail": mail, "mobile": phone}
        for place, (source, mail, phone) in enumerate(
            (source, mail, phone) for source in ("web", "shop", "crm") for mail in MAILS for phone in PHONES
        )
    ]
    table = RecordTable.of(rows)
    whole = normalize(table, PLANS)
    monkeypatch.setattr(forms, "PIECE", piece)
    apart = normalize(table, PLANS)
    assert apart.rejects.equals(whole.rejects)
    for kind in ("raw", "columns", "display"):
        for name, column in getattr(whole, kind).items():
            other = getattr(apart, kind)[name]
            assert np.array_equal(other.codes, column.codes)
            assert other.vocabulary.equals(column.vocabulary)


@pytest.mark.parametrize("plan", PLANS)
def test_a_column_without_values_has_no_forms(plan):
    table = normalize(RecordTable.of([{"record_id": "1", "note": "x"}]), [plan])
    assert all(column.codes.tolist() == [-1] for column in table.columns.values())
