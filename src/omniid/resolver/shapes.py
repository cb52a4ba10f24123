"""The tables of a store: what is primary, and what can be derived again from it.

Primary: settings, models, records with their former versions, tombstones, decisions, entities with the sets that they named
before, memberships and changes. Derived: the rest, which `Resolver.rebuild` makes anew. Profiles are kept where all entities
were derived at once, and stale where one changed after that. What is kept of popular values only saves work: where it
is missing it is read from the records.
"""

from omniid.store import TableShape

__all__ = ["DERIVED", "FOREVER", "SHAPES"]

FOREVER = 2**62  # the transaction until which something holds that holds now

SHAPES = (
    TableShape("settings", {"name": "text", "value": "text"}, primary=("name",)),
    TableShape("models", {"number": "int", "model": "text", "spec": "text", "cursor": "int"}, primary=("number",)),
    TableShape(
        "records",
        {
            "row": "int",
            "key": "text",
            "version": "int",
            "deleted": "int",
            "hash": "bytes",
            "content": "text",
            "since": "int",
        },
        primary=("row",),
        unique=(("key",),),
    ),
    TableShape(
        "versions",
        {"row": "int", "since": "int", "until": "int", "version": "int", "content": "text"},
        primary=("row", "since"),
    ),
    TableShape(
        "tombstones",
        {"hash": "bytes", "row": "int", "transaction": "int", "reason": "text"},
        primary=("hash", "row"),
        indexes=(("row",),),
    ),
    TableShape("decisions", {"number": "int", "content": "text", "cursor": "int"}, primary=("number",)),
    TableShape("decided", {"key": "text", "number": "int"}, primary=("key", "number")),
    TableShape(
        "entities", {"number": "int", "entity_id": "text", "redirects": "int"}, primary=("number",), unique=(("entity_id",),)
    ),
    TableShape(
        "members", {"row": "int", "entity": "int", "votes": "int", "person": "int"}, primary=("row",), indexes=(("entity",),)
    ),
    TableShape(
        "memberships",
        {"row": "int", "since": "int", "until": "int", "entity": "int", "person": "int"},
        primary=("row", "since"),
        indexes=(("entity",),),
    ),
    TableShape(
        "past_sets",
        {"number": "int", "owner": "int", "into": "int", "ended": "int"},
        primary=("number",),
        indexes=(("owner",), ("into",)),
    ),
    TableShape("past_members", {"number": "int", "row": "int"}, primary=("number", "row"), indexes=(("row",),)),
    TableShape(
        "changes",
        {
            "cursor": "int",
            "transaction": "int",
            "kind": "text",
            "entity_id": "text",
            "was": "text",
            "became": "text",
            "cause": "text",
            "time": "int",
        },
        primary=("cursor",),
    ),
    TableShape("forms", {"row": "int", "forms": "text"}, primary=("row",)),
    TableShape(
        "filed",
        {"row": "int", "values": "bytes", "keys": "bytes", "devices": "bytes", "who": "bytes", "silent": "int"},
        primary=("row",),
    ),
    TableShape("briefs", {"row": "int", "key": "text", "time": "int", "brief": "text"}, primary=("row",)),
    TableShape("postings", {"bucket": "int", "entries": "bytes"}, primary=("bucket",)),
    TableShape("contacts", {"key": "int", "people": "int", "records": "int", "class": "int"}, primary=("key",)),
    TableShape("popular", {"key": "int", "said": "bytes"}, primary=("key",)),
    TableShape("hashed", {"key": "int", "row": "int"}, primary=("key", "row"), indexes=(("row",),)),
    TableShape("spelled", {"key": "int", "row": "int"}, primary=("key", "row"), indexes=(("row",),)),
    TableShape(
        "evidence",
        {"pair": "int", "left": "int", "right": "int", "weight": "int"},
        primary=("pair",),
        indexes=(("left",), ("right",)),
    ),
    TableShape("profiles", {"entity": "int", "profile": "text", "since": "int", "model": "int"}, primary=("entity",)),
)
DERIVED = ("forms", "filed", "briefs", "postings", "contacts", "hashed", "spelled", "evidence")
