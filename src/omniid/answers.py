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
    "Union",
    "ValueExplanation",
    "bits_text",
    "key_text",
]

Key = tuple[str, str]


def key_text(key: Key) -> str:
    """Write a record key as ``source:record_id``."""
    return f"{key[0]}:{key[1]}"


def bits_text(bits: float) -> str:
    """Write bits with their sign and one decimal, and nothing as +0.0.

    Examples
    --------
    >>> bits_text(3.14), bits_text(-0.04)
    ('+3.1', '+0.0')
    """
    return f"{round(bits, 1) + 0.0:+.1f}"


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
    """The evidence on one pair of records, line by line, what speaks most first; the last total is its match weight.

    Parameters
    ----------
    left, right
        The two record keys.
    lines
        The prior, one line per comparison, and what relatives would explain too.
    strong
        The rule by which the pair links on its own, None where none holds.
    decision
        MUST_LINK or CANNOT_LINK where people decided.
    notes
        Sentences on what else matters: agreements that don't link on their own, values that are no evidence, empty fields.
    link_at
        The match weight in bits from which a pair is a link; None where it is not said.
    """

    left: Key
    right: Key
    lines: tuple[EvidenceLine, ...]
    strong: str | None = None
    decision: str | None = None
    notes: tuple[str, ...] = ()
    link_at: float | None = None

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
            if line.level == "missing" or (line.field == "relatives" and abs(line.bits) < 0.05):
                continue
            share = ["" if p is None else f"{p:.2g}" for p in (line.m, line.u)]
            rare = f"{bits_text(line.frequency)}" if line.frequency else ""
            values = (_short(line.left), _short(line.right))
            level = "any two records" if line.field == "prior" else line.level
            rows.append((line.field, *values, level, *share, f"{bits_text(line.bits)}", rare, f"{bits_text(line.total)}"))
        header = ("field", "left", "right", "level", "m", "u", "bits", "rarity", "total")
        said = [f"Linked from {bits_text(self.link_at)} bits on."] if self.link_at is not None else []
        said += [f"Links on its own: {self.strong}."] if self.strong else []
        said += [f"Decided: {self.decision}."] if self.decision else []
        said += [f"{note}." for note in self.notes]
        told = {note.partition(":")[0] for note in self.notes}
        silent = [line for line in self.lines if line.level == "missing" and line.field not in told]
        for why, has_left, has_right in (
            (f"Only {key_text(self.left)} has", True, False),
            (f"Only {key_text(self.right)} has", False, True),
            ("Not counted beside what agrees already", True, True),
            ("Nothing to compare, so no evidence", False, False),
        ):
            fields = [line.field for line in silent if (bool(line.left), bool(line.right)) == (has_left, has_right)]
            said += [f"{why}: {', '.join(fields)}."] if fields else []
        head = f"{key_text(self.left)}  ~  {key_text(self.right)}"
        return "\n".join([head, text_table(header, rows), *said])


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
        legend = (
            ["m, u: how often records of one person, and of strangers, agree like this; bits: log2(m / u)."]
            if self.steps
            else []
        )
        return "\n\n".join([self.reason, *(str(step) for step in self.steps), *legend])


@dataclass(frozen=True)
class Union:
    """One step of how an entity came to be: two sets of records became one.

    Parameters
    ----------
    left, right
        The record keys of both sides.
    ends
        The two records whose link is the best between the sides.
    rule
        The blocking rule that found the link.
    tier
        "strong" or "unique" for a link that an identifier makes on its own, else "weighed"; tiers go before values.
    bits
        The link's match weight.
    conflict
        Mean conflict of a pair between the sides in bits, 0 or below.
    value
        What the union was worth: bits plus 3/2 of the conflict; it must reach the threshold.
    """

    left: tuple[Key, ...]
    right: tuple[Key, ...]
    ends: tuple[Key, Key]
    rule: str
    tier: str
    bits: float
    conflict: float
    value: float


@dataclass(frozen=True)
class EntityExplanation:
    """How an entity came to be.

    Parameters
    ----------
    entity_id
        The entity.
    records
        Its record keys.
    links
        (left, right, match weight in bits, blocking rule that found it), strongest first; a decision weighs infinitely much.
    unions
        In which order the records came together, the best union first.
    together
        Sets of records that were one before: decisions joined them, or they are equal in all that is compared.
    link_at
        What a union must be worth in bits; None where it is not said.
    anonymous
        For each record that names nobody, whose it is, and why.
    """

    entity_id: str
    records: tuple[Key, ...]
    links: tuple[tuple[Key, Key, float, str], ...]
    unions: tuple[Union, ...] = ()
    together: tuple[tuple[Key, ...], ...] = ()
    link_at: float | None = None
    anonymous: tuple[str, ...] = ()

    def __str__(self) -> str:
        sources = sorted({source for source, _ in self.records})
        listed = ", ".join(key_text(key) for key in self.records[:12]) + (" …" if len(self.records) > 12 else "")
        count = f"{len(self.records):,} record{'s' * (len(self.records) > 1)} of {', '.join(sources)}"
        head = [f"Entity {self.entity_id}: {count}: {listed}"]
        head += list(self.anonymous[:_SHOWN])
        if len(self.records) == 1:
            return "\n".join([*head, *([] if self.anonymous else ["Nothing links to it."])])
        decided = [(left, right) for left, right, _, rule in self.links if rule == "decision"]
        head += [f"Joined by a decision: {key_text(left)} and {key_text(right)}" for left, right in decided[:_SHOWN]]
        same = [one for one in self.together if not {*decided} & {(a, b) for a in one for b in one}]
        head += [f"Equal in all that is compared: {', '.join(key_text(key) for key in one[:6])}" for one in same[:_SHOWN]]
        rows = [
            (
                str(number),
                f"{_side(one.left)} + {_side(one.right)}",
                " – ".join(key_text(end) for end in one.ends),
                one.rule,
                one.tier,
                f"{bits_text(one.bits)}",
                f"{bits_text(one.conflict)}" if one.conflict else "",
                f"{bits_text(one.value)}",
            )
            for number, one in enumerate(self.unions[:_SHOWN], 1)
        ]
        table = text_table(("", "union", "best link", "found by", "tier", "bits", "conflict", "value"), rows) if rows else ""
        more = f"and {len(self.unions) - _SHOWN:,} more in .unions" if len(self.unions) > _SHOWN else ""
        weakest = min(self.unions, key=lambda one: one.value, default=None)
        if weakest is not None and self.link_at is not None:
            number = self.unions.index(weakest) + 1
            worth, needed = bits_text(weakest.value), bits_text(self.link_at)
            head.append(f"The weakest union (no. {number}) was worth {worth} bits; it takes {needed}.")
        return "\n".join(part for part in (*head, table, more) if part)


_SHOWN = 40  # lines of an entity that are printed


def _side(records: tuple[Key, ...]) -> str:
    """One side of a union: its first record, and how many more."""
    return key_text(records[0]) + (f" (+{len(records) - 1})" if len(records) > 1 else "")


@dataclass(frozen=True)
class Candidate:
    """One value that competed for a place in the profile."""

    value: str
    raw: str | None
    source: str
    record_id: str
    time: datetime | None
    survived: bool
    reason: str = ""


@dataclass(frozen=True)
class ValueExplanation:
    """Why a value stands in a profile, and which values lost.

    Parameters
    ----------
    entity_id, field
        Whose value, and of what.
    value
        The value that stands in the profile; None where all lost, as another record gives the fields of its group.
    rule
        The survivorship rule that decided.
    candidates
        Every value of every member record, the best first.
    reason
        Why the value won, in words.
    """

    entity_id: str
    field: str
    value: str | None
    rule: str
    candidates: tuple[Candidate, ...]
    reason: str = ""

    def __str__(self) -> str:
        said: dict[str, list[Candidate]] = {}
        for one in self.candidates:
            said.setdefault(one.value, []).append(one)
        rows = []
        for value, records in said.items():
            times = sorted(one.time for one in records if one.time is not None)
            first = next((one for one in records if one.survived), records[0])
            raw = first.raw or ""
            others = f" (+{len(records) - 1})" if len(records) > 1 else ""
            fate = "survived" if value == self.value else "kept too" if first.survived else "lost"
            if fate == "lost" and self.rule == "only value":
                fate = "the same, written differently"
            elif fate == "lost" and first.reason:
                fate = f"lost: {first.reason}"
            elif fate == "kept too" and first.reason:
                fate = first.reason
            rows.append((value, raw, f"{first.source}:{first.record_id}{others}", times[-1] if times else "", fate))
        why = f": {self.reason}" if self.reason else ""
        head = f"{self.field} of {self.entity_id} is {self.value!r}, decided by: {self.rule}{why}"
        return f"{head}\n{text_table(('value', 'as it came', 'record', 'latest', ''), rows)}"
