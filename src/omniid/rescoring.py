"""Scored pairs under a changed declaration: only pairs that a change touches are found and compared again."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from omniid.blocking import MAX_BLOCK, BlockPlan
from omniid.copies import IDENTICAL, first_copies, pairs_of_copies
from omniid.kernel import weigh
from omniid.kernel_plans import kernel_plan
from omniid.linking import ReadyRecords, plan_pairs, plan_rules, without_weak_links
from omniid.matching import WeightTables
from omniid.pair_store import sorted_pairs
from omniid.tables import BITS, KernelPlan, Model, Rows, ScoredPairs

__all__ = ["rescore"]

Flags = npt.NDArray[np.bool_]


def rescore(
    before: ScoredPairs,
    originals: Rows,
    changed: Flags,
    ready: ReadyRecords,
    model: Model,
    weights: WeightTables,
    *,
    reweigh: bool = False,
) -> ScoredPairs:
    """Bring scored pairs up to a changed declaration: equal to scoring all records again, at a fraction of the work.

    Parameters
    ----------
    before
        What `score` gave, under the same comparisons, blocking rules and weights.
    originals
        Per row the smallest row that was equal to it then.
    changed
        bool per row: records whose evidence changed. Their pairs are found, compared and weighed again; so are those of
        records that were copies of others and are no longer, as a decision or a limit tells them apart.
    ready
        The records under the changed declaration.
    model, weights
        The model, with thresholds no lower than `before` was kept at.
    reweigh
        Whether the threshold changed, so that what a rule raised or held back is weighed anew.
    """
    rows = np.arange(len(originals))
    is_original = ready.originals == rows
    touched = changed | (is_original & (originals != rows))
    keeps = is_original & ~touched
    base = before.take(np.flatnonzero(keeps[before.left] & keeps[before.right]))
    blocks = plan_pairs(ready, plan_rules(ready)) if touched.any() else BlockPlan((), len(rows), MAX_BLOCK, ())
    kernel = kernel_plan(blocks, ready.comparer, weights, ready.plan.traits, model, ready.plan.link_rules, ready.personal)
    kernel, link_at = replace(kernel, rules=before.rules), round(model.link_at * BITS)
    lots = list(_touching(blocks, touched, ready, kernel))
    if reweigh:
        lots.append(weigh(base.left, base.right, base.rule, base.levels.copy(), kernel))
    lots = [without_weak_links(lot, ready.plan, link_at) for lot in lots] + ([] if reweigh else [base])
    left, right = first_copies(ready.originals)
    rule = np.full(len(left), before.rules.index(IDENTICAL), np.int16)
    copied = without_weak_links(weigh(left, right, rule, ready.comparer.levels(left, right), kernel), ready.plan, link_at)
    copies = pairs_of_copies(lots, copied, ready.originals, link_at, every=ready.plan.incremental)
    return sorted_pairs([*lots, *copies], before.comparisons, before.rules)


def _touching(blocks: BlockPlan, touched: Flags, ready: ReadyRecords, kernel: KernelPlan) -> Iterator[ScoredPairs]:
    """The candidate pairs that have a touched record, compared and weighed."""
    if not touched.any():
        return
    for chunk in blocks.candidates(workers=ready.workers):
        here = np.flatnonzero(touched[chunk.left] | touched[chunk.right])
        left, right = chunk.left[here], chunk.right[here]
        yield weigh(left, right, chunk.rule[here], ready.comparer.levels(left, right), kernel)
