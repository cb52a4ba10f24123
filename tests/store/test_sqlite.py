"""SqliteStore = the store of dicts, in memory and in a file, whatever is done to it."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from omniid.errors import InputError, SpecError, StoreError
from omniid.store import SqliteStore, TableShape
from oracle.store import TABLES, Twin

numbers = st.integers(-3, 6) | st.sampled_from([-(2**63), 2**63 - 1])
texts = st.sampled_from(["", "a", "A", "ab", "é", "z\x00y", "z", "漢", "😀", "\uffff", "1", " 1"])
blobs = st.none() | st.sampled_from([b"", b"\x00", b"x", b"x" * 5000])
ROWS = {
    "members": st.tuples(numbers, st.none() | numbers, st.none() | texts),
    "postings": st.tuples(texts, numbers),
    "evidence": st.tuples(numbers, numbers, st.none() | numbers, blobs),
    "settings": st.tuples(texts, blobs, st.none() | st.sampled_from([-1.5, 0.0, 0.1, 1e300])),
}
KINDS = {"int": numbers, "text": texts, "bytes": blobs, "real": st.sampled_from([-1.5, 0.0, 0.05, 0.1, 1e300])}
tables = st.sampled_from(TABLES)


class UndoError(Exception):
    pass


def undo():
    raise UndoError


class StoreMachine(RuleBasedStateMachine):
    """Any sequence of writes, undone writes, reopenings and upkeep leaves the two stores equal."""

    @initialize(in_memory=st.booleans())
    def open(self, in_memory):
        self.folder = tempfile.TemporaryDirectory()
        self.path = ":memory:" if in_memory else Path(self.folder.name) / "people.omniid"
        self.store = SqliteStore(self.path, TABLES)
        self.twin = Twin()
        self.copies = 0

    def _column(self, data, shape):
        return data.draw(st.sampled_from(shape.looked_up_by()))

    def _change(self, data, tables_, twin):
        shape = data.draw(tables)
        if data.draw(st.booleans()):
            rows = data.draw(st.lists(ROWS[shape.name], max_size=5))
            tables_.put(shape.name, iter(rows))
            twin.put(shape.name, rows)
        else:
            by = self._column(data, shape)
            values = data.draw(st.lists(KINDS[shape.columns[by]], max_size=3))
            tables_.remove(shape.name, by, values)
            twin.remove(shape.name, by, values)

    def _same(self, data, seen, twin):
        shape = data.draw(tables)
        by = self._column(data, shape)
        values = data.draw(st.lists(st.none() | KINDS[shape.columns[by]], max_size=9))
        assert seen.rows(shape.name, by, values) == twin.rows(shape.name, by, values)
        low, high = data.draw(st.tuples(*[st.none() | KINDS[shape.columns[by]]] * 2))
        limit, descending = data.draw(st.tuples(st.none() | st.integers(0, 3), st.booleans()))
        options = {"limit": limit, "descending": descending}
        assert seen.span(shape.name, by, low, high, **options) == twin.span(shape.name, by, low, high, **options)
        assert seen.count(shape.name) == twin.count(shape.name)

    @rule(data=st.data(), is_kept=st.booleans(), has_part=st.booleans(), part_is_kept=st.booleans())
    def write(self, data, is_kept, has_part, part_is_kept):
        twin = self.twin.copy()
        try:
            with self.store.writing() as changing:
                self._change(data, changing, twin)
                if has_part:
                    part = twin.copy()
                    try:
                        with self.store.writing() as inner:
                            self._change(data, inner, part)
                            self._same(data, inner, part)
                            if not part_is_kept:
                                undo()
                        twin = part
                    except UndoError:
                        pass
                self._change(data, changing, twin)
                with self.store.reading() as joined:
                    self._same(data, joined, twin)
                if not is_kept:
                    undo()
            self.twin = twin
        except UndoError:
            pass

    @rule(data=st.data())
    def read(self, data):
        with self.store.reading() as seen:
            self._same(data, seen, self.twin)

    @precondition(lambda self: self.path != ":memory:")
    @rule()
    def reopen(self):
        self.store.close()
        assert [path.name for path in Path(self.folder.name).glob("people.omniid*")] == ["people.omniid"]
        self.store = SqliteStore(self.path, TABLES, synchronous="full")

    @rule(data=st.data())
    def back_up(self, data):
        self.copies += 1
        path = Path(self.folder.name) / f"copy{self.copies}"
        self.store.backup(path)
        with SqliteStore(path, TABLES) as copy, copy.reading() as seen:
            self._same(data, seen, self.twin)

    @rule()
    def compact(self):
        self.store.compact()

    def teardown(self):
        if hasattr(self, "store"):
            with self.store.reading() as seen:
                for shape in TABLES:
                    by = shape.primary[0]
                    assert seen.span(shape.name, by) == self.twin.span(shape.name, by)
            assert self.store.check() == []
            self.store.close()
            self.folder.cleanup()


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(max_examples=settings().max_examples // 2, stateful_step_count=10)


@pytest.fixture(params=["memory", "file"])
def store(request, tmp_path):
    with SqliteStore(":memory:" if request.param == "memory" else tmp_path / "people.omniid", TABLES) as store:
        yield store


def test_many_values_come_back_in_order_and_once(store):
    rows = [(row, row % 700, f"n{row % 50}") for row in range(5000)]
    twin = Twin()
    twin.put("members", rows)
    with store.writing() as tables:
        tables.put("members", rows)
    with store.reading() as tables:
        for number in (0, 1, 2, 9, 33, 700, 1024, 1025, 3000):
            wanted = [(value * 7919) % 5200 for value in range(number)] * 2
            assert tables.rows("members", "row", wanted) == twin.rows("members", "row", wanted)
            assert tables.rows("members", "entity", wanted) == twin.rows("members", "entity", wanted)
        names = [f"n{number}" for number in range(2000, -1, -1)]
        assert tables.rows("members", "name", names) == twin.rows("members", "name", names)


@pytest.mark.parametrize("number", [340, 341, 342, 682, 2000])  # one statement takes 341 rows of three columns
def test_many_rows_are_put_as_each_by_itself(store, number):
    rows = [(at * 7919 % (number // 2), at % 7, f"n{at}") for at in range(number)]
    twin = Twin()
    twin.put("members", rows)
    with store.writing() as tables:
        tables.put("members", iter(rows))
    with store.reading() as tables:
        assert tables.span("members", "row") == twin.span("members", "row")


@pytest.mark.parametrize("wrong", [[(1, 1), (2, 2, "b", 3)], [(5000, None)], [(None, 1, "a")], [(5000, "five", "a")]])
@pytest.mark.parametrize("at", [0, 340, 341, 700, 999])
def test_a_wrong_row_among_many_is_refused(store, wrong, at):
    rows = [(row, row, "a") for row in range(10, 1010)]
    with pytest.raises(InputError), store.writing() as tables:
        tables.put("members", [*rows[:at], *wrong, *rows[at:]])
    with store.reading() as tables:
        assert tables.count("members") == 0


def test_a_failed_put_is_never_kept_in_part(store):
    def rows():
        yield (1, 1, "a")
        undo()

    for wrong, error in (
        ([(1, 1, "a"), (2, 2)], InputError),
        ([(1, 1, "a"), (None, 1, "b")], InputError),
        ([(1, 1, "a"), (2, "two", "b")], InputError),
        ([(1, 1, "a"), (2, 2**63, "b")], InputError),
        ([(1, 1, "a"), (2, 2, "\ud800")], InputError),
        ([(1, 1, "a"), (2, object(), "b")], InputError),
        (rows(), UndoError),
    ):
        with pytest.raises(error), store.writing() as tables:
            tables.put("members", wrong)
        with pytest.raises(StoreError, match="nothing of this transaction is kept"), store.writing() as tables:  # noqa: PT012  # swallowed on the way
            with pytest.raises(error):
                tables.put("members", wrong if isinstance(wrong, list) else rows())
            with pytest.raises(StoreError, match="over"):
                tables.count("members")
        with store.reading() as tables:
            assert tables.count("members") == 0


def test_a_unique_index_keeps_its_word(tmp_path):
    shape = TableShape("entities", {"number": "int", "entity_id": "text"}, ("number",), unique=(("entity_id",),))
    with SqliteStore(tmp_path / "s", [shape]) as store:
        with store.writing() as tables:
            tables.put("entities", [(1, "a"), (2, None), (3, None)])
            tables.put("entities", [(1, "a")])
        with pytest.raises(InputError, match="UNIQUE"), store.writing() as tables:
            tables.put("entities", [(4, "a")])
        with store.reading() as tables:
            assert tables.span("entities", "number") == [(1, "a"), (2, None), (3, None)]


def test_what_is_not_there_is_named(store):
    with store.reading() as tables:
        with pytest.raises(InputError, match=r"no table 'membres'; it has evidence, members"):
            tables.rows("membres", "row", [])
        with pytest.raises(InputError, match=r"'evidence' cannot be looked up by 'right'; choose one of left"):
            tables.span("evidence", "right")
        with pytest.raises(InputError, match="limit is -1"):
            tables.span("evidence", "left", limit=-1)
        with pytest.raises(InputError, match="one kind of value"):
            tables.rows("members", "row", [1, "a", *range(2000)])


def test_a_closed_door_or_store_answers_nothing(store):
    with store.reading() as outer:
        with store.reading() as inner:
            assert inner is outer
        assert outer.count("members") == 0
    with pytest.raises(StoreError, match="over"):
        outer.count("members")
    with store.writing() as writer:
        writer.put("members", [(1, 1, "a")])
    with pytest.raises(StoreError, match="over"):
        writer.put("members", [(1, 1, "a")])
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"), store.reading() as tables:
        tables.count("members")
    with pytest.raises(StoreError, match="closed"), store.writing():
        pass
    with pytest.raises(StoreError, match="closed"):
        store.check()


def test_what_would_wait_for_itself_is_refused(store, tmp_path):
    with store.reading():
        with pytest.raises(StoreError, match="writing inside reading"), store.writing():
            pass
        for wait_for_itself in (store.compact, store.check, lambda: store.backup(tmp_path / "b")):
            with pytest.raises(StoreError, match="for ever"):
                wait_for_itself()
    store.compact()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"synchronous": "off"}, "synchronous is 'off'; choose"),
        ({"wait": -1}, "wait is -1"),
        ({"wait": float("nan")}, "wait is nan"),
        ({"version": 0}, "version is 0"),
        ({"shapes": [TABLES[0], TABLES[0]]}, "two tables have one name: members"),
    ],
)
def test_wrong_options_are_named(options, says):
    with pytest.raises(SpecError, match=says):
        SqliteStore(":memory:", **{"shapes": TABLES, **options})
