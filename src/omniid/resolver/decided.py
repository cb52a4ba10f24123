"""Decisions as a store keeps them: by number, and by the records that they name."""

import json
from collections.abc import Container, Iterable
from dataclasses import asdict
from typing import Any

from omniid.resolver.incoming import join_key
from omniid.store import Snapshot, Transaction
from omniid.tables import Decision

__all__ = ["all_decisions", "decisions_on", "keep_decisions"]


def decisions_on(store: Snapshot, keys: Iterable[str], known: Container[int] = ()) -> dict[int, Decision]:
    """Number → decision, of all decisions that name one of some records, but for those that are known."""
    numbers = {number for _, number in store.rows("decided", "key", keys) if number not in known}
    return {number: _read(content) for number, content, _ in store.rows("decisions", "number", sorted(numbers))}


def all_decisions(store: Snapshot) -> tuple[Decision, ...]:
    """All decisions, withdrawn ones and what withdraws them included, in the order in which they came."""
    return tuple(_read(content) for _, content, _ in store.span("decisions", "number"))


def keep_decisions(store: Transaction, decisions: Iterable[Decision], cursor: int) -> tuple[Decision, ...]:
    """Keep decisions, each once, and return those that are new."""
    known = set(all_decisions(store))
    new = [one for one in dict.fromkeys(decisions) if one not in known]
    last = store.span("decisions", "number", limit=1, descending=True)
    start = int(last[0][0]) + 1 if last else 0
    store.put("decisions", [(start + n, json.dumps(asdict(one), ensure_ascii=False), cursor) for n, one in enumerate(new)])
    named = {(join_key(*key), start + n) for n, one in enumerate(new) for key in (*one.left, *one.right)}
    store.put("decided", sorted(named))
    return tuple(new)


def _read(content: str) -> Decision:
    data: dict[str, Any] = json.loads(content)
    sides: dict[str, Any] = {side: tuple((source, record) for source, record in data.pop(side)) for side in ("left", "right")}
    return Decision(**data, **sides)
