"""A trial: changes on top of one state of a store that nobody else sees, to be looked at, thrown away or carried out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from omniid.resolver.shapes import SHAPES
from omniid.store import Row, Snapshot, TableShape, Transaction, Value

__all__ = ["Trial"]

AT_ONCE = 20_000  # rows compared with the base at a time


class Trial:
    """A transaction that only memory holds: it reads like the store with its changes, which stays as it is.

    Parameters
    ----------
    base
        The state that it starts from; it must stay open while rows are read through the trial.
    shapes
        The tables of the store.

    Examples
    --------
    >>> from omniid.store import SqliteStore
    >>> with SqliteStore(":memory:", SHAPES) as store, store.reading() as tables:
    ...     trial = Trial(tables)
    ...     trial.put("settings", [("run", "1")])
    ...     trial.count("settings"), tables.count("settings")
    (1, 0)
    """

    def __init__(self, base: Snapshot, shapes: Sequence[TableShape] = SHAPES) -> None:
        self._base = base
        self._tables = {shape.name: _Layer(shape) for shape in shapes}

    def rows(self, table: str, by: str, values: Iterable[Value]) -> list[Row]:
        """As `Snapshot.rows`."""
        layer, wanted = self._tables[table], list(dict.fromkeys(values))
        found = self._base.rows(table, by, wanted) if layer.shows_base else []
        return found if layer.is_empty else layer.on_top(found, layer.holding(by, wanted), by)

    def span(
        self, table: str, by: str, low: Value = None, high: Value = None, *, limit: int | None = None, descending: bool = False
    ) -> list[Row]:
        """As `Snapshot.span`."""
        layer = self._tables[table]
        if layer.is_empty:
            return self._base.span(table, by, low, high, limit=limit, descending=descending)
        most = None if limit is None or layer.cleared else limit + layer.size  # no more than these are hidden by the layer
        found = self._base.span(table, by, low, high, limit=most, descending=descending) if layer.shows_base else []
        return layer.on_top(found, layer.between(by, low, high), by, descending=descending)[:limit]

    def count(self, table: str) -> int:
        """As `Snapshot.count`."""
        differing = self.differing(table)
        return self._base.count(table) + sum((was is None) - (now is None) for was, now in differing)

    def put(self, table: str, rows: Iterable[Row]) -> None:
        """As `Transaction.put`."""
        layer = self._tables[table]
        if not layer.cleared:
            layer.put(rows)
            return
        waiting = iter(rows)
        while lot := list(islice(waiting, AT_ONCE)):
            first = sorted({row[layer.first] for row in lot})
            layer.put_back(lot, {layer.key(row): row for row in self._base.rows(table, layer.shape.primary[0], first)})

    def remove(self, table: str, by: str, values: Iterable[Value]) -> None:
        """As `Transaction.remove`."""
        self._tables[table].remove(self.rows(table, by, values))

    def clear(self, table: str) -> None:
        """As `Transaction.clear`; of rows that are put back as they were, only the keys are kept."""
        self._tables[table].clear()

    def differing(self, table: str, base: Snapshot | None = None) -> list[tuple[Row | None, Row | None]]:
        """Rows of a table as (before, now) where they differ, by primary key; None where there is none.

        Parameters
        ----------
        table
            The table.
        base
            Another view of the state that the trial started from.
        """
        layer, below = self._tables[table], base or self._base
        first = sorted({key[0] for key in layer.rows})
        known = (below.rows(table, layer.shape.primary[0], first[at : at + AT_ONCE]) for at in range(0, len(first), AT_ONCE))
        lots = _lots(below, table, layer.shape) if layer.cleared else known
        pairs: dict[Row, tuple[Row | None, Row | None]] = {key: (None, row) for key, row in layer.rows.items()}
        for was in (row for lot in lots for row in lot):
            key = layer.key(was)
            if key in layer.rows:
                pairs[key] = (was, layer.rows[key])
            elif layer.hides(key):
                pairs[key] = (was, None)
        return [pairs[key] for key in sorted(pairs) if pairs[key][0] != pairs[key][1]]

    def carry_out(self, store: Transaction) -> None:
        """Write what differs to a store that is in the state that the trial started from."""
        for table, layer in self._tables.items():
            differing = self.differing(table, store)
            gone = {layer.key(was) for was, now in differing if was is not None and now is None}
            first, starts = layer.shape.primary[0], sorted({key[0] for key in gone})
            kept = [row for row in store.rows(table, first, starts) if layer.key(row) not in gone]
            store.remove(table, first, starts)
            store.put(table, [*kept, *(now for _, now in differing if now is not None)])


def _lots(store: Snapshot, table: str, shape: TableShape) -> Iterator[list[Row]]:
    """All rows of a table, some at a time where one number names each."""
    first = shape.primary[0]
    if len(shape.primary) > 1 or shape.columns[first] != "int":
        yield store.span(table, first)
        return
    at, lot = list(shape.columns).index(first), store.span(table, first, limit=AT_ONCE)
    while lot:
        yield lot
        lot = store.span(table, first, lot[-1][at] + 1, limit=AT_ONCE)


class _Layer:
    """What a trial changed in one table: primary key → row, None where the row is removed.

    Of a table that was cleared, the base shows only rows whose keys stand in `same`: they were put back as they were.
    """

    def __init__(self, shape: TableShape) -> None:
        self.shape = shape
        self.place = {name: at for at, name in enumerate(shape.columns)}
        self.rows: dict[Row, Row | None] = {}
        self.cleared = False
        self.same: set[Row | Value] = set()
        self._primary = tuple(self.place[name] for name in shape.primary)
        self.first = self._primary[0]
        self._by: dict[str, dict[Value, set[Row]]] = {}  # column → value → primary keys, made when first looked up

    @property
    def is_empty(self) -> bool:
        return not self.rows and not self.cleared

    @property
    def shows_base(self) -> bool:
        return not self.cleared or bool(self.same)

    @property
    def size(self) -> int:
        return len(self.rows)

    def key(self, row: Row) -> Row:
        return tuple(row[at] for at in self._primary)

    def hides(self, key: Row) -> bool:
        """Whether the row of the base that has a key is not there any more, or not as it was."""
        return key in self.rows or (self.cleared and _short(key) not in self.same)

    def clear(self) -> None:
        self.rows, self._by, self.cleared, self.same = {}, {}, True, set()

    def put_back(self, rows: Iterable[Row], base: Mapping[Row, Row]) -> None:
        """Put rows in a table that was cleared; `base` has those that had their keys."""
        for row in rows:
            key = self.key(row)
            if base.get(key) == row:
                self._unfile(key)
                self.rows.pop(key, None)
                self.same.add(_short(key))
            else:
                self.same.discard(_short(key))
                self.put([row])

    def put(self, rows: Iterable[Row]) -> None:
        for row in rows:
            key = self.key(row)
            self._unfile(key)
            self.rows[key] = row
            for by, held in self._by.items():
                held[row[self.place[by]]].add(key)

    def remove(self, rows: Iterable[Row]) -> None:
        for row in rows:
            key = self.key(row)
            self._unfile(key)
            if self.cleared:
                self.rows.pop(key, None)
                self.same.discard(_short(key))
            else:
                self.rows[key] = None

    def _unfile(self, key: Row) -> None:
        row = self.rows.get(key)
        if row is not None:
            for by, held in self._by.items():
                held[row[self.place[by]]].discard(key)

    def holding(self, by: str, values: Iterable[Value]) -> list[Row]:
        """Changed rows whose column is one of the values."""
        if by not in self._by:
            held: dict[Value, set[Row]] = defaultdict(set)
            for key, row in self.rows.items():
                if row is not None:
                    held[row[self.place[by]]].add(key)
            self._by[by] = held
        keys = [key for value in values if value is not None for key in self._by[by].get(value, ())]
        return [row for key in keys if (row := self.rows[key]) is not None]

    def between(self, by: str, low: Any, high: Any) -> list[Row]:
        """Changed rows with low <= column < high."""
        at = self.place[by]
        return [
            row
            for row in self.rows.values()
            if row is not None and row[at] is not None and (low is None or row[at] >= low) and (high is None or row[at] < high)
        ]

    def on_top(self, below: Iterable[Row], changed: Iterable[Row], by: str, *, descending: bool = False) -> list[Row]:
        """Rows of the base without those that the layer hides, and those of the layer, in the store's order."""
        at = self.place[by]
        found = [row for row in below if not self.hides(self.key(row))]
        return sorted([*found, *changed], key=lambda row: (row[at], self.key(row)), reverse=descending)


def _short(key: Row) -> Row | Value:
    """A key of one part as that part, which takes half the room."""
    return key[0] if len(key) == 1 else key
