"""A plan as JSON lines, one per record, made of whole columns: each distinct text is escaped once."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import string_bytes
from omniid.frames.whole_files import written_whole
from omniid.tables.arrays import arrow_array, distinct, matches, numpy_array, text_array, text_scalar

__all__ = ["json_lines", "write_lines"]

UNPLAIN = r'["\\\x00-\x1f]'  # what JSON does not write as it is
OF_RECORD = ("source", "record_id", "entity_id")
OF_CHANGE = ("field", "column", "old", "new", "action", "reason", "from_source", "from_record_id", "idempotency_key")


def json_lines(updates: pa.Table) -> pa.LargeStringArray:
    """Return the lines of a plan, one per record: its keys, and the changes of its columns in their order.

    Parameters
    ----------
    updates
        The plan, by record and column.

    Examples
    --------
    >>> row = dict.fromkeys((*OF_RECORD, *OF_CHANGE), "x") | {"old": None}
    >>> print(json_lines(pa.Table.from_pylist([row])).to_pylist()[0][:64])
    {"source":"x","record_id":"x","entity_id":"x","changes":[{"field
    """
    n = updates.num_rows
    if not n:
        return text_array([])
    values = {name: _escaped(updates.column(name).combine_chunks()) for name in (*OF_RECORD, *OF_CHANGE)}
    changes = _joined(["{", *_members(values, OF_CHANGE), "}"])
    keys = [values[name] for name in ("source", "record_id")]
    begins = np.ones(n, bool)
    begins[1:] = ~np.logical_and(*(numpy_array(pc.equal(one[1:], one[:-1])) for one in keys))
    first = np.flatnonzero(begins)
    lists = pa.LargeListArray.from_arrays(arrow_array(np.append(first, n).astype(np.int64)), changes)
    joined = pc.binary_join(lists, text_scalar(","))
    heads = {name: values[name].take(arrow_array(first)) for name in OF_RECORD}
    return _joined(["{", *_members(heads, OF_RECORD), ',"changes":[', joined, "]}"])


def write_lines(updates: pa.Table, path: Path) -> None:
    """Write the lines to a file, whole or not at all.

    Raises
    ------
    InputError
        If it can't be written.
    """
    data, offsets = string_bytes(_joined([json_lines(updates), "\n"]))
    with written_whole(path) as partial:
        partial.write_bytes(data[offsets[0] : offsets[-1]].data)


def _members(values: dict[str, pa.LargeStringArray], names: Sequence[str]) -> list[str | pa.LargeStringArray]:
    out: list[str | pa.LargeStringArray] = []
    for name in names:
        out += [f'{"," if out else ""}"{name}":', values[name]]
    return out


def _joined(pieces: Sequence[str | pa.LargeStringArray]) -> pa.LargeStringArray:
    said = [text_scalar(piece) if isinstance(piece, str) else piece for piece in pieces]
    return pc.binary_join_element_wise(*said, text_scalar(""))


def _escaped(column: pa.Array) -> pa.LargeStringArray:
    """Each text as JSON writes it; null as such."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    codes = numpy_array(coded.indices, null=-1)
    used = distinct(codes[codes >= 0])
    texts = coded.dictionary.take(arrow_array(used)).cast(pa.large_string())
    written = _joined(['"', texts, '"'])
    odd = matches(texts, UNPLAIN)
    if odd.any():
        escaped = text_array([json.dumps(text, ensure_ascii=False) for text in texts.filter(arrow_array(odd)).to_pylist()])
        written = pc.replace_with_mask(written, arrow_array(odd), escaped)
    place = np.where(codes >= 0, np.searchsorted(used, codes), len(texts))
    return pa.concat_arrays([written, text_array(["null"])]).take(arrow_array(place))
