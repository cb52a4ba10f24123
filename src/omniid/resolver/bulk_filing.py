"""Filing all records of a store at once, by arrays: the same bytes that `refile` writes record by record."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from omniid.blocking import CrowdedKeys, index_keys
from omniid.copies import content_keys
from omniid.device_plans import device_kinds, names_somebody
from omniid.evidence import thresholds_for
from omniid.key_order import order_of_hashes
from omniid.linking import ReadyRecords
from omniid.resolver.bulk_postings import cut
from omniid.resolver.classes import values_held
from omniid.resolver.learned import Learned
from omniid.resolver.people import signature_arrays
from omniid.resolver.popular_values import popular_rows
from omniid.resolver.postings import bucket_rows, open_buckets
from omniid.store import Row, Transaction
from omniid.tables import RecordTable

__all__ = ["file_in_bulk"]

PORTION = 1 << 16  # records whose keys are made rows at once
Int64s = npt.NDArray[np.int64]


def file_in_bulk(store: Transaction, learned: Learned, rows: Int64s, met: RecordTable, ready: ReadyRecords) -> None:
    """File all records of a store where none is filed.

    Parameters
    ----------
    store
        The store.
    learned
        The declaration and the model.
    rows
        Row numbers of the records, by place.
    met
        Their values in the columns in which they meet.
    ready
        The records as matching sees them.
    """
    spec = learned.spec
    values = _values(learned, met)
    signatures = signature_arrays(met, learned.spec, thresholds_for(learned.spec, learned.model).names)
    keys = _keys(ready)
    devices = _distinct(*values_held(ready.table, device_kinds(spec)))
    store.put("popular", popular_rows(values[2], values[0], *signatures))
    under, standing = np.concatenate([values[2], keys[1]]), rows[np.concatenate([values[0], keys[0]])]
    store.put("postings", bucket_rows(under, standing, open_buckets(store, int(rows.max(initial=-1)) + 1)))
    silent = ~names_somebody(ready.table, spec, ready.plan.kinds)
    of_values = values[0], np.stack(values[1:], axis=1)
    store.put("filed", _filed_rows(rows, (of_values, keys, devices, _in_a_row(*signatures)), silent))


def _filed_rows(rows: Int64s, columns: Sequence[tuple[Int64s, Int64s]], silent: npt.NDArray[np.bool_]) -> Iterator[Row]:
    """Rows of the table `filed` in their order, made a portion at a time, of (place, number) of each column."""
    order = np.argsort(rows, kind="stable")
    starts = [np.searchsorted(places, np.arange(len(rows) + 1)) for places, _ in columns]
    for start in range(0, len(rows), PORTION):
        some = order[start : start + PORTION]
        packed = [_packed(first, numbers, some) for first, (_, numbers) in zip(starts, columns, strict=True)]
        yield from zip(rows[some].tolist(), *packed, silent[some].astype(int).tolist(), strict=True)


def _values(learned: Learned, met: RecordTable) -> tuple[Int64s, Int64s, Int64s]:
    """(place, number of the column, key) of the values whose people are counted, sorted, each once."""
    parts = [np.zeros((3, 0), np.int64)]
    for number, column in enumerate(learned.value_rules.at_most):
        places, keys = values_held(met, [column])
        parts.append(np.stack([places.astype(np.int64), np.full(len(keys), number, np.int64), keys]))
    places, numbers, keys = np.concatenate(parts, axis=1)
    order = np.lexsort((keys, numbers, places))
    places, numbers, keys = places[order], numbers[order], keys[order]
    new = _differ(places) | _differ(numbers) | _differ(keys)
    return places[new], numbers[new], keys[new]


def _keys(ready: ReadyRecords) -> tuple[Int64s, Int64s]:
    """(place, key) of the blocks of all records, and of what makes records equal."""
    found = index_keys(ready.table, ready.plan.rules or (), ready.plan.crowded or CrowdedKeys((), ()))
    copies = content_keys(ready.table, ready.plan.columns)
    return _distinct(np.concatenate([copies[0], found.rows]), np.concatenate([copies[1], found.keys]))


def _in_a_row(parts: Int64s, places: Int64s, logins: Int64s) -> tuple[Int64s, Int64s]:
    """(place, number) of who each record says it is: three hashes, then its login ids."""
    every = np.concatenate([np.repeat(np.arange(len(parts)), 3), places])
    order = np.argsort(every, kind="stable")
    return every[order], np.concatenate([parts.reshape(-1), logins])[order]


def _distinct(places: npt.NDArray[np.signedinteger], keys: Int64s) -> tuple[Int64s, Int64s]:
    """Pairs of a place and a key, sorted, each once."""
    places = places.astype(np.int64)
    order = order_of_hashes(places, keys)
    ordered, sorted_keys = places[order], keys[order]
    new = _differ(ordered) | _differ(sorted_keys)
    return ordered[new], sorted_keys[new]


def _differ(values: Int64s) -> npt.NDArray[np.bool_]:
    """Whether each value differs from the one before."""
    differs = np.ones(len(values), bool)
    differs[1:] = values[1:] != values[:-1]
    return differs


def _packed(first: Int64s, numbers: Int64s, places: Int64s) -> list[bytes]:
    """The numbers of some places as bytes, eight each, of where those of each place begin."""
    begin, size = first[places], first[places + 1] - first[places]
    ends = np.concatenate([[0], np.cumsum(size)])
    at = np.repeat(begin - ends[:-1], size) + np.arange(ends[-1])
    width = numbers.shape[1] if numbers.ndim > 1 else 1
    return cut(numbers[at].astype(np.int64, copy=False), ends * (8 * width))
