"""A shown entity: its golden profile with the provenance of every value, its records, and what holds them together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from omniid.report.choice import Choice
from omniid.report.masking import Mask
from omniid.report.networks import Network
from omniid.report.numbers import bits, percent, short_time
from omniid.report.shown_table import ShownTable
from omniid.results import Parts
from omniid.tables import NO_TIME

__all__ = ["Card", "GoldenLine", "Held", "golden_lines", "links_table", "make_card", "provenance_of", "records_shown"]

SAME = "it says the same"
BEATEN = 4  # other values shown of one field


class Held(NamedTuple):
    """A value that records hold: what became of it, its best record, and how many more say the same."""

    text: str
    fate: str
    record: str
    time: str
    more: int


class GoldenLine(NamedTuple):
    """A field of a golden profile: the value that survived, the rule that decided, the others, and how many are left out."""

    field: str
    golden: Held
    rule: str
    reason: str
    others: tuple[Held, ...]
    left_out: int


class Card(NamedTuple):
    """All that the page shows of one entity."""

    entity_id: str
    kind: str
    name: str
    records: int
    sources: tuple[str, ...]
    wrong_pairs: float | None
    why_shown: tuple[str, ...]
    network: Network
    golden: tuple[GoldenLine, ...]
    links: ShownTable
    link_pairs: tuple[tuple[int, int], ...]
    members: ShownTable


def make_card(
    parts: Parts, choice: Choice, entity: int, network: Network, provenance: Sequence[dict[str, Any]], mask: Mask
) -> Card:
    """Gather what the page shows of one entity.

    Parameters
    ----------
    parts, choice
        The result, and what is shown of it.
    entity
        Its number.
    network
        The drawing of its cluster.
    provenance
        Its rows of provenance.
    mask
        Shows values or hides them.
    """
    rows = np.flatnonzero(parts.entity == entity)
    entity_id = str(parts.entity_ids[entity].as_py())
    golden = golden_lines(entity_id, provenance, mask)
    sources = sorted({parts.records.sources[source] for source in parts.records.source[rows].tolist()})
    lists = {"most doubtful": choice.doubtful, "largest": choice.largest, "most sources": choice.widest}
    return Card(
        entity_id,
        "person" if bool(parts.placement.is_person[rows].any()) else "anonymous",
        _name(golden, mask),
        len(rows),
        tuple(sources),
        choice.wrong_pairs.get(entity),
        tuple(name for name, members in lists.items() if entity in members),
        network,
        golden,
        *links_table(network),
        records_shown(parts, network, entity_id, mask),
    )


def provenance_of(parts: Parts, entities: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The provenance of some entities, read in one pass over the numbers and not over their ids."""
    provenance = parts.golden.provenance
    wanted = np.zeros(len(parts.entity_ids), bool)
    wanted[list(entities)] = True
    masks = [pa.array(wanted[chunk.indices.to_numpy(zero_copy_only=False)]) for chunk in provenance["entity_id"].chunks]
    found: dict[int, list[dict[str, Any]]] = {entity: [] for entity in entities}
    number = {str(parts.entity_ids[entity].as_py()): entity for entity in entities}
    for row in provenance.filter(pa.chunked_array(masks, pa.bool_())).to_pylist():
        found[number[row["entity_id"]]].append(row)
    return found


def golden_lines(entity_id: str, provenance: Sequence[dict[str, Any]], mask: Mask) -> tuple[GoldenLine, ...]:
    """The golden profile, field by field, each value with where it comes from and what it beat."""
    by_field: dict[str, list[dict[str, Any]]] = {}
    for row in provenance:
        by_field.setdefault(row["field"], []).append(row)
    lines = []
    for field, rows in by_field.items():
        by_value: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            by_value.setdefault(row["value"], []).append(row)
        held = [_held(entity_id, field, value, said, mask) for value, said in by_value.items()]
        best = next((at for at, said in enumerate(by_value.values()) if any(row["survived"] for row in said)), 0)
        golden, others = held[best]._replace(fate="golden"), held[:best] + held[best + 1 :]
        first = next((row for row in rows if row["survived"]), rows[0])
        reason = mask.remark(str(first.get("reason") or ""))
        lines.append(GoldenLine(field, golden, first["rule"], reason, tuple(others[:BEATEN]), max(len(others) - BEATEN, 0)))
    return tuple(lines)


def _held(entity_id: str, field: str, value: str, said: Sequence[dict[str, Any]], mask: Mask) -> Held:
    first = next((row for row in said if row["survived"]), said[0])
    why = str(first.get("reason") or "")
    fate = (why or "kept too") if first["survived"] else "the same, written differently" if why == SAME else f"lost: {why}"
    record = f"{first['source']}:{first['record_id']}"
    return Held(mask.value(entity_id, field, value), fate, record, _time(first["time"]), len(said) - 1)


def _time(time: datetime | None) -> str:
    return (
        ""
        if time is None
        else time.strftime("%Y-%m-%d" if (time.hour, time.minute, time.second) == (0, 0, 0) else "%Y-%m-%d %H:%M")
    )


def _name(golden: Sequence[GoldenLine], mask: Mask) -> str:
    """What to call a person: first and last name, else the company; nothing where values are hidden."""
    said = {line.field: line.golden.text for line in golden}
    names = [said[field] for field in ("first_name", "last_name") if field in said] or [said.get("company", "")]
    return mask.remark(" ".join(names))


def links_table(network: Network) -> tuple[ShownTable, tuple[tuple[int, int], ...]]:
    """The links that are drawn and explained, as a table; and the rows of their pairs."""
    roles = {"weakest": "holds the cluster; look here first", "holds": "holds the cluster", "other": "also linked"}
    nodes, known = network.nodes, set(network.pairs)
    shown, pairs = [], []
    for edge in network.edges:
        one, other = nodes[edge.one], nodes[edge.other]
        if (one.row, other.row) in known:
            weight = "–" if edge.bits is None else bits(edge.bits)
            shown.append((f"{one.key} ~ {other.key}", weight, percent(edge.probability), roles[edge.role]))
            pairs.append((one.row, other.row))
    caption = "The links of this cluster, those that hold it together first, the least certain of them on top."
    columns = ("link", "weight in bits#", "match probability#", "what it is")
    return ShownTable("Links", caption, columns, shown, len(network.edges)), tuple(pairs)


def records_shown(parts: Parts, network: Network, entity_id: str, mask: Mask) -> ShownTable:
    """The drawn records, with all that they say."""
    rows = np.array([node.row for node in network.nodes], np.int32)
    fields: dict[str, list[str]] = {}
    for name, column in parts.records.display.items():
        taken = column.take(rows)
        said = [", ".join(filter(None, taken.entries_of(at))) for at in range(len(rows))]
        if any(said):
            fields[name] = [mask.value(entity_id, name, text) for text in said]
    times = [short_time(time, NO_TIME) for time in parts.records.time[rows].tolist()]
    cells = zip(*([node.key for node in network.nodes], times, *fields.values()), strict=True)
    caption = "What each record says, in the form to show."
    return ShownTable("Records", caption, ("record", "time", *fields), [tuple(row) for row in cells], network.records)
