"""Run the stages of a pipeline one by one: timed, reported to whoever wants to know, and stopped when asked."""

import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from omniid.errors import CancelledError
from omniid.memory import MemoryBudget, give_back
from omniid.tables import Progress

__all__ = ["Stages"]

P = ParamSpec("P")
T = TypeVar("T")


class Stages:
    """Calls stages, keeping the wall-clock seconds of each, and how much each reported as done.

    Parameters
    ----------
    progress
        Called with (stage, done, total) before, during and after each stage, total 0 where it is unknown; `done` never falls
        while stage and total stay the same. Returning False cancels.
    memory
        What the run may take; stages ask it for their shares. None: no limit.

    Examples
    --------
    >>> stages = Stages()
    >>> stages.run("sort", sorted, [2, 1])
    [1, 2]
    >>> list(stages.seconds)
    ['sort']
    """

    def __init__(self, progress: Progress | None = None, memory: MemoryBudget | None = None) -> None:
        self.memory = memory or MemoryBudget()
        self.spilled = 0  # bytes that stages put on disk
        self.seconds: dict[str, float] = {}
        self.done: dict[str, int] = {}
        self._progress = progress
        self._total: dict[str, int] = {}

    def run(self, name: str, stage: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a stage and add its time to that of `name`."""
        if name not in self.seconds:
            self._tell(name, 0, 1)
        start = time.perf_counter()
        result = stage(*args, **kwargs)
        give_back()
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
        total = self._total.get(name, 1) or self.done[name]  # a stage that knew no total has done all there was
        self._tell(name, total, total)
        return result

    def report(self, stage: str, done: int, total: int) -> None:
        """Pass progress on.

        Raises
        ------
        CancelledError
            If the callback returned False.
        """
        self.done[stage] = max(done, self.done.get(stage, 0))
        self._total[stage] = total
        self._tell(stage, done, total)

    def _tell(self, stage: str, done: int, total: int) -> None:
        if self._progress is not None and self._progress(stage, done, total) is False:
            raise CancelledError(f"cancelled by the progress callback during {stage!r}; nothing was written")
