"""Single facts that a store keeps by name."""

from collections.abc import Sequence

from omniid.store import Snapshot, Transaction

__all__ = ["last_number", "number_of", "set_number", "set_text", "text_of", "texts_of"]


def text_of(store: Snapshot, name: str) -> str | None:
    """The text kept under a name, None where there is none."""
    found = store.rows("settings", "name", [name])
    return None if not found else str(found[0][1])


def texts_of(store: Snapshot, names: Sequence[str]) -> list[str | None]:
    """The texts kept under some names, None where there is none."""
    found: dict[str, str] = dict(store.rows("settings", "name", names))
    return [found.get(name) for name in names]


def set_text(store: Transaction, name: str, value: str) -> None:
    """Keep a text under a name."""
    store.put("settings", [(name, value)])


def number_of(store: Snapshot, name: str) -> int:
    """The number kept under a name, 0 where there is none."""
    return int(text_of(store, name) or 0)


def set_number(store: Transaction, name: str, value: int) -> None:
    """Keep a number under a name."""
    set_text(store, name, str(value))


def last_number(store: Snapshot, table: str, column: str) -> int:
    """The largest number of a table's primary column, -1 where it is empty."""
    last = store.span(table, column, limit=1, descending=True)
    return int(last[0][0]) if last else -1
