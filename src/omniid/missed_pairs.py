"""What blocking misses: some records compared with all others, whatever the blocking rules say."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from omniid.blocking import BlockingRule, rule_from_dict
from omniid.errors import SpecError
from omniid.evidence import weak_values
from omniid.hashing import mix
from omniid.kernel import weigh
from omniid.kernel_plans import kernel_plan
from omniid.linking import ReadyRecords, plan_pairs, without_weak_links
from omniid.matching import compile_weights, match_probability
from omniid.results import Parts
from omniid.tables import BITS, LocalPairs, Rows, Weights

__all__ = ["MissedPair", "MissedPairs", "find_missed", "rules_of"]

PAIRS = 2_000_000  # compared at most: seconds
SHOWN = 20  # missed pairs that are listed
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class MissedPair:
    """A pair that no rule makes although the model would link it.

    Parameters
    ----------
    left, right
        (source, record id) of its records; pass them to `explain`.
    weight
        Match weight in bits.
    together
        Whether the two are one person in the result all the same, as a third record ties them.
    """

    left: tuple[str, str]
    right: tuple[str, str]
    weight: float
    together: bool


@dataclass(frozen=True)
class MissedPairs:
    """What comparing some records with all others found.

    Parameters
    ----------
    records
        Records drawn.
    compared
        Pairs of them with all others, copies left out.
    expected
        Pairs of one person expected among these, by the model's probabilities.
    found
        Those of them that blocking makes.
    examples
        Pairs at or above the threshold that no rule makes, the surest first.

    Examples
    --------
    >>> MissedPairs(2, 100, expected=4.0, found=3.0, examples=()).pairs_completeness
    0.75
    """

    records: int
    compared: int
    expected: float
    found: float
    examples: Sequence[MissedPair]

    @property
    def pairs_completeness(self) -> float:
        """Share of the pairs of one person that blocking makes, as this sample tells; nan where it holds none."""
        return self.found / self.expected if self.expected > 0 else math.nan

    def __str__(self) -> str:
        head = (
            f"{self.records:,} records compared with all others, {self.compared:,} pairs: of {self.expected:,.1f} pairs of one "
            f"person that the model expects there, blocking makes {self.found:,.1f} ({self.pairs_completeness:.4f})"
        )
        lines = [
            f"{one.weight:+.1f} bits  {':'.join(one.left)} – {':'.join(one.right)}{'  (together by a third)' * one.together}"
            for one in self.examples
        ]
        return "\n".join([head, *lines])


def rules_of(parts: Parts) -> tuple[BlockingRule, ...]:
    """The blocking rules of a run: the declared ones, else those that its model was given or chose."""
    return parts.plan.rules or tuple(rule_from_dict(rule) for rule in parts.model.rules)


def find_missed(parts: Parts, *, records: int = 100, workers: int = 1) -> MissedPairs:
    """Compare some records with all others, and say which pairs of one person the blocking rules do not make.

    Which records are drawn depends on a hash of their row, not on any rule, so that the sample is independent of blocking.
    Pairs that the model does not recognize are missed here as well: the figure is of what comparing more pairs would bring.

    Parameters
    ----------
    parts
        The result.
    records
        Records to draw; fewer where they would make more than two million pairs.
    workers
        Threads.

    Raises
    ------
    SpecError
        If no record is to be drawn.
    """
    if records < 1:
        raise SpecError(f"records={records} draws nothing; give 1 or more")
    ready = ReadyRecords(parts.evidence, parts.plan, parts.classes, workers)
    own = np.flatnonzero(ready.originals == np.arange(len(ready.originals))).astype(np.int32)
    n = max(min(records, PAIRS // max(len(own), 1)), 1)
    drawn = np.sort(own[np.argsort(mix(own.astype(np.uint64)), kind="stable")[:n]])
    found = list(_scored(parts, ready, drawn, own))
    left, right, weight, made = (np.concatenate(part) for part in zip(*found, strict=True))
    likely = match_probability(weight)
    labels = parts.clustering.labels
    at = np.flatnonzero(~made & (weight >= parts.link_at))
    at = at[np.lexsort((right[at], left[at], -weight[at]))][:SHOWN]
    keys = parts.records.keys
    examples = [
        MissedPair(one, other, float(bits) / BITS, bool(together))
        for one, other, bits, together in zip(
            keys(left[at]), keys(right[at]), weight[at], labels[left[at]] == labels[right[at]], strict=True
        )
    ]
    compared = len(drawn) * (len(own) - 1) - len(drawn) * (len(drawn) - 1) // 2
    return MissedPairs(len(drawn), compared, math.fsum(likely), math.fsum(likely[made]), tuple(examples))


def _scored(parts: Parts, ready: ReadyRecords, drawn: Rows, own: Rows) -> Iterator[tuple[Rows, Rows, Weights, Flags]]:
    """Score the drawn records with all others: left, right, weight, and whether some blocking rule makes the pair."""
    plan, model = ready.plan, parts.model
    blocks = plan_pairs(ready, rules_of(parts))
    weights = compile_weights(ready.table, model, plan.traits, weak=weak_values(ready.classes))
    kernel = kernel_plan(blocks, ready.comparer, weights, plan.traits, model, plan.link_rules, ready.personal)
    rows, is_drawn = np.arange(len(ready.originals), dtype=np.int32), np.zeros(len(ready.originals), bool)
    is_drawn[drawn] = True
    for row in drawn.tolist():
        others = own[(own != row) & ~(is_drawn[own] & (own < row))]  # a pair of two drawn records once
        left, right = np.minimum(others, row), np.maximum(others, row)
        lot = weigh(left, right, np.zeros(len(left), np.int16), ready.comparer.levels(left, right), kernel)
        lot = without_weak_links(lot, plan, round(model.link_at * BITS))
        pairs, made = LocalPairs(rows, lot.left.astype(np.intp), lot.right.astype(np.intp)), np.zeros(len(lot.left), bool)
        for finder in blocks.finders:
            made |= finder.holds(pairs)
        yield lot.left, lot.right, lot.weight, made
