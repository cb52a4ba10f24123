"""What blocking costs and what it misses."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from omniid.blocking.crowded import CrowdedKeys
from omniid.blocking.groups import Int64s, pair_count
from omniid.blocking.keys import Key
from omniid.blocking.plan import MAX_BLOCK, BlockPlan, plan_blocks
from omniid.blocking.prepare import RulePlan
from omniid.blocking.rules import BlockingRule
from omniid.errors import InputError
from omniid.tables import RecordTable, Rows
from omniid.tables.arrays import distinct

__all__ = ["Audit", "RuleAudit", "audit"]


@dataclass(frozen=True)
class RuleAudit:
    """What one rule contributes.

    Parameters
    ----------
    plan
        Its blocks, counted beforehand.
    pairs
        Distinct pairs that it makes.
    new
        Those that no earlier rule makes.
    new_true
        How many of the new pairs are true; -1 without truth.
    """

    plan: RulePlan
    pairs: int
    new: int
    new_true: int = -1


@dataclass(frozen=True)
class Audit:
    """What blocking costs and, where the truth is known, what it misses.

    Parameters
    ----------
    n_records
        Records of the table.
    rules
        One line per rule, in order.
    candidates
        Distinct pairs of all rules.
    true_pairs
        Pairs of records that truly match; -1 without truth.
    found
        True pairs among the candidates; -1 without truth.
    expected_completeness
        The pairs completeness that a result expects of itself; nan where it tells none.

    Examples
    --------
    >>> Audit(4, (), candidates=2, true_pairs=2, found=1).pairs_completeness
    0.5
    """

    n_records: int
    rules: tuple[RuleAudit, ...]
    candidates: int
    true_pairs: int = -1
    found: int = -1
    expected_completeness: float = math.nan

    @property
    def pairs_completeness(self) -> float:
        """Share of the true pairs that are candidates (recall of blocking); nan without truth or true pairs.

        Examples
        --------
        >>> Audit(4, (), candidates=2).pairs_completeness
        nan
        """
        return self.found / self.true_pairs if self.true_pairs > 0 else math.nan

    @property
    def pairs_quality(self) -> float:
        """Share of the candidates that are true (precision of blocking); nan without truth or candidates.

        Examples
        --------
        >>> Audit(4, (), candidates=2, true_pairs=2, found=1).pairs_quality
        0.5
        """
        return self.found / self.candidates if self.true_pairs >= 0 and self.candidates else math.nan

    @property
    def reduction_ratio(self) -> float:
        """Share of all pairs that need not be compared; nan below two records.

        Examples
        --------
        >>> Audit(4, (), candidates=3).reduction_ratio
        0.5
        """
        every = self.n_records * (self.n_records - 1) // 2
        return 1 - self.candidates / every if every else math.nan

    def __str__(self) -> str:
        lines = [f"{self.n_records:,} records, {self.candidates:,} candidate pairs, reduction ratio {self.reduction_ratio:.6f}"]
        if self.true_pairs >= 0:
            share = f"pairs completeness {self.pairs_completeness:.4f}, pairs quality {self.pairs_quality:.4f}"
            lines.append(f"{self.found:,} of {self.true_pairs:,} true pairs found: {share}")
        if not math.isnan(self.expected_completeness):
            lines.append(f"expected pairs completeness {self.expected_completeness:.4f}")
        for rule in self.rules:
            parts = [f"{rule.pairs:,} pairs", f"{rule.new:,} new"]
            parts += [f"{rule.new_true:,} of them true"] if rule.new_true >= 0 else []
            parts += [f"{rule.plan.oversized:,} oversized blocks"] if rule.plan.oversized else []
            parts += [f"{rule.plan.crowded:,} crowded keys frozen"] if rule.plan.crowded else []
            parts += [f"{rule.plan.left_out:,} pairs left out"] if rule.plan.left_out else []
            parts += [f"largest block {rule.plan.largest[0][0]} ({rule.plan.largest[0][1]:,})"] if rule.plan.largest else []
            lines.append(f"{rule.plan.name}: {', '.join(parts)}")
        return "\n".join(lines)


def audit(
    table: RecordTable,
    rules: Sequence[BlockingRule] | BlockPlan,
    truth: npt.NDArray[np.integer] | None = None,
    *,
    max_block: int = MAX_BLOCK,
    refine: Sequence[Key] | None = None,
    workers: int = 1,
    crowded: CrowdedKeys | None = None,
) -> Audit:
    """Make all candidate pairs once and count them, per rule and against the truth.

    Parameters
    ----------
    table
        Records with normal forms.
    rules
        Blocking rules, or a plan made of them.
    truth
        Either one whole number per record, equal for records of the same entity (true pairs are then counted, never listed),
        or an array of shape (pairs, 2) of rows that truly match.
    max_block, refine, workers
        See `block`.
    crowded
        The frozen plan of the rules, see `plan_blocks`.

    Raises
    ------
    InputError
        If the truth does not fit the table.

    References
    ----------
    Christen, *Data Matching*, Springer 2012, section 7.3.

    Examples
    --------
    >>> from omniid.blocking import block_on
    >>> table = RecordTable.of([{"record_id": str(i), "city": c} for i, c in enumerate(["york", "york", "bath"])])
    >>> print(audit(table, [block_on("city")], np.array([0, 0, 0])))
    3 records, 1 candidate pairs, reduction ratio 0.666667
    1 of 3 true pairs found: pairs completeness 0.3333, pairs quality 1.0000
    city: 1 pairs, 1 new, 1 of them true, largest block york (2)
    """
    if not isinstance(rules, BlockPlan):
        rules = plan_blocks(table, rules, max_block=max_block, refine=refine, crowded=crowded)
    plan = rules
    known = None if truth is None else _Truth(np.asarray(truth), len(table))
    made, new, true = (np.zeros(len(plan.rules), np.int64) for _ in range(3))
    for found in plan.find(workers=workers):
        made[found.rule] += found.made
        new[found.rule] += len(found.left)
        if known is not None:
            true[found.rule] += known.count(found.left, found.right)
    lines = tuple(
        RuleAudit(rule, int(made[i]), int(new[i]), -1 if known is None else int(true[i])) for i, rule in enumerate(plan.rules)
    )
    total = int(new.sum())
    return Audit(len(table), lines, total) if known is None else Audit(len(table), lines, total, known.pairs, int(true.sum()))


class _Truth:
    """Which pairs are true, as labels per record or as listed pairs."""

    def __init__(self, truth: npt.NDArray[np.integer], n_records: int) -> None:
        if not np.issubdtype(truth.dtype, np.integer):
            raise InputError(f"truth must hold whole numbers, not {truth.dtype}; number the entities, or list pairs of rows")
        self._n, self._labels, self._listed = max(n_records, 1), truth, np.zeros(0, np.int64)
        if truth.ndim == 1 and len(truth) == n_records:
            self.pairs = pair_count(np.unique(truth, return_counts=True)[1].astype(np.int64))
        elif truth.ndim == 2 and truth.shape[1] == 2:
            self._listed = self._codes(truth, n_records)
            self.pairs = len(self._listed)
        else:
            raise InputError(
                f"truth of shape {truth.shape} fits no table of {n_records} records; pass one label a record or (pairs, 2) rows"
            )

    def _codes(self, truth: npt.NDArray[np.integer], n_records: int) -> Int64s:
        """Distinct listed pairs as ascending codes."""
        if truth.size and (truth.min() < 0 or truth.max() >= n_records):
            raise InputError(
                f"truth names row {truth.max() if truth.min() >= 0 else truth.min()}, but rows are 0 … {n_records - 1}"
            )
        low, high = truth.min(axis=1).astype(np.int64), truth.max(axis=1).astype(np.int64)
        return distinct((low * self._n + high)[low != high])

    def count(self, left: Rows, right: Rows) -> int:
        """How many of these pairs are true."""
        if self._labels.ndim == 1:
            return int((self._labels.take(left) == self._labels.take(right)).sum())
        if not len(self._listed):
            return 0
        sought = left.astype(np.int64) * self._n + right
        return int((self._listed.take(np.searchsorted(self._listed, sought), mode="clip") == sought).sum())
