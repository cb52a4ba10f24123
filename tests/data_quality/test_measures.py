"""Figures of random records against a slow twin that counts person by person, from plain dicts."""

import random
from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omniid.data_quality import (
    MeasuredField,
    Members,
    agreement_table,
    classes_table,
    fields_table,
    find_issues,
    measure,
    sources_table,
)
from omniid.tables import NO_TIME, Column, RecordTable, rejects_table

DAY = 86_400 * 10**6
PERSONAL, HOUSEHOLD, SHARED = range(3)
CLASSES = ("personal", "household", "shared")
VALUES = ["a", "b", "box"]


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Records of three people and a visitor in three sources; a seed spreads them more evenly than lists of lists would."""
    chance = random.Random(draw(st.integers(0, 10**6)))
    return [
        {
            "source": chance.choice(["crm", "shop", "web"]),
            "entity": chance.choice([0, 0, 1, 2, 3]),
            "city": chance.sample([*VALUES, "!", "?"], chance.choice([0, 1, 1, 1, 2])),
            "time": chance.choice([1, 2, 3, None]),
        }
        for _ in range(draw(st.integers(1, 16)))
    ]


def table_of(rows: list[dict[str, Any]]) -> tuple[RecordTable, np.ndarray, list[dict[str, Any]]]:
    """A table in which "!" could not be read and "?" is a placeholder; the rows in its order, with their keys."""
    keyed = [{**row, "record_id": f"{place:02}"} for place, row in enumerate(rows)]
    keyed.sort(key=lambda row: (row["source"], row["record_id"]))
    raw = RecordTable.of(
        [{"source": row["source"], "record_id": row["record_id"], "city": row["city"] or None} for row in keyed]
    )
    if "city" not in raw.raw:
        raw = replace(raw, raw={"city": Column.of([None] * len(raw))})
    sent = raw.raw["city"]
    texts = sent.vocabulary.to_pylist()
    kept = sorted(text for text in texts if text in VALUES)
    place = np.array([*(kept.index(text) if text in kept else -1 for text in texts), -1], np.int32)
    normal = Column(place[sent.codes], Column.of(kept).vocabulary, sent.offsets)
    reasons = {"!": "not a city: at all", "?": "stop value: names nobody"}
    rejected = [
        (row["source"], row["record_id"], "city", text, reasons[text])
        for row in keyed
        for text in row["city"]
        if text in reasons
    ]
    times = np.array([NO_TIME if row["time"] is None else row["time"] * DAY for row in keyed])
    table = replace(raw, columns={"city": normal}, display={"city": normal}, time=times, rejects=rejects_table(rejected))
    return table, np.array([row["entity"] for row in keyed], np.int32), keyed


def measured(table: RecordTable, entity: np.ndarray) -> Any:
    members = Members(table, entity, np.array([True, True, True, False]))
    field = MeasuredField("city", "city", "city", names_one=True)
    vocabulary = table.columns["city"].vocabulary.to_pylist()
    classes = {"city": np.array([SHARED if text == "box" else PERSONAL for text in vocabulary], np.int32)}
    return measure(members, [field], classes, CLASSES)


def slowly(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The same figures per source, one person after the other."""
    now = max((row["time"] for row in rows if row["time"] is not None), default=None)
    people = {row["entity"] for row in rows} - {3}
    out = {}
    for source in {row["source"] for row in rows}:
        here = [row for row in rows if row["source"] == source]
        read = [text for row in here for text in row["city"] if text in VALUES]
        holders = defaultdict(set)
        for row in here:
            for text in set(row["city"]) & set(VALUES):
                holders[text] |= {row["entity"]} - {3}
        several = {text for text, whose in holders.items() if len(whose) > 1}
        told: dict[str, Any] = {
            "records": len(here),
            "filled": sum(bool(row["city"]) for row in here),
            "valid": sum(bool(row["city"]) and not set(row["city"]) & {"!", "?"} for row in here),
            "values": len(read),
            "different": len(set(read)),
            "several": len(several),
            "several_people": len(set().union(*(holders[text] for text in several))),
            "people": len(set().union(*holders.values())),
        }
        counts = dict.fromkeys(("compared", "confirmed", "dated", "stale"), 0)
        ages, behind = [], []
        for person in people:
            said = defaultdict(set)
            timed = defaultdict(list)
            for row in rows:
                own = set(row["city"]) & (set(VALUES) - {"box"})
                if row["entity"] == person and own:
                    said[row["source"]] |= own
                    if row["time"] is not None:
                        timed[row["source"]].append((row["time"], own))
            others = set().union(*(said[other] for other in said if other != source))
            if said[source] and others:
                counts["compared"] += 1
                counts["confirmed"] += bool(said[source] & others)
            if timed[source]:
                every = [one for other in timed.values() for one in other]
                latest, newest = (max(time for time, _ in part) for part in (timed[source], every))
                mine, best = (
                    set().union(*(own for time, own in part if time == when))
                    for part, when in ((timed[source], latest), (every, newest))
                )
                counts["dated"] += 1
                ages.append(now - latest)
                if not mine & best:
                    counts["stale"] += 1
                    behind.append(newest - latest)
        out[source] = {**told, **counts, "age_days": _middle(ages), "behind_days": _middle(behind)}
    return out


def _middle(numbers: list[int]) -> float:
    return float(sorted(numbers)[-(-(len(numbers) - 1) // 2)]) if numbers else np.nan


HISTORY = [("crm", "a", 1), ("crm", "b", 2), ("web", "a", 3)]  # the crm knew it once, and then knew otherwise


@given(records())
@example([{"source": source, "entity": 0, "city": [city], "time": time} for source, city, time in HISTORY])
def test_figures_are_those_of_counting_person_by_person(rows: list[dict[str, Any]]) -> None:
    table, entity, keyed = table_of(rows)
    found = {row["source"]: row for row in fields_table(measured(table, entity), lambda source, field: True).to_pylist()}
    for source, expected in slowly(keyed).items():
        for name, number in expected.items():
            got = found[source][name]
            assert got == number or (np.isnan(got) and np.isnan(number)), (source, name)
        shares = {
            "completeness": ("filled", "records"),
            "validity": ("valid", "filled"),
            "agreement": ("confirmed", "compared"),
        }
        for share, (part, whole) in {**shares, "uniqueness": ("different", "values"), "staleness": ("stale", "dated")}.items():
            row = found[source]
            assert row[share] == pytest.approx(row[part] / row[whole] if row[whole] else np.nan, nan_ok=True)
            assert np.isnan(row[share]) == (share in row["undefined"])


@given(records())
def test_pairs_of_sources_and_marks_are_those_of_counting(rows: list[dict[str, Any]]) -> None:
    table, entity, keyed = table_of(rows)
    measures = measured(table, entity)
    own = defaultdict(set)
    held = defaultdict(set)
    for row in keyed:
        held[row["source"], row["entity"]].add(row["record_id"])
        own[row["source"], row["entity"]] |= set(row["city"]) & (set(VALUES) - {"box"})
    for row in agreement_table(measures).to_pylist():
        one, other = row["source"], row["other_source"]
        both = [person for person in range(3) if held[one, person] and held[other, person]]
        assert row["people"] == len(both)
        kinds = [
            (bool(own[one, person]), bool(own[other, person]), bool(own[one, person] & own[other, person])) for person in both
        ]
        assert row["agree"] == sum(same for *_, same in kinds)
        assert row["disagree"] == sum(left and right and not same for left, right, same in kinds)
        assert (row["only_source"], row["only_other"]) == (kinds.count((True, False, False)), kinds.count((False, True, False)))
    for row in sources_table(measures).to_pylist():
        theirs = {person: ids for (source, person), ids in held.items() if source == row["source"] and ids}
        several = [len(ids) for person, ids in theirs.items() if person != 3 and len(ids) > 1]
        assert (row["people"], row["anonymous"]) == (len(theirs.keys() - {3}), int(3 in theirs))
        assert (row["several"], row["extra"]) == (len(several), sum(several) - len(several))
    has_own = {person for (_, person), values in own.items() if values}
    marks = {"unreadable": "!", "placeholder": "?", "shared": "box"}
    found = {(row["source"], row["class"]): row for row in classes_table(measures).to_pylist()}
    for source in {row["source"] for row in keyed}:
        for mark, text in marks.items():
            here = [row for row in keyed if row["source"] == source and text in row["city"]]
            people = {row["entity"] for row in here} - {3}
            assert ((source, mark) in found) == bool(here)
            if here:
                counts = [found[source, mark][name] for name in ("values", "records", "people", "without_other")]
                assert counts == [1, len(here), len(people), len(people - has_own)]


def test_a_day_that_far_too_many_have_is_marked() -> None:
    days = [f"19{year:02}-{month:02}-11" for year in range(60, 90) for month in range(1, 13)]
    held = [*days, *["1970-01-01"] * 40, *["1975"] * 90]
    table = RecordTable.of([{"record_id": f"{place:04}", "birth_date": day} for place, day in enumerate(held)])
    members = Members(table, np.arange(len(held), dtype=np.int32), np.ones(len(held), bool))
    found = measure(members, [MeasuredField("birth_date", "birth_date", is_day=True)], {}, CLASSES)
    rows = classes_table(found).to_pylist()
    assert [(row["class"], row["values"], row["people"], row["without_other"]) for row in rows] == [("too frequent", 1, 40, 40)]
    one_person = Members(
        table, np.where(np.array(held) == "1970-01-01", 0, np.arange(len(held))).astype(np.int32), members.is_person
    )
    assert not classes_table(measure(one_person, [MeasuredField("birth_date", is_day=True)], {}, CLASSES)).num_rows


def test_several_records_are_duplicates_in_a_register_only() -> None:
    rows = [{"record_id": f"{place:02}", "source": source} for source in ("crm", "web events") for place in range(10)]
    entity = np.array([*range(9), 0] * 2, np.int32)
    table = replace(
        RecordTable.of(rows), rejects=rejects_table([("crm", None, "city", "x", "odd"), ("crm", None, None, "y", "short")])
    )
    members = Members(table, entity, np.ones(9, bool), frozenset({"web events"}))
    found = [(one.source, one.problem, one.people) for one in find_issues(measure(members, [], {}, CLASSES))]
    assert found == [("crm", "duplicates", 1), ("crm", "unread rows", 1)]
    orders = replace(members, entity=(entity % 4).astype(np.int32), visited=frozenset())
    assert [one.problem for one in find_issues(measure(orders, [], {}, CLASSES))] == ["unread rows"]
