"""What to mend in the data and what to decide: rejects, shared values, refused links, the review queue, other thresholds."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow.compute as pc

from omniid.expectation import Expected
from omniid.quality.sweep import sweep_table
from omniid.report.masking import Mask
from omniid.report.numbers import bits, count, percent
from omniid.report.shown_table import ShownTable
from omniid.results import Parts
from omniid.review import reviewed_pairs
from omniid.sharing import value_classes_table
from omniid.tables import BITS, Refusal

__all__ = [
    "AskedPairs",
    "SweepPoint",
    "refused_pairs",
    "refused_table",
    "rejects_table",
    "review_list",
    "shared_table",
    "sweep_points",
    "thresholds_table",
]

SHOWN = 12  # rows of each list


class AskedPairs(NamedTuple):
    """Pairs of a list, by rows, with their match weights in bits and why they stand in it; and how many there are in all."""

    pairs: tuple[tuple[int, int], ...]
    bits: tuple[float, ...]
    why: tuple[str, ...]
    total: int


class SweepPoint(NamedTuple):
    """What the clusters would be worth at a threshold (bits); nan where undefined."""

    link_at: float
    chosen: bool
    clusters: int
    precision: float
    recall: float


def rejects_table(parts: Parts) -> ShownTable:
    """Values that could not be used, counted by field and reason."""
    rejects = parts.records.rejects
    reasons = [reason.partition(":")[0] for reason in rejects["reason"].to_pylist()]
    counted = Counter(zip(rejects["field"].to_pylist(), reasons, strict=True))
    sources: dict[tuple[Any, str], set[str]] = {}
    for field, reason, source in zip(rejects["field"].to_pylist(), reasons, rejects["source"].to_pylist(), strict=True):
        sources.setdefault((field, reason), set()).add(source)
    order = sorted(counted, key=lambda one: (-counted[one], str(one[0]), one[1]))
    rows = [(str(one[0] or "the row"), one[1], count(counted[one]), ", ".join(sorted(sources[one]))) for one in order]
    columns = ("field", "reason", "values#", "sources")
    caption = "Values that could not be used, by reason. Stop values are placeholders that stand for nobody."
    return ShownTable("Rejected values", caption, columns, rows[:SHOWN], len(rows))


def shared_table(parts: Parts, mask: Mask) -> ShownTable:
    """Values that are not one person's own, those of most people first."""
    table = value_classes_table(parts.evidence, parts.classes)
    people, records = (pc.fill_null(table[name], 0).to_numpy() for name in ("people", "records"))
    least = np.sort(people)[-SHOWN] if len(people) > SHOWN else 0
    near = np.flatnonzero(people >= least)
    if len(near) > 50 * SHOWN:  # level with many others: those of most records
        near = near[records[near] >= np.sort(records[near])[-SHOWN]]
    rows = table.take(near).to_pylist()
    rows.sort(key=lambda row: (-(row["people"] or 0), -(row["records"] or 0), row["field"], row["value"]))
    told = [
        (
            row["field"],
            mask.value("shared values", row["field"], row["value"]),
            row["class"],
            "" if row["people"] is None else count(row["people"]),
            count(row["records"]),
            mask.remark(row["reason"] or ""),
        )
        for row in rows[:SHOWN]
    ]
    columns = ("field", "value", "class", "people#", "records#", "why")
    caption = "Values that are not one person's own. Shared values and placeholders are evidence for nobody."
    return ShownTable("Shared values", caption, columns, told, table.num_rows)


def review_list(parts: Parts) -> AskedPairs:
    """The first pairs of the review queue, the most likely first."""
    asked = reviewed_pairs(parts)
    order = np.lexsort((asked.right, asked.left, -asked.weight))[:SHOWN].tolist()
    pairs = tuple(_pair(int(asked.left[at]), int(asked.right[at])) for at in order)
    weights = tuple(int(asked.weight[at]) / BITS for at in order)
    why = asked.why
    return AskedPairs(pairs, weights, tuple(why[at] for at in order), len(asked.left))


def refused_pairs(parts: Parts) -> AskedPairs:
    """The refused links of most weight, each with what forbids it."""
    refusals = parts.clustering.refusals
    first = sorted(refusals, key=lambda one: (-one.weight, one.left, one.right))[:SHOWN]
    pairs = tuple(_pair(one.left, one.right) for one in first)
    return AskedPairs(pairs, tuple(one.weight / BITS for one in first), tuple(map(_forbidden, first)), len(refusals))


def _forbidden(one: Refusal) -> str:
    """What stands against a refused link, in words."""
    said = f"the clusters conflict: {bits(one.conflict / BITS)} bits" if one.limit == "conflict" else one.limit
    return f"{said} (equal evidence competes)" if one.ambiguous else said


def _pair(left: int, right: int) -> tuple[int, int]:
    return min(left, right), max(left, right)


def refused_table(parts: Parts) -> ShownTable:
    """Refused links, counted by what forbids them."""
    counted = Counter(one.limit for one in parts.clustering.refusals)
    order = sorted(counted, key=lambda one: (-counted[one], one))
    rows = [(limit, count(counted[limit])) for limit in order]
    caption = "Links that were not followed, by what stands between the two clusters."
    return ShownTable("Refused links", caption, ("limit", "links#"), rows[:SHOWN], len(rows))


def sweep_points(parts: Parts, expected: Expected) -> list[SweepPoint]:
    """Expected precision and recall at other thresholds; recall at most 1, as what was never seen is only estimated."""
    if math.isnan(expected.precision):
        return []
    rows = sweep_table(parts, expected).to_pylist()
    return [
        SweepPoint(
            row["link_at"], row["chosen"], row["clusters"], _share(row["expected_precision"]), _share(row["expected_recall"])
        )
        for row in rows
    ]


def _share(number: float | None) -> float:
    return math.nan if number is None else min(number, 1.0)


def thresholds_table(points: Sequence[SweepPoint]) -> ShownTable:
    """The threshold sweep as a table."""
    rows = [
        (
            bits(one.link_at) + (" (chosen)" if one.chosen else ""),
            count(one.clusters),
            percent(one.precision),
            percent(one.recall),
        )
        for one in points
    ]
    columns = ("link at, in bits", "clusters#", "expected precision#", "expected recall#")
    return ShownTable("Other thresholds", "What the clusters would be worth at other thresholds.", columns, rows, len(rows))
