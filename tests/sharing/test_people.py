"""People per value against the definition, word by word."""

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.clustering import connected_components
from omniid.sharing import ValueClasses, count_people, without_generic
from omniid.tables import Column, RecordTable

Signature = tuple[int, int, int]
parts = st.integers(-1, 2)
records = st.lists(
    st.tuples(st.lists(st.sampled_from([None, "x", "y", "z"]), max_size=3), st.tuples(parts, parts, parts)), max_size=12
)


def people_by_definition(rows: list[tuple[list[str | None], Signature]]) -> dict[str, int]:
    """Records with the value and two known parts; joined where two parts agree and none conflicts; groups counted."""
    holders: dict[str, set[Signature]] = defaultdict(set)
    values = {value for cell, _ in rows for value in cell if value is not None}
    for cell, signature in rows:
        if sum(part >= 0 for part in signature) >= 2:
            for value in cell:
                if value is not None:
                    holders[value].add(signature)
    out = {}
    for value in values:
        groups = [{signature} for signature in holders[value]]
        while joined := [(a, b) for a in groups for b in groups if a is not b and any(meet(x, y) for x in a for y in b)]:
            a, b = joined[0]
            groups = [group for group in groups if group is not a and group is not b] + [a | b]
        out[value] = len(groups)
    return out


def meet(one: Signature, other: Signature) -> bool:
    both = [(a, b) for a, b in zip(one, other, strict=True) if a >= 0 and b >= 0]
    return sum(a == b for a, b in both) >= 2 and all(a == b for a, b in both)


def count(rows: list[tuple[list[str | None], Signature]]) -> dict[str, int]:
    offsets = np.cumsum([0, *(len(cell) for cell, _ in rows)]).astype(np.int64)
    column = Column.of([value for cell, _ in rows for value in cell], offsets)
    signature = [np.array([s[part] for _, s in rows], np.int32) for part in range(3)]
    people = count_people(column, signature, connected_components)
    return dict(zip(column.vocabulary.to_pylist(), people.tolist(), strict=True))


@given(records)
def test_counts_agree_with_the_definition(rows) -> None:
    assert count(rows) == people_by_definition(rows)


def test_two_hundred_nameless_orders_of_a_customer_who_is_known_are_one_customer() -> None:
    nameless = [(["ann@x.com"], (-1, -1, -1))] * 200
    assert count([*nameless, (["ann@x.com"], (0, 0, -1))]) == {"ann@x.com": 1}


def test_nobody_knows_whose_a_value_is_that_only_nameless_records_hold() -> None:
    assert count([(["ann@x.com"], (-1, 4, -1))] * 60) == {"ann@x.com": 0}  # a surname alone names nobody


def test_a_shop_number_typed_in_for_two_hundred_customers_is_two_hundred_people() -> None:
    assert count([(["+481"], (i, i, -1)) for i in range(200)]) == {"+481": 200}


def test_a_birth_date_bridges_a_maiden_name_but_not_a_conflict() -> None:
    assert count([(["x"], (0, 0, -1)), (["x"], (0, -1, 5)), (["x"], (0, 0, 5))]) == {"x": 1}
    assert count([(["x"], (0, 0, 5)), (["x"], (0, 1, 5))]) == {"x": 2}


def test_generic_values_become_missing_and_nothing_else_does() -> None:
    table = RecordTable.of([{"record_id": "1", "mail": ["a", "b"]}, {"record_id": "2", "mail": ["b"]}])
    column = without_generic(table.columns["mail"], classes_of([1, 7]))
    assert [column.entries_of(row) for row in range(2)] == [["a", None], [None]]
    assert without_generic(column, classes_of([1, 6])) is column


def classes_of(people: list[int]) -> ValueClasses:
    return ValueClasses("email", np.array(people), np.array(people), at_most=6, rows_above=50)


logins = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 3)), max_size=12)


@given(records, logins)
def test_login_ids_speak_where_no_signature_does(rows, entries) -> None:
    entries = sorted((row, code) for row, code in entries if row < len(rows))
    offsets = np.cumsum([0, *(len(cell) for cell, _ in rows)]).astype(np.int64)
    column = Column.of([value for cell, _ in rows for value in cell], offsets)
    signature = [np.array([s[part] for _, s in rows], np.int32) for part in range(3)]
    held = np.array(entries, np.int32).reshape(-1, 2)
    people = count_people(column, signature, connected_components, logins=(held[:, 0], held[:, 1]))
    for value, found in zip(column.vocabulary.to_pylist(), people.tolist(), strict=True):
        holders = [row for row, (cell, _) in enumerate(rows) if value in cell]
        known = people_by_definition(rows)[value]
        assert found == (known or len({code for row, code in entries if row in holders}))
