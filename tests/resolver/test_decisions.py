"""What people decide on a live store counts at once, for ever, and as in a batch run."""

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import omniid
from omniid import Decision, InputError, NotFittedError, Resolver
from omniid.decisions import standing
from oracle.small_town import COUPLE, Key, Row, batch, contents, ids_of, key_of, opened, parts_of, town

KEYS = [key_of(row) for row in COUPLE]
HIM, HER, HIS, HERS = KEYS[:4]
SIDES = st.lists(st.sampled_from(KEYS), min_size=1, max_size=2, unique=True).map(tuple)


def decision(kind: str, left: Key, right: Key, time: str = "") -> Decision:
    return Decision(kind, (left,), (right,), time=time)


def there(decisions: list[Decision], alive: dict[Key, Row]) -> list[Decision]:
    """Those that count: both sides have a record."""
    return [one for one in standing(decisions) if all(set(side) & alive.keys() for side in (one.left, one.right))]


def agrees(resolver: Resolver, decisions: list[Decision], alive: dict[Key, Row]) -> None:
    wanted = parts_of(batch(alive.values(), there(decisions, alive)).crosswalk) if alive else frozenset()
    assert parts_of(resolver.crosswalk()) == wanted


@settings(max_examples=2)
@given(data=st.data())
def test_after_every_step_the_store_says_what_a_batch_run_says(data: st.DataObject) -> None:
    decided: list[Decision] = []
    alive = {key_of(row): row for row in COUPLE}
    with opened(COUPLE) as resolver:
        for _ in range(5):
            step = data.draw(st.sampled_from(["decide", "decide", "split", "merge", "undo", "record"]))
            ids = ids_of(resolver)
            whole = sorted(set(ids.values()))
            if step == "decide":
                kinds = st.sampled_from(["MUST_LINK", "CANNOT_LINK", "UNSURE"])
                left, right = data.draw(st.tuples(SIDES, SIDES).filter(lambda both: not set(both[0]) & set(both[1])))
                decided += resolver.decide(Decision(data.draw(kinds), left, right))
            elif step == "split" and (large := [name for name in whole if list(ids.values()).count(name) > 1]):
                name = data.draw(st.sampled_from(large))
                members = sorted(key for key, of in ids.items() if of == name)
                at = data.draw(st.integers(1, len(members) - 1))
                decided += resolver.split(name, [members[:at], members[at:]])
                assert {ids_of(resolver)[members[0]]}.isdisjoint(ids_of(resolver)[key] for key in members[at:])
            elif step == "merge" and len(whole) > 1:
                decided += resolver.merge(*data.draw(st.permutations(whole))[:2])
            elif step == "undo" and (stand := resolver.decisions()):
                decided += resolver.undo(data.draw(st.sampled_from(stand)))
            elif step == "record":
                row = data.draw(st.sampled_from(COUPLE))
                if alive.pop(key_of(row), None) is None:
                    resolver.upsert(row)
                    alive[key_of(row)] = row
                else:
                    resolver.delete(key_of(row))
            agrees(resolver, decided, alive)
        assert set(resolver.decisions()) == set(standing(decided))
        assert set(resolver.pending()) == set(standing(decided)) - set(there(decided, alive))
        assert not resolver.rebuild()


def test_a_decision_outlives_everything(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with opened(COUPLE, path) as resolver:
        both = ids_of(resolver)[HIM]
        assert ids_of(resolver)[HER] == both
        cursor = resolver.cursor
        resolver.split(both, [[HIM, HIS], [HER, HERS]], author="kim", reason="called them")
        (told,) = resolver.changes(since=cursor)
        assert (told["kind"], told["was"], told["cause"], told["became"][0]) == ("split", [both], "decision", both)
        apart = ids_of(resolver)
        assert apart[HIM] == apart[HIS] == both != apart[HER] == apart[HERS]
        resolver.upsert(COUPLE)
        assert ids_of(resolver) == apart
    with omniid.open(path, backend="rows") as resolver:
        assert ids_of(resolver) == apart
        assert not resolver.rebuild()
        resolver.apply(resolver.fit(list(town())))
        assert {key: ids_of(resolver)[key] for key in (HIM, HER, HIS, HERS)} == {
            key: apart[key] for key in (HIM, HER, HIS, HERS)
        }
        resolver.delete([HIM, HER])  # the decision holds for the others of each side
        resolver.upsert(COUPLE[:2])
        assert {key: ids_of(resolver)[key] for key in (HIM, HER, HIS, HERS)} == {
            key: apart[key] for key in (HIM, HER, HIS, HERS)
        }
        resolver.undo(resolver.decisions())
        assert ids_of(resolver)[HIM] == ids_of(resolver)[HER] == both


def test_a_decision_waits_for_its_records() -> None:
    apart = decision("CANNOT_LINK", HIM, HER)
    with opened() as resolver:
        (kept,) = resolver.decide(apart)
        resolver.upsert(COUPLE[0])
        assert resolver.pending() == (kept,)
        resolver.upsert(COUPLE[1])
        assert resolver.pending() == ()
        assert len(set(ids_of(resolver).values())) == 2
        resolver.delete(HER)
        assert resolver.pending() == (kept,)
        resolver.upsert(COUPLE[1])
        assert len(set(ids_of(resolver).values())) == 2


def test_decisions_can_be_taken_before_the_first_fit() -> None:
    with omniid.open(":memory:", backend="rows") as resolver:
        resolver.upsert([{"id": "1", "email": "ann@x.com"}, {"id": "2", "email": "ann@x.com"}])
        resolver.decide(Decision("CANNOT_LINK", (("records", "1"),), (("records", "2"),)))
        with pytest.raises(NotFittedError, match="fit"):
            resolver.split("x", [])
        resolver.fit()
        assert len(set(ids_of(resolver).values())) == 2


def test_the_decision_that_came_last_counts() -> None:
    with opened(COUPLE[:2]) as resolver:
        kinds = ["CANNOT_LINK", "MUST_LINK", "CANNOT_LINK"]
        times = [resolver.decide(decision(kind, HIM, HER))[0].time for kind in kinds]
        assert times == sorted(set(times))
        assert len(set(ids_of(resolver).values())) == 2
        (late,) = resolver.decide(decision("MUST_LINK", HER, HIM, "2026-05-01"))
        (later,) = resolver.decide(decision("CANNOT_LINK", HIM, HER))
        assert later.time == "2026-05-01T00:00:00.000001+00:00"
        assert resolver.decide(late) == (late,)  # known already: nothing happens
        assert len(resolver.decisions()) == 5
        back = resolver.undo(decision("MUST_LINK", HIM, HER))  # without a time: the newest of its kind
        assert (back[0].kind, back[0].time) == ("UNDO", late.time)
        assert late not in resolver.decisions()
        assert later in resolver.decisions()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([decision("MUST_LINK", HIM, HIS), decision("UNDO", HIM, HER)], "finds no decision"),
        ([decision("MUST_LINK", HIM, HIS), decision("MUST_LINK", HIM, HER, "yesterday")], "is no time"),
    ],
)
def test_what_cannot_be_kept_changes_nothing(wrong: list[Decision], said: str) -> None:
    with opened(COUPLE) as resolver:
        before = contents(resolver)
        with pytest.raises(InputError, match=said):
            resolver.decide(wrong)
        with pytest.raises(InputError, match="stands that could be withdrawn"):
            resolver.undo(decision("MUST_LINK", HIM, HER))
        with pytest.raises(InputError, match="no entity 'nobody'"):
            resolver.merge("nobody", ids_of(resolver)[HIM])
        with pytest.raises(InputError, match="not of this entity"):
            resolver.split(ids_of(resolver)[HIM], [[HIM], [("web", "y1")]])
        with pytest.raises(InputError, match="twice"):
            resolver.merge("one", "one")
        assert contents(resolver) == before


def test_a_decision_after_the_last_moment_needs_a_time() -> None:
    with opened(COUPLE) as resolver:
        resolver.decide(decision("UNSURE", HIM, HER, "9999-12-31T23:59:59.999999"))
        with pytest.raises(InputError, match="9999"):
            resolver.decide(decision("UNSURE", HIM, HER))


def test_contradictions_are_told_as_in_a_batch_run() -> None:
    told = [
        decision("CANNOT_LINK", HIM, HER, "2026-05-03"),
        decision("MUST_LINK", HIM, HIS, "2026-05-02"),
        decision("MUST_LINK", HIS, HER, "2026-05-01"),
    ]
    with opened(COUPLE) as resolver:
        assert resolver.conflicts() == []
        resolver.decide(told)
        wanted = batch(COUPLE, told)
        assert len(wanted.conflicts) == 1
        assert resolver.conflicts() == wanted.conflicts
        assert resolver.overridden() == wanted.overridden == []
        resolver.apply(resolver.what_if(limits=[omniid.at_most("phone", 1)]))
        resolver.decide(decision("MUST_LINK", HIM, HER, "2026-05-04"))
        assert len(resolver.overridden()) == 1


def test_the_review_file_goes_out_and_comes_back(tmp_path: Path) -> None:
    rows = [row for row in town() if row["id"].split("-")[0] in ("19", "28", "33", "64", "71", "89")]  # namesakes
    path, wanted = tmp_path / "review.csv", tmp_path / "wanted.csv"
    with opened(rows) as resolver:
        found = batch(rows)

        def asked(table: list[Any]) -> set[tuple[Any, ...]]:
            return {tuple(row.values()) for row in table}

        assert asked(resolver.review()) == asked(found.review)
        for limit in (None, 2):
            n = resolver.write_review(path, limit=limit)
            assert n == found.write_review(wanted, limit=limit) > 0
            assert path.read_text("utf-8") == wanted.read_text("utf-8")
        assert len(resolver.review(limit=1)) == 1
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
        with path.open("w", encoding="utf-8", newline="") as file:
            filled = csv.DictWriter(file, list(lines[0]))
            filled.writeheader()
            filled.writerows({**line, "decision": answer} for line, answer in zip(lines, ("same", "unsure"), strict=True))
        kept = resolver.decide(path, author="kim", time="2026-05-01")
        assert [(one.kind, one.author) for one in kept] == [("MUST_LINK", "kim"), ("UNSURE", "kim")]
        assert parts_of(resolver.crosswalk()) == parts_of(batch(rows, kept).crosswalk)
        assert asked(resolver.review()) == asked(batch(rows, kept).review) != asked(found.review)
        with pytest.raises(omniid.SpecError, match="limit is 0"):
            resolver.review(limit=0)


def test_refusals_that_compete_are_asked_about() -> None:
    rows = COUPLE
    apart = decision("CANNOT_LINK", HIM, HER, "2026-05-01")
    with opened(rows) as resolver:
        resolver.decide(apart)
        wanted = batch(rows, [apart]).review
        assert {tuple(row.values()) for row in resolver.review()} == {tuple(row.values()) for row in wanted}
        assert any(row["ambiguous"] for row in wanted)


def test_there_is_nothing_to_review_in_an_empty_store() -> None:
    with opened() as resolver, pytest.raises(InputError, match="no records"):
        resolver.review()
