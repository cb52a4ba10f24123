"""A live store the slow, obvious way: every version in a dict, and a batch run over the current ones after every change."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import omniid
from omniid import Decision, Model, Spec
from omniid.decisions import standing
from oracle.changes import changes
from oracle.ids import EMPTY, Book, Entity, carried_over

Key = tuple[str, str]
Members = frozenset[Key]
Content = Mapping[str, Any]


class Found(NamedTuple):
    """What a partition comes to, told without any name that history could have given."""

    kinds: dict[Members, str]  # members → person or anonymous
    profiles: dict[Members, dict[str, Any]]
    refusals: set[tuple[Any, ...]]


NOTHING = Found({}, {}, set())


class Twin:
    """The records and decisions that a store was told, and what they come to."""

    def __init__(self) -> None:
        self.versions: dict[Key, dict[int, Content | None]] = {}  # None: deleted
        self.erased: set[Key] = set()
        self.decisions: list[Decision] = []
        self.book: Book = EMPTY
        self.found: Found = NOTHING

    def put(self, key: Key, content: Content | None, version: int | None = None) -> None:
        """A version of a record; None: deleted. Without a version it is the newest; of an erased record none counts."""
        if key in self.erased:
            return
        told = self.versions.setdefault(key, {})
        told[max(told, default=0) + 1 if version is None else version] = content

    def erase(self, keys: Iterable[Key]) -> None:
        """Records of which nothing is known any more, and nothing will be."""
        self.erased |= set(keys)
        for key in self.erased & self.versions.keys():
            del self.versions[key]

    def current(self) -> dict[Key, Content]:
        """The records that live: the highest version of each key, where that is no delete."""
        last = {key: told[max(told)] for key, told in self.versions.items() if told}
        return {key: content for key, content in sorted(last.items()) if content is not None}

    def batch(self, spec: Spec, model: Model) -> tuple[Found, frozenset[Key]]:
        """What a full run says, without any history, and the records that have a say in what their entity is called."""
        records = self.current()
        if not records:
            return NOTHING, frozenset()
        found = omniid.resolve(
            [{"source": source, "record_id": record_id, **content} for (source, record_id), content in records.items()],
            spec,
            model=model,
            decisions=in_force(self.decisions, records),
            workers=1,
        )
        return told_by(found)

    def step(self, spec: Spec, model: Model) -> set[tuple[str, str, frozenset[str], frozenset[str]]]:
        """Run again, carry the ids over, and return what the feed should say: (kind, id, was, became)."""
        before, was = self.ids(), {name: self.profile(name) for name in self.book.live}
        self.found, voters = self.batch(spec, model)
        entities = [Entity(members, members & voters) for members in self.found.kinds]
        self.book = carried_over(self.book, entities)
        updated = {name for name, told in was.items() if name in self.book.live and told != self.profile(name)}
        return changes(before, self.ids(), updated)

    def ids(self) -> dict[Key, str]:
        """Record → the id of its entity."""
        return {key: name for name, entity in self.book.live.items() for key in entity.records}

    def members(self, name: str) -> Members:
        """The records of an entity."""
        return frozenset(self.book.live[name].records)

    def profile(self, name: str) -> dict[str, Any]:
        """The profile of an entity, without its id."""
        return self.found.profiles[self.members(name)]


def in_force(decisions: Iterable[Decision], records: Mapping[Key, Content]) -> list[Decision]:
    """Decisions that no UNDO withdrew and that have a living record on each side; the others wait."""
    return [one for one in standing(decisions) if any(k in records for k in one.left) and any(k in records for k in one.right)]


def told_by(found: omniid.Resolution) -> tuple[Found, frozenset[Key]]:
    """A batch result without its ids, and the records that vote on them."""
    groups: dict[str, set[Key]] = {}
    kind: dict[str, str] = {}
    for row in found.table("crosswalk").to_pylist():
        groups.setdefault(row["entity_id"], set()).add((row["source"], row["record_id"]))
        kind[row["entity_id"]] = row["entity_kind"]
    members = {name: frozenset(keys) for name, keys in groups.items()}
    ledger = found.parts.ledger
    voting = frozenset(key for key, votes in zip(ledger.keys.pairs(), ledger.votes.tolist(), strict=True) if votes)
    profiles = {members[row["entity_id"]]: nameless(row) for row in found.table("profiles").to_pylist()}
    refusals = {refusal(row) for row in found.table("refusals").to_pylist()}
    return Found({members[name]: kind[name] for name in members}, profiles, refusals), voting


def nameless(profile: Mapping[str, Any]) -> dict[str, Any]:
    """A profile without its ids and empty fields: two that are equal mean the same."""
    return {
        name: value for name, value in profile.items() if name not in ("entity_id", "household_id") and value not in (None, [])
    }


def refusal(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """A row of the refusals, comparable."""
    return tuple(str(row[name]) for name in sorted(row))
