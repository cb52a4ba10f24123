"""Writing behind: a transaction whose changes a thread of its own writes, in their order, while the caller goes on."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from omniid.store.base import Row, Transaction, Value

__all__ = ["LateTransaction", "later", "writing_behind"]

AHEAD = 8  # changes that wait, with the columns or rows that they hold


class LateTransaction:
    """A transaction that takes changes at once and makes them later, in their order; who reads waits for all before.

    Parameters
    ----------
    store : Transaction
        The transaction, which nobody else uses meanwhile.
    """

    def __init__(self, store: Transaction) -> None:
        self._store = store
        self._pool = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()
        self._over = False

    def later(self, change: Callable[[Transaction], None]) -> None:
        """Make some changes later; an error in them is raised by a later call, and ends all that wait."""
        while len(self._waiting) >= AHEAD:
            self._next()
        self._waiting.append(self._pool.submit(self._make, change))

    def put(self, table: str, rows: Iterable[Row]) -> None:
        """Insert rows later, see `Transaction.put`; they are made then where they are no list."""
        self.later(lambda store: store.put(table, rows))

    def remove(self, table: str, by: str, values: Iterable[Value]) -> None:
        """Remove rows later, see `Transaction.remove`."""
        self.later(lambda store: store.remove(table, by, values))

    def clear(self, table: str) -> None:
        """Remove all rows of a table later, see `Transaction.clear`."""
        self.later(lambda store: store.clear(table))

    def rows(self, table: str, by: str, values: Iterable[Value]) -> list[Row]:
        """Return rows after all changes so far, see `Snapshot.rows`."""
        self.wait()
        return self._store.rows(table, by, values)

    def span(
        self, table: str, by: str, low: Value = None, high: Value = None, *, limit: int | None = None, descending: bool = False
    ) -> list[Row]:
        """Return rows after all changes so far, see `Snapshot.span`."""
        self.wait()
        return self._store.span(table, by, low, high, limit=limit, descending=descending)

    def count(self, table: str) -> int:
        """Return how many rows there are after all changes so far."""
        self.wait()
        return self._store.count(table)

    def wait(self) -> None:
        """Wait until all changes so far are made, and raise what went wrong in them."""
        while self._waiting:
            self._next()

    def end(self) -> None:
        """Make no more changes: those that wait are dropped."""
        self._over = True
        self._pool.shutdown(wait=True)

    def _next(self) -> None:
        self._waiting.popleft().result()

    def _make(self, change: Callable[[Transaction], None]) -> None:
        if self._over:
            return
        try:
            change(self._store)
        except BaseException:
            self._over = True
            raise


@contextmanager
def writing_behind(store: Transaction, workers: int) -> Iterator[Transaction]:
    """Write what is put inside by a thread of its own; with one worker, as without it. At its end all is written.

    Examples
    --------
    >>> from omniid.store import SqliteStore, TableShape
    >>> with SqliteStore(":memory:", [TableShape("members", {"row": "int"}, ("row",))]) as store:
    ...     with store.writing() as tables, writing_behind(tables, 2) as late:
    ...         late.put("members", ((row,) for row in range(3)))
    ...         late.count("members")
    3
    """
    if workers == 1 or isinstance(store, LateTransaction):
        yield store
        return
    late = LateTransaction(store)
    try:
        yield late
        late.wait()
    finally:
        late.end()


def later(store: Transaction, change: Callable[[Transaction], None]) -> None:
    """Make some changes behind the caller where the store is written so, else at once."""
    if isinstance(store, LateTransaction):
        store.later(change)
    else:
        change(store)
