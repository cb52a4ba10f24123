"""How shown people can be reached and what they did: contact points with consent, and their journeys."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from omniid.contacting import ContactBook, channel_filter, consent_table, contacts_table
from omniid.event_results import Journeys
from omniid.journeys import Journey, journey_of
from omniid.report.masking import Mask
from omniid.report.numbers import count, counted
from omniid.report.opening import Fact
from omniid.report.shown_table import ShownTable
from omniid.results import Parts

__all__ = ["consent_counts", "contact_tables", "event_facts", "journey_tables"]

POINTS = 12  # contact points shown of one person
EVENTS = 30  # of a journey the last ones are shown, as what is open stands there
TOLD = ("order", "basket", "item", "case", "status", "amount", "currency", "text")  # what stands beside an event
WORDS = {True: "yes", False: "no", None: ""}


def contact_tables(parts: Parts, book: ContactBook, entities: Sequence[int], mask: Mask) -> dict[int, ShownTable]:
    """Entity → its contact points, the best of each kind first, with what was consented to."""
    said: dict[tuple[str, str, str], list[str]] = {}
    for row in _of(consent_table(parts, book), parts, entities):
        said.setdefault((row["entity_id"], row["kind"], row["value"]), []).append(f"{row['purpose']}: {row['state']}")
    points: dict[str, list[tuple[str, ...]]] = {}
    for row in _of(contacts_table(parts, book), parts, entities):
        key = (row["entity_id"], row["kind"], row["value"])
        points.setdefault(row["entity_id"], []).append(
            (
                mask.value(row["entity_id"], row["kind"], row["value"]),
                f"{row['kind']}, {'the best' if row['is_best'] else 'no. ' + str(row['rank'])}",
                WORDS[row["verified"]],
                row["value_class"] or "",
                _day(row["last_seen"]),
                ", ".join(said.get(key, [])),
                mask.remark(row["reason"] or ""),
            )
        )
    caption = "How to reach this person, the best of each kind first. Unknown consent is no consent."
    columns = ("contact point", "kind and place", "verified", "class", "last seen", "consent", "why here")
    tables = {}
    for entity in entities:
        mine = points.get(str(parts.entity_ids[entity].as_py()), [])
        if mine:
            tables[entity] = ShownTable("Contact points", caption, columns, mine[:POINTS], len(mine))
    return tables


def _of(table: pa.Table, parts: Parts, entities: Sequence[int]) -> list[dict[str, Any]]:
    """The rows of some entities, found by their numbers and not by their ids."""
    wanted = np.zeros(len(parts.entity_ids), bool)
    wanted[list(entities)] = True
    column = table["entity_id"].combine_chunks()
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    masks = [pa.array(wanted[chunk.indices.to_numpy(zero_copy_only=False)]) for chunk in chunks]
    rows: list[dict[str, Any]] = table.filter(pa.chunked_array(masks, pa.bool_())).to_pylist()
    return rows


def consent_counts(parts: Parts, book: ContactBook) -> ShownTable:
    """How many contact values of each kind are granted, denied and unknown, per purpose."""
    table = consent_table(parts, book).select(["kind", "purpose", "state"])
    counted_rows = pa.table({name: table[name].cast(pa.large_string()) for name in table.column_names})
    grouped = counted_rows.group_by(["purpose", "kind", "state"]).aggregate([([], "count_all")]).to_pylist()
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in grouped:
        found.setdefault((row["purpose"], row["kind"]), {})[row["state"]] = row["count_all"]
    states = ("granted", "denied", "unknown")
    rows = [
        (f"{purpose}, by {kind}", *(count(found[purpose, kind].get(state, 0)) for state in states))
        for purpose, kind in sorted(found)
    ]
    caption = "Contact values by what was consented to. Only granted ones may be used for the purpose."
    return ShownTable("Consent", caption, ("purpose and kind", *(f"{state}#" for state in states)), rows, len(rows))


def journey_tables(parts: Parts, book: ContactBook, entities: Sequence[int], mask: Mask) -> dict[int, ShownTable]:
    """Entity → its last events across channels, in order; none where a result has no events, or the entity none."""
    if parts.events is None:
        return {}
    journeys = Journeys(parts, channel_filter(book, len(parts.entity_ids)))  # a channel that consent bars is not preferred
    tables = {}
    for entity in entities:
        journey = journey_of(journeys, str(parts.entity_ids[entity].as_py()))
        if journey.events:
            tables[entity] = _journey_table(journey, mask)
    return tables


def _journey_table(journey: Journey, mask: Mask) -> ShownTable:
    rows = []
    for event in list(journey.events)[-EVENTS:]:
        told = ", ".join(f"{name} {_text(event[name])}" for name in TOLD if event.get(name) is not None)
        again = "" if event.get("counts", True) else "told again, counts once"
        session = "" if event.get("session_number") is None else str(event["session_number"])
        what = "; ".join(part for part in (mask.remark(told), again) if part)
        kind = str(event.get("type") or event["meaning"]) if mask.values else str(event["meaning"])
        rows.append((_moment(event.get("time")), str(event["channel"]), kind, session, what))
    caption = "What this person did, in order across channels; the last events where there are many. " + _standing(
        journey, mask
    )
    columns = ("time (UTC)", "channel", "event", "session#", "what")
    return ShownTable("Journey", caption.strip(), columns, rows, len(journey.events))


def _standing(journey: Journey, mask: Mask) -> str:
    """What is open, and the channel that the person prefers, in sentences."""
    said = []
    if journey.open_baskets:
        said.append(f"{counted(len(journey.open_baskets), 'basket')} open.")
    if journey.open_cases:
        said.append(f"{counted(len(journey.open_cases), 'case')} open.")
    held = [one["balance"] for one in journey.balances if one["balance"] is not None]
    if held and mask.values:
        said.append(f"Balance: {sum(held):,.0f} points.")
    preferred: Mapping[str, Any] = journey.activity
    if preferred.get("preferred_channel"):
        said.append(f"Prefers {preferred['preferred_channel']}: {preferred['preferred_reason']}.")
    return " ".join(said)


def event_facts(parts: Parts) -> list[Fact]:
    """What happened, for the first questions; nothing where a result has no events."""
    if parts.events is None:
        return []
    journeys = Journeys(parts)
    told = f"{counted(len(parts.events), 'event')} of {counted(int((journeys.story.lengths > 0).sum()), 'customer')}"
    baskets, cases = len(journeys.baskets.entity), len(journeys.cases.entity)
    return [Fact("What happened?", f"{told}; {counted(baskets, 'open basket')}, {counted(cases, 'open case')}")]


def _text(value: Any) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


def _moment(time: datetime | None) -> str:
    return "" if time is None else time.strftime("%Y-%m-%d %H:%M")


def _day(time: datetime | None) -> str:
    return "" if time is None else time.strftime("%Y-%m-%d")
