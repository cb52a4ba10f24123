"""The only counts that evaluation needs: how many records each predicted cluster shares with each true entity."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.errors import InputError
from omniid.evaluation.memberships import Memberships

__all__ = ["Contingency", "Joined", "join_records"]

Counts = npt.NDArray[np.int64]


class Contingency(NamedTuple):
    """Records per (predicted cluster, true entity), where there are any.

    `predicted` and `true` are the positions of each cell's two groups, `shared` its number of records; `predicted_sizes` and
    `true_sizes` are records per group.
    """

    predicted: Counts
    true: Counts
    shared: Counts
    predicted_sizes: Counts
    true_sizes: Counts

    @classmethod
    def of(cls, predicted: Counts, true: Counts) -> "Contingency":
        """Count the records of each cell.

        Parameters
        ----------
        predicted, true
            Each record's group, as dense codes from 0.

        Returns
        -------
        Contingency
            Cells by (predicted, true).

        Examples
        --------
        >>> cells = Contingency.of(np.array([0, 0, 1]), np.array([0, 1, 1]))
        >>> cells.shared.tolist(), cells.true_sizes.tolist()
        ([1, 1, 1], [1, 2])
        """
        n_true = int(true.max(initial=0)) + 1
        cells, shared = np.unique(predicted.astype(np.int64) * n_true + true, return_counts=True)
        sizes = np.bincount(predicted), np.bincount(true)
        return cls(cells // n_true, cells % n_true, shared.astype(np.int64), *(size.astype(np.int64) for size in sizes))

    def swapped(self) -> "Contingency":
        """The same counts with the two sides exchanged: what precision is on one, recall is on the other."""
        return Contingency(self.true, self.predicted, self.shared, self.true_sizes, self.predicted_sizes)


class Joined(NamedTuple):
    """Records that stand in both frames, as codes, and how many stand in only one.

    `predicted` and `true` hold one code per common record; `predicted_ids` and `true_ids` are what the codes stand for.
    """

    predicted: Counts
    true: Counts
    predicted_ids: pa.LargeStringArray
    true_ids: pa.LargeStringArray
    only_in_crosswalk: int
    only_in_truth: int


def join_records(crosswalk: Memberships, truth: Memberships) -> Joined:
    """Find the records that stand in both frames.

    Records meet by (source, record_id), or by record_id alone where one frame has no source.

    Parameters
    ----------
    crosswalk, truth
        The two frames.

    Returns
    -------
    Joined
        Entity codes of the common records.

    Raises
    ------
    InputError
        If a record stands twice in a frame, is not unique without its source, or no record is common.

    Examples
    --------
    >>> def ids(*values):
    ...     return pa.array(values, pa.large_string())
    >>> joined = join_records(
    ...     Memberships("crosswalk", None, ids("1", "2"), ids("x", "x"), 0),
    ...     Memberships("truth", None, ids("2", "3"), ids("a", "b"), 0))
    >>> joined.predicted_ids.to_pylist(), joined.true_ids.to_pylist(), joined.only_in_truth
    (['x'], ['a'], 1)
    """
    split = len(crosswalk.record_id)
    keys = _codes(crosswalk.record_id, truth.record_id)
    if crosswalk.source is not None and truth.source is not None:
        # Dense in between: the product of both code ranges stays far below 2**63.
        keys = _codes(crosswalk.source, truth.source) * (int(keys.max(initial=0)) + 1) + keys
    mine, theirs = keys[:split], keys[split:]
    mine, my_rows = _once(mine, crosswalk, theirs, truth)
    theirs, their_rows = _once(theirs, truth, mine, crosswalk)
    _, here, there = np.intersect1d(mine, theirs, assume_unique=True, return_indices=True)
    if not len(here):
        raise InputError(
            f"crosswalk and truth have no record in common: {_sample(crosswalk)}, {_sample(truth)}; align their ids"
        )
    predicted = crosswalk.entity.take(pa.array(my_rows[here])).dictionary_encode()
    true = truth.entity.take(pa.array(their_rows[there])).dictionary_encode()
    return Joined(
        predicted.indices.to_numpy().astype(np.int64),
        true.indices.to_numpy().astype(np.int64),
        predicted.dictionary,
        true.dictionary,
        split - len(here),
        len(truth.record_id) - len(here),
    )


def _codes(left: pa.LargeStringArray, right: pa.LargeStringArray) -> Counts:
    """One numbering of both frames' values, left before right."""
    codes: Counts = pa.concat_arrays([left, right]).dictionary_encode().indices.to_numpy().astype(np.int64)
    return codes


def _once(keys: Counts, side: Memberships, other_keys: Counts, other: Memberships) -> tuple[Counts, Counts]:
    """Keys that stand once, ascending, with their rows; a key that must be unique and is not is an error."""
    unique, rows, counts = np.unique(keys, return_index=True, return_counts=True)
    repeated = unique[counts > 1]
    lost_source = side.source is not None and other.source is None
    if lost_source:
        repeated = repeated[np.isin(repeated, other_keys)]
    if len(repeated):
        record = min(side.record_id.take(pa.array(rows[np.isin(unique, repeated)])).to_pylist())
        if lost_source:
            raise InputError(
                f"record_id {record!r} stands in several rows of the {side.name}, and the {other.name} has no source column to "
                f"tell them apart; add 'source' to the {other.name}"
            )
        raise InputError(f"record {record!r} stands in several rows of the {side.name}; keep one row per record")
    return unique[counts == 1], rows[counts == 1]


def _sample(side: Memberships) -> str:
    """One record of a frame, for a message."""
    if not len(side.record_id):
        return f"the {side.name} has no complete row"
    key = [array[0].as_py() for array in (side.source, side.record_id) if array is not None]
    return f"the {side.name} has {', '.join(map(repr, key))}"
