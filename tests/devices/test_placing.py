"""Whose anonymous records are: against the rules read off the text, and scene A over all orders."""

from datetime import timedelta
from itertools import permutations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.clustering import Admission, connected_components
from omniid.devices import (
    FIRST_AUTHENTICATED,
    LAST_AUTHENTICATED,
    OUTCOMES,
    UNASSIGNED,
    DevicePolicy,
    DeviceValues,
    Placement,
    place_anonymous,
)
from omniid.tables import NO_TIME, CountLimit
from oracle.devices import Event, place

WINDOW = DevicePolicy("time_window", timedelta(seconds=2), timedelta(seconds=3))
POLICIES = [UNASSIGNED, LAST_AUTHENTICATED, FIRST_AUTHENTICATED, WINDOW]
SECOND = 1_000_000


def placed(events: list[Event], policy: DevicePolicy, gate: Admission | None = None) -> Placement:
    entries = sorted((row, device) for row, event in enumerate(events) for device in event.devices)
    rows, codes = np.array(entries, np.int32).reshape(-1, 2).T
    names = pa.array([str(code) for code in range(int(codes.max(initial=-1)) + 1)], pa.large_string())
    first = {cluster: row for row, cluster in reversed(list(enumerate(event.cluster for event in events)))}
    return place_anonymous(
        np.array([first[event.cluster] for event in events], np.int32),
        np.array([event.is_named for event in events], bool),
        DeviceValues(rows, codes, names, ("cookie",), (0,)),
        np.array([NO_TIME if event.time is None else event.time * SECOND for event in events], np.int64),
        connected_components,
        policy=policy,
        gate=gate,
    )


def expected(events: list[Event], policy: DevicePolicy, **more) -> list[int | None]:
    lengths = {} if policy.before is None else {"before": policy.before.seconds, "after": policy.after.seconds}
    return list(place(events, policy.name, **lengths, **more).values())


def persons(events: list[Event], found: Placement) -> list[int | None]:
    """The person of each record, None for nobody; each anonymous cluster stays one entity."""
    person = {int(found.labels[row]): events[row].cluster for row, out in enumerate(found.outcome) if OUTCOMES[out] == "person"}
    return [person.get(int(label)) for label in found.labels]


events = st.lists(
    st.builds(
        Event,
        cluster=st.integers(0, 5),
        is_named=st.booleans(),
        devices=st.frozensets(st.integers(0, 3), max_size=2),
        time=st.one_of(st.none(), st.integers(0, 6)),
    ),
    max_size=9,
)


@given(events, st.sampled_from(POLICIES))
def test_placing_agrees_with_the_rules(events: list[Event], policy: DevicePolicy) -> None:
    found = placed(events, policy)
    assert persons(events, found) == expected(events, policy)
    assert found.is_person.tolist() == [one is not None for one in persons(events, found)]
    assert all(row <= other for row, other in zip(found.labels.tolist(), range(len(events)), strict=True))


@given(
    events,
    st.sampled_from(POLICIES),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 2)), max_size=9),
    st.integers(1, 2),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=3),
)
def test_no_limit_and_no_decision_is_broken(events, policy, held, n, cannot) -> None:
    clusters = [event.cluster for event in events]
    parted = {(a, b) for a, b in cannot if max(a, b, -1) < len(events) and clusters[a] != clusters[b]}
    values = {row: code for row, code in held if row < len(events)}
    # A person who exceeds the limit already takes no new value; the rules of that are the walk's, and tested there.
    for cluster in set(clusters):
        mine = [row for row in range(len(events)) if clusters[row] == cluster]
        for row in mine:
            values[row] = values.get(mine[0], 0)
    rows = np.array(sorted(values), np.int32)
    limit = CountLimit("limit", ("field",), rows, np.array([values[row] for row in rows.tolist()], np.int32), n=n)
    gate = Admission([limit], np.array(sorted(parted), np.int32).reshape(-1, 2))

    def allows(together: list[int]) -> bool:
        is_parted = any(a in together and b in together for a, b in parted)
        return not is_parted and len({values[row] for row in together}) <= n

    found = placed(events, policy, gate)
    assert persons(events, found) == expected(events, policy, allows=allows)
    for row, out in enumerate(found.outcome.tolist()):
        assert (found.barrier[row] >= 0) == (OUTCOMES[out] == "refused")


# Scene A: a kiosk. Three customers log in on one cookie, three visits name nobody.
KIOSK = [
    Event(0, True, frozenset({0}), 10),
    Event(1, True, frozenset({0}), 20),
    Event(2, True, frozenset({0}), 30),
    Event(3, False, frozenset({0}), 9),
    Event(4, False, frozenset({0}), 22),
    Event(5, False, frozenset({0}), None),
]
GOES_TO = {
    UNASSIGNED: [None, None, None],
    LAST_AUTHENTICATED: [None, 1, None],
    FIRST_AUTHENTICATED: [0, 0, None],
    WINDOW: [0, 1, None],
}


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_scene_a_all_720_orders_of_six_events_give_the_same_three_persons(policy: DevicePolicy) -> None:
    for order in permutations(range(6)):
        events = [KIOSK[event] for event in order]
        who = dict(zip(order, persons(events, placed(events, policy)), strict=True))
        assert [who[event] for event in range(6)] == [0, 1, 2, *GOES_TO[policy]]


def test_equally_near_authentications_are_told_apart_by_key() -> None:
    visit = Event(2, False, frozenset({0}), 5)
    for policy in (LAST_AUTHENTICATED, FIRST_AUTHENTICATED, WINDOW):
        for first, second in ((5, 5), (4, 6)) if policy == WINDOW else ((5, 5),):
            logins = [Event(0, True, frozenset({0}), first), Event(1, True, frozenset({0}), second)]
            assert persons([*logins, visit], placed([*logins, visit], policy))[2] == 0
            assert persons([*logins[::-1], visit], placed([*logins[::-1], visit], policy))[2] == 1


def test_a_persons_two_devices_do_not_make_others_on_them_one_group() -> None:
    both = Event(0, True, frozenset({0, 1}))
    other = Event(1, True, frozenset({1}))
    events = [both, other, Event(2, False, frozenset({0})), Event(3, False, frozenset({1}))]
    assert persons(events, placed(events, UNASSIGNED)) == [0, 1, 0, None]


def test_what_became_of_each_record_is_told() -> None:
    shared, own = frozenset({0}), frozenset({1})
    events = [
        Event(0, True, shared, 10),
        Event(1, True, shared | own, 20),
        Event(2, False, own),
        Event(3, False, shared, 15),
        Event(4, False, shared, 5),
        Event(5, False, shared, None),
        Event(6, False, frozenset({2}), 5),
        Event(7, False, frozenset(), 5),
        Event(8, False, shared, 12),
        Event(8, False, shared, 25),
    ]
    gate = Admission([], np.array([[0, 3]], np.int32))
    found = placed(events, LAST_AUTHENTICATED, gate)
    told = [OUTCOMES[code] for code in found.outcome.tolist()]
    assert told[:6] == ["person", "person", "only person", "refused", "no authentication", "no time"]
    assert told[6:] == ["nobody", "nobody", "divided", "divided"]
    assert found.people.tolist() == [0, 0, 1, 2, 2, 2, 0, 0, 2, 2]
    assert found.labels.tolist() == [0, 1, 1, 3, 4, 5, 6, 7, 8, 8]
    assert found.barrier.tolist()[3] == 0
    assert placed(events[:4], LAST_AUTHENTICATED).authentication.tolist() == [-1, -1, -1, 0]
