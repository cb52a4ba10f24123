"""Exporting: all that a store holds of a person, as plain data."""

import json
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime
from typing import Any

from omniid.decisions import plain_decision
from omniid.errors import InputError
from omniid.evidence import classify_values, thresholds_for
from omniid.resolver.assembling import assemble, stored_records
from omniid.resolver.classes import known_classes, met_records
from omniid.resolver.decided import decisions_on
from omniid.resolver.hashed import known_hashes
from omniid.resolver.incoming import part_key
from omniid.resolver.learned import Learned
from omniid.resolver.looking import parts_around
from omniid.resolver.persons_records import entity_number, former_numbers, rows_of_entity, rows_of_records
from omniid.resolver.reading import ReadsStore
from omniid.resolver.settings import last_number
from omniid.resolver.shapes import FOREVER
from omniid.sharing import VALUE_CLASSES
from omniid.single_record import Forms, unpacked
from omniid.store import Row, Snapshot
from omniid.tables import BITS

__all__ = ["Exports"]

Key = tuple[str, str]
Plain = dict[str, Any]
SECTIONS = {
    "entity_id": "under which id the records are one person, and which ids were merged into it",
    "profile": "what is taken to be true of the person, derived from the records",
    "provenance": "for every value of the profile and every value that lost: record, source, time and rule",
    "records": "what each source sent, with all versions of it, the form in which it is compared, and whose it was over time",
    "values": "how many people use each address, number and other identifier, and what follows from it",
    "evidence": "which records were found alike, with the weight in bits; the other record may be somebody else's",
    "decisions": "what people decided about the records; the others that they name may be somebody else's",
    "changes": "what was told of the person to other systems",
}


class Exports(ReadsStore):
    """How a `Resolver` says what it holds of somebody."""

    def export(self, *, entity_id: str | None = None, record: Key | None = None) -> Plain:
        """Return all that is held of a person: an answer to a request for access under the GDPR.

        Parameters
        ----------
        entity_id
            The entity.
        record
            One of its records, by (source, record_id).

        Returns
        -------
        dict
            Plain data that JSON takes, all from one consistent state: the ids, the profile with its provenance, records as sent
            with all versions and their normal forms, memberships over time, value classes, evidence, and the decisions and
            changes that name the person. "about" says what each part is.

        Raises
        ------
        InputError
            If there is no such entity or record, or not exactly one of the two is given.

        Examples
        --------
        >>> import omniid
        >>> with omniid.open(":memory:", backend="rows") as resolver:
        ...     told = resolver.upsert([{"id": str(n), "email": "ann@x.com"} for n in range(2)])
        ...     resolver.fit()
        ...     held = resolver.export(record=("records", "0"))
        >>> held["profile"]["email"], [one["content"] for one in held["records"]]
        ('ann@x.com', [{'email': 'ann@x.com', 'id': '0'}, {'email': 'ann@x.com', 'id': '1'}])
        """
        if (entity_id is None) == (record is None):
            raise InputError("export takes one of entity_id and record")
        with self.store.reading() as store:
            learned = self._models.read(store)
            if entity_id is not None:
                number: int | None = entity_number(store, entity_id)
                rows = rows_of_entity(store, number) if number is not None else []
            else:
                number, rows = _of_record(store, record or ("", ""))
            held: Plain = _plain(_held(store, learned, number, rows))
            return held


def _of_record(store: Snapshot, record: Key) -> tuple[int | None, list[int]]:
    """The entity of a record, None where it has none, and all rows of that."""
    ((_, row),) = rows_of_records(store, [record]).items()
    if row is None:
        raise InputError(f"there is no record {record}")
    spells = store.rows("memberships", "row", [row])
    if not spells:
        return None, [row]
    number = int(max(spells, key=lambda spell: int(spell[1]))[3])
    return number, sorted({row, *rows_of_entity(store, number)})


def _held(store: Snapshot, learned: Learned | None, number: int | None, rows: Sequence[int]) -> Plain:
    numbers = former_numbers(store, number) if number is not None else set()
    names = {one: str(name) for one, name, _ in store.rows("entities", "number", sorted(numbers))}
    found = store.rows("records", "row", rows)
    keys = [str(key) for _, key, *_ in found]
    out: Plain = {
        "about": SECTIONS,
        "cursor": last_number(store, "changes", "cursor"),
        "entity_id": names.get(number) if number is not None else None,
        "former_ids": sorted(name for one, name in names.items() if one != number),
        "entity_kind": None,
        "profile": None,
        "provenance": [],
        "records": _records(store, found),
        "values": [],
        "evidence": _evidence(store, rows),
        "decisions": [plain_decision(one) for _, one in sorted(decisions_on(store, keys).items())],
        "changes": _changes(store, set(names.values())),
    }
    if learned is not None and any(store.rows("members", "row", rows)):
        out |= _profile(store, learned, rows, str(out["entity_id"]))
        out["values"] = _values(store, learned, rows)
    return out


def _profile(store: Snapshot, learned: Learned, rows: Sequence[int], name: str) -> Plain:
    parts = parts_around(store, learned, rows)
    if parts is None:
        return {}
    (profile,) = (row for row in parts.golden.entities.to_pylist() if row["entity_id"] == name)
    told = (row for row in parts.golden.provenance.to_pylist() if row["entity_id"] == name)
    provenance = [{key: value for key, value in row.items() if key != "entity_id"} for row in told]
    return {"entity_kind": profile["entity_kind"], "profile": profile, "provenance": provenance}


def _records(store: Snapshot, found: Sequence[Row]) -> list[Plain]:
    rows = [row for row, *_ in found]
    forms = {row: Forms(*json.loads(text)) for row, text in store.rows("forms", "row", rows)}
    spells = store.rows("memberships", "row", rows)
    names = {one: name for one, name, _ in store.rows("entities", "number", sorted({spell[3] for spell in spells}))}
    former = store.rows("versions", "row", rows)
    out = []
    for row, key, version, deleted, _, content, since in found:
        source, record_id = part_key(key)
        before = [
            {"version": number, "since": begun, "until": until, "content": json.loads(text)}
            for one, begun, until, number, text in former
            if one == row
        ]
        history = [
            {"entity_id": names[entity], "since": begun, "until": None if until == FOREVER else until}
            for one, begun, until, entity, _ in spells
            if one == row
        ]
        out.append(
            {
                "source": source,
                "record_id": record_id,
                "deleted": bool(deleted),
                "version": version,
                "since": since,
                "content": json.loads(content) if content else None,
                "normal_forms": _normal_forms(forms[row]) if row in forms else {},
                "former_versions": before,
                "memberships": history,
            }
        )
    return out


def _normal_forms(forms: Forms) -> Plain:
    """Field → values as sent, as compared and as shown; what could not be used, with the reason."""
    named = ("sent", "compared", "shown")
    out: Plain = {name: [dict(zip(named, unpacked(one), strict=True)) for one in some] for name, some in forms.fields.items()}
    if forms.rejects:
        out["unused"] = [dict(zip(("field", "value", "reason"), one, strict=True)) for one in forms.rejects]
    return out


def _values(store: Snapshot, learned: Learned, rows: Iterable[int]) -> list[Plain]:
    stored = assemble(store, stored_records(store, rows), learned)
    met = met_records(stored.table, learned.spec, known_hashes(store, learned))
    counted = classify_values(met, learned.spec, thresholds_for(learned.spec, learned.model))
    out: list[Plain] = []
    for name, classes in sorted(known_classes(store, counted, met).items()):
        held = sorted(set(met.columns[name].present()[1].tolist()))
        out += [
            {
                "field": name,
                "value": met.columns[name].vocabulary[code].as_py(),
                "class": VALUE_CLASSES[int(classes.classes[code])],
                "people": int(classes.people[code]) or None,
            }
            for code in held
        ]
    return out


def _evidence(store: Snapshot, rows: Sequence[int]) -> list[Plain]:
    pairs = sorted({one for by in ("left", "right") for one in store.rows("evidence", by, rows)})
    every = sorted({row for _, left, right, _ in pairs for row in (left, right)})
    keys = {row: part_key(key) for row, key, *_ in store.rows("records", "row", every)}
    return [{"left": keys[left], "right": keys[right], "bits": weight / BITS} for _, left, right, weight in pairs]


def _changes(store: Snapshot, names: AbstractSet[str]) -> list[Plain]:
    out = []
    for cursor, _, kind, entity_id, was, became, cause, time in store.span("changes", "cursor"):
        before, after = json.loads(was), json.loads(became)
        if not names.isdisjoint([entity_id, *before, *after]):
            told = None if time is None else datetime.fromtimestamp(time / 1_000_000, UTC)
            named = {"cursor": cursor, "kind": kind, "entity_id": entity_id, "was": before, "became": after}
            out.append({**named, "cause": cause, "time": told})
    return out


def _plain(data: Any) -> Any:
    """The same as JSON takes it: times as ISO 8601 text, tuples as lists."""
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    return data.isoformat() if isinstance(data, date) else data
