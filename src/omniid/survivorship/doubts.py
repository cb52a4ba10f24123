"""Doubtful values: those of which only a part could be read, such as the month of 31/02/1971."""

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from omniid.tables import RecordTable
from omniid.tables.arrays import numpy_array, text_scalar

__all__ = ["doubtful_rows"]


def doubtful_rows(table: RecordTable, field: str) -> npt.NDArray[np.bool_]:
    """Tell which records had a value of a field rejected, though a part of it is used.

    Where a cell holds several values each is read or rejected as a whole, so none of them is in doubt.

    Parameters
    ----------
    table
        Normalized records.
    field
        The field.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from omniid.tables import rejects_table
    >>> table = RecordTable.of([{"record_id": "1", "born": "1971-02"}, {"record_id": "2", "born": "1971-02-03"}])
    >>> told = rejects_table([("records", "1", "born", "31/02/1971", "impossible day")])
    >>> doubtful_rows(replace(table, rejects=told), "born").tolist()
    [True, False]
    """
    out = np.zeros(len(table), bool)
    column = table.display.get(field)
    if column is None or column.offsets is not None or not table.rejects.num_rows:
        return out
    told = table.rejects.filter(pc.equal(table.rejects["field"], text_scalar(field)))
    for number, source in enumerate(table.sources if told.num_rows else ()):
        start, stop = np.searchsorted(table.source, [number, number + 1]).tolist()  # rows are sorted by source
        ids = told.filter(pc.equal(told["source"], text_scalar(source)))["record_id"].combine_chunks()
        if len(ids):
            out[start:stop] = numpy_array(pc.is_in(table.record_id.slice(start, stop - start), value_set=ids))
    return out & (column.codes >= 0)
