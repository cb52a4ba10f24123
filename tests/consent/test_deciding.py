"""Consent against its slow obvious twin, and the law: no merge and no split makes a denied value contactable."""

import math
from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.consent import REASONS, STATES, Points, Statements, UniqueValues, decide
from omniid.tables import NO_TIME

RECORDS, VALUES, PURPOSES, FAMILIES = 6, 4, 2, 2  # values 0 and 1 are of the first family, 2 and 3 of the second


class Said(NamedTuple):
    row: int
    value: int
    family: int
    purpose: int
    denied: bool
    time: int | None


class Case(NamedTuple):
    said: list[Said]
    held: list[set[int]]  # per record the values that it holds
    uniques: list[tuple[int, int]]


words = st.lists(
    st.tuples(st.sampled_from([None, None, True, False]), st.sampled_from([None, 1, 2, 3])), min_size=12, max_size=12
)
values = st.lists(st.sampled_from([(), (0,), (1,), (2,), (0, 1), (1, 2)]), min_size=RECORDS, max_size=RECORDS)
identifiers = st.lists(st.tuples(st.integers(0, RECORDS - 1), st.integers(0, 1)), max_size=3)


def case_of(told: list[tuple[bool | None, int | None]], held: list[tuple[int, ...]], uniques: list[tuple[int, int]]) -> Case:
    said: list[Said] = []
    for place, (word, time) in enumerate(told):
        row, purpose = divmod(place, PURPOSES)
        if word is not None:
            silent = [family for family in range(FAMILIES) if not any(value // 2 == family for value in held[row])]
            said += [Said(row, value, value // 2, purpose, word, time) for value in held[row]]
            said += [Said(row, -1, family, purpose, word, time) for family in silent]
    return Case(said, [set(one) for one in held], uniques)


cases = st.builds(case_of, words, values, identifiers)
partitions = st.lists(st.integers(0, 2), min_size=RECORDS, max_size=RECORDS)


def age(one: Said) -> tuple[float, bool]:
    unknown = math.inf if one.denied else -math.inf
    return (unknown if one.time is None else one.time, one.denied)


def stands(one: Said, case: Case) -> bool:
    """Whether no later grant for a value of its kind, under a unique identifier of its record, lifts a denial."""
    mine = {value for row, value in case.uniques if row == one.row}
    same = {row for row, value in case.uniques if value in mine}
    alike = [two for two in case.said if (two.purpose, two.family) == (one.purpose, one.family) and two.row in same]
    lifting = [two for two in alike if not two.denied]
    return not (one.denied and any(age(two)[0] > age(one)[0] for two in lifting))


def twin(case: Case, entity: list[int]) -> dict[tuple[int, int, int], tuple[str, int, int | None]]:
    """(entity, value, purpose) → (state, record, time), by walking over everything."""
    out = {}
    for one in sorted({(entity[row], value) for row, values in enumerate(case.held) for value in values}):
        for purpose in range(PURPOSES):
            said = [word for word in case.said if word.purpose == purpose and stands(word, case)]
            everybody = [word for word in said if word.value == one[1]]
            own = [word for word in everybody if entity[word.row] == one[0]]
            whole = [w for w in said if w.value < 0 and w.family == one[1] // 2 and entity[w.row] == one[0] and w.denied]
            out[*one, purpose] = verdict(newest(own), newest(everybody), newest(whole))
    return out


def newest(said: list[Said]) -> Said | None:
    return max(said, key=lambda word: (age(word), -word.row), default=None)


def verdict(own: Said | None, anybody: Said | None, whole: Said | None) -> tuple[str, int, int | None]:
    if own is not None and own.denied:
        return "denied", own.row, own.time
    if anybody is not None and anybody.denied:
        return "denied", anybody.row, anybody.time
    if whole is not None and (own is None or age(whole) > age(own)):
        return "denied", whole.row, whole.time
    if own is not None:
        return "granted", own.row, own.time
    return ("unknown", -1, None) if anybody is None else ("unknown", anybody.row, anybody.time)


def fast(case: Case, entity: list[int]) -> dict[tuple[int, int, int], tuple[str, int, int | None]]:
    pairs = sorted({(entity[row], value) for row, values in enumerate(case.held) for value in values})
    of, value = (np.array([pair[part] for pair in pairs], np.int32) for part in (0, 1))
    codes = [np.array([word[part] for word in case.said], np.int32) for part in range(4)]
    denied = np.array([word.denied for word in case.said], bool)
    times = np.array([NO_TIME if word.time is None else word.time for word in case.said], np.int64)
    uniques = UniqueValues(*(np.array([pair[part] for pair in case.uniques], np.int32) for part in (0, 1)))
    points = Points(of, value, (value // 2).astype(np.int32))
    found = decide(
        points,
        Statements(*codes, denied, times),
        uniques,
        np.array(entity, np.int32),
        n_values=VALUES,
        n_purposes=PURPOSES,
    )
    out = {}
    for at, (one, contact) in enumerate(pairs):
        for purpose in range(PURPOSES):
            time = int(found.time[at, purpose])
            state = STATES[found.state[at, purpose]]
            assert REASONS[found.reason[at, purpose]].startswith(state) or state == "unknown"
            out[one, contact, purpose] = (state, int(found.row[at, purpose]), None if time == NO_TIME else time)
    return out


@given(cases, partitions)
def test_states_are_those_of_the_twin(case: Case, entity: list[int]) -> None:
    assert fast(case, entity) == twin(case, entity)


@given(cases, partitions, partitions)
def test_no_merge_or_split_makes_a_denied_value_contactable(case: Case, before: list[int], after: list[int]) -> None:
    """A value whose newest word is a denial is contactable for no entity, however the records are put together."""
    denied = set()
    for value in range(VALUES):
        for purpose in range(PURPOSES):
            last = newest([w for w in case.said if (w.value, w.purpose) == (value, purpose) and stands(w, case)])
            if last is not None and last.denied:
                denied.add((value, purpose))
    for entity in (before, after, list(range(RECORDS)), [0] * RECORDS):
        contactable = {
            (value, purpose) for (_, value, purpose), (state, _, _) in fast(case, entity).items() if state == "granted"
        }
        assert not contactable & denied


@given(cases, partitions, partitions)
def test_whether_a_value_is_contactable_at_all_does_not_depend_on_who_is_who(
    case: Case, before: list[int], after: list[int]
) -> None:
    """Where every denial names its value, merges and splits change whose profile lists a value, and nothing else."""
    case = case._replace(said=[word for word in case.said if word.value >= 0])
    contactable = [
        {(value, purpose) for (_, value, purpose), (state, _, _) in fast(case, entity).items() if state == "granted"}
        for entity in (before, after)
    ]
    assert contactable[0] == contactable[1]


def test_a_later_grant_lifts_a_denial_of_the_same_value_or_under_a_unique_identifier_only() -> None:
    denial, grant = Said(0, 0, 0, 0, True, 2), Said(0, 0, 0, 0, False, 1)
    later = Said(1, 1, 0, 0, False, 3)  # by another record, for another value
    held = [{0}, {1}] + [set()] * 4
    one_person = [0] * RECORDS
    assert fast(Case([grant, denial, later], held, []), one_person)[0, 0, 0] == ("denied", 0, 2)
    assert fast(Case([grant, denial, later], held, [(0, 0), (1, 0)]), one_person)[0, 0, 0] == ("granted", 0, 1)
    assert fast(Case([grant, denial, later._replace(value=0)], held, []), one_person)[0, 0, 0] == ("granted", 1, 3)
