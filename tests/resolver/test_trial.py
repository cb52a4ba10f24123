"""A trial reads as a store reads in which the same was written, and carries out just that."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from omniid.resolver.trial import Trial
from omniid.store import SqliteStore, TableShape

SHAPES = (
    TableShape("people", {"row": "int", "name": "text", "age": "int"}, primary=("row",), indexes=(("name",),)),
    TableShape("held", {"key": "text", "row": "int", "why": "text"}, primary=("key", "row"), indexes=(("row",),)),
)
NAMES = st.sampled_from(["ann", "bo", "Ω", ""])
NUMBERS = st.integers(-2, 4)
ROWS = {
    "people": st.tuples(NUMBERS, NAMES | st.none(), NUMBERS | st.none()),
    "held": st.tuples(NAMES, NUMBERS, NAMES | st.none()),
}
BY = {("people", "row"): NUMBERS, ("people", "name"): NAMES, ("held", "key"): NAMES, ("held", "row"): NUMBERS}
PUTS = st.one_of([st.tuples(st.just("put"), st.just(table), st.lists(rows, max_size=4)) for table, rows in ROWS.items()])
REMOVALS = st.one_of([st.tuples(st.just(by), st.just(table), st.lists(some, max_size=3)) for (table, by), some in BY.items()])


CLEARINGS = st.sampled_from([("clear", table, []) for table in ROWS])


def apply(step: tuple[str, str, list[Any]], store: Any) -> None:
    what, table, values = step
    if what == "clear":
        store.clear(table)
    elif what == "put":
        store.put(table, values)
    else:
        store.remove(table, what, values)


def everything(store: Any) -> list[Any]:
    out: list[Any] = []
    for shape in SHAPES:
        out.append(store.count(shape.name))
        for by in shape.looked_up_by():
            values: list[Any] = ["", "ann", "bo", "Ω"] if shape.columns[by] == "text" else list(range(-2, 5))
            low, high = values[1], values[3]
            out += [store.rows(shape.name, by, some) for some in (values, [*values[2:], *values[:3], None], [values[0]])]
            for descending in (False, True):
                for ends in ((None, None), (low, None), (None, high), (low, high)):
                    out += [store.span(shape.name, by, *ends, limit=n, descending=descending) for n in (None, 0, 1, 3)]
    return out


@given(before=st.lists(PUTS, max_size=3), steps=st.lists(PUTS | REMOVALS | CLEARINGS, max_size=6))
def test_a_trial_reads_like_a_store_and_can_be_carried_out(before: list[Any], steps: list[Any]) -> None:
    with SqliteStore(":memory:", SHAPES) as one, SqliteStore(":memory:", SHAPES) as other:
        for store in (one, other):
            with store.writing() as tables:
                for step in before:
                    apply(step, tables)
        with one.reading() as tables, other.writing() as written:
            untouched = everything(tables)
            trial = Trial(tables, SHAPES)
            for step in steps:
                apply(step, trial)
                apply(step, written)
            assert everything(trial) == everything(written)
            assert everything(tables) == untouched
        with one.writing() as tables, other.reading() as wanted:
            trial.carry_out(tables)
            assert everything(tables) == everything(wanted)


def test_a_table_can_be_cleared() -> None:
    with SqliteStore(":memory:", SHAPES) as store:
        with store.writing() as tables:
            tables.put("people", [(1, "ann", 3), (2, "bo", 4)])
        with store.writing() as tables:
            trial = Trial(tables, SHAPES)
            trial.clear("people")
            trial.put("people", [(2, "bo", 4), (3, "cid", 5)])
            assert trial.differing("people") == [((1, "ann", 3), None), (None, (3, "cid", 5))]
            trial.carry_out(tables)
            assert tables.span("people", "row") == [(2, "bo", 4), (3, "cid", 5)]
