"""Answers: what explanations say, as plain data with a readable `str()`."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from omniid.plain import text_table

__all__ = [
    "Candidate",
    "EntityExplanation",
    "EvidenceLine",
    "PairEvidence",
    "PairExplanation",
    "ValueExplanation",
    "key_text",
]

Key = tuple[str, str]


def key_text(key: Key) -> str:
    """Write a record key as ``source:record_id``."""
    return f"{key[0]}:{key[1]}"


def _short(text: str, width: int = 28) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


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

    `strong` names the rule by which the pair links on its own, None where none holds; `decision` is MUST_LINK or CANNOT_LINK
    where people decided.
    """

    left: Key
    right: Key
    lines: tuple[EvidenceLine, ...]
    strong: str | None = None
    decision: str | None = None

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
            if line.level == "missing":
                continue
            share = ["" if p is None else f"{p:.2g}" for p in (line.m, line.u)]
            rare = f"{line.frequency:+.1f}" if line.frequency else ""
            values = (_short(line.left), _short(line.right))
            rows.append((line.field, *values, line.level, *share, f"{line.bits:+.1f}", rare, f"{line.total:+.1f}"))
        header = ("field", "left", "right", "level", "m", "u", "bits", "rarity", "total")
        silent = [line.field for line in self.lines if line.level == "missing"]
        left_out = f"\nNothing to compare, so no evidence: {', '.join(silent)}." if silent else ""
        links = f"\nLinks on its own: {self.strong}." if self.strong else ""
        told = f"\nDecided: {self.decision}." if self.decision else ""
        return f"{key_text(self.left)}  ~  {key_text(self.right)}\n{text_table(header, rows)}{left_out}{links}{told}"


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
    """How an entity came to be: its records, and the links that hold them together, strongest first.

    Each link is (left, right, match weight in bits, blocking rule that found it); a decision of people weighs infinitely much.
    """

    entity_id: str
    records: tuple[Key, ...]
    links: tuple[tuple[Key, Key, float, str], ...]

    def __str__(self) -> str:
        rows = [
            (key_text(left), key_text(right), "" if np.isinf(bits) else f"{bits:+.1f}", rule)
            for left, right, bits, rule in self.links
        ]
        listed = ", ".join(key_text(key) for key in self.records[:12]) + (" …" if len(self.records) > 12 else "")
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
