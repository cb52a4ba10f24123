"""Normal forms of many records at once say, letter by letter, what those of one record say."""

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.resolver.assembling import forms_text
from omniid.resolver.bulk_forms import as_stored, forms_rows
from omniid.resolver.learned import Learned
from omniid.single_record import Forms, forms_of, table_of
from omniid.spec import Spec
from omniid.tables import Model, RecordTable

TEXTS = st.sampled_from(["ann", "Ann", 'a"b', "é\\x", "\n", "Анна"])
ENTRIES = st.one_of(st.none(), TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
FIELDS = st.dictionaries(st.sampled_from(["email", "phone", "city"]), st.lists(ENTRIES, min_size=1, max_size=3))
REJECTS = st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=2)
RECORDS = st.lists(st.builds(Forms, st.one_of(st.none(), st.integers(-5, 2**50)), FIELDS, REJECTS), max_size=5)


def texts(table: RecordTable) -> list[str]:
    return [text for _, text in forms_rows(table, np.arange(len(table)))]


@given(RECORDS)
def test_texts_of_a_table_are_those_of_its_records(records: list[Forms]) -> None:
    table = table_of(records, [("crm", str(number)) for number in range(len(records))])
    assert texts(table) == [forms_text(one) for one in forms_of(table)]


@given(RECORDS)
def test_a_table_as_stored_is_the_one_that_its_texts_give(records: list[Forms]) -> None:
    learned = Learned(Spec(), Model((), 0, columns=("email", "login")), ("crm", "abc", "web"))
    keys = [("crm", str(number)) for number in range(len(records))]
    table = table_of(records, keys)
    stored = as_stored(table, learned)
    read = table_of([Forms(*json.loads(text)) for text in texts(table)], keys, learned.columns, sources=learned.sources)
    assert (stored.sources, stored.source.tolist()) == (read.sources, read.source.tolist())
    assert set(stored.columns) >= set(read.columns)
    for part in ("raw", "columns", "display"):
        for name in getattr(read, part):
            assert said(stored, part, name) == said(read, part, name)
    assert np.array_equal(stored.time, read.time)


def said(table: RecordTable, part: str, name: str) -> list[list[str]]:
    column = getattr(table, part)[name]
    assert column.n_rows == len(table)
    return [[value for value in column.entries_of(row) if value is not None] for row in range(len(table))]
