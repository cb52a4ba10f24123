"""Units and element types shared by all tables."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

__all__ = ["BITS", "MISSING", "NO_TIME", "Codes", "Levels", "Progress", "Rows", "Weights"]

Codes = npt.NDArray[np.int32]  # positions in a vocabulary, -1 where missing
Rows = npt.NDArray[np.int32]  # positions of records in a RecordTable
Levels = npt.NDArray[np.int8]  # agreement levels, -1 where there is nothing to compare
Weights = npt.NDArray[np.int64]  # match weights in millionths of a bit

MISSING = -1
BITS = 1_000_000  # one bit of match weight, as the integer that is stored and added
NO_TIME = int(np.iinfo(np.int64).min)  # a record without an event time

Progress = Callable[[str, int, int], bool | None]  # (stage, done, total); returning False cancels
