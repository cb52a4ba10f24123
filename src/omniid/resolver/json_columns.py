"""Tables as JSON, a text a row, made column by column: the texts that `json.dumps` would make of the rows one by one."""

import json
from json.encoder import encode_basestring

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.byte_arrays import string_bytes
from omniid.tables.arrays import arrow_array, numpy_array, text_array, text_scalar

__all__ = ["json_rows", "json_texts"]

ESCAPED = '["\\\\\x00-\x1f]'  # letters that JSON spells otherwise
END = text_scalar("")


def json_rows(table: pa.Table, *, comma: str = ",", colon: str = ":") -> list[str]:
    """Each row as a JSON object of its cells, in the order of the columns, without what is missing.

    Parameters
    ----------
    table
        Columns of text, numbers, or lists of text.
    comma, colon
        What parts members, and names from values; `json.dumps` puts a blank behind both unless told otherwise.

    Examples
    --------
    >>> json_rows(pa.table({"entity_id": ["e1"], "email": ["a@x.com"], "city": pa.array([None], pa.large_string())}))
    ['{"entity_id":"e1","email":"a@x.com"}']
    """
    parts = [_members(f"{comma}{encode_basestring(name)}{colon}", table[name], comma) for name in table.column_names]
    parts.append(text_array([""] * len(table)))  # Arrow's own null_handling="skip" drops rows in which all is null
    joined = pc.binary_join_element_wise(*parts, END, null_handling="replace", null_replacement="")
    members = pc.utf8_ltrim(joined, characters=comma)
    texts: list[str] = pc.binary_join_element_wise(text_scalar("{"), members, text_scalar("}"), END).to_pylist()
    return texts


def _members(head: str, chunked: pa.ChunkedArray, comma: str) -> pa.LargeStringArray:
    """One column as members of JSON objects behind a text, null where nothing is to be said."""
    column = chunked.combine_chunks()
    if not pa.types.is_large_list(column.type):
        return _spelled(column, head)
    tokens = _spelled(column.flatten(), "")
    offsets = np.concatenate([[0], np.cumsum(numpy_array(column.value_lengths()))]).astype(np.int64)
    joined = pc.binary_join(pa.LargeListArray.from_arrays(arrow_array(offsets), tokens), text_scalar(comma))
    told = pc.binary_join_element_wise(text_scalar(f"{head}["), joined, text_scalar("]"), END)
    return pc.if_else(arrow_array(numpy_array(pc.binary_length(joined)) > 0), told, text_scalar(None))


def _spelled(column: pa.Array, head: str) -> pa.LargeStringArray:
    """Values as JSON behind a text; each distinct one of those that are no text is spelled once."""
    if pa.types.is_dictionary(column.type) and pa.types.is_large_string(column.type.value_type):
        column = column.dictionary.take(column.indices)
    if pa.types.is_large_string(column.type):
        return json_texts(column, head)
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    values = text_array([head + json.dumps(value) for value in coded.dictionary.to_pylist()])
    return values.take(coded.indices)


def json_texts(texts: pa.LargeStringArray, head: str = "") -> pa.LargeStringArray:
    """Texts as JSON behind a text, null where nothing is said; those with letters to escape are spelled one by one.

    Examples
    --------
    >>> json_texts(text_array(["a", None])).to_pylist()
    ['"a"', None]
    """
    quoted = pc.binary_join_element_wise(text_scalar(f'{head}"'), texts, text_scalar('"'), END)
    letters, _ = string_bytes(texts)
    if not len(letters) or not (letters.min() < ord(" ") or (letters == ord('"')).any() or (letters == ord("\\")).any()):
        return quoted
    odd = pc.fill_null(pc.match_substring_regex(texts, ESCAPED), False)
    told = text_array([head + encode_basestring(text) for text in texts.filter(odd).to_pylist()])
    return pc.replace_with_mask(quoted, odd, told)
