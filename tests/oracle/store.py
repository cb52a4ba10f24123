"""A store as dicts: slow, obvious, and what `SqliteStore` is compared with."""

from collections.abc import Iterable, Sequence

from omniid.store import Row, TableShape, Value

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
