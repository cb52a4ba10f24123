"""Limits as they are declared: read, written, refused."""

import tomllib
from datetime import timedelta

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from omniid import Email, Spec, SpecError, at_most, disagree, one_per_source, unique
from omniid.limit_rules import LimitRule, limit_from_dict

LIMITS = [
    at_most("passport", 1),
    at_most("email", 3, per="365d"),
    at_most("phone", 2, per=timedelta(minutes=90)),
    one_per_source("crm"),
    disagree("first_name"),
    unique("national_id"),
]


@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_limits_as_data(limit: LimitRule) -> None:
    written = tomllib.loads(tomli_w.dumps(limit.to_dict()))
    assert limit_from_dict(written) == limit


@pytest.mark.parametrize(
    ("window", "written"),
    [("365d", "365d"), ("48h", "2d"), ("90min", "90min"), (" 60 s ", "1min"), ("7s", "7s"), (timedelta(weeks=2), "14d")],
)
def test_windows_are_written_in_the_largest_unit_that_divides_them(window: str | timedelta, written: str) -> None:
    assert at_most("phone", 1, per=window).to_dict()["per"] == written


@given(st.integers(1, 10**10))
def test_any_window_as_data_and_back(seconds: int) -> None:
    limit = at_most("phone", 1, per=timedelta(seconds=seconds))
    assert limit_from_dict(limit.to_dict()) == limit


@pytest.mark.parametrize(
    "data",
    [{}, {"at_most": "x"}, {"n": 1}, {"one_per_source": "x", "n": 1}, {"disagree": "x", "per": "1d"}, "at_most", ["x"], None],
)
def test_what_is_no_limit_is_refused(data) -> None:
    with pytest.raises(SpecError, match="write at_most, one_per_source, disagree or unique"):
        limit_from_dict(data)


@pytest.mark.parametrize("n", [0, -1, 1.5, "2", None, True])
def test_a_limit_allows_at_least_one(n) -> None:
    with pytest.raises(SpecError, match="whole number of at least 1"):
        at_most("passport", n)


@pytest.mark.parametrize("per", ["1y", "0.5d", "-3d", "d", "", "3 months", "3m"])
def test_a_window_is_a_number_and_a_unit(per: str) -> None:
    with pytest.raises(SpecError, match="write a number and d, h, min or s"):
        at_most("phone", 1, per=per)


@pytest.mark.parametrize("per", ["0d", timedelta(0), timedelta(days=-1), timedelta(milliseconds=1500), 30])
def test_a_window_is_whole_seconds(per) -> None:
    with pytest.raises(SpecError, match="whole seconds, at least 1"):
        at_most("phone", 1, per=per)


def test_a_window_beyond_all_times_is_refused() -> None:
    with pytest.raises(SpecError, match="too long; leave per out"):
        at_most("phone", 1, per="99999999999999999d")


@pytest.mark.parametrize("make", [lambda name: at_most(name, 1), one_per_source, disagree, unique])
def test_a_limit_names_what_it_is_on(make) -> None:
    with pytest.raises(SpecError, match="a name, written as text"):
        make(None)


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ([at_most("email", 1), at_most("email", 1)], r"limit at_most\(email, 1\) is given twice"),
        ([disagree("first_name"), unique("passport"), disagree("first_name")], r"disagree\(first_name\) is given twice"),
        ([at_most("email", 1), at_most("email", 3)], r"at_most\(email, 1\) and at_most\(email, 3\) contradict"),
        ([at_most("email", 1, per="48h"), at_most("email", 3, per="2d")], "contradict each other; keep one"),
        (["at_most(email, 1)"], "limit 'at_most.* is none; use at_most"),
    ],
)
def test_limits_given_twice_or_against_each_other_are_refused(limits, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        Spec(fields=[Email()], limits=limits)


def test_a_count_altogether_and_a_count_at_a_time_go_together() -> None:
    limits = (at_most("email", 3), at_most("email", 1, per="30d"), unique("email"), disagree("email"))
    assert Spec(fields=[Email()], limits=limits).limits == limits
