"""Versions of records: which change counts, whatever order changes come in."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from omniid.resolver.assembling import StoredRecord
from omniid.resolver.incoming import Incoming, content_hash, part_key
from omniid.resolver.settings import last_number
from omniid.resolver.shapes import FOREVER
from omniid.store import Transaction

__all__ = ["Accepted", "accept_changes"]


@dataclass
class Accepted:
    """What became of changes.

    Parameters
    ----------
    rows
        The row of each change, in the order in which they came.
    first
        All records that there are, in the order of their keys, where they are the first that the store holds; they are not
        written yet.
    new, changed, deleted
        Rows that came, that say something else now, and that went.
    unchanged, late, refused
        Changes that say what is known, those that a newer version overrules, and those of erased records, whose row is -1.
    """

    rows: list[int] = field(default_factory=list)
    first: list[StoredRecord] | None = None
    new: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    deleted: set[int] = field(default_factory=set)
    unchanged: int = 0
    late: int = 0
    refused: int = 0

    @property
    def touched(self) -> set[int]:
        """All rows that are not what they were."""
        return self.new | self.changed | self.deleted


@dataclass
class Current:
    """A record as it stands: its row, and the version that counts; `is_new` where the store has no row of it yet."""

    row: int
    version: int
    deleted: bool
    hash: bytes
    content: str
    since: int
    is_new: bool = False


def accept_changes(store: Transaction, changes: Sequence[Incoming], transaction: int, barred: Container[str] = ()) -> Accepted:
    """Write the changes that count.

    The highest version of a record counts; at equal versions a deletion does, then the larger hash of the content. A change
    without a version is newer than all before it, and one that says what is known already changes nothing.

    Parameters
    ----------
    store
        The store.
    changes
        In the order in which they came.
    transaction
        The number of this transaction, from which on they hold.
    barred
        Keys of erased records that must not come back.
    """
    next_row = last_number(store, "records", "row") + 1
    held = _held(store, {one.key for one in changes}) if next_row else {}
    before = {key: Current(**vars(one)) for key, one in held.items()}
    if not held and not barred and _all_come_once(changes):
        return _accept_new(store, changes, transaction, next_row)
    out = Accepted()
    for one in changes:
        if one.key in barred:
            out.refused += one.content is not None
            out.unchanged += one.content is None
            out.rows.append(-1)
            continue
        now = held.get(one.key)
        if now is None:
            now = held[one.key] = Current(next_row, -FOREVER, True, b"", "", transaction, is_new=True)
            next_row += 1
        _apply(now, one, transaction, out)
        out.rows.append(now.row)
    _write(store, before, held, transaction, out)
    return out


def _all_come_once(changes: Sequence[Incoming]) -> bool:
    return len({one.key for one in changes}) == len(changes) and all(one.content is not None for one in changes)


def _accept_new(store: Transaction, changes: Sequence[Incoming], transaction: int, next_row: int) -> Accepted:
    """Write records of which the store has not heard, each once: they all count; the first are left to be written."""
    rows = range(next_row, next_row + len(changes))
    come = [
        StoredRecord(row, key, transaction if version is None else version, 0, content_hash(text), text or "", transaction)
        for row, (key, version, text) in zip(rows, changes, strict=True)
    ]
    if next_row == 0:
        return Accepted(list(rows), sorted(come, key=lambda one: part_key(one.key)), set(rows))
    store.put("records", come)
    return Accepted(list(rows), new=set(rows))


def _held(store: Transaction, keys: Iterable[str]) -> dict[str, Current]:
    return {
        key: Current(row, version, bool(deleted), hashed, content, since)
        for row, key, version, deleted, hashed, content, since in store.rows("records", "key", sorted(keys))
    }


def _apply(now: Current, change: Incoming, transaction: int, out: Accepted) -> None:
    """Let one change count, or not."""
    deleted, hashed = change.content is None, content_hash(change.content)
    same = deleted == now.deleted and hashed == now.hash and now.version > -FOREVER
    version = change.version
    if version is None:
        if same:
            out.unchanged += 1
            return
        version = max(now.version + 1, transaction)
    if (version, deleted, hashed) <= (now.version, now.deleted, now.hash):
        if same:
            out.unchanged += 1
        else:
            out.late += 1
        return
    if same:
        out.unchanged += 1
    now.version, now.deleted, now.hash, now.content = version, deleted, hashed, change.content or ""


def _write(store: Transaction, before: dict[str, Current], after: dict[str, Current], transaction: int, out: Accepted) -> None:
    written, former = [], []
    for key in sorted(after):
        now, was = after[key], before.get(key)
        if was is not None and (now.version, now.deleted, now.hash) == (was.version, was.deleted, was.hash):
            continue
        lived = was is not None and not was.deleted
        if was is not None and lived and (now.deleted or now.hash != was.hash):
            former.append((now.row, was.since, transaction, was.version, was.content))
        if not now.deleted:
            group = out.changed if lived else out.new
            if not lived or (was is not None and now.hash != was.hash):
                group.add(now.row)
                now.since = transaction
        elif lived:
            out.deleted.add(now.row)
        written.append((now.row, key, now.version, int(now.deleted), now.hash, now.content, now.since))
    store.put("versions", former)
    store.put("records", written)
