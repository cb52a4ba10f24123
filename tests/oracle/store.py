"""A store as dicts: slow, obvious, and what `SqliteStore` is compared with."""

import time
from collections.abc import Iterable, Sequence

from omniid.store import Row, Snapshot, SqliteStore, TableShape, Value

TABLES = (
    TableShape("members", {"row": "int", "entity": "int", "name": "text"}, ("row",), indexes=(("entity",), ("name",))),
    TableShape("postings", {"key": "text", "row": "int"}, ("key", "row"), indexes=(("row",),)),
    TableShape("evidence", {"left": "int", "right": "int", "weight": "int", "level": "bytes"}, ("left", "right")),
    TableShape("settings", {"name": "text", "value": "bytes", "share": "real"}, ("name",), indexes=(("share",),)),
)


class Twin:
    """The tables as dicts from primary key to row."""

    def __init__(self, shapes: Sequence[TableShape] = TABLES) -> None:
        self.shapes = {shape.name: shape for shape in shapes}
        self.tables: dict[str, dict[tuple[Value, ...], Row]] = {name: {} for name in self.shapes}

    def copy(self) -> "Twin":
        other = Twin(tuple(self.shapes.values()))
        other.tables = {name: dict(rows) for name, rows in self.tables.items()}
        return other

    def _key(self, table: str, row: Row) -> tuple[Value, ...]:
        names = list(self.shapes[table].columns)
        return tuple(row[names.index(name)] for name in self.shapes[table].primary)

    def _ordered(self, table: str, by: str) -> list[tuple[Value, Row]]:
        place = list(self.shapes[table].columns).index(by)
        found = [(row[place], self._key(table, row), row) for row in self.tables[table].values() if row[place] is not None]
        return [(value, row) for value, _, row in sorted(found, key=lambda one: one[:2])]

    def rows(self, table: str, by: str, values: Iterable[Value]) -> list[Row]:
        wanted = set(values)
        return [row for value, row in self._ordered(table, by) if value in wanted]

    def span(
        self, table: str, by: str, low: Value = None, high: Value = None, *, limit: int | None = None, descending: bool = False
    ) -> list[Row]:
        found = [
            row for value, row in self._ordered(table, by) if (low is None or value >= low) and (high is None or value < high)
        ]
        return (found[::-1] if descending else found)[:limit]

    def count(self, table: str) -> int:
        return len(self.tables[table])

    def put(self, table: str, rows: Iterable[Row]) -> None:
        for row in rows:
            self.tables[table][self._key(table, row)] = row

    def remove(self, table: str, by: str, values: Iterable[Value]) -> None:
        for row in self.rows(table, by, values):
            del self.tables[table][self._key(table, row)]


SHAPES = [
    TableShape("left", {"row": "int", "number": "int"}, ("row",)),
    TableShape("right", {"number": "int", "row": "int"}, ("number", "row")),
]


def write(store: SqliteStore, number: int) -> None:
    """Both tables hold the numbers of the last five writes, and only at the end of a write."""
    with store.writing() as tables:
        tables.put("left", [(number % 5, number)])
        tables.remove("right", "number", [number - 5])
        time.sleep(0.0005)
        tables.put("right", [(number, number % 5)])


def one_state(tables: Snapshot) -> list[int]:
    """Return the numbers, the same in both tables whoever writes meanwhile."""
    first = sorted(number for _, number in tables.span("left", "row"))
    time.sleep(0.0005)
    again = [number for number, _ in tables.span("right", "number")]
    assert first == again
    assert first == list(range(first[0], first[0] + len(first))) if first else True
    return first
