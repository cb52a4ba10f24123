"""`place_anonymous`: whose the anonymous records are, once the persons are settled."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from omniid.devices.authentications import choose_authentications
from omniid.devices.groups import Components, group_by_devices
from omniid.devices.outcomes import (
    DIVIDED,
    NO_TIME_KNOWN,
    NOBODY,
    NOT_NEAR,
    ONLY,
    PERSON,
    POLICY,
    REFUSED,
    SEVERAL,
    Placement,
)
from omniid.devices.policies import UNASSIGNED, DevicePolicy
from omniid.devices.values import DeviceValues
from omniid.tables import NO_TIME, Rows

__all__ = ["Gate", "place_anonymous"]

Flags = npt.NDArray[np.bool_]


class Gate(Protocol):
    """What limits and decisions forbid."""

    def broken(self, labels: Rows) -> Rows:
        """Names of the sets of a partition in which something is forbidden."""
        ...

    def admit(self, labels: Rows, units: Rows, persons: Rows) -> Rows:
        """Admit clusters to persons one after the other: per unit -1, or the number of what was in the way.

        `labels` is the partition before, `units` names clusters of it, ascending, and `persons` the cluster that each is for.
        """
        ...


def place_anonymous(
    labels: Rows,
    names_somebody: Flags,
    devices: DeviceValues,
    time: npt.NDArray[np.int64],
    components: Components,
    *,
    policy: DevicePolicy = UNASSIGNED,
    gate: Gate | None = None,
) -> Placement:
    """Give anonymous records to the persons whom their devices name, and to nobody where they don't name one.

    Parameters
    ----------
    labels
        int32 per row: the smallest row of its cluster.
    names_somebody
        bool per row: whether the record holds a unique or strong value or a name. A cluster with no such record is anonymous.
    devices
        The device values of all records.
    time
        int64 per row: event time in microseconds, `NO_TIME` where unknown.
    components
        (n, left, right) → one label per node of the graph with those edges.
    policy
        Who gets the records of a group that several persons touch.
    gate
        What limits and decisions forbid; None: nothing.

    Returns
    -------
    Placement
        A cluster of several anonymous records moves as one, to the only person whom the policy names for any of them.

    Examples
    --------
    >>> from omniid.clustering import connected_components
    >>> from omniid.devices import LAST_AUTHENTICATED, device_values
    >>> from omniid.tables import RecordTable
    >>> table = RecordTable.of([{"record_id": str(i), "cookie": "kiosk"} for i in range(3)])
    >>> devices = device_values(table, {"cookie": "cookie"})
    >>> labels, person, time = np.arange(3, dtype=np.int32), np.array([True, True, False]), np.array([10, 20, 15])
    >>> place_anonymous(labels, person, devices, time, connected_components).labels.tolist()
    [0, 1, 2]
    >>> place_anonymous(labels, person, devices, time, connected_components, policy=LAST_AUTHENTICATED).labels.tolist()
    [0, 1, 0]
    """
    n = len(labels)
    named = np.zeros(n, bool)
    named[labels[names_somebody]] = True
    is_person = named.take(labels) if n else named
    groups = group_by_devices(labels, ~is_person, devices, components)
    in_group = np.flatnonzero(groups.of_row >= 0).astype(np.int32)
    group = groups.of_row.take(in_group)
    count, only = groups.people.take(group), groups.person.take(group)
    outcome = np.where(is_person, PERSON, NOBODY).astype(np.int8)
    people, authentication, device = np.zeros(n, np.int32), np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    people[in_group] = count
    device[devices.rows[::-1]] = devices.codes[::-1]
    device[is_person] = -1
    wanted = np.full(n, -1, np.int32)  # per row: the cluster that it would go to
    wanted[in_group[count == 1]] = only[count == 1]
    outcome[in_group[count == 1]] = ONLY
    disputed = in_group[count > 1]
    outcome[disputed] = SEVERAL
    if policy.needs_times and len(disputed):
        choice = choose_authentications(disputed, is_person, devices, time, policy)
        hit = choice.authentication >= 0
        wanted[disputed[hit]] = labels.take(choice.authentication[hit])
        authentication[disputed[hit]], device[disputed[hit]] = choice.authentication[hit], choice.device[hit]
        outcome[disputed] = np.where(hit, POLICY, np.where(time.take(disputed) == NO_TIME, NO_TIME_KNOWN, NOT_NEAR))
    target = _one_target(labels, wanted, outcome)
    barrier = _barriers(labels, target, gate).take(labels)
    outcome[barrier >= 0] = REFUSED
    admitted = (target >= 0) & (barrier < 0)
    final = np.where(admitted, target, np.arange(n)).astype(np.int32).take(labels)
    stays = outcome > POLICY
    authentication[stays] = -1
    return Placement(_smallest_rows(final), outcome, people, device, authentication, barrier)


def _one_target(labels: Rows, wanted: Rows, outcome: npt.NDArray[np.int8]) -> Rows:
    """Per label, the one cluster that its records would go to, -1 for none or several; all its records get that outcome."""
    rows = np.flatnonzero(wanted >= 0)
    label, want = labels.take(rows), wanted.take(rows)
    low, high = np.full(len(labels), len(labels), np.int32), np.full(len(labels), -1, np.int32)
    np.minimum.at(low, label, want)
    np.maximum.at(high, label, want)
    divided = (high >= 0) & (low != high)
    target = np.where(divided, -1, high).astype(np.int32)
    mine = target.take(labels) >= 0
    why = np.full(len(labels), PERSON, np.int8)
    why[label] = outcome.take(rows)  # one group, so one rule for all records of a cluster
    outcome[mine] = why.take(labels)[mine]
    outcome[divided.take(labels)] = DIVIDED
    return target


def _barriers(labels: Rows, target: Rows, gate: Gate | None) -> Rows:
    """Per label, the number of what keeps its cluster from joining its target; -1 where nothing does."""
    barriers = np.full(len(labels), -1, np.int32)
    if gate is None or not (target >= 0).any():
        return barriers
    tried = np.where(target >= 0, target, np.arange(len(labels), dtype=np.int32)).take(labels)
    doubtful = np.zeros(len(labels), bool)
    doubtful[tried[gate.broken(_smallest_rows(tried))]] = True  # by the person's name, not the smallest row with visits
    units = np.flatnonzero((target >= 0) & doubtful.take(np.maximum(target, 0))).astype(np.int32)
    if len(units):
        barriers[units] = gate.admit(labels, units, target.take(units))
    return barriers


def _smallest_rows(labels: Rows) -> Rows:
    """Name every set by its smallest row."""
    smallest = np.full(len(labels), len(labels), np.int32)
    np.minimum.at(smallest, labels, np.arange(len(labels), dtype=np.int32))
    return smallest.take(labels)
