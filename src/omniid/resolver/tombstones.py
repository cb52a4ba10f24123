"""Tombstones: which records were erased, as keyed hashes, so that they can't come back unseen."""

import warnings
from collections.abc import Iterable, Sequence

from omniid.resolver.incoming import Incoming, join_key, part_key
from omniid.resolver.learned import declared_spec
from omniid.resolver.secrets import SecretFile
from omniid.resolver.settings import set_text, text_of
from omniid.store import Snapshot, Transaction

__all__ = ["barred_keys", "bury", "erased_key", "is_buried", "warn_of_lost_key"]

PRINT = "key_print"  # setting: what tells the secret of the newest tombstone from others
SHOWN = 16  # bytes of a keyed hash that stand in the place of a record's key


def bury(store: Transaction, keys: Sequence[tuple[int, str]], secret: SecretFile, transaction: int, reason: str) -> None:
    """Set a tombstone for each (row, key)."""
    store.put("tombstones", [(secret.hash(key), row, transaction, reason) for row, key in keys])
    set_text(store, PRINT, (secret.hash("") or b"").hex())


def erased_key(row: int, key: str, secret: SecretFile) -> str:
    """What takes the place of the key of an erased record: its source, its row, and the keyed hash of the key."""
    return join_key(part_key(key)[0], f"erased-{row}-{(secret.hash(key) or b'')[:SHOWN].hex()}")


def is_buried(store: Snapshot, key: str, secret: SecretFile) -> bool:
    """Whether a record was erased."""
    return bool(_buried(store, [key], secret))


def barred_keys(store: Snapshot, changes: Iterable[Incoming], secret: SecretFile) -> frozenset[str]:
    """Keys of changes that must not be written: deletions of erased records, and, where the spec refuses them, all of these."""
    if not store.span("tombstones", "hash", limit=1):
        return frozenset()
    found = list(changes)
    buried = _buried(store, {one.key for one in found}, secret)
    buried -= {key for _, key, *_ in store.rows("records", "key", sorted(buried))}  # those that are there again
    if not buried or declared_spec(store).erased == "refuse":
        return frozenset(buried)
    return frozenset(one.key for one in found if one.content is None and one.key in buried)


def _buried(store: Snapshot, keys: Iterable[str], secret: SecretFile) -> set[str]:
    hashes = {secret.hash(key): key for key in keys}
    hashes.pop(None, None)
    return {hashes[found] for found, *_ in store.rows("tombstones", "hash", sorted(one for one in hashes if one is not None))}


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
