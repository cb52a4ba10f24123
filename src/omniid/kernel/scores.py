"""Scores: from the exact levels of survivors to match weights, as the plain stages give them."""

import numpy as np
import numpy.typing as npt

from omniid.tables import KernelPlan, Levels, Rows, ScoredPairs

__all__ = ["weigh"]


def weigh(left: Rows, right: Rows, rule: npt.NDArray[np.int16], levels: Levels, plan: KernelPlan) -> ScoredPairs:
    """Weigh pairs and keep those that reach the cut, by weight or by link rule.

    Parameters
    ----------
    left, right
        Rows, left < right.
    rule
        Position of the first blocking rule that found each pair.
    levels
        int8 of shape (pairs, comparisons); silenced in place.
    plan
        The plan.
    """
    plan.grader.silence(levels)
    if plan.tiers is None:
        kept, weight = plan.weights.score(left, right, levels, at_least=plan.cut)
        tier = np.zeros(len(kept), np.int8)
    else:
        _, weight = plan.weights.score(left, right, levels)
        tier = plan.tiers(left, right, levels)
        weight = np.where(tier > 0, np.maximum(weight, plan.link_at), weight)
        reach = tier > 0
        reach |= True if plan.cut is None else weight >= plan.cut
        kept = np.flatnonzero(reach)
        weight, tier = weight.take(kept), tier.take(kept)
    return ScoredPairs(
        left.take(kept).astype(np.int32),
        right.take(kept).astype(np.int32),
        weight,
        tier,
        rule.take(kept),
        levels.take(kept, axis=0),
        tuple(trait.name for trait in plan.traits),
        plan.rules,
    )
