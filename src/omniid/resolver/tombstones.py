"""Tombstones: which records were erased, as keyed hashes, so that they can't come back unseen."""

import warnings
from collections.abc import Iterable, Sequence

from omniid.resolver.incoming import Incoming, join_key, part_key
from omniid.resolver.learned import declared_spec
from omniid.resolver.secrets import SecretFile
from omniid.resolver.settings import set_text, text_of
from omniid.store import Snapshot, Transaction

__all__ = ["UNSWEPT", "barred_keys", "bury", "erased_key", "erased_names", "is_swept", "warn_of_lost_key"]

UNSWEPT = "unswept"  # setting: "1" from when records are erased until the files are rewritten without what they left
PRINT = "key_print"  # setting: what tells the secret of the newest tombstone from others
SHOWN = 16  # bytes of a keyed hash that stand in the place of a record's key


def bury(store: Transaction, keys: Sequence[tuple[int, str]], secret: SecretFile, transaction: int, reason: str) -> None:
    """Set a tombstone for each (row, key)."""
    store.put("tombstones", [(secret.hash(key), row, transaction, reason) for row, key in keys])
    set_text(store, PRINT, (secret.hash("") or b"").hex())


def erased_key(row: int, key: str, secret: SecretFile) -> str:
    """What takes the place of the key of an erased record: its source, its row, and the keyed hash of the key."""
    return join_key(part_key(key)[0], f"erased-{row}-{(secret.hash(key) or b'')[:SHOWN].hex()}")


def erased_names(store: Snapshot, keys: Iterable[str], secret: SecretFile) -> dict[str, str]:
    """Key → what stands in its place, of those of the keys that were erased and are not there again."""
    if not store.span("tombstones", "hash", limit=1):
        return {}
    hashes = {hashed: key for key in keys if (hashed := secret.hash(key)) is not None}
    rows = {hashes[hashed]: row for hashed, row, *_ in store.rows("tombstones", "hash", sorted(hashes))}  # the last one
    there = {key for _, key, *_ in store.rows("records", "key", sorted(rows))}
    return {key: erased_key(row, key, secret) for key, row in rows.items() if key not in there}


def barred_keys(store: Snapshot, changes: Iterable[Incoming], secret: SecretFile) -> frozenset[str]:
    """Keys of changes that must not be written: deletions of erased records, and, where the spec refuses them, all of these."""
    found = list(changes)
    buried = erased_names(store, {one.key for one in found}, secret)
    if not buried or declared_spec(store).erased == "refuse":
        return frozenset(buried)
    return frozenset(one.key for one in found if one.content is None and one.key in buried)


def is_swept(store: Snapshot) -> bool:
    """Whether the store's files hold nothing that erased records have left."""
    return text_of(store, UNSWEPT) is None


def warn_of_lost_key(store: Snapshot, secret: SecretFile) -> None:
    """Warn where the secret of the tombstones is not the one at hand."""
    told = text_of(store, PRINT)
    if told is not None and told != (secret.hash("") or b"").hex():
        n, place = store.count("tombstones"), secret.path or "in memory"
        state = "is another one" if secret.is_there else "is not there"
        warnings.warn(
            f"the key {place} {state}, so {n:,} erased records of this store would not be recognised if they were sent again; "
            "put the file back, or name it: omniid.open(…, key=FILE)",
            stacklevel=3,
        )
