"""Explanations: why two records are one person or not, how an entity came to be, why a value stands in its profile."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from omniid.comparison import compare_rows
from omniid.errors import InputError
from omniid.matching import explain_pair, holds
from omniid.plain import text_table
from omniid.results import Parts
from omniid.tables import BITS, RecordTable, ScoredPairs

__all__ = [
    "Candidate",
    "EntityExplanation",
    "EvidenceLine",
    "PairEvidence",
    "PairExplanation",
    "ValueExplanation",
    "explain_cluster",
    "explain_records",
    "explain_value",
]

Key = tuple[str, str]


@dataclass(frozen=True)
class EvidenceLine:
    """One line of a pair's evidence.

    Parameters
    ----------
    field
        The comparison, "prior", or what else adds to the weight.
    left, right
        The values compared, "" where there is none.
    level
        The agreement level, in words.
    m, u
        Share of that level among pairs of one person, and among strangers; None where it doesn't apply.
    bits
        What the level adds to the match weight.
    frequency
        What the frequency of the value at hand adds: rare values weigh more.
    total
        The match weight so far, in bits.
    """

    field: str
    left: str
    right: str
    level: str
    m: float | None
    u: float | None
    bits: float
    frequency: float
    total: float


@dataclass(frozen=True)
class PairEvidence:
    """The evidence on one pair of records, line by line; the last total is its match weight.

    `strong` names the rule by which the pair links on its own, None where none holds.
    """

    left: Key
    right: Key
    lines: tuple[EvidenceLine, ...]
    strong: str | None = None

    @property
    def match_weight(self) -> float:
        """The pair's match weight in bits."""
        return self.lines[-1].total

    @property
    def match_probability(self) -> float:
        """The probability that both records are one person, from the match weight."""
        return float(1 / (1 + np.exp2(-self.match_weight)))

    def __str__(self) -> str:
        rows = []
        for line in self.lines:
            share = ["" if p is None else f"{p:.2g}" for p in (line.m, line.u)]
            rare = f"{line.frequency:+.1f}" if line.frequency else ""
            values = (_short(line.left), _short(line.right))
            rows.append((line.field, *values, line.level, *share, f"{line.bits:+.1f}", rare, f"{line.total:+.1f}"))
        header = ("field", "left", "right", "level", "m", "u", "bits", "rarity", "total")
        links = f"\nLinks on its own: {self.strong}." if self.strong else ""
        return f"{_name(self.left)}  ~  {_name(self.right)}\n{text_table(header, rows)}{links}"


@dataclass(frozen=True)
class PairExplanation:
    """Why two records are one person, or why not.

    Parameters
    ----------
    left, right
        The two record keys.
    is_linked
        Whether they are in one cluster.
    path
        The records that link them, from left to right; empty when they are not linked.
    steps
        The evidence of every step of the path; for records that are not linked, their own.
    reason
        The answer in a sentence.
    """

    left: Key
    right: Key
    is_linked: bool
    path: tuple[Key, ...]
    steps: tuple[PairEvidence, ...]
    reason: str

    def __str__(self) -> str:
        return "\n\n".join([self.reason, *(str(step) for step in self.steps)])


@dataclass(frozen=True)
class EntityExplanation:
    """How an entity came to be: its records, and the links that hold them together, strongest first."""

    entity_id: str
    records: tuple[Key, ...]
    links: tuple[tuple[Key, Key, float, str], ...]

    def __str__(self) -> str:
        rows = [(_name(left), _name(right), f"{bits:+.1f}", rule) for left, right, bits, rule in self.links]
        listed = ", ".join(_name(key) for key in self.records[:12]) + (" …" if len(self.records) > 12 else "")
        head = f"Entity {self.entity_id}: {len(self.records)} records: {listed}"
        return f"{head}\n{text_table(('left', 'right', 'bits', 'found by'), rows)}" if rows else f"{head}\nNothing links to it."


@dataclass(frozen=True)
class Candidate:
    """One value that competed for a place in the profile."""

    value: str
    raw: str | None
    source: str
    record_id: str
    time: datetime | None
    survived: bool


@dataclass(frozen=True)
class ValueExplanation:
    """Why a value stands in a profile, and which values lost."""

    entity_id: str
    field: str
    value: str
    rule: str
    candidates: tuple[Candidate, ...]

    def __str__(self) -> str:
        rows = [
            (one.value, one.raw or "", f"{one.source}:{one.record_id}", one.time or "", "survived" if one.survived else "lost")
            for one in self.candidates
        ]
        head = f"{self.field} of {self.entity_id} is {self.value!r}, decided by: {self.rule}"
        return f"{head}\n{text_table(('value', 'as it came', 'record', 'time', ''), rows)}"


def explain_records(parts: Parts, a: Key, b: Key) -> PairExplanation:
    """Explain why two records are one person, or why they are not."""
    start, goal = _row(parts, a), _row(parts, b)
    left, right = parts.records.key(start), parts.records.key(goal)
    labels, scores = parts.clustering.labels, parts.scores
    if start == goal:
        return PairExplanation(left, right, True, (left,), (), "Both keys name the same record.")
    if labels[start] != labels[goal]:
        return PairExplanation(left, right, False, (), (_evidence(parts, start, goal),), _why_apart(parts, start, goal))
    inside = (labels[scores.left] == labels[start]) & (labels[scores.right] == labels[start])
    path = _link_path(scores, np.flatnonzero(inside & (scores.weight >= parts.link_at)), start, goal)
    steps = tuple(_evidence(parts, one, two) for one, two in pairwise(path))
    return PairExplanation(
        left, right, True, tuple(parts.records.keys(np.array(path, np.int32))), steps, _why_linked(parts, path)
    )


def explain_cluster(parts: Parts, entity_id: str) -> EntityExplanation:
    """Explain how an entity came to be."""
    rows = np.flatnonzero(parts.entity == _entity(parts, entity_id))
    scores = parts.scores
    inside = np.isin(scores.left, rows) & np.isin(scores.right, rows) & (scores.weight >= parts.link_at)
    links = scores.take(np.flatnonzero(inside))
    links = links.take(np.lexsort((links.right, links.left, -links.weight)))
    ends = zip(parts.records.keys(links.left), parts.records.keys(links.right), strict=True)
    named = zip(ends, links.weight.tolist(), links.rule.tolist(), strict=True)
    lines = tuple((left, right, weight / BITS, links.rules[rule]) for (left, right), weight, rule in named)
    return EntityExplanation(entity_id, tuple(parts.records.keys(rows)), lines)


def explain_value(parts: Parts, entity_id: str, field: str) -> ValueExplanation:
    """Explain why a field of a profile has its value."""
    _entity(parts, entity_id)
    provenance = parts.golden.provenance
    mine = provenance.filter(pc.and_(pc.equal(provenance["entity_id"], entity_id), pc.equal(provenance["field"], field)))
    if mine.num_rows == 0:
        have = sorted(set(provenance.filter(pc.equal(provenance["entity_id"], entity_id))["field"].to_pylist()))
        raise InputError(f"entity {entity_id} has no value of {field!r}; it has values of {', '.join(have)}")
    rows = mine.to_pylist()
    winner = next(row for row in rows if row["survived"])
    candidates = tuple(
        Candidate(row["value"], row["raw"], row["source"], row["record_id"], row["time"], row["survived"]) for row in rows
    )
    return ValueExplanation(entity_id, field, winner["value"], winner["rule"], candidates)


def _entity(parts: Parts, entity_id: str) -> int:
    try:
        return list(parts.entity_ids).index(entity_id)
    except ValueError as error:
        raise InputError(f"there is no entity {entity_id!r}; ids stand in .crosswalk and .profiles") from error


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
    strong = [rule.name for rule in parts.plan.link_rules if holds(rule, levels, parts.plan.traits)[0]]
    return PairEvidence(parts.records.key(left), parts.records.key(right), tuple(lines), strong[0] if strong else None)


def _values(table: RecordTable, fields: Sequence[str], row: int) -> str:
    """What a record holds in the given fields, as text to show."""
    found = [value for field in fields[:1] if field in table.columns for value in table.columns[field].entries_of(row)]
    return ", ".join(value for value in found if value is not None)


def _why_linked(parts: Parts, path: Sequence[int]) -> str:
    if not path:
        return "Linked by a decision."
    if len(path) == 2:
        return "Linked directly."
    names = " – ".join(_name(key) for key in parts.records.keys(np.array(path, np.int32)))
    return f"Linked through {len(path) - 2} other record{'s' * (len(path) > 3)}: {names}"


def _why_apart(parts: Parts, a: int, b: int) -> str:
    labels = parts.clustering.labels
    both = {int(labels[a]), int(labels[b])}
    for refusal in parts.clustering.refusals:
        if {int(labels[refusal.left]), int(labels[refusal.right])} == both:
            return f"Not linked: {refusal.limit} stands between their clusters."
    cut = f"the threshold {parts.model.link_at:+.1f} bits"
    if ((parts.scores.left == min(a, b)) & (parts.scores.right == max(a, b))).any():
        return f"Not linked: their match weight is below {cut}; they are up for review."
    return (
        f"Not linked: no blocking rule brought them together, or their match weight is far below {cut}. Comparing them gives:"
    )


def _link_path(pairs: ScoredPairs, used: npt.NDArray[np.intp], start: int, goal: int) -> list[int]:
    """Rows on a shortest chain of the used pairs from `start` to `goal`, both included; [] where there is none."""
    near: dict[int, list[int]] = {}
    for left, right in zip(pairs.left[used].tolist(), pairs.right[used].tolist(), strict=True):
        near.setdefault(left, []).append(right)
        near.setdefault(right, []).append(left)
    came: dict[int, int] = {start: start}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        if here == goal:
            break
        for there in sorted(near.get(here, ())):
            if there not in came:
                came[there] = here
                queue.append(there)
    if goal not in came:
        return []
    path = [goal]
    while path[-1] != start:
        path.append(came[path[-1]])
    return path[::-1]


def _name(key: Key) -> str:
    return f"{key[0]}:{key[1]}"


def _short(text: str, width: int = 28) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
