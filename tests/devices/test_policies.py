"""Policies as people write them, and as files hold them."""

from datetime import timedelta

import pytest

from omniid import Spec, SpecError
from omniid.devices import LAST_AUTHENTICATED, UNASSIGNED, DevicePolicy, policy_from_plain, time_window


@pytest.mark.parametrize("policy", ["unassigned", "last_authenticated", "first_authenticated", time_window("90s", "2h")])
def test_a_policy_is_written_and_read(policy: str | DevicePolicy, tmp_path) -> None:
    spec = Spec(devices=policy)
    assert policy_from_plain(policy_from_plain(policy).to_plain()) == spec.devices
    for name in ("spec.toml", "spec.json"):
        spec.save(tmp_path / name)
        assert Spec.load(tmp_path / name) == spec


def test_lengths_are_written_in_the_largest_unit_that_fits() -> None:
    assert str(time_window("48h", "90m")) == "time_window(2d, 90m)"
    assert str(time_window(timedelta(0), "3600s")) == "time_window(0s, 1h)"
    assert time_window("30min", "1h") == time_window("30m", timedelta(hours=1))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("last", 'there is no policy \'last\'; use "unassigned", "last_authenticated"'),
        ("time_window", "time_window needs its lengths"),
        ({"time_window": ["30m"]}, 'use "unassigned"'),
        ({"time_window": ["30 minutes", "2h"]}, "'30 minutes' is no length of time; write '45s', '30m'"),
        (7, 'devices is 7; use "unassigned"'),
    ],
)
def test_what_is_no_policy_is_refused(given: object, message: str) -> None:
    with pytest.raises(SpecError, match=message.replace("(", r"\(")):
        Spec(devices=given)  # type: ignore[arg-type]


def test_windows_that_make_no_sense_are_refused() -> None:
    for lengths in ((timedelta(seconds=-1), "1h"), (timedelta(microseconds=5), "1h"), ("0s", "0s"), (5, "1h")):
        with pytest.raises(SpecError, match="devices: "):
            time_window(*lengths)  # type: ignore[arg-type]
    with pytest.raises(SpecError, match="takes no window"):
        DevicePolicy("last_authenticated", before=timedelta(hours=1))


def test_only_some_policies_read_times() -> None:
    assert LAST_AUTHENTICATED.needs_times
    assert not UNASSIGNED.needs_times
