"""The SQL texts of tables: what makes them, and one text for each way to ask.

A text is made once for a table, a column and a number of values, so that SQLite's own memory of prepared statements is hit.
"""

from collections.abc import Iterable, Sequence

from omniid.errors import InputError
from omniid.store.base import TableShape

__all__ = ["LARGEST", "Statements", "creation", "index_names"]

LARGEST = 1024
"""The most values in one statement; more are asked for in sorted portions. SQLite's own limit is 32,766 (999 in old builds)."""

_SIZES = (*range(2, 9), 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, LARGEST)
_TYPES = {"int": "INTEGER", "real": "REAL", "text": "TEXT", "bytes": "BLOB"}


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _is_numbered(shape: TableShape) -> bool:
    return len(shape.primary) == 1 and shape.columns[shape.primary[0]] == "int"


def index_names(shape: TableShape) -> dict[str, tuple[str, ...]]:
    """Return each index of a table with its columns, by the name it has in the file."""
    return {"__".join((shape.name, *key)): key for key in (*shape.indexes, *shape.unique)}


def creation(shape: TableShape) -> list[str]:
    """Return the statements that make a table and its indexes.

    Examples
    --------
    >>> for text in creation(TableShape("members", {"row": "int", "entity": "int"}, ("row",), (("entity",),))):
    ...     print(text)
    CREATE TABLE "members" ("row" INTEGER NOT NULL, "entity" INTEGER, PRIMARY KEY ("row")) STRICT
    CREATE INDEX "members__entity" ON "members" ("entity")
    """
    columns = [f'"{name}" {_TYPES[kind]}{" NOT NULL" if name in shape.primary else ""}' for name, kind in shape.columns.items()]
    options = "STRICT" if _is_numbered(shape) else "STRICT, WITHOUT ROWID"
    texts = [f'CREATE TABLE "{shape.name}" ({", ".join(columns)}, PRIMARY KEY ({_listed(shape.primary)})) {options}']
    for name, key in index_names(shape).items():
        unique = "UNIQUE " if key in shape.unique else ""
        texts.append(f'CREATE {unique}INDEX "{name}" ON "{shape.name}" ({_listed(key)})')
    return texts


class Statements:
    """The texts for one set of tables, made when they are first asked for.

    Examples
    --------
    >>> texts = Statements([TableShape("members", {"row": "int", "entity": "int"}, ("row",), (("entity",),))])
    >>> texts.rows("members", "entity", 1)
    ('SELECT "row", "entity" FROM "members" WHERE "entity" = ? ORDER BY "entity", "row"', 0)
    """

    def __init__(self, shapes: Sequence[TableShape]) -> None:
        self._shapes = {shape.name: shape for shape in shapes}
        self._rows: dict[tuple[str, str, int], tuple[str, int]] = {}
        self._spans: dict[tuple[str, str, bool, bool, bool], str] = {}
        self._puts: dict[tuple[str, int], str] = {}
        self._several: dict[str, tuple[int, int]] = {}
        self._removes: dict[tuple[str, str], str] = {}

    def shape(self, table: str) -> TableShape:
        """Return a table's shape."""
        if table not in self._shapes:
            raise InputError(f"the store has no table {table!r}; it has {', '.join(sorted(self._shapes))}")
        return self._shapes[table]

    def _asked(self, table: str, by: str) -> tuple[str, str]:
        shape = self.shape(table)
        if by not in shape.looked_up_by():
            raise InputError(f"table {table!r} cannot be looked up by {by!r}; choose one of {', '.join(shape.looked_up_by())}")
        order = dict.fromkeys((by, *shape.primary))
        return f'SELECT {_listed(shape.columns)} FROM "{table}" WHERE "{by}"', _listed(order)  # noqa: S608  # checked names

    def rows(self, table: str, by: str, number: int) -> tuple[str, int]:
        """Return the text that asks for `number` values, and how many times the last one has to be repeated to fill it."""
        found = self._rows.get((table, by, number))
        if found is None:
            head, order = self._asked(table, by)
            size = number if number == 1 else next(size for size in _SIZES if size >= number)
            which = "= ?" if size == 1 else f"IN ({', '.join('?' * size)})"
            found = self._rows[table, by, number] = (f"{head} {which} ORDER BY {order}", size - number)
        return found

    def span(self, table: str, by: str, *, low: bool, high: bool, descending: bool) -> str:
        """Return the text that asks for a span with these ends closed; its last value is the most rows wanted, -1 for all."""
        key = (table, by, low, high, descending)
        if key not in self._spans:
            head, order = self._asked(table, by)
            ends = [end for end, closed in ((">= ?", low), ("< ?", high)) if closed] or ["IS NOT NULL"]
            order = ", ".join(f"{column} DESC" for column in order.split(", ")) if descending else order
            between = f' AND "{by}" '
            self._spans[key] = f"{head} {between.join(ends)} ORDER BY {order} LIMIT ?"
        return self._spans[key]

    def several(self, table: str) -> tuple[int, int]:
        """Return how many columns a table has, and how many of its rows one statement writes where many are written.

        A row then takes half the time that it takes alone, and other threads run meanwhile.
        """
        if table not in self._several:
            width = len(self.shape(table).columns)
            self._several[table] = (width, LARGEST // width)
        return self._several[table]

    def put(self, table: str, number: int = 1) -> str:
        """Return the text that inserts rows, or lets each take the place of the one with its primary key."""
        if (table, number) not in self._puts:
            shape = self.shape(table)
            values = ["?"] * len(shape.columns)
            if _is_numbered(shape):  # SQLite would number a row without a key by itself; text is refused there
                values[list(shape.columns).index(shape.primary[0])] = "coalesce(?, 'no key')"
            kept = [f'"{name}" = excluded."{name}"' for name in shape.columns if name not in shape.primary]
            then = f"UPDATE SET {', '.join(kept)}" if kept else "NOTHING"
            each = ", ".join([f"({', '.join(values)})"] * number)
            into = f'"{table}" ({_listed(shape.columns)}) VALUES {each}'
            self._puts[table, number] = f"INSERT INTO {into} ON CONFLICT ({_listed(shape.primary)}) DO {then}"  # checked names
        return self._puts[table, number]

    def remove(self, table: str, by: str) -> str:
        """Return the text that removes the rows with one value."""
        if (table, by) not in self._removes:
            self._asked(table, by)
            self._removes[table, by] = f'DELETE FROM "{table}" WHERE "{by}" = ?'  # noqa: S608  # checked names
        return self._removes[table, by]

    def clear(self, table: str) -> str:
        """Return the text that removes all rows."""
        return f'DELETE FROM "{self.shape(table).name}"'  # noqa: S608  # checked names

    def count(self, table: str) -> str:
        """Return the text that counts a table's rows."""
        return f'SELECT count(*) FROM "{self.shape(table).name}"'  # noqa: S608  # checked names
