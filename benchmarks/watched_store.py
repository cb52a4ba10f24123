"""A store that tells what each transaction writes, and how many values change their class by it."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from omniid.sharing import VALUE_CLASSES
from omniid.store import Row, Store, Transaction, Value

PERSONAL = VALUE_CLASSES.index("personal")
CLASS = 3  # the column of contacts that holds it


class Watched:
    """Another store's doors; since `begin` it counts the rows written by table and the flips.

    `seconds` is what watching itself took.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.begin()

    def begin(self) -> None:
        """Count from nothing."""
        self.written: Counter[str] = Counter()
        self.flips, self.seconds = 0, 0.0

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """As `Store.writing`."""
        with self._store.writing() as store:
            yield _WatchedTransaction(self, store)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class _WatchedTransaction:
    def __init__(self, watched: Watched, store: Transaction) -> None:
        self._watched, self._store = watched, store
        self.rows, self.span, self.count = store.rows, store.span, store.count

    def put(self, table: str, rows: Iterable[Row]) -> None:
        rows = list(rows)
        self._watched.written[table] += len(rows)
        if table == "contacts" and rows:
            self._count_flips({row[0]: row[CLASS] for row in rows})
        self._store.put(table, rows)

    def remove(self, table: str, by: str, values: Iterable[Value]) -> None:
        values = list(values)
        if table == "contacts" and values:
            self._count_flips(dict.fromkeys(values, PERSONAL))
        self._store.remove(table, by, values)

    def _count_flips(self, classes: dict[Value, Value]) -> None:
        start = time.perf_counter()
        old = {key: class_ for key, _, _, class_ in self._store.rows("contacts", "key", sorted(classes))}
        self._watched.flips += sum(old.get(key, PERSONAL) != class_ for key, class_ in classes.items())
        self._watched.seconds += time.perf_counter() - start

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)
