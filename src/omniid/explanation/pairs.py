"""The evidence on one pair of records, field by field, what speaks most first."""

import math
from collections.abc import Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np

from omniid.answers import EvidenceLine, PairEvidence
from omniid.comparison import compare_rows
from omniid.evidence import weak_values
from omniid.explanation.lookup import pair_position, standing_decision
from omniid.explanation.silence import never_evidence, why_silent
from omniid.explanation.strong_rules import read_strong_rules
from omniid.matching import WeightTables, compile_weights, explain_pair
from omniid.priorities import preferred_columns
from omniid.results import Parts
from omniid.tables import BITS, Levels, RecordTable

__all__ = ["pair_evidence", "weight_tables"]

_TABLES: WeakKeyDictionary[Parts, WeightTables] = WeakKeyDictionary()


def weight_tables(parts: Parts) -> WeightTables:
    """The model's weights for the records of a result, compiled when somebody first asks: half a second at 1M records."""
    if parts not in _TABLES:
        _TABLES[parts] = compile_weights(parts.evidence, parts.model, parts.plan.traits, weak=weak_values(parts.classes))
    return _TABLES[parts]


def pair_evidence(parts: Parts, a: int, b: int, *, levels: Levels | None = None) -> PairEvidence:
    """The evidence on one pair of rows as matching saw it, smaller row first.

    Parameters
    ----------
    parts
        The result.
    a, b
        The two rows.
    levels
        int8 of shape (1, comparisons), where somebody compared the smaller row with the larger already.
    """
    left, right = min(a, b), max(a, b)
    comparisons = parts.plan.comparisons
    if levels is None:
        levels = compare_rows(parts.evidence, np.array([left], np.int32), np.array([right], np.int32), comparisons)
    fields = {one.name: one.fields for one in comparisons}
    tables = weight_tables(parts)
    lines = []
    for line in explain_pair(parts.evidence, parts.model, parts.plan.traits, levels[0], left, right, tables=tables):
        one, other = (_shown(parts.evidence, fields.get(line.comparison, ()), row) for row in (left, right))
        numbers = (line.m, line.u, line.weight, line.frequency, line.total)
        lines.append(EvidenceLine(line.comparison, one, other, line.level, *numbers))
    silent = [line.field for line in lines if line.level == "missing"]
    notes = [told for name in silent for told in why_silent(parts, fields.get(name, ()), (left, right))]
    strong = read_strong_rules(parts, levels, (left, right))
    decided = standing_decision(parts, left, right)
    ordered = _loudest_first(lines, parts)
    return PairEvidence(
        parts.records.key(left),
        parts.records.key(right),
        (*ordered, *_beside_rivals(parts, left, right, ordered[-1].total)),
        strong.linking,
        None if decided is None else decided[0],
        (*_by_classifier(parts), *strong.notes, *notes, *never_evidence(parts, (left, right))),
        parts.model.link_at,
    )


def _by_classifier(parts: Parts) -> list[str]:
    """Say where a classifier has the last word on weights."""
    if not parts.weighed_by:
        return []
    return [f"Weighed by {parts.weighed_by} in the end: .scored_pairs has its weights, and these lines are what the model saw"]


def _beside_rivals(parts: Parts, left: int, right: int, total: float) -> tuple[EvidenceLine, ...]:
    """What a pair between two sources without duplicates gains or loses, as a record has one partner at most."""
    at = -1 if parts.alone is None else pair_position(parts, left, right)
    if parts.alone is None or at < 0 or parts.scores.weight[at] == parts.alone[at]:
        return ()
    bits = int(parts.scores.weight[at] - parts.alone[at]) / BITS
    level = "one partner at most, and most have one" if bits > 0 else "one partner at most, and it has rivals"
    return (EvidenceLine("one to one", "", "", level, None, None, bits, 0.0, total + bits),)


def _loudest_first(lines: Sequence[EvidenceLine], parts: Parts) -> tuple[EvidenceLine, ...]:
    """The prior, then what adds or takes most, then what is missing, and the relatives last; totals run in this order.

    Kinds with a declared priority come first, in its order; the default order of kinds decides between equal lines.
    """
    preferred, ranks = preferred_columns(parts.spec.fields, parts.spec.priority), parts.plan.ranks

    def place(line: EvidenceLine) -> tuple[bool, float, float, float]:
        first, tie = preferred.get(line.field, math.inf), ranks.get(line.field, math.inf)
        return line.level == "missing", first, -abs(line.bits + line.frequency), tie

    last = len(lines) - 1 if lines[-1].field == "relatives" else len(lines)
    fields = sorted(lines[1:last], key=place)
    total, out = 0, list[EvidenceLine]()
    for line in (lines[0], *fields, *lines[last:]):
        total += round((line.bits + line.frequency) * 1_000_000)  # whole millionths of a bit, as they were added
        out.append(replace(line, total=total / 1_000_000))
    return tuple(out)


def _shown(table: RecordTable, fields: Sequence[str], row: int) -> str:
    """What a record holds in the first of the given fields that it fills, as text to show."""
    for field in fields:
        found = [value for value in table.columns[field].entries_of(row) if value is not None] if field in table.columns else []
        if found:
            return ", ".join(found)
    return ""
