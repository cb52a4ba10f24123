"""Names for entities: a new id is the hash of the smallest record key, so that equal clusters get equal ids."""

import hashlib
import json
from collections.abc import Iterable

__all__ = ["new_entity_ids"]


def new_entity_ids(keys: Iterable[tuple[str, str]], taken: Iterable[str] = ()) -> list[str]:
    """Make one id per key, 16 hexadecimal digits of the hash of (key, n), n the least number whose id is not in use.

    Parameters
    ----------
    keys
        The smallest record key (source, record_id) of each cluster, in ascending order.
    taken
        Ids in use already.

    Examples
    --------
    >>> new_entity_ids([("crm", "17"), ("web", "904")])
    ['8abfc5d2121683c8', '2627c633af8c7856']
    """
    used = set(taken)
    out = []
    for source, record_id in keys:
        n = 0
        while (name := _hash(source, record_id, n)) in used:
            n += 1
        used.add(name)
        out.append(name)
    return out


def _hash(source: str, record_id: str, n: int) -> str:
    return hashlib.blake2b(json.dumps([source, record_id, n]).encode(), digest_size=8).hexdigest()
