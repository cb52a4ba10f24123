"""Contact points and their order against a slow obvious twin."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.contacts import CRITERIA, ContactEntries, gather_points, rank_points
from omniid.tables import NO_TIME

ROWS = 5
entries = st.lists(
    st.tuples(st.integers(0, ROWS - 1), st.integers(0, 1), st.integers(0, 3), st.integers(0, 2)), max_size=12, unique=True
)
per_row = st.lists(st.integers(0, 2), min_size=ROWS, max_size=ROWS)
times = st.lists(st.sampled_from([NO_TIME, 1, 2]), min_size=ROWS, max_size=ROWS)
traits = st.lists(
    st.tuples(st.booleans(), st.integers(-1, 1), st.integers(0, 2), st.booleans()), min_size=4, max_size=4
)  # per value


@given(entries, per_row, times, per_row, traits)
def test_points_and_ranks_are_those_of_the_twin(held, entity, time, source, of_value) -> None:
    codes = ContactEntries(*(np.array([one[part] for one in held], np.int32) for part in range(4)))
    points = gather_points(codes, np.array(entity, np.int32), np.array(time), np.array(source, np.int32))
    valid, verified, sharing, generic = (
        np.array([of_value[value][part] for value in points.value], kind)
        for part, kind in enumerate((bool, np.int8, np.int8, bool))
    )
    ranking = rank_points(points, valid, verified, sharing, generic)
    groups: dict[tuple[int, int], list[tuple]] = {}
    for one in sorted({(entity[row], kind, value) for row, kind, value, _ in held}):
        mine = [(row, shown) for row, kind, value, shown in held if (entity[row], kind, value) == one]
        seen = max(time[row] for row, _ in mine)
        spelling = min(shown for row, shown in mine if time[row] == seen)
        records, sources = len({row for row, _ in mine}), len({source[row] for row, _ in mine})
        is_valid, sure, crowd, is_generic = of_value[one[2]]
        key = (not is_valid, is_generic, -sure, crowd, -seen, -records, -sources, one[2])
        groups.setdefault(one[:2], []).append((key, one[2], spelling, seen, records, sources))
    told = {}
    for place, members in groups.items():
        members.sort()
        for rank, (key, value, *facts) in enumerate(members, 1):
            beside = members[1 if rank == 1 else rank - 2][0] if len(members) > 1 else None
            decided = None if beside is None else next(at for at in range(len(key)) if key[at] != beside[at])
            told[*place, value] = (*facts, rank, decided)
    found = {}
    for at in range(len(points.entity)):
        decided = None if ranking.decided[at] < 0 else int(ranking.decided[at])
        facts = (points.shown, points.last_seen, points.records, points.sources, ranking.rank)
        key = (int(points.entity[at]), int(points.kind[at]), int(points.value[at]))
        found[key] = (*(int(fact[at]) for fact in facts), decided)
    assert found == told
    assert list(found) == sorted(found)
    assert len(CRITERIA) == 8
