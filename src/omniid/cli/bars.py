"""Progress bars for the command line."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

__all__ = ["Bars"]


class Bars:
    """A progress callback that draws one bar per stage while the block runs, and leaves nothing behind.

    Examples
    --------
    >>> with Bars(enabled=False) as bars:
    ...     bars.report("block", 1, 2)
    True
    """

    def __init__(self, *, enabled: bool) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        console = Console(stderr=True)
        self._shown = enabled and console.is_terminal  # a log file or a pipe gets no bars
        self._bars = Progress(*columns, console=console, transient=True)
        self._tasks: dict[str, int] = {}

    def __enter__(self) -> Self:
        if self._shown:
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._shown:
            self._bars.stop()

    def report(self, stage: str, done: int, total: int) -> bool:
        """Draw progress; a total of 0 means unknown."""
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total or None)
        self._bars.update(self._tasks[stage], completed=done, total=total or None)  # type: ignore[arg-type]  # rich wraps ints as TaskID
        return True
