"""Units and element types shared by all tables."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

__all__ = ["BITS", "MISSING", "NO_TIME", "SILENT", "Codes", "Levels", "Progress", "Rows", "Weights", "pairs_among"]

Codes = npt.NDArray[np.int32]  # positions in a vocabulary, -1 where missing
Rows = npt.NDArray[np.int32 | np.intp]  # positions of records in a RecordTable: int32 where kept, intp where taken by often
Levels = npt.NDArray[np.int8]  # agreement levels, -1 where there is nothing to compare
Weights = npt.NDArray[np.int64]  # match weights in millionths of a bit

MISSING = -1
BITS = 1_000_000  # one bit of match weight, as the integer that is stored and added
NO_TIME = int(np.iinfo(np.int64).min)  # a record without an event time

# Strangers taken as seen beside a table's own records, who agree with nobody: a handful of records, most of them one
# person's, says little about strangers and about how rare matches are. A thousand records hardly notice them.
SILENT = 50

Progress = Callable[[str, int, int], bool | None]  # (stage, done, total); returning False cancels


def pairs_among(n: int) -> float:
    """Number of pairs of n records."""
    return n * (n - 1) / 2
