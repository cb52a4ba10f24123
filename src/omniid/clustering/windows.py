"""Distinct values within a window of time."""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from omniid.tables import NO_TIME, Codes, Rows

__all__ = ["may_crowd", "too_many_at_a_time"]


def too_many_at_a_time(seen: Iterable[tuple[int, int]], n: int, window: int) -> bool:
    """Say whether some closed interval of a length holds more than n distinct values.

    Parameters
    ----------
    seen
        (code, time) of each observation; one without a time counts in every interval.
    n
        The largest number of distinct values.
    window
        The length of the interval, as times in microseconds.

    Examples
    --------
    >>> too_many_at_a_time([(7, 0), (8, 10)], 1, window=10), too_many_at_a_time([(7, 0), (8, 10)], 1, window=9)
    (True, False)
    """
    seen = list(seen)
    always = {code for code, time in seen if time == NO_TIME}
    timed = sorted((time, code) for code, time in seen if time != NO_TIME and code not in always)
    if len(always) > n:
        return True
    inside = Counter[int]()
    first = 0
    for time, code in timed:
        inside[code] += 1
        while timed[first][0] < time - window:
            gone = timed[first][1]
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            first += 1
        if len(inside) + len(always) > n:
            return True
    return False


def may_crowd(sets: Rows, codes: Codes, times: npt.NDArray[np.int64], n: int, window: int) -> npt.NDArray[np.bool_]:
    """Say which entries belong to sets in which `too_many_at_a_time` may hold; exact for n = 1 where all times are known.

    A run is what follows one another with the same code. n + 1 codes take at least n + 1 runs, of which the first ends and the
    last begins within the window.

    Parameters
    ----------
    sets, codes, times
        Entries by (set, time).
    n, window
        As in `too_many_at_a_time`.

    Examples
    --------
    >>> may_crowd(np.array([0, 0, 1, 1]), np.array([7, 8, 7, 8]), np.array([0, 5, 0, 50]), 1, 9).tolist()
    [True, True, False, False]
    """
    doubtful = np.zeros(int(sets.max(initial=-1)) + 1, bool)
    doubtful[sets[times == NO_TIME]] = True
    first = np.flatnonzero(np.append(True, (np.diff(sets) != 0) | (np.diff(codes) != 0))[: len(sets)])
    last = np.append(first[1:], len(sets)) - 1
    begin, end = first[n:], last[: len(last) - n]
    near = (sets[begin] == sets[end]) & (times[begin] - window <= times[end])
    doubtful[sets[begin[near]]] = True
    return doubtful.take(sets)
