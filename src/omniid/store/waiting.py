"""Who holds the store that somebody waits for, in words."""

import os
import threading
import time
from pathlib import Path

__all__ = ["Holder", "has_ended", "seconds", "who_writes"]

_WRITE_LOCK = 120  # the byte of the -shm file that a writer in WAL mode locks: https://www.sqlite.org/walformat.html


def seconds(number: float) -> str:
    """Return a number of seconds in words.

    Examples
    --------
    >>> seconds(5.0), seconds(0.25)
    ('5 seconds', '0.25 seconds')
    """
    return f"{number:g} seconds"


class Holder:
    """Remembers which thread of this process holds the store, and since when."""

    __slots__ = ("_name", "_since")

    def __init__(self) -> None:
        self._name = ""
        self._since = 0.0

    def begin(self) -> None:
        """Note that the present thread holds it now."""
        self._since = time.monotonic()
        self._name = threading.current_thread().name

    def end(self) -> None:
        """Note that nobody holds it."""
        self._name = ""

    def words(self) -> str:
        """Say who holds it and for how long."""
        name, since = self._name, self._since
        if not name:
            return "other threads took turns with it"
        return f"thread {name!r} of this process has held it for {time.monotonic() - since:.1f} seconds"


def who_writes(path: Path, locks: Path = Path("/proc/locks")) -> str:
    """Say which process writes to the store, as far as the system tells.

    The -shm file is never opened here: closing it again would drop SQLite's own locks on it.
    """
    try:
        inode = Path(f"{path}-shm").stat().st_ino
        for line in locks.read_text(encoding="ascii", errors="replace").splitlines():
            words = line.split()
            is_here = len(words) == 8 and words[3] == "WRITE" and words[5].rsplit(":", 1)[-1] == str(inode)
            if is_here and int(words[6]) <= _WRITE_LOCK <= int(words[7]):
                return f"process {words[4]} writes to it"
    except (OSError, ValueError):  # another system, or nobody writes any more
        pass
    return "another process writes to it"


def has_ended(process: int) -> bool:
    """Whether a process of this machine is no more; False where the system cannot tell."""
    if os.name != "posix":  # elsewhere to ask is to kill
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:  # somebody else's
        return False
    return False
