"""From batch to live: a store that goes on from a batch result, with its records, decisions and ids."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from omniid.errors import SpecError
from omniid.fields import roles
from omniid.resolution import Resolution
from omniid.resolver.decided import keep_decisions
from omniid.resolver.incoming import content_hash, join_key
from omniid.resolver.learned import live_spec
from omniid.resolver.settings import set_number, set_text
from omniid.resolver.shapes import FOREVER
from omniid.results import Parts
from omniid.spec import Spec
from omniid.store import Transaction

__all__ = ["load_result"]

Key = tuple[str, str]
FIRST = 1  # the transaction in which a result is loaded


def load_result(store: Transaction, found: Resolution) -> Spec:
    """Write the records, decisions and ids of a batch result into an empty store, and return the spec to resolve it by.

    Parameters
    ----------
    store
        The store.
    found
        The result, made with ``Spec(incremental=True)``.

    Raises
    ------
    SpecError
        If its model froze nothing, or a classifier weighed its pairs.
    """
    parts = found.parts
    if parts.weighed_by:
        raise SpecError(f"a result weighed by a {parts.weighed_by} can't live in a store; load the result before it")
    if parts.model.frozen is None:
        raise SpecError(
            "the result was made without incremental=True, so that its model froze nothing and records that come one by one "
            "could not be resolved as a batch; resolve again with found.spec.replace(incremental=True), previous=found, "
            "and open the store with that result: the ids stay"
        )
    spec = live_spec(parts.spec)
    rows = _write_records(store, parts)
    _write_ids(store, parts, rows)
    keep_decisions(store, parts.decisions, -1)
    set_number(store, "transaction", FIRST)
    set_text(store, "sources", json.dumps(sorted(parts.sent.sources)))
    return spec


def _write_records(store: Transaction, parts: Parts) -> dict[Key, int]:
    """The records in their order, each as its source would send it; return key → row."""
    sent = parts.sent
    keys = sent.keys(np.arange(len(sent)))
    contents: list[dict[str, Any]] = [{} for _ in keys]
    fed = {name for field in parts.spec.fields for name in roles(field).values()}
    columns = {source: _column_of(parts.spec, source) for source in sent.sources}
    for name in sorted(sent.raw.keys() & fed):
        column = sent.raw[name]
        values = column.vocabulary.to_pylist()
        at, codes = (part.tolist() for part in column.present())
        for row, code in zip(at, codes, strict=True):
            field = columns[keys[row][0]].get(name, name)
            held = contents[row].get(field)
            value = values[code]
            contents[row][field] = value if held is None else [*held, value] if isinstance(held, list) else [held, value]
    encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode  # made once: json.dumps makes one for each record
    texts = [encode(content) for content in contents]
    stored = [(join_key(*key), text) for key, text in zip(keys, texts, strict=True)]
    store.put("records", [(row, key, FIRST, 0, content_hash(text), text, FIRST) for row, (key, text) in enumerate(stored)])
    return {key: row for row, key in enumerate(keys)}


def _column_of(spec: Spec, source: str) -> Mapping[str, str]:
    """Field → the column of a source that feeds it; fields that are fed by their own name are left out."""
    declared = spec.sources[source].columns if source in spec.sources else {}
    return {field: column for column, field in sorted(declared.items(), reverse=True)}


def _write_ids(store: Transaction, parts: Parts, rows: dict[Key, int]) -> None:
    """The ids, what they name, and what they named before."""
    ledger = parts.ledger
    ids, redirects = ledger.entity_ids.to_pylist(), ledger.redirects.tolist()
    store.put("entities", list(zip(range(len(ids)), ids, redirects, strict=True)))
    person = dict(zip(parts.records.keys(np.arange(len(parts.records))), parts.placement.is_person.tolist(), strict=True))
    held = zip(ledger.keys.pairs(), ledger.owner.tolist(), ledger.votes.tolist(), strict=True)
    members = sorted((rows[key], owner, int(votes), int(person[key])) for key, owner, votes in held)
    store.put("members", members)
    store.put("memberships", [(row, FIRST, FOREVER, owner, is_person) for row, owner, _, is_person in members])
    past = ledger.past
    named = past.keys.pairs()
    for key in sorted(set(named) - rows.keys()):  # records that are gone, and that ids remember
        rows[key] = len(rows)
        store.put("records", [(rows[key], join_key(*key), -FOREVER, 1, b"", "", FIRST)])
    ends = zip(past.owner.tolist(), past.into.tolist(), past.ended.tolist(), strict=True)
    store.put("past_sets", [(number, owner, into, ended) for number, (owner, into, ended) in enumerate(ends)])
    of = zip(past.member_of.tolist(), named, strict=True)
    store.put("past_members", sorted({(number, rows[key]) for number, key in of}))
    set_number(store, "run", ledger.run)
