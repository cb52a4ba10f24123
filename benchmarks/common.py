"""What every benchmark prints: the machine, and what a piece of work cost."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LIBRARIES = ("omniid", "numpy", "pandas", "pyarrow", "rapidfuzz", "phonenumbers", "narwhals")


@dataclass
class Cost:
    """Wall-clock and CPU seconds of a block, and the peak memory of the process up to its end."""

    wall: float = 0.0
    cpu: float = 0.0
    peak_gib: float = 0.0

    def __str__(self) -> str:
        return f"{self.wall:.1f} s wall, {self.cpu:.1f} s CPU, peak {self.peak_gib:.2f} GiB"


@contextmanager
def measure() -> Iterator[Cost]:
    """Measure the block; the numbers stand in the yielded cost once it ends."""
    cost, wall, cpu = Cost(), time.perf_counter(), time.process_time()
    yield cost
    cost.wall, cost.cpu, cost.peak_gib = time.perf_counter() - wall, time.process_time() - cpu, peak_memory()


def peak_memory() -> float:
    """Return the most memory that this process has held, in GiB."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss begins at what the process held that started this one
        held = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(held[0]) / 2**20
    import resource  # not on every platform

    per_gib = 2**30 if sys.platform == "darwin" else 2**20  # bytes there, kilobytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / per_gib


def machine() -> str:
    """Describe processor, cores, memory and versions."""
    import platform  # here, as the engines load this file on their clocks and do not describe the machine
    from importlib import metadata

    info, memory = Path("/proc/cpuinfo"), Path("/proc/meminfo")
    named = (
        [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        if info.exists()
        else []
    )
    gib = int(memory.read_text().split()[1]) / 2**20 if memory.exists() else float("nan")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    processor = named[0] if named else platform.processor() or platform.machine()
    return f"{processor}, {cores} cores, {gib:.0f} GiB, load {load}; Python {platform.python_version()}\n{versions}"
