"""Rows as JSON, made column by column, are letter by letter what `json.dumps` makes of each."""

import json

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

import omniid
from omniid.resolver.assembling import inputs_of
from omniid.resolver.incoming import part_key, read_changes
from omniid.resolver.json_columns import json_rows
from oracle.small_town import contents, opened, town

TEXTS = st.none() | st.sampled_from(["ann", 'a"b', "é\\x", "\n", "Анна", "\x7f", "\u2028"])
CELLS = {"id": TEXTS, "name": TEXTS, "mails": st.lists(TEXTS.filter(bool), max_size=3)}
TYPES = {"id": pa.large_string(), "name": pa.large_string(), "mails": pa.large_list(pa.large_string())}


@given(st.lists(st.fixed_dictionaries(CELLS), max_size=5))
def test_rows_are_those_of_json(rows):
    table = pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in TYPES.items()})
    said = [{name: row[name] for name in TYPES if row[name] not in (None, [])} for row in rows]
    assert json_rows(table, comma=", ", colon=": ") == [json.dumps(row, ensure_ascii=False) for row in said]
    assert json_rows(table) == [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in said]


def test_frames_of_many_are_those_that_their_contents_give():
    rows = [{"id": str(n), "email": f"a{n}@x.com", "age": n, "tags": ["b", "a"][: n % 3], "none": None} for n in range(60)]
    changes = read_changes({"web": rows, "crm": [{"id": "1", "b": " ", "a": "x"}]})
    again = inputs_of([(one.key, json.loads(one.content or "")) for one in changes.each], with_ids=True)
    assert changes.sent is not None
    for frame, other in zip(changes.sent.frames, again.frames, strict=True):
        assert (frame.name, frame.table.to_pylist()) == (other.name, other.table.to_pylist())
        assert frame.table.column_names == other.table.column_names
    few = read_changes({"web": rows[:9]}).each  # read one by one
    assert few == [one for one in changes.each if part_key(one.key)[0] == "web"][:9]


def test_a_store_filled_in_one_call_says_what_one_does_that_was_filled_in_two():
    rows = town()[:60]
    with opened(rows[:40]) as learned:
        spec, model = learned.spec, learned.model
    with omniid.open(":memory:", spec, model=model) as one, omniid.open(":memory:", spec, model=model) as other:
        one.upsert(rows)
        other.upsert(rows[:1])
        other.upsert(rows)
        for name in ("forms", "filed", "briefs", "postings", "contacts", "evidence"):
            assert contents(one)[name] == contents(other)[name]
