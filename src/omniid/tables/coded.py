"""Text columns of results as codes into values that are there already: no text is made before somebody reads it."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.tables.arrays import arrow_array

__all__ = ["coded_column"]


def coded_column(codes: npt.NDArray[np.integer], values: pa.Array) -> pa.DictionaryArray:
    """Codes into values as an Arrow column; below 0 is null.

    Parameters
    ----------
    codes
        Positions in `values`.
    values
        Any Arrow array; it is shared, not copied.

    Examples
    --------
    >>> coded_column(np.array([1, -1], np.int32), pa.array(["a", "b"])).to_pylist()
    ['b', None]
    """
    present = codes >= 0
    indices = arrow_array(codes.astype(np.int32, copy=False), present=None if present.all() else present)
    return pa.DictionaryArray.from_arrays(indices, values, safe=False)
