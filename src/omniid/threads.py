"""Work in threads, results in order: what comes out does not depend on the number of threads."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["alongside", "cores", "in_order", "threads_for"]

T = TypeVar("T")
FEW_RECORDS = 2_000  # with fewer, starting threads takes longer than they save
AHEAD = 2  # results per thread that may wait to be taken: bounds memory, whatever the caller's pace


def threads_for(records: int, workers: int | None = None) -> int:
    """How many threads a run takes: as asked for, else one per core, or one where there is little to do.

    Examples
    --------
    >>> threads_for(3), threads_for(3, workers=4)
    (1, 4)
    """
    return workers or (cores() if records >= FEW_RECORDS else 1)


def cores() -> int:
    """How many cores this process may run on: fewer than the machine has where a container or ``taskset`` says so.

    Examples
    --------
    >>> cores() >= 1
    True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def alongside(task: Callable[[], T], workers: int) -> Callable[[], T]:
    """Begin a task in a thread of its own, and return what waits for its result; with one worker, it is called there.

    Examples
    --------
    >>> alongside(lambda: 1, workers=2)()
    1
    """
    if workers == 1:
        return task
    pool = ThreadPoolExecutor(1)
    begun = pool.submit(task)
    pool.shutdown(wait=False)
    return begun.result


def in_order(tasks: Iterable[Callable[[], T]], workers: int) -> Iterator[T]:
    """Call tasks in threads and yield what they return, in the order of the tasks.

    Parameters
    ----------
    tasks
        Calls without arguments; made one after the other, only some of them ahead.
    workers
        Threads; 1 calls each task when its result is asked for.

    Examples
    --------
    >>> list(in_order((lambda i=i: i * i for i in range(5)), workers=2))
    [0, 1, 4, 9, 16]
    """
    if workers == 1:
        for task in tasks:
            yield task()
        return
    with ThreadPoolExecutor(workers) as pool:
        running: deque[Future[T]] = deque()
        try:
            for task in tasks:
                running.append(pool.submit(task))
                if len(running) > AHEAD * workers:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:
            for future in running:
                future.cancel()
