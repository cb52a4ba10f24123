"""Sorted neighbourhood: records that stand close together in the order of some keys."""

import numpy as np
import pyarrow.compute as pc

from omniid.blocking.codes import KeyReader
from omniid.blocking.derivation import derive
from omniid.blocking.groups import Int64s
from omniid.blocking.keys import Key
from omniid.blocking.rules import BlockingRule
from omniid.errors import SpecError
from omniid.tables import Rows
from omniid.tables.arrays import distinct, numpy_array

__all__ = ["find_neighbours"]


def find_neighbours(rule: BlockingRule, read: KeyReader) -> Int64s:
    """Pairs fewer than `window` places apart, as ascending codes left × n + right.

    Parameters
    ----------
    rule
        A `sorted_neighbourhood` rule.
    read
        Reads the table's columns.
    """
    rows, first = _sort_values(rule.keys[0], read, several=True)
    ranks = [first]
    for key in rule.keys[1:]:
        at, values = _sort_values(key, read, several=False)
        rank = np.full(len(read.table), -1, np.int64)
        rank[at] = values
        ranks.append(rank.take(rows))
    rows = rows[np.lexsort([rows.astype(np.int64), *reversed(ranks)])].astype(np.int64)
    n_rows = max(len(read.table), 1)
    found = []
    for distance in range(1, min(int(rule.option("window")), max(len(rows), 1))):
        one, other = rows[:-distance], rows[distance:]
        pairs = np.minimum(one, other) * n_rows + np.maximum(one, other)
        found.append(pairs[one != other])
    return distinct(np.concatenate(found)) if found else np.zeros(0, np.int64)


def _sort_values(key: Key, read: KeyReader, *, several: bool) -> tuple[Rows, Int64s]:
    """(rows, ranks) of a key's values in the order of code points; else each row's smallest value only."""
    if key.kind == "sorted_name":
        raise SpecError(f"{key} has no sort order; sort by {key.fields[0]!r} and {key.fields[1]!r} instead")
    column = read.column(key.fields[0], key)
    values = derive(key, column.vocabulary).dictionary_encode()
    rank = np.empty(len(values.dictionary) + 1, np.int64)
    rank[numpy_array(pc.array_sort_indices(values.dictionary))] = np.arange(len(values.dictionary))
    rank[-1] = -1
    per_value = rank.take(numpy_array(values.indices, null=-1), mode="wrap")
    rows, codes = column.present()
    ranks = per_value.take(codes)
    entries = distinct(rows[ranks >= 0].astype(np.int64) * len(rank) + ranks[ranks >= 0])
    rows, ranks = (entries // len(rank)).astype(np.int32), entries % len(rank)
    if not several and len(rows):
        smallest = np.concatenate([[True], rows[1:] != rows[:-1]])
        rows, ranks = rows[smallest], ranks[smallest]
    return rows, ranks
