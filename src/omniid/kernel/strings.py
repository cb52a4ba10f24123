"""Strings: the exact levels of the survivors, comparison by comparison on ever fewer pairs."""

import numpy as np

from omniid.kernel.bounds import LEVEL_OF, OPEN, Bounds
from omniid.kernel.survivors import Survivors
from omniid.tables import KernelPlan, Levels

__all__ = ["exact_levels"]

WORTH = 0.9  # pairs are moved together when at most this share of them is left: hardly any is dropped where rules are selective


def exact_levels(pairs: Survivors, plan: KernelPlan, bounds: Bounds) -> Levels:
    """Levels of the survivors; where many turn out not to reach the cut, these are dropped on the way.

    Parameters
    ----------
    pairs
        Survivors; most of those that cannot reach the cut are no longer in it afterwards.
    plan
        The plan.
    bounds
        Its bounds.

    Returns
    -------
    numpy.ndarray
        int8 of shape (pairs left, comparisons), before any comparison silences another.
    """
    grades = np.empty((len(bounds.screens), len(pairs)), np.int8)
    for number in _shortest_work_first(bounds):
        masks = pairs.masks[number]
        grades[number] = LEVEL_OF.take(masks)
        todo = np.flatnonzero(grades[number] == OPEN)
        if not len(todo):
            continue
        left, right, before = pairs.left.take(todo), pairs.right.take(todo), masks.take(todo)
        among = before & ~np.uint16(1) if bounds.silencers[number] else before
        narrowed = pairs.narrowed and number in bounds.telling
        level = plan.grader.grade(number, left, right, among if narrowed else None)
        grades[number, todo] = level
        after = np.uint16(1) << (level + np.int8(1)).astype(np.uint16)
        if bounds.silencers[number]:  # what may still be silenced keeps the bit for missing, so that the bound stays one
            after |= bounds.silenced(number, lambda other: pairs.masks[other].take(todo))  # noqa: B023  # asked at once
        lower = bounds.contribution(number, after, left, right)
        lower -= bounds.contribution(number, before, left, right)
        pairs.bound[todo] += lower
        masks[todo] = after
        kept = pairs.within_reach(plan.cut)
        if len(kept) <= WORTH * len(pairs):
            pairs.keep(kept)
            grades = grades.take(kept, axis=1)
    return np.ascontiguousarray(grades.T)


def _shortest_work_first(bounds: Bounds) -> list[int]:
    """Comparisons in the order of how many distinct codes they have: short vocabularies share most of their work."""
    distinct = [int(screen.codes.max(initial=-1)) for screen in bounds.screens]
    return sorted(range(len(distinct)), key=lambda number: (distinct[number], number))
