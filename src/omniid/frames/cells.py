"""Single cells of text columns: what stands in some of them, and columns with some of them changed."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.frames.text import is_list
from omniid.tables.arrays import arrow_array, numpy_array

__all__ = ["cell_texts", "replace_cells"]

Positions = npt.NDArray[np.int64]


def cell_texts(column: pa.Array | pa.ChunkedArray, rows: Positions) -> tuple[pa.LargeStringArray, npt.NDArray[np.bool_]]:
    """Return the text of some cells, null where empty, and whether each holds several values (its text is then null).

    Parameters
    ----------
    column
        large_string or large_list<large_string>, as in `SourceFrame.table`.
    rows
        Positions of the cells.

    Examples
    --------
    >>> texts, several = cell_texts(pa.array([["a"], ["b", "c"], None], pa.large_list(pa.large_string())), np.arange(3))
    >>> texts.to_pylist(), several.tolist()
    (['a', None, None], [False, True, False])
    """
    cells = _whole(column).take(arrow_array(rows))
    if not is_list(cells.type):
        return cells.cast(pa.large_string()), np.zeros(len(cells), bool)
    sizes = numpy_array(pc.list_value_length(cells)).astype(np.int64)
    first = np.cumsum(sizes) - sizes
    return cells.flatten().take(arrow_array(first, present=sizes == 1)), sizes > 1


def replace_cells(column: pa.Array | pa.ChunkedArray, rows: Positions, texts: pa.LargeStringArray) -> pa.Array:
    """Return the column with other texts in some cells, null to empty them; a cell of a list column holds that one value then.

    Parameters
    ----------
    column
        As for `cell_texts`.
    rows
        Positions of the cells, each once.
    texts
        One per cell.

    Examples
    --------
    >>> replace_cells(pa.array(["a", "b"], pa.large_string()), np.array([1]), pa.array([None], pa.large_string())).to_pylist()
    ['a', None]
    >>> lists = pa.array([["a", "b"], None], pa.large_list(pa.large_string()))
    >>> replace_cells(lists, np.array([1]), pa.array(["c"])).to_pylist()
    [['a', 'b'], ['c']]
    """
    array = _whole(column)
    order = np.argsort(rows)
    mask = np.zeros(len(array), bool)
    mask[rows] = True
    ordered = texts.cast(pa.large_string()).take(arrow_array(order))
    if not is_list(array.type):
        return pc.replace_with_mask(array, arrow_array(mask), ordered)
    sizes = numpy_array(pc.list_value_length(array)).astype(np.int64)
    values = array.flatten()
    starts = np.cumsum(sizes) - sizes
    starts[mask] = len(values) + np.arange(len(ordered))
    sizes[mask] = numpy_array(ordered.is_valid())
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    at = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes) + np.repeat(starts, sizes)
    taken = pa.concat_arrays([values.cast(pa.large_string()), ordered]).take(arrow_array(at))
    return pa.LargeListArray.from_arrays(arrow_array(offsets), taken, mask=arrow_array(sizes == 0))


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
