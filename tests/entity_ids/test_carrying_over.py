"""Ids over histories: each rule, against the slow twin."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omniid.entity_ids import IdLedger
from oracle.id_histories import alone, book_of, ids, runs, same, step
from oracle.ids import EMPTY, Entity, carried_over

Key = tuple[str, str]


@given(st.lists(runs(), min_size=1, max_size=7))
def test_ids_over_a_history_are_those_of_the_slow_twin(history: list[list[Entity]]) -> None:
    ledger, book = IdLedger.empty(), EMPTY
    for entities in history:
        ledger, book = step(ledger, entities), carried_over(book, entities)
        same(book_of(ledger), book)


@given(st.lists(runs(), min_size=2, max_size=6))
def test_the_rules_hold_in_every_run(history: list[list[Entity]]) -> None:
    ledger = IdLedger.empty()
    for entities in history:
        before, ledger = book_of(ledger), step(ledger, entities)
        now = book_of(ledger)
        assert {entity.records for entity in now.live.values()} == {entity.records for entity in entities}
        assert len(set(now.issued)) == len(now.issued)
        assert now.issued[: len(before.issued)] == before.issued
        kept = {entity.voters: name for name, entity in before.live.items()}
        for name, entity in now.live.items():
            if entity.voters in kept:  # what did not change keeps its id
                assert kept[entity.voters] == name
            if name in before.issued:  # never other members: some of those that it ever named are with it
                ever = {key for p in before.past if p.owner == name for key in p.members}
                ever |= before.live[name].voters if name in before.live else set()
                assert ever & entity.voters
        again = step(ledger, entities)  # the same again changes nothing
        same(book_of(again), now)
        current = [None if to < 0 else now.issued[to] for to in ledger.current().tolist()]
        assert all(to is None or to in now.live for to in current)


def history(*steps: list[Entity]) -> list[dict[str, str]]:
    ledger, out = IdLedger.empty(), []
    for entities in steps:
        ledger = step(ledger, entities)
        out.append(ids(ledger))
    return out


def test_merge_and_undo_gives_both_old_ids_back() -> None:
    first, merged, undone = history(alone("a", "bcd"), alone("abcd"), alone("a", "bcd"))
    assert merged["abcd"] == first["a"]  # the first-issued
    assert undone == first  # by majority alone, "bcd" would have kept it


def test_three_that_merged_one_after_the_other_come_back_one_after_the_other() -> None:
    first, *_, two, three = history(
        alone("a", "bc", "def"), alone("abc", "def"), alone("abcdef"), alone("abc", "def"), alone("a", "bc", "def")
    )
    assert two == {"abc": first["a"], "def": first["def"]}
    assert three == first
    first, *_, three = history(alone("a", "b", "c"), alone("ab", "c"), alone("abc"), alone("a", "b", "c"))
    assert three == first


def test_records_that_came_after_a_merge_do_not_hinder_its_undoing() -> None:
    first, _, undone = history(alone("ab", "cd"), alone("abcdx"), alone("abx", "cdy"))
    assert undone == {"abx": first["ab"], "cdy": first["cd"]}
    first, _, undone = history(alone("ab", "cd"), alone("abcdx"), alone("ab", "cd", "x"))
    assert {undone["ab"], undone["cd"]} == set(first.values())


def test_a_deleted_record_that_comes_again_gets_its_id_back() -> None:
    first, _, again = history(alone("ab", "c"), alone("c"), alone("ab", "c"))
    assert again == first
    first, _, other = history(alone("ab", "c"), alone("c"), alone("abd", "c"))
    assert other["abd"] != first["ab"]  # not the same members


def test_the_majority_keeps_the_id_and_ties_go_to_the_smallest_key() -> None:
    first, after = history(alone("abc"), alone("a", "bc"))
    assert after["bc"] == first["abc"]
    first, after = history(alone("abcd"), alone("ac", "bd"))
    assert after["ac"] == first["abcd"]


def test_the_first_issued_wins_and_the_others_redirect_until_revived() -> None:
    ledger = step(IdLedger.empty(), alone("z"))
    ledger = step(ledger, alone("a", "z"))
    before = ids(ledger)
    merged = step(ledger, alone("az"))
    assert ids(merged)["az"] == before["z"]
    assert book_of(merged).redirects[before["a"]] == before["z"]
    revived = step(merged, alone("a", "z"))
    assert ids(revived) == before
    assert book_of(revived).redirects[before["a"]] is None
    assert not len(revived.past)  # as if nothing had happened


def test_anonymous_records_have_no_say() -> None:
    crowd = [Entity(frozenset({("s", "a"), ("s", "v"), ("s", "w")}), frozenset({("s", "a")}))]
    ledger = step(IdLedger.empty(), [*crowd, *alone("b")])
    before = ids(ledger)
    moved = [*alone("a"), Entity(frozenset({("s", "b"), ("s", "v"), ("s", "w")}), frozenset({("s", "b")}))]
    assert ids(step(ledger, moved)) == {"a": before["avw"], "bvw": before["b"]}


@pytest.mark.parametrize("seed", range(3))
def test_a_long_history_of_many_records(seed: int) -> None:
    draw = random.Random(seed)
    ledger, book = IdLedger.empty(), EMPTY
    keys = [("s", f"{i:03}") for i in range(60)]
    label = dict.fromkeys(keys, 0) | {key: draw.randrange(25) for key in keys}
    for _ in range(25):
        for key in draw.sample(keys, 4):
            label[key] = draw.randrange(25)
        alive = [key for key in keys if draw.random() < 0.9]
        groups: dict[int, set[Key]] = {}
        for key in alive:
            groups.setdefault(label[key], set()).add(key)
        entities = [Entity(frozenset(group), frozenset(group)) for group in groups.values()]
        ledger, book = step(ledger, entities), carried_over(book, entities)
        same(book_of(ledger), book)
