"""Sources and limits."""

import pytest

from omniid import Source, SpecError, at_most, one_per_source
from omniid.declarations import LimitRule


@pytest.mark.parametrize("limit", [at_most("passport", 1), at_most("email", 3), one_per_source("crm")])
def test_limits_as_data(limit: LimitRule) -> None:
    assert LimitRule.from_dict(limit.to_dict()) == limit


@pytest.mark.parametrize("data", [{}, {"at_most": "x"}, {"n": 1}, {"one_per_source": "x", "n": 1}, "at_most", ["x"], None])
def test_what_is_no_limit_is_refused(data) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SpecError, match="write at_most"):
        LimitRule.from_dict(data)


@pytest.mark.parametrize("n", [0, -1, 1.5, "2", None])
def test_a_limit_allows_at_least_one(n) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SpecError, match="whole number of at least 1"):
        at_most("passport", n)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"trust": 101}, "0 to 100"),
        ({"trust": -1}, "0 to 100"),
        ({"trust": "high"}, "0 to 100"),
        ({"region": "Poland"}, "two capital letters"),
        ({"region": "pl"}, "two capital letters"),
    ],
)
def test_a_source_that_can_not_be_is_refused(options, says: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SpecError, match=says):
        Source(**options)
