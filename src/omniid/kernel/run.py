"""The fused kernel: candidate pairs, bounds, strings and scores in one pass over the records."""

from omniid.errors import CancelledError, SpecError
from omniid.kernel.bounds import Bounds
from omniid.kernel.scores import join_scores, weigh
from omniid.kernel.screening import Screening
from omniid.kernel.strings import exact_levels
from omniid.kernel.survivors import Survivors
from omniid.tables import KernelPlan, Progress, ScoredPairs
from omniid.threads import in_order

__all__ = ["score_records"]

CHUNK = 65_536  # candidate pairs at a time and thread
BATCH = 500_000  # survivors whose strings are compared together: the more, the more value pairs they share


def score_records(
    plan: KernelPlan,
    *,
    chunk: int = CHUNK,
    batch: int = BATCH,
    workers: int = 1,
    progress: Progress | None = None,
) -> ScoredPairs:
    """Find, compare and weigh the candidate pairs of a table; what cannot reach the cut is dropped as soon as that is certain.

    The same pairs, levels, rules and weights as ``match(compare(block(…)))`` gives, for any chunk, batch, number of workers and
    numbering of values.

    Parameters
    ----------
    plan
        Blocking rules, comparisons and model, made ready for one table.
    chunk
        About how many candidate pairs to screen at a time in each thread.
    batch
        About how many survivors' strings to compare at a time.
    workers
        Threads.
    progress
        Called with ("match", pairs so far, all pairs) after each chunk; returning False cancels.

    Returns
    -------
    ScoredPairs
        Sorted by (left, right).

    Raises
    ------
    SpecError
        If a number is below 1.
    CancelledError
        If `progress` returned False.
    """
    if min(chunk, batch, workers) < 1:
        raise SpecError(f"chunk, batch and workers must be at least 1, not {chunk}, {batch} and {workers}")
    bounds = Bounds(plan)
    total, done, waiting, parts = sum(finder.n_made for finder in plan.finders), 0, list[Survivors](), list[ScoredPairs]()
    for survivors, made in in_order(Screening(plan, bounds).tasks(chunk), workers):
        done += made
        if progress is not None and progress("match", done, total) is False:
            raise CancelledError(f"matching was cancelled by the progress callback after {done:,} of {total:,} pairs")
        if len(survivors):
            waiting.append(survivors)
        if sum(map(len, waiting)) >= batch:
            parts.append(_finish(waiting, plan, bounds))
            waiting = []
    if waiting:
        parts.append(_finish(waiting, plan, bounds))
    return join_scores(parts, plan)


def _finish(waiting: list[Survivors], plan: KernelPlan, bounds: Bounds) -> ScoredPairs:
    """Exact levels, then weights."""
    pairs = Survivors.join(waiting)
    levels = exact_levels(pairs, plan, bounds)
    return weigh(pairs, levels, plan)
