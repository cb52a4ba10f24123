"""Exact copies are compared once: the same partition as comparing all of them, without the cost."""

import resource
import time
import warnings

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import omniid
from omniid import (
    Attribute,
    Date,
    Decision,
    Email,
    Identifier,
    PersonName,
    Spec,
    all_pairs,
    at_most,
    block_on,
    one_per_source,
    resolve,
)
from omniid.blocking import BlockingRule
from omniid.copies import content_keys, find_originals, only_originals, pairs_of_copies
from omniid.errors import ConvergenceWarning
from omniid.pair_store import PairStore
from omniid.tables import RecordTable, ScoredPairs

cell = st.sampled_from([None, "x", "y"])
multi = st.one_of(cell, st.lists(cell, max_size=3))


@given(st.lists(st.tuples(cell, multi, st.booleans()), min_size=1, max_size=10))
def test_originals_are_the_first_equal_records(rows) -> None:
    table = RecordTable.of([{"record_id": f"{i:02}", "a": a, "b": b} for i, (a, b, _) in enumerate(rows)])
    apart = np.array([keep for *_, keep in rows])
    seen: list[object] = []
    for row in range(len(rows)):
        says = None if apart[row] else [tuple(table.columns[name].entries_of(row)) for name in ("a", "b")]
        seen.append(says)
    originals = find_originals(table, ["a", "b"], apart).tolist()
    for row, says in enumerate(seen):
        assert originals[row] == (row if says is None else next(i for i in range(row + 1) if seen[i] == says))
    assert len(only_originals(table, np.array(originals, np.int32))) == len(set(originals))
    keys = dict(zip(*(part.tolist() for part in content_keys(table, ["b", "a"])), strict=True))
    assert all(keys.get(row) == keys.get(original) for row, original in enumerate(originals))
    told_apart = {str([[value for value in cell if value] for cell in says]) for says in seen if says and any(map(any, says))}
    assert len({keys[row] for row in keys if not apart[row]}) == len(told_apart)


def test_records_that_say_nothing_that_matters_are_no_copies() -> None:
    table = RecordTable.of([{"record_id": "1"}, {"record_id": "2"}])
    assert find_originals(table, [], np.zeros(2, bool)).tolist() == [0, 1]


# ---------------------------------------------------------------- through resolve

PEOPLE = [
    {"email": "ann@x.com", "first_name": "Ann", "last_name": "Lee", "birth_date": "1980-01-02"},
    {"email": "ann@x.com", "first_name": "Ann", "last_name": "Lee", "birth_date": None},
    {"email": None, "first_name": "Ann", "last_name": "Lee", "birth_date": "1980-01-02"},
    {"email": "bob@x.com", "first_name": "Bob", "last_name": "Ray", "birth_date": "1975-05-06"},
    {"email": None, "first_name": "Bob", "last_name": None, "birth_date": None},
    {"email": None, "first_name": None, "last_name": None, "birth_date": None},
    {"email": "ann@x.com", "first_name": "Peter", "last_name": "Lee", "birth_date": "1950-01-02"},
]
SPEC = Spec(fields=[Email(), PersonName(), Date("birth_date")], blocking=[all_pairs()])
MODEL = resolve([{"record_id": str(i), **person} for i, person in enumerate(PEOPLE)], SPEC).model.replace(
    link_at=3.0, review_at=-2.0
)


def as_rows(numbers: list[int]) -> list[dict[str, str | None]]:
    return [{"record_id": f"{i:02}", **PEOPLE[number]} for i, number in enumerate(numbers)]


def groups(found: omniid.Resolution) -> set[frozenset[str]]:
    members: dict[str, set[str]] = {}
    for row in found.crosswalk:
        members.setdefault(row["entity_id"], set()).add(row["record_id"])
    return set(map(frozenset, members.values()))


@settings(max_examples=settings().max_examples // 2)
@given(st.lists(st.integers(0, len(PEOPLE) - 1), min_size=1, max_size=9))
def test_collapsing_copies_changes_no_cluster(numbers: list[int]) -> None:
    rows = as_rows(numbers)
    assert groups(resolve(rows, SPEC, model=MODEL)) == all_pairs_of(rows)


def all_pairs_of(rows: list[dict[str, str | None]]) -> set[frozenset[str]]:
    """The partition when every pair of records is compared, copies among them: an attribute that is limited sets them apart."""
    spec = SPEC.replace(fields=[*SPEC.fields, Attribute("no")], limits=[at_most("no", 10_000)])
    return groups(resolve([{**row, "no": row["record_id"]} for row in rows], spec, model=MODEL))


def test_copies_are_compared_once() -> None:
    found = resolve(as_rows([0] * 50 + [3] * 50), SPEC, model=MODEL)
    assert found.summary.pairs == 1
    assert found.summary.people == 2
    assert found.table("scored_pairs").num_rows == 49 + 49
    assert set(found.table("scored_pairs")["rule"].to_pylist()) == {"identical records"}


COLUMNS = [block_on(name) for name in ("email", "first_name", "last_name", "birth_date")]


@settings(max_examples=settings().max_examples // 2)
@given(st.lists(st.integers(0, len(PEOPLE) - 1), min_size=1, max_size=14), st.sampled_from([[all_pairs()], COLUMNS]))
@example([5, 5], [all_pairs()])
def test_copies_speak_for_themselves_in_model_weights_and_clusters(numbers: list[int], rules: list[BlockingRule]) -> None:
    """All that is learned and found is the same, to the last bit, as when every copy is compared with everybody."""
    rows, spec = as_rows([n for n in numbers if n != 5] if rules is COLUMNS else numbers), SPEC.replace(blocking=rules)
    assume(rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # so few records may need more rounds than there are
        fast = resolve(rows, spec)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("omniid.linking.find_originals", lambda table, columns, apart: np.arange(len(table), dtype=np.int32))
            slow = resolve(rows, spec)
    assert fast.model == slow.model
    assert groups(fast) == groups(slow)
    assert weights_of(fast) <= weights_of(slow)
    people = {row["record_id"]: PEOPLE.index({k: v for k, v in row.items() if k != "record_id"}) for row in rows}
    said = [{(frozenset((people[a], people[b])), weight) for a, b, weight in weights_of(found)} for found in (fast, slow)]
    assert said[0] == said[1]


def weights_of(found: omniid.Resolution) -> set[tuple[str, str, int]]:
    table, pairs = found.parts.records, found.parts.scores
    left, right = ([record_id for _, record_id in table.keys(rows)] for rows in (pairs.left, pairs.right))
    return set(zip(left, right, pairs.weight.tolist(), strict=True))


def scored(pairs: list[tuple[int, int, int, int]]) -> ScoredPairs:
    """(left, right, weight, rule) rows; rule 1 is that of copies."""
    left, right, weight, rule = (np.array(part) for part in zip(*pairs, strict=True))
    n = len(pairs)
    return ScoredPairs(
        left.astype(np.int32),
        right.astype(np.int32),
        weight.astype(np.int64),
        np.zeros(n, np.int8),
        rule.astype(np.int16),
        np.zeros((n, 1), np.int8),
        ("x",),
        ("rule", "identical records"),
    )


def as_set(pairs: ScoredPairs) -> set[tuple[int, int, int]]:
    return set(zip(pairs.left.tolist(), pairs.right.tolist(), pairs.weight.tolist(), strict=True))


ORIGINALS = np.array([0, 0, 2, 0, 2, 5], np.int32)  # 1 and 3 equal 0, 4 equals 2


def shared(pairs: ScoredPairs, link_at: int, *, most: int | None = None) -> ScoredPairs:
    """Pairs of originals together with those of their copies; a pair under rule 1 is one of an original with its first copy."""
    is_copy = pairs.rule == 1
    lots, copied = [pairs.take(np.flatnonzero(~is_copy))], pairs.take(np.flatnonzero(is_copy))
    with PairStore(pairs.comparisons, pairs.rules, at_most=most) as store:
        for lot in [*lots, *pairs_of_copies(lots, copied, ORIGINALS, link_at, most=most)]:
            store.add(lot)
        return store.joined()


@pytest.mark.parametrize("most", [None, 1, 4])
def test_copies_that_link_get_one_pair_each(most: int | None) -> None:
    found = shared(scored([(0, 1, 9, 1), (0, 5, 8, 0), (2, 4, 9, 1)]), 7, most=most)
    assert as_set(found) == {(0, 1, 9), (0, 3, 9), (0, 5, 8), (2, 4, 9)}
    assert (np.diff(found.left.astype(np.int64) * 10 + found.right) > 0).all()


@pytest.mark.parametrize("most", [None, 1, 4])
def test_copies_that_do_not_link_get_all_other_pairs_of_their_original(most: int | None) -> None:
    found = shared(scored([(0, 1, 6, 1), (0, 2, 9, 0), (0, 5, 8, 0), (2, 4, 9, 1)]), 7, most=most)
    weak = {(0, 1, 6), (0, 3, 6), (0, 2, 9), (1, 2, 9), (2, 3, 9), (0, 5, 8), (1, 5, 8), (3, 5, 8)}
    assert as_set(found) == weak | {(2, 4, 9)}


@pytest.mark.parametrize("most", [None, 1, 4])
def test_masses_of_weak_copies_share_only_the_strongest_pairs(most: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omniid.copies.SHARED", 3)
    found = shared(scored([(0, 2, 8, 0), (0, 5, 9, 0)]), 7, most=most)
    assert as_set(found) == {(0, 2, 8), (0, 5, 9), (1, 5, 9), (3, 5, 9), (0, 4, 8)}


def test_copies_that_say_too_little_stay_apart_but_keep_their_partners() -> None:
    found = resolve(as_rows([4, 4, 4]), SPEC, model=MODEL)
    assert found.summary.people == 3


def test_a_blocking_rule_may_read_what_copies_differ_in() -> None:
    rows = [
        {"record_id": "1", **PEOPLE[0], "batch": "a"},
        {"record_id": "2", **PEOPLE[0], "batch": "b"},
        {"record_id": "3", **PEOPLE[1], "batch": "b"},
    ]
    spec = SPEC.replace(fields=[*SPEC.fields, Attribute("batch")], blocking=[block_on("batch")])
    assert groups(resolve(rows, spec, model=MODEL)) == {frozenset("1"), frozenset("23")}


def test_records_that_decisions_name_stay_apart() -> None:
    rows = as_rows([0, 0, 0])
    told = Decision("CANNOT_LINK", (("records", "00"),), (("records", "01"),))
    found = resolve(rows, SPEC, model=MODEL, decisions=[told])
    together = groups(found)
    assert not any({"00", "01"} <= group for group in together)
    assert len(together) == 2


def test_copies_of_one_source_without_duplicates_stay_apart() -> None:
    rows = [{"record_id": f"{i}", "source": source, **PEOPLE[0]} for i, source in enumerate(["crm", "crm", "web", "web"])]
    found = resolve(rows, SPEC.replace(limits=[one_per_source("crm")]), model=MODEL)
    assert sorted(map(sorted, groups(found))) in ([["0", "2", "3"], ["1"]], [["0"], ["1", "2", "3"]])
    assert {row["limit"] for row in found.refusals} == {"one_per_source(crm)"}


def test_a_limited_value_keeps_copies_apart() -> None:
    rows = [{"record_id": str(i), **PEOPLE[0], "passport": number} for i, number in enumerate(["P1", "P1", "P2", None])]
    spec = SPEC.replace(fields=[*SPEC.fields, Identifier("passport", kind="passport")], limits=[at_most("passport", 1)])
    found = resolve(rows, spec)
    for group in groups(found):
        assert not {"0", "2"} <= group


@pytest.mark.parametrize("person", [0, 4], ids=["linked", "not linked"])
def test_masses_of_identical_records_neither_hang_nor_fill_memory(person: int) -> None:
    n = 200_000
    columns = {name: pa.array([value] * n, pa.string()) for name, value in PEOPLE[person].items()}
    table = pa.table({"record_id": pa.array([str(i) for i in range(n)]), **columns})
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    found = resolve(table, SPEC, model=MODEL)
    assert time.process_time() - start < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_000_000  # kilobytes
    assert found.summary.people == (1 if person == 0 else n)
    assert found.summary.sizes.largest[0][1] == (n if person == 0 else 1)
