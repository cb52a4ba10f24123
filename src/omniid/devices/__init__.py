"""Devices: whose an anonymous record is, when a device is all that it names.

A cookie, an app's push token or a kiosk names a device, not a person: it is no evidence between two records of persons. It does
tell whose an *anonymous* record may be: one whose cluster holds no unique or strong value and no name. Anonymous records come
last, when the persons are settled, so that no visit ever joins two of them:

1. anonymous records are grouped by shared device values (`groups`);
2. exactly one person touches a group: its records are that person's; nobody does: they stay as they are;
3. several do: a policy decides record by record, by event time on that device (`policies`, `authentications`), by default that
   nobody gets them;
4. limits and decisions still hold: records are admitted in the order of their keys, and one that is refused belongs to nobody
   (`placing`).

A record that belongs to nobody is an anonymous entity of its own.
"""

from omniid.devices.outcomes import OUTCOMES, Placement
from omniid.devices.placing import Gate, place_anonymous
from omniid.devices.policies import (
    FIRST_AUTHENTICATED,
    LAST_AUTHENTICATED,
    UNASSIGNED,
    DevicePolicy,
    policy_from_plain,
    time_window,
)
from omniid.devices.values import DeviceValues, device_values

__all__ = [
    "FIRST_AUTHENTICATED",
    "LAST_AUTHENTICATED",
    "OUTCOMES",
    "UNASSIGNED",
    "DevicePolicy",
    "DeviceValues",
    "Gate",
    "Placement",
    "device_values",
    "place_anonymous",
    "policy_from_plain",
    "time_window",
]
