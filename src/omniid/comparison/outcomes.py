"""Sets of outcomes: which levels a pair of records may still reach, as the bits of a small number.

Bit 0 stands for missing, bit 1 + l for level l. What is not known for certain keeps its bit, so that a set always holds the
true outcome, and often others.
"""

import numpy as np
import numpy.typing as npt

from omniid.tables import Levels

__all__ = ["ABSENT", "MOST_LEVELS", "OUTCOME_OF", "Outcomes", "closest_of", "least_level", "outcome", "undecided"]

Outcomes = npt.NDArray[np.uint16]
ABSENT = 1  # only missing
MOST_LEVELS = 14  # levels besides "else" and missing whose outcomes fit into 16 bits
OUTCOME_OF = np.array([0, *(1 << number for number in range(16))], np.uint16)  # level + 2 → its set, none for the unknown


def outcome(level: int) -> int:
    """The set of one level.

    Examples
    --------
    >>> outcome(-1), outcome(0), outcome(3)
    (1, 2, 16)
    """
    return 1 << (level + 1)


def closest_of(one: Outcomes, other: Outcomes) -> Outcomes:
    """What the closer of two outcomes may be, each of the two being any of its set.

    Parameters
    ----------
    one, other
        Sets, none empty; the same length.

    Examples
    --------
    >>> closest_of(np.array([0b110], np.uint16), np.array([0b1001], np.uint16)).tolist() == [0b1110]
    True
    """
    least = np.maximum(one & (~one + np.uint16(1)), other & (~other + np.uint16(1)))
    return (one | other) & ~(least - np.uint16(1))


def least_level(sets: Outcomes) -> Levels:
    """The lowest level in each set; -1 where it may be missing.

    Examples
    --------
    >>> least_level(np.array([0b1, 0b110, 0b1000], np.uint16)).tolist()
    [-1, 0, 2]
    """
    return np.bitwise_count((sets & (~sets + np.uint16(1))) - np.uint16(1)).astype(np.int8) - np.int8(1)


def undecided(sets: Outcomes) -> npt.NDArray[np.intp]:
    """Positions of the sets that hold several outcomes.

    Examples
    --------
    >>> undecided(np.array([0b1, 0b110, 0b1000], np.uint16)).tolist()
    [1]
    """
    return np.flatnonzero(sets & (sets - np.uint16(1)))
