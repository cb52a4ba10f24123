"""Policies: who gets an anonymous record of a device that several people use."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from omniid.errors import SpecError

__all__ = ["FIRST_AUTHENTICATED", "LAST_AUTHENTICATED", "UNASSIGNED", "DevicePolicy", "policy_from_plain", "time_window"]

SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400}
LENGTH = re.compile(r"\s*(\d+)\s*(s|min|m|h|d)\s*")
NAMES = ("unassigned", "last_authenticated", "first_authenticated", "time_window")
CHOICES = '"unassigned", "last_authenticated", "first_authenticated" or time_window("30m", "2h")'


@dataclass(frozen=True)
class DevicePolicy:
    """Who gets an anonymous record of a device that several people use.

    A person *authenticates* on a device by a record of theirs that names it.

    Parameters
    ----------
    name
        "unassigned": nobody. "last_authenticated": who authenticated last before the record, or at the same time.
        "first_authenticated": who was the first ever to authenticate on the device. "time_window": who authenticated nearest
        in time, if the record lies in the window around that.
    before, after
        Of "time_window": how long before an authentication the window begins, and how long after it ends; both ends count.

    Raises
    ------
    SpecError
        If there is no such policy, or a window is missing, negative or not in whole seconds.

    Examples
    --------
    >>> str(DevicePolicy("last_authenticated"))
    'last_authenticated'
    """

    name: str = "unassigned"
    before: timedelta | None = None
    after: timedelta | None = None

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise SpecError(f"devices: there is no policy {self.name!r}; use {CHOICES}")
        lengths = (self.before, self.after)
        if self.name != "time_window":
            if lengths != (None, None):
                raise SpecError(f"devices: the policy {self.name!r} takes no window; use time_window(before, after)")
            return
        for length in lengths:
            if not isinstance(length, timedelta) or length < timedelta() or length.microseconds:
                raise SpecError(
                    f"devices: time_window has the length {length!r}; give whole seconds of at least 0, such as '30m'"
                )
        if lengths == (timedelta(), timedelta()):
            raise SpecError('devices: a time_window of no length assigns nothing; give one, such as time_window("30m", "2h")')

    @property
    def needs_times(self) -> bool:
        """Whether the policy reads event times."""
        return self.name != "unassigned"

    def __str__(self) -> str:
        if self.before is None or self.after is None:
            return self.name
        return f"time_window({_text(self.before)}, {_text(self.after)})"

    def to_plain(self) -> Any:
        """Return the policy as spec files write it.

        Examples
        --------
        >>> time_window("30m", "2h").to_plain()
        {'time_window': ['30m', '2h']}
        """
        if self.before is None or self.after is None:
            return self.name
        return {"time_window": [_text(self.before), _text(self.after)]}


UNASSIGNED = DevicePolicy()
LAST_AUTHENTICATED = DevicePolicy("last_authenticated")
FIRST_AUTHENTICATED = DevicePolicy("first_authenticated")


def time_window(before: str | timedelta, after: str | timedelta) -> DevicePolicy:
    """Give anonymous records to whoever authenticated on the device nearest in time, within a window.

    Parameters
    ----------
    before
        How long before an authentication its window begins: "30m", "2h", "1d", "45s" or a `datetime.timedelta`. A record that
        came this long before the person logged in is theirs.
    after
        How long after it the window ends.

    Returns
    -------
    DevicePolicy
        For ``Spec(devices=...)``. Of two authentications equally near, the one with the smaller record key counts.

    Raises
    ------
    SpecError
        If a length can't be read.

    Examples
    --------
    >>> str(time_window("30m", "2h"))
    'time_window(30m, 2h)'
    """
    return DevicePolicy("time_window", _length(before), _length(after))


def policy_from_plain(given: Any) -> DevicePolicy:
    """Return the policy that a spec names: an object, its name, or what `to_plain` wrote.

    Raises
    ------
    SpecError
        If it is no policy.

    Examples
    --------
    >>> policy_from_plain({"time_window": ["30m", "2h"]}) == time_window("30m", "2h")
    True
    """
    if isinstance(given, DevicePolicy):
        return given
    if isinstance(given, str):
        if given == "time_window":
            raise SpecError('devices: time_window needs its lengths; write time_window("30m", "2h")')
        return DevicePolicy(given)
    if isinstance(given, Mapping) and set(given) == {"time_window"}:
        lengths = given["time_window"]
        if isinstance(lengths, list | tuple) and len(lengths) == 2:
            return time_window(*lengths)
    raise SpecError(f"devices is {given!r}; use {CHOICES}")


def _length(given: str | timedelta) -> timedelta:
    if isinstance(given, timedelta):
        return given
    found = LENGTH.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        raise SpecError(f"devices: {given!r} is no length of time; write '45s', '30m', '2h', '1d' or a datetime.timedelta")
    return timedelta(seconds=int(found[1]) * SECONDS[found[2]])


def _text(length: timedelta) -> str:
    seconds = length // timedelta(seconds=1)
    for unit in ("d", "h", "m"):
        if seconds and seconds % SECONDS[unit] == 0:
            return f"{seconds // SECONDS[unit]}{unit}"
    return f"{seconds}s"
