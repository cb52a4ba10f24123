"""The change feed: every kind, with its ids and cause, against the slow twin."""

import random
from typing import Any

import pytest

from omniid import Decision, Email, Model, PersonName, Resolution, Source, Spec, Timestamp, all_pairs, at_most, resolve
from omniid.changes import KINDS
from oracle.changes import changes

SPEC = Spec(
    sources={"s": Source()},
    fields=[Email(), PersonName(), Timestamp("seen")],
    blocking=[all_pairs()],
    survivorship={"first_name": ["most_frequent"]},
)
Row = dict[str, Any]


def row(number: int, mail: str, name: str = "Ann", seen: str | None = None) -> Row:
    return {
        "source": "s",
        "record_id": f"{number:02}",
        "email": f"{mail}@x.com",
        "first_name": name,
        "last_name": "Lee",
        "seen": seen,
    }


@pytest.fixture(scope="module")
def model() -> Model:
    rows = [row(i, f"m{i % 20}", f"N{chr(97 + i % 20)}") for i in range(60)]
    return resolve(rows, SPEC).model


def run(rows: list[Row], model: Model, previous: Resolution | None = None, **more: Any) -> Resolution:
    return resolve(rows, more.pop("spec", SPEC), model=model, previous=previous, **more)


def crosswalk(found: Resolution) -> dict[str, str]:
    return {one["record_id"]: one["entity_id"] for one in found.crosswalk}


def told(found: Resolution) -> set[tuple[str, str, frozenset[str], frozenset[str]]]:
    return {(one["kind"], one["entity_id"], frozenset(one["was"]), frozenset(one["became"])) for one in found.changes}


@pytest.mark.parametrize("seed", range(3))
def test_changes_over_a_history_are_those_of_the_slow_twin(model: Model, seed: int) -> None:
    draw = random.Random(seed)
    mails = {number: draw.choice("abcde") for number in range(14)}
    before = None
    for _ in range(5):
        for number in draw.sample(range(14), 3):
            mails[number] = draw.choice("abcde")
        alive = [number for number in mails if draw.random() < 0.85]
        rows = [row(number, mails[number], "Ann" if mails[number] in "abc" else "Bob") for number in alive]
        draw.shuffle(rows)
        found = run(rows, model, before)
        if before is not None:
            profiles = [{one.pop("entity_id"): one for one in map(dict, side.profiles)} for side in (before, found)]
            updated = {name for name in profiles[0].keys() & profiles[1].keys() if profiles[0][name] != profiles[1][name]}
            assert told(found) == changes(crosswalk(before), crosswalk(found), updated)
            feed = found.changes
            assert [one["cursor"] for one in feed] == list(range(1, len(feed) + 1))
            order = [KINDS.index(one["kind"]) for one in feed]
            assert order == sorted(order)
            assert run(rows[::-1], model, before).changes == feed
            assert run(rows, model, found).changes == []
        before = found


def causes(found: Resolution) -> list[tuple[str, str | None]]:
    return [(one["kind"], one["cause"]) for one in found.changes]


def test_each_kind_and_cause(model: Model) -> None:
    rows = [row(1, "a"), row(2, "a"), row(3, "b", "Bob"), row(4, "c", "Cid", "2026-05-04"), row(5, "d", "Dan")]
    first = run(rows, model)
    join = Decision("MUST_LINK", (("s", "03"),), (("s", "04"),), time="2026-05-01")
    assert causes(run(rows, model, first, decisions=[join])) == [("merged", "decision")]
    merged = run(rows, model, first, decisions=[join])
    assert causes(run(rows, model, merged)) == [("split", "decision")]  # the decision is gone
    assert causes(run(rows[:4], model, first)) == [("erased", "record")]
    assert causes(run([*rows, row(6, "e", "Eve")], model, first)) == [("created", "record")]
    assert causes(run([*rows, row(6, "d", "Dan", "2026-07-01")], model, first)) == [("extended", "record")]
    assert (
        run([*rows, row(6, "d", "Dan", "2026-07-01")], model, first).changes[0]["time"].isoformat()
        == "2026-07-01T00:00:00+00:00"
    )
    assert causes(run([*rows[:4], row(5, "d", "Daniel")], model, first)) == [("updated", "record")]
    assert causes(run(rows[1:], model, first)) == [("updated", "record")]  # one of two records went
    assert causes(run([rows[0], row(2, "zz", "Zoe"), *rows[2:]], model, first)) == [("split", "record")]


def test_rules_and_models_are_causes(model: Model) -> None:
    rows = [row(1, "a", "Ann"), row(2, "a", "Anna"), row(3, "c", "Cid")]
    first = run(rows, model)
    assert len(set(crosswalk(first).values())) == 2
    limited = run(rows, model, first, spec=SPEC.replace(limits=[at_most("first_name", 1)]))
    assert causes(limited) == [("split", "rule")]
    longest = run(rows, model, first, spec=SPEC.replace(survivorship={"first_name": ["longest"]}))
    assert causes(longest) == [("updated", "rule")]
    stricter = SPEC.replace(link_rules=[])
    apart = run(rows, model, None, spec=stricter)
    other = model.replace(link_at=90.0, review_at=0.0)
    assert causes(resolve(rows, stricter, model=other, previous=apart)) == [("split", "model")]


def test_without_an_earlier_result_there_is_nothing_to_tell(model: Model) -> None:
    assert run([row(1, "a")], model).changes == []
    assert run([row(1, "a")], model).redirects == []
