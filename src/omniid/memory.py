"""Memory: what a run may take, which part of it each stage gets, and what it takes in fact."""

import ctypes
import gc
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from omniid.errors import SpecError

__all__ = [
    "SHARES",
    "MemoryBudget",
    "MemoryUse",
    "collecting_later",
    "give_back",
    "peak_memory",
    "resident_memory",
    "size_text",
]

# What may grow with candidate pairs, and the part of the limit that it gets. The rest is for what grows with records: tables,
# blocks, clusters, profiles. At 8 GiB that is 0.5, 0.5 and 1 GiB.
SHARES: Mapping[str, float] = MappingProxyType({"sampled pairs": 1 / 16, "candidate pairs": 1 / 16, "scored pairs": 1 / 8})
MANY_OBJECTS = 10_000  # fewer are looked through in no time
UNITS = {"": 1, "b": 1} | {
    unit + ending: base**power
    for ending, base in (("b", 1000), ("ib", 1024))
    for power, unit in enumerate(("k", "m", "g", "t"), start=1)
}


@dataclass(frozen=True)
class MemoryBudget:
    """How much memory the process may hold, and how that is shared out.

    Parameters
    ----------
    limit
        Bytes of resident memory; None sets no limit.
    shares
        What grows with pairs → its part of the limit.

    Examples
    --------
    >>> budget = MemoryBudget.of("4 GiB")
    >>> budget.limit, budget.share("scored pairs")
    (4294967296, 536870912)
    >>> MemoryBudget.of(None).share("scored pairs") is None
    True
    """

    limit: int | None = None
    shares: Mapping[str, float] = field(default_factory=lambda: SHARES)

    @classmethod
    def of(cls, limit: "int | str | MemoryBudget | None") -> "MemoryBudget":
        """Read a limit: bytes, or text such as "4 GiB" and "500 MB".

        Raises
        ------
        SpecError
            If it is no size above 0.

        Examples
        --------
        >>> MemoryBudget.of("1.5 GB").limit
        1500000000
        """
        if isinstance(limit, MemoryBudget):
            return limit
        return cls(None if limit is None else _bytes(limit))

    def share(self, what: str) -> int | None:
        """The bytes that one of `SHARES` may take; None without a limit."""
        return None if self.limit is None else int(self.limit * self.shares[what])

    def require(self, what: str, more: int) -> None:
        """Stop before a stage whose records need more than there is.

        Parameters
        ----------
        what
            What is needed for, in words that complete "… for".
        more
            Bytes that it takes beside what the process holds now, what grows with pairs apart.

        Raises
        ------
        SpecError
            If that exceeds what the limit leaves; it says how much is needed, and the way out.
        """
        if self.limit is None:
            return
        held, kept_back = resident_memory(), sum(self.shares.values())
        if held + more <= self.limit * (1 - kept_back):
            return
        needed = int((held + more) / (1 - kept_back)) + 1
        raise SpecError(
            f"memory_limit is {size_text(self.limit)}, and {what} needs about {size_text(needed, up=True)} "
            f"({size_text(held)} are held, {size_text(more)} more are needed, and {kept_back:.0%} of the limit are for pairs); "
            f"give memory_limit={size_text(needed, up=True)!r} or more, or fewer columns or records"
        )


@dataclass(frozen=True)
class MemoryUse:
    """What a run took.

    Parameters
    ----------
    peak
        The most bytes that the process held at any time.
    limit
        What it might hold; None where there was no limit.
    spilled
        Bytes of scored pairs that went to disk.

    Examples
    --------
    >>> print(MemoryUse(3 << 29, 2 << 30, 5 << 20))
    peak 1.50 GiB, limit 2.00 GiB; 5 MiB of scored pairs went to disk
    """

    peak: int
    limit: int | None = None
    spilled: int = 0

    def __str__(self) -> str:
        limit = "no limit" if self.limit is None else f"limit {size_text(self.limit)}"
        disk = f"; {size_text(self.spilled)} of scored pairs went to disk" if self.spilled else ""
        return f"peak {size_text(self.peak)}, {limit}{disk}"


def give_back() -> None:
    """Give memory that was freed back to the system: of 5M records it is 1 GiB that would be held for nothing."""
    import pyarrow as pa  # not where omniid is only imported

    pa.default_memory_pool().release_unused()
    if (trim := _trim()) is not None:
        trim(0)


@contextmanager
def collecting_later(objects: int) -> Iterator[None]:
    """Keep Python's garbage collector from looking through many objects that hold no cycles, again and again.

    Of a million records it takes 6 s. What has no cycles goes as soon as nobody holds it, with or without the collector.

    Examples
    --------
    >>> with collecting_later(1_000_000):
    ...     print(gc.isenabled())
    False
    """
    if objects < MANY_OBJECTS or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@cache
def _trim() -> Callable[[int], int] | None:
    """What makes the C library give memory back; None where it has no such thing."""
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None


def _bytes(limit: int | str) -> int:
    """How many bytes a limit stands for."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d*)?)\s*([a-z]*)\s*", str(limit).lower())
    size = int(float(match[1]) * UNITS[match[2]]) if match and match[2] in UNITS else 0
    if isinstance(limit, bool) or size < 1:
        raise SpecError(f'memory_limit is {limit!r}; give a number of bytes, or text such as "4 GiB" or "500 MB"')
    return size


def size_text(size: int, *, up: bool = False) -> str:
    """A number of bytes in GiB or, below one, in MiB; `up` rounds up, so that what is told suffices.

    Examples
    --------
    >>> size_text(3 << 29), size_text(10 << 20), size_text((10 << 20) + 1, up=True)
    ('1.50 GiB', '10 MiB', '11 MiB')
    """
    unit, name, digits = (1 << 30, "GiB", 2) if size >= 1 << 30 else (1 << 20, "MiB", 0)
    scaled = -(-size * 10**digits // unit) if up else round(size * 10**digits / unit)
    return f"{scaled / 10**digits:.{digits}f} {name}"


def resident_memory() -> int:
    """Return the bytes that the process holds now, without what it only maps from files; 0 where the system does not say.

    Where only the peak can be asked, it is the peak.

    Examples
    --------
    >>> resident_memory() >= 0
    True
    """
    status = _status("VmRSS", "RssFile")
    return status[0] - status[1] if status else _highest()


def peak_memory() -> int:
    """Return the most bytes that the process has held at any time; 0 where the system does not say.

    Examples
    --------
    >>> peak_memory() >= 0
    True
    """
    status = _status("VmHWM")  # the other way begins at what the process held that started this one
    return status[0] if status else _highest()


def _status(*names: str) -> list[int]:
    """Bytes from Linux's account of the process; nothing elsewhere."""
    path = Path("/proc/self/status")
    if not path.exists():
        return []
    told = {name: value for name, _, value in (line.partition(":") for line in path.read_text().splitlines())}
    return [int(told[name].split()[0]) << 10 for name in names] if all(name in told for name in names) else []


def _highest() -> int:
    """The peak by the call that most systems have."""
    try:
        import resource  # Windows lacks it
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most << 10  # bytes there, kilobytes elsewhere
