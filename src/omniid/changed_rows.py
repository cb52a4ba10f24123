"""Which rows of two tables say different things, whatever their columns' types."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.frames.text import column_text, is_list
from omniid.tables.arrays import arrow_array, numpy_array, text_scalar

__all__ = ["differing_rows"]


def differing_rows(
    one: pa.Table,
    rows: npt.NDArray[np.integer],
    other: pa.Table,
    others: npt.NDArray[np.integer] | pa.LargeStringArray,
    *,
    name: str,
) -> npt.NDArray[np.bool_]:
    """Compare rows of one table with rows of another, column by column, as text; a column that is absent is missing.

    Parameters
    ----------
    one, other
        Tables whose columns may differ in type; a list counts as its values joined by ";", as CSV files hold it.
    rows
        Rows of `one`.
    others
        For each of them the row of `other`, or the value that it has there in the column `name`.
    name
        A column that names the rows; it is not compared.

    Returns
    -------
    numpy.ndarray
        bool per pair of rows; True too where `other` has no such row.

    Examples
    --------
    >>> one, other = pa.table({"id": ["a", "b"], "n": [1, 2]}), pa.table({"id": ["b", "a"], "n": ["2", "7"]})
    >>> differing_rows(one, np.array([0, 1]), other, np.array([1, 0]), name="id").tolist()
    [True, False]
    """
    if isinstance(others, pa.Array):
        others = numpy_array(pc.index_in(others, value_set=column_text(other[name])), null=-1)
    differs = np.asarray(others < 0)
    here = np.flatnonzero(~differs)
    columns: Sequence[str] = sorted({*one.column_names, *other.column_names} - {name})
    for column in columns:
        left, right = (_text(table, column, at[here]) for table, at in ((one, rows), (other, others)))
        same = pc.equal(left, right)
        neither = pc.and_(left.is_null(), right.is_null())
        differs[here] |= ~(numpy_array(same) | numpy_array(neither))
    return differs


def _text(table: pa.Table, name: str, rows: npt.NDArray[np.integer]) -> pa.Array:
    """A column of some rows as text."""
    if name not in table.column_names:
        return pa.nulls(len(rows), pa.large_string())
    text = column_text(table[name])
    if is_list(text.type):
        text = pc.binary_join(text, text_scalar(";"))
    return text.take(arrow_array(rows))
