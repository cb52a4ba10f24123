"""Ids of entities."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from unittest import mock

import numpy as np
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from omniid.entity_ids import new_ids
from omniid.entity_ids.new_ids import new_entity_ids

Key = tuple[str, str]
keys = st.lists(st.tuples(st.text(), st.text()), unique=True, max_size=20)


def ids_of(keys: Sequence[Key], taken: Iterable[str] = ()) -> list[str]:
    sources = sorted({source for source, _ in keys})
    codes = np.array([sources.index(source) for source, _ in keys], np.int32)
    ids: list[str] = new_entity_ids(sources, codes, pa.array([key for _, key in keys], pa.large_string()), taken).to_pylist()
    return ids


def slow(keys: Sequence[Key], taken: Iterable[str] = ()) -> list[str]:
    used, out = set(taken), []
    for key in keys:
        n = 0
        while (name := hashlib.blake2b(json.dumps([*key, n]).encode(), digest_size=8).hexdigest()) in used:
            n += 1
        used.add(name)
        out.append(name)
    return out


@given(keys)
@example([("crm", 'a"b'), ("crm", "a\\b"), ("crm", "Ł"), ('"', "\x7f"), ("crm", ""), ("ż\n", "~ ")])
def test_ids_are_hashes_of_keys_and_distinct(keys) -> None:
    ids = ids_of(keys)
    assert ids == slow(keys)
    assert len(set(ids)) == len(keys)
    assert [ids_of([key])[0] for key in keys] == ids
    assert ids_of(keys, taken=ids[::2]) == slow(keys, taken=ids[::2])


def test_an_id_in_use_is_passed_over() -> None:
    (first,) = ids_of([("crm", "1")])
    (second,) = ids_of([("crm", "1")], taken=[first])
    assert second not in (first, *ids_of([("crm", "2")]))
    assert len(second) == 16


def test_keys_of_one_hash_get_distinct_ids() -> None:
    def weak(text: bytes) -> bytes:
        return bytes(7) + bytes([sum(text) % 5])

    with mock.patch.object(new_ids, "_digest", weak):
        assert len(set(ids_of([("crm", "1"), ("crm", "2"), ("crm", "6")]))) == 3


def test_source_and_record_id_do_not_run_together() -> None:
    assert len(set(ids_of([("a", "bc"), ("ab", "c"), ("a,b", "c")]))) == 3
