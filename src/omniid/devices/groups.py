"""Groups of anonymous records that share devices, and the persons who touch them."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.devices.values import DeviceValues
from omniid.tables import Rows

__all__ = ["Components", "Groups", "group_by_devices"]

Components = Callable[[int, Rows, Rows], Rows]


class Groups(NamedTuple):
    """Groups of anonymous records.

    Parameters
    ----------
    of_row
        int32 per row: the group of an anonymous record that names a device, -1 elsewhere.
    people
        int32 per group: the persons who touch it, by a record of theirs that names one of its devices.
    person
        int32 per group: the smallest label of them, -1 where nobody touches it.
    """

    of_row: Rows
    people: Rows
    person: Rows


def group_by_devices(
    labels: Rows, is_anonymous: npt.NDArray[np.bool_], devices: DeviceValues, components: Components
) -> Groups:
    """Group anonymous records that share a device, directly or through other anonymous records.

    Persons do not connect groups: that somebody has a phone and a laptop does not make what others did on the one concern
    the other.

    Parameters
    ----------
    labels
        int32 per row: the cluster.
    is_anonymous
        bool per row.
    devices
        The device values.
    components
        (n, left, right) → one label per node of the graph with those edges.

    Returns
    -------
    Groups

    Examples
    --------
    >>> from omniid.clustering import connected_components
    >>> from omniid.devices.values import device_values
    >>> from omniid.tables import RecordTable
    >>> cookies = ["a", "a", ["a", "b"], "b"]
    >>> table = RecordTable.of([{"record_id": str(i), "cookie": cookie} for i, cookie in enumerate(cookies)])
    >>> labels, anonymous = np.arange(4, dtype=np.int32), np.array([False, False, True, False])
    >>> found = group_by_devices(labels, anonymous, device_values(table, {"cookie": "cookie"}), connected_components)
    >>> found.of_row.tolist(), found.people.tolist(), found.person.tolist()
    ([-1, -1, 0, -1], [3], [0])
    """
    theirs = is_anonymous.take(devices.rows)
    rows, codes = devices.rows[theirs], devices.codes[theirs]
    units, unit = np.unique(labels.take(rows), return_inverse=True)
    held, code = np.unique(codes, return_inverse=True)
    nodes = components(
        len(units) + len(held), unit.reshape(-1).astype(np.int32), (code.reshape(-1) + len(units)).astype(np.int32)
    )
    _, group = np.unique(nodes, return_inverse=True)
    group = group.reshape(-1).astype(np.int32)
    of_label = np.full(len(labels), -1, np.int32)
    of_label[units] = group[: len(units)]
    of_code = np.full(len(devices.names), -1, np.int32)
    of_code[held] = group[len(units) :]
    n_groups = int(group.max(initial=-1)) + 1
    touched = of_code.take(devices.codes[~theirs])
    meets = touched >= 0
    pairs = touched[meets].astype(np.int64) * len(labels) + labels.take(devices.rows[~theirs][meets])
    pairs = np.sort(pairs)
    pairs = pairs[np.concatenate([[True], pairs[1:] != pairs[:-1]])] if len(pairs) else pairs
    groups = (pairs // max(len(labels), 1)).astype(np.int32)
    person = np.full(n_groups, -1, np.int32)
    person[groups[::-1]] = (pairs % max(len(labels), 1)).astype(np.int32)[::-1]
    of_row = np.where(is_anonymous, of_label.take(labels), -1).astype(np.int32)
    return Groups(of_row, np.bincount(groups, minlength=n_groups).astype(np.int32), person)
