"""One engine in one fresh process: its clock, from the start of the process to the clusters, and how the process is run.

The engine's script makes a `StageClock`, works in stages, and calls `finish`; what follows is not on the clock, such as writing
the clusters for whoever scores them. CPU counts from the start of the process, imports and all threads included; wall from the
moment when the process was asked for. Standard library only, as each engine may have an environment of its own.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common import peak_memory

STARTED = "BENCHMARK_STARTED"  # when the process was asked for: seconds since 1970
MARK = "outcome "


@dataclass
class Outcome:
    """What a run cost, as a whole and by stage, and what else it has to say (links, versions …)."""

    wall: float
    cpu: float
    peak_gib: float
    stages: list[tuple[str, float, float, float]]  # name, wall, cpu, the most memory held up to its end
    facts: dict[str, Any] = field(default_factory=dict)

    def start(self, measure: str) -> float:
        """What of the wall or cpu seconds went before the first stage."""
        _, wall, cpu, _ = self.stages[0]
        return {"wall": wall, "cpu": cpu}[measure]


class StageClock:
    """Seconds of each stage; everything before the first stage counts as "start and imports"."""

    def __init__(self) -> None:
        self.started = float(os.environ.get(STARTED, time.time() - time.process_time()))
        self.stages = [("start and imports", time.time() - self.started, time.process_time(), peak_memory())]

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure a stage."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.stages.append((name, time.perf_counter() - wall, time.process_time() - cpu, peak_memory()))

    def finish(self, **facts: Any) -> Outcome:
        """Stop the clock."""
        return Outcome(time.time() - self.started, time.process_time(), peak_memory(), self.stages, facts)


def report(outcome: Outcome) -> None:
    """Tell the process that asked for this one."""
    print(MARK + json.dumps(vars(outcome)), flush=True)


class EngineError(Exception):
    """An engine that gave no outcome; says why in one line, and holds the end of what it printed."""

    def __init__(self, reason: str, printed: str = "") -> None:
        super().__init__(reason)
        self.printed = printed


def run_fresh(python: str | Path, script: Path, *arguments: str | Path) -> Outcome:
    """Run an engine's script in a process of its own and wait for it.

    Raises
    ------
    SystemExit
        If it fails; what it printed is shown.
    """
    try:
        return try_fresh(python, script, *arguments)
    except EngineError as error:
        sys.stderr.write(error.printed)
        raise SystemExit(f"{script.name} failed, see above") from error


def try_fresh(python: str | Path, script: Path, *arguments: str | Path, timeout: float | None = None) -> Outcome:
    """Run an engine's script in a process of its own, for so many seconds at most.

    Raises
    ------
    EngineError
        If it fails or takes longer.
    """
    import subprocess  # here, as the engines load this file on their clocks and start nothing

    began = {STARTED: repr(time.time())}
    try:
        done = subprocess.run(
            [python, script, *arguments], capture_output=True, text=True, env=os.environ | began, timeout=timeout
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"gave up after {timeout:,.0f} s") from error
    marked = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    if done.returncode or not marked:
        said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        reason = said[-1][:160] if said else f"ended with {done.returncode}"
        raise EngineError(reason, done.stdout[-4_000:] + done.stderr[-4_000:])
    return Outcome(**json.loads(marked[-1].removeprefix(MARK)))


def print_stages(outcome: Outcome) -> None:
    """The stages as a table."""
    print(f"  {'':<28}{'wall s':>9}{'CPU s':>9}{'peak GiB':>10}")
    for name, wall, cpu, peak in [*outcome.stages, ("all", outcome.wall, outcome.cpu, outcome.peak_gib)]:
        print(f"  {name:<28}{wall:>9.2f}{cpu:>9.2f}{peak:>10.2f}", flush=True)
