"""Trust by source, field, age and doubt; verified values first."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid import SpecError
from omniid.survivorship import most_frequent, rule_from_text, survive, trusted, verified_first

DAY = 86_400_000_000


def winner(make, rows, *chain, **known) -> str:
    return survive(*make(rows), {"city": chain}, **known).entities["city"].to_pylist()[0]


def test_what_is_verified_comes_first(make) -> None:
    rows = [{"city": "Omsk"}, {"city": "Perm"}, {"city": "Ufa"}]
    assert winner(make, rows, verified_first(), verified={"city": np.array([False, False, True])}) == "Ufa"
    assert winner(make, rows, verified_first(), verified={"street": np.array([False, False, True])}) == "Omsk"


def test_trust_may_differ_by_field(make) -> None:
    rows = [{"city": "Omsk", "source": "crm"}, {"city": "Perm", "source": "web"}]
    trust = {"crm": 90, "web": 40}
    for rule in (trusted(), most_frequent(), trusted("1d")):
        assert winner(make, rows, rule, trust=trust) == "Omsk"
        assert winner(make, rows, rule, trust=trust, field_trust={"web": {"city": 90.5}}) == "Perm"
        assert winner(make, rows, rule, trust=trust, field_trust={"web": {"street": 90.5}}) == "Omsk"


def test_age_halves_trust(make) -> None:
    rows = [{"city": "Omsk", "source": "crm", "time": 0}, {"city": "Perm", "source": "web", "time": 10 * DAY}]
    trust = {"crm": 80, "web": 40}
    assert winner(make, rows, trusted("11d"), trust=trust) == "Omsk"
    assert winner(make, rows, trusted("9d"), trust=trust) == "Perm"
    assert winner(make, rows, trusted("9d", as_of="1970-01-09"), trust=trust) == "Omsk"  # what came later is of that day
    assert winner(make, rows, trusted("9d"), trust={"crm": 80, "web": 0}) == "Omsk"  # no age makes up for no trust


def test_a_record_without_a_time_is_one_half_life_old(make) -> None:
    rows = [{"city": "Omsk", "source": "crm"}, {"city": "Perm", "source": "web", "time": 5}]
    assert winner(make, rows, trusted("9d"), trust={"crm": 81, "web": 40}) == "Omsk"
    assert winner(make, rows, trusted("9d"), trust={"crm": 79, "web": 40}) == "Perm"
    del rows[1]["time"]
    assert winner(make, rows, trusted("9d"), trust={"crm": 79, "web": 40}) == "Omsk"


@given(
    st.lists(st.tuples(st.integers(1, 100), st.integers(0, 4000)), min_size=2, max_size=5),
    st.integers(1, 2000),
)
def test_the_order_is_that_of_trust_times_decay(make, told, days) -> None:
    rows = [{"city": f"city {i}", "source": f"s{i}", "time": day * DAY} for i, (_, day) in enumerate(told)]
    trust = {f"s{i}": level for i, (level, _) in enumerate(told)}
    now = max(day for _, day in told)
    left = [level * 2 ** ((day - now) / days) for level, day in told]
    best = winner(make, rows, trusted(timedelta(days=days)), trust=trust)
    assert left[int(best.split()[1])] == pytest.approx(max(left), rel=1e-9)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("trusted(0d)", "half_life is '0d'"),
        ("trusted(999999d)", "up to a thousand years"),
        ("trusted(half_life=soon)", "such as '180d'"),
        ("trusted(as_of=2026-01-01)", "needs a half-life"),
        ("trusted(9d, as_of=spring)", "write a time"),
        ("trusted(9d, since=1d)", "can't be read"),
    ],
)
def test_what_is_no_length_or_time_is_refused(text: str, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        rule_from_text(text)


@pytest.mark.parametrize("rule", [trusted(), trusted("36h"), trusted("9d", as_of="2026-05-01T09:30+02:00"), verified_first()])
def test_rules_are_written_and_read(rule) -> None:
    assert rule_from_text(rule.name) == rule
