"""Who authenticated on a device before, after or near the time of an anonymous record."""

from datetime import timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.devices.policies import DevicePolicy
from omniid.devices.values import DeviceValues
from omniid.tables import NO_TIME, Codes, Rows
from omniid.tables.arrays import distinct

__all__ = ["Choices", "choose_authentications"]

Times = npt.NDArray[np.int64]
FAR = np.int64(np.iinfo(np.int64).max)


class Choices(NamedTuple):
    """Per row asked for: the record of a person by which the policy decides, -1 for none, and the device value of both."""

    authentication: Rows
    device: Codes


def choose_authentications(
    rows: Rows, is_person: npt.NDArray[np.bool_], devices: DeviceValues, time: Times, policy: DevicePolicy
) -> Choices:
    """Find for anonymous records the record of a person by which a policy decides.

    Parameters
    ----------
    rows
        int32, ascending: the anonymous records asked for.
    is_person
        bool per row: records of persons.
    devices
        The device values.
    time
        int64 per row: event time in microseconds, `NO_TIME` where unknown. Records without a time take no part.
    policy
        A policy that needs times.

    Returns
    -------
    Choices
        Of several authentications that are as good, that with the smallest row.

    Examples
    --------
    >>> from omniid.devices.policies import LAST_AUTHENTICATED
    >>> from omniid.devices.values import device_values
    >>> from omniid.tables import RecordTable
    >>> table = RecordTable.of([{"record_id": str(i), "cookie": "a"} for i in range(3)])
    >>> time, person = np.array([10, 20, 15]), np.array([True, True, False])
    >>> found = device_values(table, {"cookie": "cookie"})
    >>> choose_authentications(np.array([2], np.int32), person, found, time, LAST_AUTHENTICATED).authentication.tolist()
    [0]
    """
    timed = time.take(devices.rows) != NO_TIME
    asked_row = np.zeros(len(time), bool)
    asked_row[rows] = True
    asked = np.flatnonzero(timed & asked_row.take(devices.rows))
    wanted = np.zeros(len(devices.names), bool)
    wanted[devices.codes[asked]] = True
    logins = np.flatnonzero(timed & is_person.take(devices.rows) & wanted.take(devices.codes))
    found, cost = _by_entry(asked, logins, devices, time, policy)
    hit = found >= 0
    entry, login, cost = asked[hit], found[hit], cost[hit]
    order = np.lexsort((login, cost, devices.rows.take(entry)))
    mine = devices.rows.take(entry[order])
    first = order[np.concatenate([[True], mine[1:] != mine[:-1]])] if len(order) else order
    at = np.searchsorted(rows, devices.rows.take(entry[first]))
    authentication, device = np.full(len(rows), -1, np.int32), np.full(len(rows), -1, np.int32)
    authentication[at], device[at] = login[first], devices.codes.take(entry[first])
    return Choices(authentication, device)


def _by_entry(
    asked: npt.NDArray[np.intp], logins: npt.NDArray[np.intp], devices: DeviceValues, time: Times, policy: DevicePolicy
) -> tuple[Rows, Times]:
    """Per entry asked for: the row that the policy takes on that device, -1 for none, and its cost, the less the better."""
    when = time.take(devices.rows)
    moments = distinct(when[np.concatenate([asked, logins])])
    width = np.int64(len(moments) + 1)

    def place(entries: npt.NDArray[np.intp]) -> Times:
        return devices.codes.take(entries).astype(np.int64) * width + np.searchsorted(moments, when.take(entries))

    keys, rows = place(logins), devices.rows.take(logins)
    order = np.lexsort((rows, keys))
    keys, rows = keys[order], rows[order].astype(np.int64)
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.intp)
    keys, rows = keys[starts], rows[starts]  # of a device's records at one time, the one with the smallest key
    mine, code, at = place(asked), devices.codes.take(asked).astype(np.int64), when.take(asked)

    def taken(positions: npt.NDArray[np.intp]) -> tuple[Rows, Times]:
        """Row and time at positions in `keys`, where these lie on the same device."""
        inside = np.clip(positions, 0, max(len(keys) - 1, 0))
        if not len(keys):
            return np.full(len(positions), -1, np.int32), np.zeros(len(positions), np.int64)
        same = (positions >= 0) & (positions < len(keys)) & (keys[inside] // width == code)
        return np.where(same, rows[inside], -1).astype(np.int32), moments[(keys[inside] % width)]

    if policy.name == "first_authenticated":
        row, moment = taken(np.searchsorted(keys, code * width))
        return row, moment
    row, moment = taken(np.searchsorted(keys, mine, "right") - 1)
    if policy.name == "last_authenticated":
        return row, -moment
    before, after = (_microseconds(length) for length in (policy.before, policy.after))
    later_row, later = taken(np.searchsorted(keys, mine, "right"))
    since = np.where((row >= 0) & (at - moment <= after), at - moment, FAR)
    until = np.where((later_row >= 0) & (later - at <= before), later - at, FAR)
    use_later = (until < since) | ((until == since) & (later_row < row))
    gap = np.minimum(since, until)
    return np.where(gap == FAR, -1, np.where(use_later, later_row, row)).astype(np.int32), gap


def _microseconds(length: timedelta | None) -> int:
    return 0 if length is None else length // timedelta(microseconds=1)
