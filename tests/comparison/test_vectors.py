"""compare and compare_rows against the slow twin: missing values, several values, swapped names, silence, chunks, workers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omniid import CancelledError, SpecError
from omniid import comparison as c
from omniid.comparison import comparer, vectors
from omniid.tables import CandidatePairs, PairChunk, RecordTable
from oracle.compare import compare_pair

NAMES = (
    "anna anya hanna smith smyth anna-smith s as james jim van-dyke dyke anna-smyth paul paula samir samira annasmith",
    "jean-paul jean-pierre novak novakova",
)
NAME = st.sampled_from([None, *(name.replace("-", " ") for names in NAMES for name in names.split())])
EMAIL = st.sampled_from(
    [None, "anna.smith@x.com", "annasmith7@y.com", "smith@x.com", "smith@y.com", "ann@x.com", "anna123@x.com"]
)
SEVERAL = st.lists(st.sampled_from([None, "+79162000001", "89162000001", "+79162000002", "112", "555"]), max_size=3)
TAGS = st.lists(st.sampled_from(["a", "b", "c", "dd", "d"]), max_size=4)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "first_name": NAME,
            "last_name": NAME,
            "middle_name": NAME,
            "birth_date": st.sampled_from([None, "1980", "1980-05", "1980-05-03", "1980-03-05", "1981-05-03", "1975-11-12"]),
            "email": EMAIL,
            "phone": SEVERAL,
            "nick": st.lists(NAME, max_size=2),
            "tags": TAGS,
            "street": st.sampled_from([None, "12 main st", "12 mian st", "14 main st", "5 oak ave"]),
            "postcode": st.sampled_from([None, "10115", "10117", "80331"]),
            "city": st.sampled_from([None, "berlin", "berlni", "munchen"]),
        }
    ),
    min_size=1,
    max_size=5,
)
COMPARISONS = [
    c.person_first_name("first_name", last="last_name", middle="middle_name"),
    c.person_last_name("last_name", first="first_name"),
    c.birth_date("birth_date"),
    c.email("email", names=("first_name", "nick")),
    c.phone("phone"),
    c.Comparison("nick", ("nick",), (c.Exact(), c.SwappedParts("last_name"), c.Nickname())),
    c.Comparison("tags", ("tags",), (c.Overlap(3, name="three"), c.Overlap(2, name="two"), c.Levenshtein(1), c.Overlap())),
    c.street("street"),
    c.place("postcode", "city", street="street"),
    c.city("city", street="street"),
    c.middle_name("middle_name"),
]


def table_of(records):
    rows = [{"record_id": str(position), **record} for position, record in enumerate(records)]
    rows.append({"record_id": "x", **{name: [] for name in ("phone", "nick", "tags")}})
    return RecordTable.of(rows)


def all_pairs(n):
    left, right = (grid.ravel().astype(np.int32) for grid in np.meshgrid(range(n), range(n)))
    return left, right


def chunks(left, right, size):
    parts = [slice(start, start + size) for start in range(0, len(left), size)]
    rule = np.arange(len(left), dtype=np.int16)
    return CandidatePairs(("a rule",), lambda: iter([PairChunk(left[part], right[part], rule[part]) for part in parts]))


@given(RECORDS)
def test_levels_equal_the_slow_twin_and_are_symmetric(records):
    table = table_of(records)
    left, right = all_pairs(len(table))
    found = c.compare_rows(table, left, right, COMPARISONS)
    expected = [compare_pair(COMPARISONS, table, i, j) for i, j in zip(left, right, strict=True)]
    assert expected == found.tolist()
    assert found.tolist() == c.compare_rows(table, right, left, COMPARISONS).tolist()
    assert found.dtype == np.int8
    assert found.flags.c_contiguous


@settings(max_examples=settings().max_examples // 2)
@given(RECORDS, st.integers(1, 9), st.integers(5, 20), st.integers(1, 2), st.sampled_from([0, 300, 1 << 20]))
def test_chunks_workers_and_memory_change_nothing(records, size, batch, workers, keep_bytes):
    table = table_of(records)
    left, right = all_pairs(len(table))
    expected = c.compare_rows(table, left, right, COMPARISONS).tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectors, "BATCH", batch)
        patch.setattr(comparer, "BATCH", batch)
        patch.setattr(comparer, "MANY", 1)
        found = c.compare(table, chunks(left, right, size), COMPARISONS, workers=workers, keep_bytes=keep_bytes)
        for _ in range(2):  # re-iterable, kept or computed again
            seen = list(found)
            assert expected == [row for chunk in seen for row in chunk.levels.tolist()]
            assert left.tolist() == [row for chunk in seen for row in chunk.left.tolist()]
            assert right.tolist() == [row for chunk in seen for row in chunk.right.tolist()]
            assert list(range(len(left))) == [rule for chunk in seen for rule in chunk.rule.tolist()]
    assert found.comparisons == tuple(comparison.name for comparison in COMPARISONS)
    assert found.n_levels == tuple(len(comparison.levels) + 1 for comparison in COMPARISONS)


def levels_of(comparisons, *records):
    table = RecordTable.of([{"record_id": str(i), **record} for i, record in enumerate(records)])
    levels = c.compare_rows(table, np.array([0], np.int32), np.array([1], np.int32), comparisons)[0]
    return ["missing" if x < 0 else y.traits.levels[x] for x, y in zip(levels, comparisons, strict=True)]


NAMES = [c.person_first_name("first", last="last"), c.person_last_name("last", first="first")]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ({"first": "anna", "last": "smith"}, {"first": "smith", "last": "anna"}, ["swapped", "missing"]),
        ({"first": "anna", "last": "smith"}, {"first": "smyth", "last": "anna"}, ["swapped", "missing"]),
        ({"first": "anna", "last": "smith"}, {"first": "jones", "last": "anna"}, ["else", "else"]),
        ({"first": "anna", "last": None}, {"first": None, "last": "anna"}, ["swapped", "missing"]),
        ({"first": "anna", "last": None}, {"first": None, "last": "smith"}, ["missing", "missing"]),
        ({"first": "james", "last": "james"}, {"first": "kim", "last": "james"}, ["else", "exact"]),
        ({"first": "kim", "last": "lee"}, {"first": "kim", "last": "lee"}, ["exact", "exact"]),
        ({"first": "kim", "last": "lee"}, {"first": "kim", "last": None}, ["exact", "missing"]),
    ],
)
def test_swapped_names(left, right, expected):
    assert expected == levels_of(NAMES, left, right)


def test_an_address_made_of_the_names_says_nothing_new():
    comparisons = [c.email("email", names=("first", "last"))]
    anna, other = {"first": "anna", "last": "smith"}, {"first": "boris", "last": "ivanov"}
    one, two = {"email": "anna.smith@x.com"}, {"email": "anna.smith@y.com"}
    assert levels_of(comparisons, anna | one, anna | two) == ["missing"]
    assert levels_of(comparisons, anna | one, anna | one) == ["exact"]
    assert levels_of(comparisons, other | one, other | two) == ["same local part"]
    assert levels_of(comparisons, anna | one, other | two) == ["same local part"]
    numbered = ({"email": "anna1985@x.com"}, {"email": "anna1985@y.com"})
    assert levels_of(comparisons, anna | numbered[0], anna | numbered[1]) == ["same local part"]


def test_place_is_told_once():
    comparisons = [c.place("postcode", "city", street="street"), c.street("street")]
    home = {"street": "12 main st", "postcode": "10115", "city": "berlin"}
    assert levels_of(comparisons, home, home) == ["missing", "exact"]
    assert levels_of(comparisons, home, home | {"street": "5 oak ave"}) == ["postcode", "else"]
    assert levels_of(comparisons, home, home | {"street": "5 oak ave", "postcode": "80331"}) == ["city", "else"]
    assert levels_of(comparisons, home, {"street": "5 oak ave", "postcode": None, "city": "berlni"}) == ["alike", "else"]
    assert levels_of(comparisons, home, {"street": None, "postcode": "80331", "city": "munchen"}) == ["else", "missing"]
    assert levels_of(comparisons, home, {"street": None, "postcode": None, "city": None}) == ["missing", "missing"]


def test_a_silent_comparison_silences_nobody():
    a = c.Comparison("a", ("a",), (c.Exact(),))
    b = c.Comparison("b", ("b",), (c.Exact(),), silent_when={"a": ("exact",)})
    d = c.Comparison("d", ("d",), (c.Exact(),), silent_when={"b": ("exact",)})
    same = {"a": "1", "b": "1", "d": "1"}
    assert levels_of([d, b, a], same, same) == ["exact", "missing", "exact"]
    assert levels_of([d, b, a], same, same | {"a": "2"}) == ["missing", "exact", "else"]


def test_a_level_may_be_else():
    strict = c.Comparison("b", ("b",), (c.Exact(),), silent_when={"a": ("else",)})
    a = c.Comparison("a", ("a",), (c.Exact(),))
    assert levels_of([strict, a], {"a": "1", "b": "1"}, {"a": "2", "b": "1"}) == ["missing", "else"]
    assert levels_of([strict, a], {"a": "1", "b": "1"}, {"a": None, "b": "1"}) == ["exact", "missing"]


@pytest.mark.parametrize(
    ("comparisons", "words"),
    [
        ([c.email("mail")], "reads the field 'mail'.*fields there: email"),
        ([c.email("email"), c.email("email")], "two comparisons are named 'email'"),
        ([c.email("email", names=("nme",))], "reads the field 'nme'"),
        ([c.Comparison("email", ("email",), (c.Exact(),), silent_when={"street": ("exact",)})], "no such comparison"),
        (
            [
                c.Comparison("a", ("email",), (c.Exact(),), silent_when={"b": ("exact",)}),
                c.Comparison("b", ("email",), (c.Exact(),), silent_when={"a": ("exact",)}),
            ],
            "in a circle: a, b",
        ),
        (
            [c.email("email"), c.Comparison("b", ("email",), (c.Exact(),), silent_when={"email": ("near",)})],
            "silent at level 'near'",
        ),
    ],
)
def test_declarations_that_do_not_fit_the_table(comparisons, words):
    table = RecordTable.of([{"record_id": "1", "email": "a@b.com"}])
    with pytest.raises(SpecError, match=words):
        c.PairComparer(table, comparisons)


def test_a_table_before_normalize_is_named_as_the_reason():
    table = RecordTable.of([{"record_id": "1"}])
    with pytest.raises(SpecError, match="normalize the table first"):
        c.compare_rows(table, np.zeros(0, np.int32), np.zeros(0, np.int32), [c.email("email")])


def test_no_pairs_and_no_values():
    table = RecordTable.of([{"record_id": "1", "email": None, "phone": []}])
    none = np.zeros(0, np.int32)
    assert c.compare_rows(table, none, none, [c.email("email"), c.phone("phone")]).shape == (0, 2)
    assert list(c.compare(table, CandidatePairs((), lambda: iter([])), [c.email("email")])) == []
    one = np.zeros(1, np.int32)
    assert c.compare_rows(table, one, one, [c.email("email"), c.phone("phone")]).tolist() == [[-1, -1]]


def test_progress_is_told_and_may_cancel():
    table = RecordTable.of([{"record_id": str(i), "email": f"a{i}@b.com"} for i in range(4)])
    left, right = all_pairs(4)
    told = []
    found = c.compare(table, chunks(left, right, 4), [c.email("email")], progress=lambda *step: told.append(step))
    assert sum(len(chunk.left) for chunk in found) == 16
    assert told == [("compare", 16, 0)]
    stopped = c.compare(table, chunks(left, right, 4), [c.email("email")], progress=lambda *step: False)
    with pytest.raises(CancelledError, match="after 16 pairs"):
        list(stopped)


def test_kept_chunks_are_not_compared_again():
    table = RecordTable.of([{"record_id": str(i), "email": f"a{i}@b.com"} for i in range(4)])
    left, right = all_pairs(4)
    calls = []
    claim = c.Comparison("email", ("email",), (c.Custom(lambda a, b: calls.append(1) or False, "never"),))
    kept = c.compare(table, chunks(left, right, 4), [claim])
    assert calls == []
    list(kept), list(kept)
    assert len(calls) == 10  # 4 × 4 ordered pairs are 10 distinct unordered pairs of values
    again = c.compare(table, chunks(left, right, 4), [claim], keep_bytes=0)
    list(again), list(again)
    assert len(calls) == 30


def test_a_value_set_that_exceeds_the_budget_is_compared_in_parts(monkeypatch):
    from omniid.comparison import grading

    monkeypatch.setattr(grading, "COMBINATIONS", 5)
    table = RecordTable.of([{"record_id": str(i), "tags": [f"t{i * j % 7}" for j in range(1, 5)]} for i in range(6)])
    comparison = COMPARISONS[6]
    left, right = all_pairs(6)
    expected = [compare_pair([comparison], table, i, j) for i, j in zip(left, right, strict=True)]
    assert expected == c.compare_rows(table, left, right, [comparison]).tolist()
