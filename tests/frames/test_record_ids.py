"""Which record is which: id columns, and ids made of content."""

import time

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid import errors
from omniid.frames import Inputs, SourceFrame, choose_record_id, read_inputs, to_record_table
from omniid.frames.encoded import encode
from omniid.frames.record_ids import content_ids
from omniid.tables import no_rejects


def keys(rows, record_ids=None):
    inputs = read_inputs({"web": rows})
    return to_record_table(inputs, columns={"web": {}}, record_ids=record_ids).record_id.to_pylist()


@pytest.mark.parametrize(
    ("columns", "chosen"),
    [
        ({"id": ["1", "2"], "record_id": ["a", "b"]}, "record_id"),
        ({"id": ["1", "2"], "record_id": ["a", "a"]}, "id"),
        ({"ID": ["1", "2"], "Unique_Id": ["a", None]}, "ID"),
        ({"rec_id": ["1", "2"], "ID": ["1", "2"]}, "rec_id"),
        ({"id": [["1"], ["2"]]}, None),
        ({"id": ["1", "1"]}, None),
        ({"key": ["1", "2"]}, None),
    ],
)
def test_the_first_name_that_is_unique_and_never_null_is_chosen(columns, chosen):
    assert choose_record_id(pa.table(columns)) == chosen


def test_a_declared_id_goes_before_the_automatic_one():
    rows = [{"id": 1, "no": "b"}, {"id": 2, "no": "a"}]
    assert keys(rows) == ["1", "2"]
    assert keys(rows, {"web": "no"}) == ["a", "b"]
    assert keys(rows, {"web": None}) == ["1", "2"]


def test_two_records_with_one_key_are_refused_with_both_rows():
    with pytest.raises(
        errors.InputError, match=r"'7' in column 'id' of source 'web' \(frame\) comes twice, in rows 2 and 4 \(2 such"
    ):
        keys([{"id": 6}, {"id": 7}, {"id": 8}, {"id": 7}, {"id": 6}], {"web": "id"})


def test_a_record_without_its_declared_key_is_refused_with_its_row():
    with pytest.raises(errors.InputError, match=r"row 2 of source 'web' .* has no record id in column 'id'"):
        keys([{"id": 6}, {"id": " "}], {"web": "id"})
    with pytest.raises(errors.InputError, match="several values in one cell"):
        keys([{"id": ["6"]}], {"web": "id"})


def test_a_declared_id_column_that_does_not_exist_is_named_with_the_closest():
    with pytest.raises(errors.SpecError, match=r"'client_id' is not in source 'web' .* clientid, x; did you mean 'clientid'\?"):
        keys([{"clientid": 6, "x": 1}], {"web": "client_id"})
    with pytest.raises(errors.SpecError, match=r"record_ids names source 'wen', but the sources are web; did you mean 'web'\?"):
        keys([{"id": 6}], {"wen": "id"})


def test_equal_records_are_numbered_and_stay_distinct():
    one, two, three = keys([{"a": 1}, {"a": 1}, {"a": 1}])
    assert (two, three) == (f"{one}-2", f"{one}-3")
    assert len(one) == 16


CELL = st.none() | st.sampled_from(["a", "b", "ż"]) | st.lists(st.sampled_from(["a", "b"]), max_size=2)
RECORDS = st.lists(st.fixed_dictionaries({"x": CELL, "y": CELL}), min_size=1, max_size=8)


@given(RECORDS, st.randoms())
def test_ids_depend_on_content_only(rows, random):
    shuffled = random.sample(rows, len(rows))
    turned = [dict(reversed(row.items())) for row in shuffled]
    assert keys(rows) == keys(shuffled) == keys(turned)
    assert len(set(keys(rows))) == len(rows)


@given(RECORDS)
def test_records_share_a_hash_exactly_when_they_say_the_same(rows):
    said = [
        tuple(tuple(cell) if isinstance(cell, list) else (cell,) if cell else () for cell in (row["x"], row["y"]))
        for row in rows
    ]
    assert len({key.split("-")[0] for key in keys(rows)}) == len(set(said))


def test_a_value_in_another_column_or_place_is_another_record():
    rows = [{"x": "a", "y": "b"}, {"x": "b", "y": "a"}, {"x": ["a", "b"]}, {"x": ["b", "a"]}, {"x": ["a", "a"]}, {"x": "aa"}]
    assert not any("-" in key for key in keys(rows))


def test_a_column_that_is_entirely_missing_changes_no_id():
    assert keys([{"a": 1, "b": None}, {"a": 2, "b": ""}]) == keys([{"a": 1}, {"a": 2}])


def test_a_collision_of_hashes_still_has_one_order(monkeypatch):
    from omniid.frames import record_ids

    true_hashes = record_ids._row_hashes
    monkeypatch.setattr(record_ids, "_row_hashes", lambda *a: true_hashes(*a) * (a[2] > 0))  # the first hash is always 0
    column = pa.array(["a", "b", "c", "a"], pa.large_string())
    forth = dict(zip(column.to_pylist()[:3], content_ids({"x": encode(column)}, 4).to_pylist(), strict=False))
    back = dict(zip(column.to_pylist()[2::-1], content_ids({"x": encode(column[::-1])}, 4).to_pylist()[1:], strict=True))
    assert len(set(forth.values())) == 3
    assert {forth["b"], forth["c"]} == {back["b"], back["c"]}


def test_a_million_identical_records_stay_a_million_in_seconds():
    table = pa.table({name: pa.array([name] * 1_000_000, pa.large_string()) for name in ("name", "mail")})
    started = time.perf_counter()
    inputs = Inputs((SourceFrame("web", table, "frame"),), "pyarrow", no_rejects())
    made = to_record_table(inputs, columns={"web": {"mail": "email"}})
    assert time.perf_counter() - started < 15  # 1.2 s on an idle core
    assert len(made) == 1_000_000
    assert len(made.record_id.unique()) == 1_000_000
    assert made.raw["email"].codes.max() == 0
