"""What a store says of itself, in plain data: read through its public answers only."""

from typing import Any

from omniid import Resolver
from oracle.live import NOTHING, Found, Key, Members, nameless, refusal

Change = tuple[str, str, frozenset[str], frozenset[str]]


def rows(frame: Any) -> list[dict[str, Any]]:
    """Any frame as plain rows."""
    if hasattr(frame, "to_pylist"):
        return frame.to_pylist()
    return frame.to_dict("records") if hasattr(frame, "iterrows") else list(frame)


def ids(resolver: Resolver, as_of: int | None = None) -> dict[Key, str]:
    """Record → id of its entity."""
    return {
        (row["source"], row["record_id"]): row["entity_id"]
        for row in rows(resolver.crosswalk(**({} if as_of is None else {"as_of": as_of})))
    }


def groups(resolver: Resolver) -> dict[str, Members]:
    """Id → the records of its entity."""
    out: dict[str, set[Key]] = {}
    for key, name in ids(resolver).items():
        out.setdefault(name, set()).add(key)
    return {name: frozenset(members) for name, members in out.items()}


def kinds(resolver: Resolver) -> dict[Members, str]:
    """Records of an entity → person or anonymous."""
    members = groups(resolver)
    return {members[row["entity_id"]]: row["entity_kind"] for row in rows(resolver.crosswalk())}


def found(resolver: Resolver) -> Found:
    """All that a full run would say."""
    members = groups(resolver)
    if not members:
        return NOTHING
    told = {keys: nameless(resolver.get_profile(entity_id=name)) for name, keys in members.items()}
    refusals = {refusal(row) for row in resolver.resolution().table("refusals").to_pylist()}
    return Found(kinds(resolver), told, refusals)


def feed(resolver: Resolver, since: int = 0) -> list[Change]:
    """The change feed: kind, id, ids before and ids after."""
    return [
        (row["kind"], row["entity_id"], frozenset(row["was"]), frozenset(row["became"]))
        for row in rows(resolver.changes(since=since))
    ]
