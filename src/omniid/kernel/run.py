"""The fused kernel: candidate pairs, bounds, strings and scores in one pass over the records."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

from omniid.errors import CancelledError, SpecError
from omniid.kernel.bounds import Bounds
from omniid.kernel.scores import weigh
from omniid.kernel.screening import SIFTED, TOGETHER, Piece, Screening
from omniid.kernel.strings import exact_levels
from omniid.pair_store import sorted_pairs
from omniid.tables import KernelPlan, Progress, ScoredPairs
from omniid.threads import in_order

__all__ = ["chunk_within", "score_batches", "score_records"]

CHUNK = 65_536  # candidate pairs looked up at a time, so that their codes stay in the processor's caches
BATCH = 8  # chunks whose survivors are compared together: the more, the fewer calls and the more value pairs they share
SHARES = 2  # batches that a thread gets at least, where there are chunks enough: else one waits for the other
SMALLEST_CHUNK = 1024  # smaller ones cost more time than they save memory
# Bytes that a pair takes while it is screened, per code of its record matrix (both sides, the records between them, and what
# they agree on) and otherwise; while it is narrowed; and while it survives, masks and levels apart.
CODES, SCREENED, NARROWED, SURVIVED = 16, 64, 192, 128
# The same for a pair of a strip: up to four places of its rectangle, 8 bytes each, and if the sieve keeps it.
IN_STRIP, KEPT = 32, 64


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
        Chunks whose survivors' strings are compared together, fewer where threads would have none: a batch is one thread's
        work.
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
    lots = list(score_batches(plan, chunk=chunk, batch=batch, workers=workers, progress=progress))
    return sorted_pairs(lots, tuple(trait.name for trait in plan.traits), plan.rules)


def score_batches(
    plan: KernelPlan,
    *,
    chunk: int = CHUNK,
    batch: int = BATCH,
    workers: int = 1,
    progress: Progress | None = None,
) -> Iterator[ScoredPairs]:
    """What `score_records` finds, lot by lot, for those who keep it elsewhere than in memory.

    Parameters
    ----------
    plan, chunk, batch, workers, progress
        As for `score_records`.

    Yields
    ------
    ScoredPairs
        What came of one batch; no pair comes twice.
    """
    if min(chunk, batch, workers) < 1:
        raise SpecError(f"chunk, batch and workers must be at least 1, not {chunk}, {batch} and {workers}")
    total, done = sum(finder.n_made for finder in plan.finders), 0
    for scores, made in in_order(_tasks(plan, chunk, batch, workers), workers):
        done += made
        if progress is not None and progress("match", done, total) is False:
            raise CancelledError(f"matching was cancelled by the progress callback after {done:,} of {total:,} pairs")
        yield scores


def chunk_within(plan: KernelPlan, most: int | None, workers: int) -> int:
    """How many candidate pairs to screen at a time so that all threads together stay within some bytes of memory.

    Parameters
    ----------
    plan
        The plan.
    most
        Bytes; None sets no bound.
    workers
        Threads.

    Returns
    -------
    int
        At most `CHUNK`; at least `SMALLEST_CHUNK`, which takes some 2 MB a thread.
    """
    columns = 8 * (-(-len(plan.traits) // 8) + -(-len(plan.rules) // 8))
    screened = SCREENED + CODES * columns + (TOGETHER + 1) * NARROWED  # if none of its pairs is dropped before
    screened += SIFTED * (IN_STRIP + KEPT)
    survived = BATCH * (SURVIVED + 3 * len(plan.traits))  # if all pairs of a batch survive
    fits = CHUNK if most is None else most // max(workers, 1) // (screened + survived)
    return max(min(fits, CHUNK), SMALLEST_CHUNK)


def _tasks(plan: KernelPlan, chunk: int, batch: int, workers: int) -> Iterator[Callable[[], tuple[ScoredPairs, int]]]:
    """Work on all candidate pairs; each piece of it knows nothing of the others."""
    plan.grader.prepare(workers)
    bounds = Bounds(plan)
    screening = Screening(plan, bounds, chunk)

    def work(pieces: Sequence[Piece]) -> tuple[ScoredPairs, int]:
        pairs, made = screening.screen(pieces)
        levels = exact_levels(pairs, plan, bounds)
        return weigh(pairs.left, pairs.right, pairs.rule, levels, plan), made

    if workers > 1:
        batch = min(batch, -(-sum(finder.n_made for finder in plan.finders) // (chunk * SHARES * workers)) or 1)
    waiting = screening.pieces()
    while pieces := list(islice(waiting, batch)):
        yield partial(work, pieces)
