"""Explanations: why two records are one person or not, how an entity came to be, why a value stands in its profile."""

from collections import deque
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.answers import (
    Candidate,
    EntityExplanation,
    EvidenceLine,
    PairEvidence,
    PairExplanation,
    ValueExplanation,
    key_text,
)
from omniid.comparison import compare_rows
from omniid.errors import InputError
from omniid.matching import explain_pair, holds
from omniid.results import Parts
from omniid.tables import BITS, RecordTable, Rows

__all__ = ["explain_cluster", "explain_records", "explain_value"]

Key = tuple[str, str]


def explain_records(parts: Parts, a: Key, b: Key) -> PairExplanation:
    """Explain why two records are one person, or why they are not."""
    start, goal = _row(parts, a), _row(parts, b)
    left, right = parts.records.key(start), parts.records.key(goal)
    labels = parts.clustering.labels
    if start == goal:
        return PairExplanation(left, right, True, (left,), (), "Both keys name the same record.")
    if labels[start] != labels[goal]:
        own = _evidence(parts, start, goal)
        return PairExplanation(left, right, False, (), (own,), _why_apart(parts, start, goal, own.match_weight))
    path = _link_path(parts, start, goal)
    steps = tuple(_evidence(parts, one, two) for one, two in pairwise(path))
    through = tuple(parts.records.keys(np.array(path, np.int32)))
    return PairExplanation(left, right, True, through, steps, _why_linked(parts, path))


def explain_cluster(parts: Parts, entity_id: str) -> EntityExplanation:
    """Explain how an entity came to be."""
    entity = _entity(parts, entity_id)
    rows = np.flatnonzero(parts.entity == entity)
    scores = parts.scores
    inside = (parts.entity[scores.left] == entity) & (parts.entity[scores.right] == entity) & (scores.weight >= parts.link_at)
    links = scores.take(np.flatnonzero(inside))
    links = links.take(np.lexsort((links.right, links.left, -links.weight)))
    ends = zip(parts.records.keys(links.left), parts.records.keys(links.right), strict=True)
    named = zip(ends, links.weight.tolist(), links.rule.tolist(), strict=True)
    lines = [(left, right, weight / BITS, links.rules[rule]) for (left, right), weight, rule in named]
    told = _decided_inside(parts, entity)
    decided = zip(parts.records.keys(told[:, 0]), parts.records.keys(told[:, 1]), strict=True)
    told_lines = [(left, right, float("inf"), "decision") for left, right in decided]
    return EntityExplanation(entity_id, tuple(parts.records.keys(rows)), (*told_lines, *lines))


def explain_value(parts: Parts, entity_id: str, field: str) -> ValueExplanation:
    """Explain why a field of a profile has its value."""
    entity, provenance = _entity(parts, entity_id), parts.golden.provenance
    is_its = [pc.equal(chunk.indices, entity) for chunk in provenance["entity_id"].chunks]  # numbers, not 16 digits each
    mine = provenance.filter(pa.chunked_array(is_its, pa.bool_())).to_pylist()
    rows = [row for row in mine if row["field"] == field]
    if not rows:
        have = sorted({row["field"] for row in mine})
        raise InputError(f"entity {entity_id} has no value of {field!r}; it has values of {', '.join(have)}")
    winner = next(row for row in rows if row["survived"])
    candidates = tuple(
        Candidate(row["value"], row["raw"], row["source"], row["record_id"], row["time"], row["survived"]) for row in rows
    )
    return ValueExplanation(entity_id, field, winner["value"], winner["rule"], candidates)


def _entity(parts: Parts, entity_id: str) -> int:
    position = int(pc.index(parts.entity_ids, pa.scalar(entity_id, parts.entity_ids.type)).as_py())
    if position < 0:
        raise InputError(f"there is no entity {entity_id!r}; ids stand in .crosswalk and .profiles")
    return position


def _row(parts: Parts, key: Key) -> int:
    wanted = (str(key[0]), str(key[1]))
    rows = parts.records.rows_of([wanted])
    if wanted not in rows:
        known = ", ".join(parts.records.sources)
        raise InputError(
            f"record {wanted} is not in the result; keys are (source, record_id) as in .crosswalk, sources: {known}"
        )
    return rows[wanted]


def _evidence(parts: Parts, a: int, b: int) -> PairEvidence:
    """The evidence on one pair, smaller row first, as matching saw it."""
    left, right = min(a, b), max(a, b)
    comparisons = parts.plan.comparisons
    levels = compare_rows(parts.evidence, np.array([left], np.int32), np.array([right], np.int32), comparisons)
    fields = {one.name: one.fields for one in comparisons}
    lines = []
    for line in explain_pair(parts.evidence, parts.model, parts.plan.traits, levels[0], left, right):
        one, other = (_values(parts.records, fields.get(line.comparison, ()), row) for row in (left, right))
        lines.append(
            EvidenceLine(line.comparison, one, other, line.level, line.m, line.u, line.weight, line.frequency, line.total)
        )
    tier = parts.scores.tier[(parts.scores.left == left) & (parts.scores.right == right)]
    rules = parts.plan.link_rules if tier.any() else ()  # a shared value links nobody on its own
    strong = [rule.name for rule in rules if holds(rule, levels, parts.plan.traits)[0]]
    keys = parts.records.key(left), parts.records.key(right)
    return PairEvidence(*keys, tuple(lines), strong[0] if strong else None, _decision(parts, left, right))


def _decision(parts: Parts, left: int, right: int) -> str | None:
    """What people decided on a pair of rows."""
    for kind, pairs in (("MUST_LINK", parts.plan.must), ("CANNOT_LINK", parts.plan.cannot)):
        if ((pairs[:, 0] == left) & (pairs[:, 1] == right)).any():
            return kind
    return None


def _decided_inside(parts: Parts, entity: int) -> Rows:
    """MUST_LINK pairs within an entity, by rows."""
    must = parts.plan.must
    inside = must[(parts.entity[must] == entity).all(axis=1)]
    return np.asarray(inside[np.lexsort((inside[:, 1], inside[:, 0]))], np.int32)


def _values(table: RecordTable, fields: Sequence[str], row: int) -> str:
    """What a record holds in the given fields, as text to show."""
    found = [value for field in fields[:1] if field in table.columns for value in table.columns[field].entries_of(row)]
    return ", ".join(value for value in found if value is not None)


def _why_linked(parts: Parts, path: Sequence[int]) -> str:
    decided = any(_decision(parts, *sorted(step)) == "MUST_LINK" for step in pairwise(path))
    by = " by a decision" if decided else " directly" if len(path) == 2 else ""
    if len(path) == 2:
        return f"Linked{by}."
    names = " – ".join(key_text(key) for key in parts.records.keys(np.array(path, np.int32)))
    return f"Linked{by} through {len(path) - 2} other record{'s' * (len(path) > 3)}: {names}"


def _why_apart(parts: Parts, a: int, b: int, weight: float) -> str:
    labels = parts.clustering.labels
    if _decision(parts, min(a, b), max(a, b)) == "CANNOT_LINK":
        return "Not linked: a decision keeps them apart."
    both = {int(labels[a]), int(labels[b])}
    for refusal in parts.clustering.refusals:
        if {int(labels[refusal.left]), int(labels[refusal.right])} == both:
            if refusal.limit == "conflict":
                mean = f"{refusal.conflict / BITS:+.1f} bits a pair"
                return f"Not linked: their clusters conflict too much to be one person, {mean} on average."
            return f"Not linked: {refusal.limit} stands between their clusters."
    cut = f"the threshold {parts.model.link_at:+.1f} bits"
    if ((parts.scores.left == min(a, b)) & (parts.scores.right == max(a, b))).any():
        return f"Not linked: their match weight {weight:+.1f} is below {cut}; they are up for review."
    if weight >= parts.model.review_at:
        return f"Not linked: no blocking rule brought them together. Comparing them gives {weight:+.1f} bits:"
    return f"Not linked: their match weight {weight:+.1f} is far below {cut}."


def _link_path(parts: Parts, start: int, goal: int) -> list[int]:
    """Rows on a shortest chain of links and decisions from `start` to `goal`, which are one entity."""
    scores, entity = parts.scores, int(parts.entity[start])
    inside = (parts.entity[scores.left] == entity) & (parts.entity[scores.right] == entity) & (scores.weight >= parts.link_at)
    told = _decided_inside(parts, entity)
    near: dict[int, set[int]] = {}
    for ends in ((scores.left[inside], scores.right[inside]), (told[:, 0], told[:, 1])):
        for left, right in zip(ends[0].tolist(), ends[1].tolist(), strict=True):
            near.setdefault(left, set()).add(right)
            near.setdefault(right, set()).add(left)
    came: dict[int, int] = {start: start}
    queue = deque([start])
    while queue and goal not in came:
        here = queue.popleft()
        for there in sorted(near.get(here, ())):
            if there not in came:
                came[there] = here
                queue.append(there)
    path = [goal]
    while path[-1] != start:
        path.append(came[path[-1]])
    return path[::-1]
