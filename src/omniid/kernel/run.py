"""The fused kernel: candidate pairs, bounds, strings and scores in one pass over the records."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

from omniid.errors import CancelledError, SpecError
from omniid.kernel.bounds import Bounds
from omniid.kernel.scores import join_scores, weigh
from omniid.kernel.screening import Screened, Screening
from omniid.kernel.strings import exact_levels
from omniid.kernel.survivors import Survivors
from omniid.tables import KernelPlan, Progress, ScoredPairs
from omniid.threads import in_order

__all__ = ["score_records"]

CHUNK = 65_536  # candidate pairs screened at a time, so that their codes stay in the processor's caches
BATCH = 8  # chunks whose survivors are compared together: the more, the more value pairs they share


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
        About how many candidate pairs to screen at a time.
    batch
        Chunks whose survivors' strings are compared together; a batch is one thread's work.
    workers
        Threads.
    progress
        Called with ("match", pairs so far, all pairs) after each batch; returning False cancels.

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
    total, done, parts = sum(finder.n_made for finder in plan.finders), 0, list[ScoredPairs]()
    for scores, made in in_order(_tasks(plan, chunk, batch, workers), workers):
        done += made
        if progress is not None and progress("match", done, total) is False:
            raise CancelledError(f"matching was cancelled by the progress callback after {done:,} of {total:,} pairs")
        if len(scores):
            parts.append(scores)
    return join_scores(parts, plan)


def _tasks(plan: KernelPlan, chunk: int, batch: int, workers: int) -> Iterator[Callable[[], tuple[ScoredPairs, int]]]:
    """Work on all candidate pairs; each piece of it knows nothing of the others."""
    plan.grader.prepare(workers)
    bounds = Bounds(plan)
    screening = Screening(plan, bounds)

    def work(tasks: Sequence[Callable[[], Screened]]) -> tuple[ScoredPairs, int]:
        screened = [task() for task in tasks]
        pairs = Survivors.join([one.survivors for one in screened])
        levels = exact_levels(pairs, plan, bounds)
        return weigh(pairs.left, pairs.right, pairs.rule, levels, plan), sum(one.made for one in screened)

    waiting = screening.tasks(chunk)
    while tasks := list(islice(waiting, batch)):
        yield partial(work, tasks)
