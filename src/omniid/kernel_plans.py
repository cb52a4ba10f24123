"""Blocking rules, comparisons and a model brought together for the fused kernel."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from omniid.blocking import BlockPlan
from omniid.comparison import PairComparer
from omniid.matching import LinkRule, WeightTables, link_tiers
from omniid.tables import BITS, ComparisonTraits, KernelPlan, Levels, Model, Rows

__all__ = ["kernel_plan"]


def kernel_plan(
    blocks: BlockPlan,
    comparer: PairComparer,
    weights: WeightTables,
    traits: Sequence[ComparisonTraits],
    model: Model,
    rules: Sequence[LinkRule] = (),
    personal: Mapping[str, npt.NDArray[np.bool_]] | None = None,
) -> KernelPlan:
    """Bring together what the kernel needs to score one table; all parts must be made for the same rows.

    Parameters
    ----------
    blocks
        What `plan_blocks` made of the table.
    comparer
        The comparisons made ready for it.
    weights
        The model compiled for it.
    traits
        The comparisons.
    model
        The model, for its thresholds.
    rules
        Link rules.
    personal
        Comparison → bool per row: whether the row's values are used by one person only, see `match`.

    Returns
    -------
    KernelPlan
        Keeps pairs from the model's `review_at` on, and those for which a link rule holds.

    Raises
    ------
    SpecError
        If a link rule names what does not exist.

    Examples
    --------
    >>> from omniid.blocking import block_on, plan_blocks
    >>> from omniid.comparison import city
    >>> from omniid.kernel import score_records
    >>> from omniid.matching import compile_weights
    >>> from omniid.tables import ComparisonWeights, RecordTable
    >>> table = RecordTable.of([{"record_id": "1", "city": "rome"}, {"record_id": "2", "city": "rome"}])
    >>> by_city = city("city")
    >>> learned = ComparisonWeights("city", by_city.traits.levels, (0.15, 0.1, 0.75), (0.9, 0.04, 0.06))
    >>> model, traits = Model((learned,), prior=0.2), [by_city.traits]
    >>> weights = compile_weights(table, model, traits)
    >>> plan = kernel_plan(plan_blocks(table, [block_on("city")]), PairComparer(table, [by_city]), weights, traits, model)
    >>> score_records(plan).weight.tolist()
    [1643856]
    """

    def tiers(left: Rows, right: Rows, levels: Levels) -> npt.NDArray[np.int8]:
        return link_tiers(left, right, levels, rules, personal or {}, traits)

    if rules:  # a rule that names what does not exist is told before any pair is made
        tiers(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros((0, len(traits)), np.int8))
    return KernelPlan(
        n_rows=blocks.n_records,
        finders=blocks.finders,
        rules=blocks.names,
        grader=comparer,
        weights=weights,
        traits=tuple(traits),
        cut=round(model.review_at * BITS),
        link_at=round(model.link_at * BITS),
        tiers=tiers if rules else None,
        needed=tuple(_needed(rule, traits) for rule in rules),
    )


def _needed(rule: LinkRule, traits: Sequence[ComparisonTraits]) -> dict[int, int]:
    """Comparison number → mask of the outcomes of which a pair must have one for the rule to hold."""
    numbers = {trait.name: number for number, trait in enumerate(traits)}
    needed = {}
    for name, lowest in rule.agree.items():
        levels = traits[numbers[name]].levels
        needed[numbers[name]] = sum(2 << level for level in range(levels.index(lowest), len(levels)))
    return needed
