"""Labels of a pandas frame as record ids."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.errors import InputError
from omniid.frames import read_inputs
from omniid.tables import RecordTable, Rows
from omniid.tables.arrays import distinct

__all__ = ["checked_index", "plain_label", "rows_of_labels"]


def checked_index(source: str, frame: Any) -> Any:
    """The index of a frame, if it can name records."""
    index = getattr(frame, "index", None)
    if index is None or not hasattr(index, "get_indexer"):
        raise InputError(f"source {source!r} is a {type(frame).__name__}; recordlinkage works on pandas frames, so pass one")
    if index.nlevels != 1:
        raise InputError(f"the index of source {source!r} has {index.nlevels} levels; give each record one label")
    if not index.is_unique:
        label = plain_label(index[index.duplicated()][0])
        raise InputError(f"label {label!r} comes twice in the index of source {source!r}; give each record a label of its own")
    return index


def rows_of_labels(table: RecordTable, source: str, index: Any) -> Rows:
    """The row of each label, by its text as the frame is read."""
    import pandas as pd  # here, so that `import omniid` stays light

    rows = np.flatnonzero(table.source == table.sources.index(source))
    text = read_inputs({source: pd.DataFrame({"record_id": index})}).frames[0].table.column("record_id").combine_chunks()
    found = pc.index_in(text, value_set=table.record_id.take(pa.array(rows)), skip_nulls=True)
    missing = found.is_null().to_numpy(zero_copy_only=False)
    if missing.any():
        raise InputError(
            f"label {plain_label(index[int(np.argmax(missing))])!r} of source {source!r} is no record id of the records; "
            "pass the frame whose index holds the record ids"
        )
    where = found.to_numpy(zero_copy_only=False)
    if len(where) != len(rows) or len(distinct(where)) < len(rows):
        raise InputError(
            f"{len(rows)} records of source {source!r} do not stand one to one for {len(where)} labels; "
            "pass the frame that the records were read from"
        )
    found_rows: Rows = rows[where].astype(np.int32)
    return found_rows


def plain_label(label: Any) -> Any:
    """A label as Python writes it, for messages: 7, not ``np.int64(7)``.

    Examples
    --------
    >>> plain_label(np.int64(7)), plain_label("rec-7")
    (7, 'rec-7')
    """
    return label.item() if isinstance(label, np.generic) else label
