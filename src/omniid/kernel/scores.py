"""Scores: from the exact levels of survivors to match weights, as the plain stages give them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from omniid.tables import KernelPlan, Levels, Rows, ScoredPairs

__all__ = ["join_scores", "weigh"]


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


def join_scores(parts: Sequence[ScoredPairs], plan: KernelPlan) -> ScoredPairs:
    """Several lots as one, sorted by (left, right)."""
    names = tuple(trait.name for trait in plan.traits)
    if not parts:
        rows, none = np.zeros(0, np.int32), np.zeros((0, len(names)), np.int8)
        return ScoredPairs(
            rows, rows, np.zeros(0, np.int64), np.zeros(0, np.int8), np.zeros(0, np.int16), none, names, plan.rules
        )
    left, right = (np.concatenate([getattr(part, side) for part in parts]) for side in ("left", "right"))
    order = np.argsort(left.astype(np.int64) << 32 | right)  # no pair comes twice: any sort gives one order
    weight, tier, rule = (
        np.concatenate([getattr(part, name) for part in parts]).take(order) for name in ("weight", "tier", "rule")
    )
    levels = np.concatenate([part.levels for part in parts]).take(order, axis=0)
    return ScoredPairs(left.take(order), right.take(order), weight, tier, rule, levels, names, plan.rules)
