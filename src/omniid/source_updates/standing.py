"""What stands in the sources' cells now, where an earlier plan wrote into them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.entity_ids import RecordKeys
from omniid.errors import InputError
from omniid.hashing import hash_strings
from omniid.ledgers import CHANGE
from omniid.results import Parts
from omniid.source_updates.manners import single_codes
from omniid.source_updates.targets import Target
from omniid.tables.arrays import arrow_array, numpy_array, text_scalar
from omniid.writeback import are_followed, chain_starts

__all__ = ["Standing", "standing_cells"]

Numbers = npt.NDArray[np.int64]
TEXT = pa.large_string()


class Standing(NamedTuple):
    """Cells that hold what was written: row of the record, column of the source, what; and the changes surely made."""

    row: Numbers
    column: pa.LargeStringArray
    now: pa.LargeStringArray
    changes: pa.Table

    def of(self, target: Target, first: int, stop: int) -> tuple[Numbers, pa.LargeStringArray]:
        """Rows and texts of one column of one source, whose records are rows `first` to `stop`."""
        here = (self.row >= first) & (self.row < stop)
        if not here.any():
            return np.zeros(0, np.int64), pa.nulls(0, TEXT)
        at = np.flatnonzero(here & numpy_array(pc.equal(self.column, text_scalar(target.column))))
        return self.row[at], self.now.take(arrow_array(at))


def standing_cells(parts: Parts, targets: list[Target], applied: pa.Table) -> Standing:
    """Find the cells that hold what was written: those that `resolve(written=…)` saw, then what was applied since.

    Parameters
    ----------
    parts
        The result; its records hold what the sources themselves had.
    targets
        The columns that may be written into.
    applied
        Changes that were carried out after the records were read.

    Raises
    ------
    InputError
        If the records hold what was written as if it were their sources' own.
    """
    known = parts.cells.written if parts.cells is not None else None
    before = applied.slice(0, 0) if known is None else known.filter(known.column("stands")).select(CHANGE)
    if known is not None and before.num_rows:  # from what the source itself had to what stands: one change each
        own = known.filter(known.column("stands")).column("own")
        before = before.set_column(before.column_names.index("old"), "old", own)
    changes = pa.concat_tables([before, applied]).combine_chunks()
    made = applied if known is None else pa.concat_tables([known.select(CHANGE), applied])
    names = {name: pa.array([name], TEXT) for name in parts.records.sources}
    source = changes.column("source").combine_chunks().dictionary_encode()
    keys = RecordKeys(
        tuple(source.dictionary.to_pylist()), numpy_array(source.indices).astype(np.int32), _of(changes, "record_id")
    )
    row = RecordKeys.of_table(parts.records).rows_of(keys).astype(np.int64) if len(names) else np.zeros(0, np.int64)
    column = _of(changes, "column").dictionary_encode()
    number = numpy_array(column.indices).astype(np.int64)
    here = np.flatnonzero(row >= 0)
    own_text = _own_texts(parts, targets, row[here], _of(changes, "column").take(arrow_array(here)))
    texts = [_of(changes, name).take(arrow_array(here)) for name in ("old", "new")]
    codes = numpy_array(pa.concat_arrays([*texts, own_text]).dictionary_encode().indices, null=-1).astype(np.int64)
    old, new, own_code = codes.reshape(3, -1)
    cell = np.unique(row[here] * max(len(column.dictionary), 1) + number[here], return_inverse=True)[1].reshape(-1)
    first = chain_starts(cell, old, new)
    last = np.full(int(cell.max(initial=-1)) + 1, -1, np.int64)
    np.maximum.at(last, cell, np.arange(len(cell)))
    first = first[last]
    read = (new[last] == own_code[last]) & (old[first] != own_code[last])
    if read.any():
        raise InputError(
            f"{int(read.sum()):,} cells were read with what a plan wrote into them as their source's own; "
            "resolve(…, written=…) with the same ledger, or pass the data through omniid.without_written first"
        )
    stands = (old[first] == own_code[last]) & (new[last] != own_code[last])
    at = last[stands]
    return Standing(
        row[here][at], _of(changes, "column").take(arrow_array(here[at])), texts[1].take(arrow_array(at)), surely_made(made)
    )


def surely_made(changes: pa.Table) -> pa.Table:
    """The changes of a ledger which a later one replaced; those of a plan that was never carried out are not among them."""
    changes = changes.combine_chunks()
    keys = [_of(changes, name) for name in ("source", "record_id", "column")]
    cell = np.unique(hash_strings(pc.binary_join_element_wise(*keys, text_scalar("\x1f"))), return_inverse=True)[1].reshape(-1)
    texts = pa.concat_arrays([_of(changes, "old"), _of(changes, "new")])
    old, new = numpy_array(texts.dictionary_encode().indices, null=-1).astype(np.int64).reshape(2, -1)
    return changes.filter(arrow_array(are_followed(cell, old, new)))


def _of(table: pa.Table, name: str) -> pa.LargeStringArray:
    return table.column(name).combine_chunks()


def _own_texts(parts: Parts, targets: list[Target], rows: Numbers, columns: pa.LargeStringArray) -> pa.LargeStringArray:
    """What the source itself has in some cells; null where they are empty, or hold several values."""
    out = pa.nulls(len(rows), TEXT)
    codes = {name: code for code, name in enumerate(parts.records.sources)}
    for target in targets:
        raw = parts.sent.raw.get(target.field)
        if raw is None or not len(rows):
            continue
        at = numpy_array(pc.equal(columns, text_scalar(target.column))) & (parts.records.source[rows] == codes[target.source])
        if at.any():
            held = single_codes(raw)[rows[at]]
            out = pc.replace_with_mask(out, arrow_array(at), raw.vocabulary.take(arrow_array(held, present=held >= 0)))
    return out
