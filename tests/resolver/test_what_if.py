"""The difference of a change on a live store is that of a batch run; nothing is written before it is applied."""

from collections.abc import Callable
from typing import Any

import pytest

import omniid
from omniid import Decision, InputError, NotFittedError, Resolver, SpecError, at_most
from oracle.small_town import COUPLE, SPEC, batch, contents, ids_of, key_of, opened, parts_of, town

HIM, HER, HIS, HERS = (key_of(row) for row in COUPLE[:4])
APART = Decision("CANNOT_LINK", (HIM, HIS), (HER, HERS), time="2026-05-01")
NAMESAKES = [row for row in town() if row["id"].split("-")[0] in ("19", "28", "33", "64", "71", "89")]
CHANGES: dict[str, dict[str, Any]] = {
    "a decision": {"decisions": APART},
    "a limit": {"limits": [at_most("phone", 1)]},
    "a threshold": {"link_at": 5.0},
    "a lower threshold": {"link_at": -1.0},
    "a value class": {"value_classes": {"email": {"nowak@x.com": "shared"}}},
    "several": {"decisions": APART, "limits": [at_most("email", 1)], "link_at": 2.0},
}


def told(rows: Any) -> set[tuple[Any, ...]]:
    return {(row["kind"], row["entity_id"], tuple(row["was"]), frozenset(row["became"])) for row in rows}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_difference_is_that_of_a_batch_run_and_is_applied_as_shown(change: dict[str, Any]) -> None:
    rows = [*COUPLE, *NAMESAKES]
    with opened(rows) as resolver:
        found = batch(rows)
        before = contents(resolver)
        difference = resolver.what_if(**change)
        wanted = found.what_if(**change)
        assert bool(difference) == bool(wanted)
        assert told(difference.changes) == told(wanted.changes)
        assert difference.redirects == wanted.redirects
        assert str(difference).split(";")[0] == str(wanted).split(";")[0]
        assert contents(resolver) == before
        cursor = resolver.cursor
        assert resolver.apply(difference) == resolver.cursor
        assert told(resolver.changes(since=cursor)) == told(difference.changes)
        assert parts_of(resolver.crosswalk()) == parts_of(wanted.apply().crosswalk)
        assert not resolver.rebuild()
        assert not resolver.what_if(**{name: what for name, what in change.items() if name != "decisions"})


def test_links_gained_and_lost_are_listed() -> None:
    with opened(COUPLE) as resolver:
        difference = resolver.what_if(decisions=APART)
        lost = {
            ((row["left_source"], row["left_record_id"]), (row["right_source"], row["right_record_id"]))
            for row in difference.pairs
        }
        assert (HIM, HER) in lost
        assert {row["change"] for row in difference.pairs} == {"lost"}
        assert all(left < right for left, right in lost)
        resolver.apply(difference)
        back = resolver.what_if(decisions=omniid.undo(APART))
        assert {row["change"] for row in back.pairs} == {"gained"}
        assert ids_of(resolver)[HER] in {row["entity_id"] for row in back.redirects}
        with pytest.raises(InputError, match="no table 'profiles'"):
            back.table("profiles")


@pytest.mark.parametrize("change", [{"decisions": APART}, {"limits": [at_most("phone", 1)]}])
def test_a_difference_is_made_again_where_the_store_has_changed(change: dict[str, Any]) -> None:
    with opened(COUPLE) as resolver:
        difference = resolver.what_if(**change)
        resolver.upsert(NAMESAKES[0])  # somebody else
        cursor = resolver.cursor
        resolver.apply(difference)
        assert told(resolver.changes(since=cursor)) == told(difference.changes)
        assert not resolver.rebuild()


def test_a_difference_that_would_be_another_one_is_refused() -> None:
    with opened(COUPLE) as resolver:
        difference = resolver.what_if(limits=[at_most("phone", 1)])
        resolver.delete(HER)
        before = contents(resolver)
        with pytest.raises(InputError, match="changed since"):
            resolver.apply(difference)
        assert contents(resolver) == before
        again = resolver.what_if(limits=[at_most("phone", 1)])
        resolver.apply(again)
        if again:
            with pytest.raises(InputError, match="changed since"):  # it is applied already
                resolver.apply(again)


def test_another_spec_tells_profiles_that_change() -> None:
    rows = [*COUPLE, *NAMESAKES]
    with opened(rows) as resolver:
        longest = resolver.spec.replace(survivorship={"first_name": ["shortest"], "email": ["longest"]})
        difference = resolver.what_if(spec=longest)
        later = omniid.resolve(rows, longest, model=resolver.model, previous=batch(rows), workers=1)
        assert told(difference.changes) == told(later.changes)
        assert {row["kind"] for row in difference.changes} == {"updated"}
        resolver.apply(difference)
        assert resolver.spec == longest
        assert resolver.what_if(spec=longest.replace(fields=())).changes == []  # no fields: those of the store
        with pytest.raises(SpecError, match="fit again"):
            resolver.what_if(spec=SPEC.replace(fields=SPEC.fields[:2]))


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"link_at": -50.0}, InputError, "below review_at"),
        ({"value_classes": {"email": {"nobody@x.com": "shared"}}}, InputError, "no record holds"),
        ({"value_classes": {"email": {"nowak@x.com": "odd"}}}, SpecError, "odd"),
        ({"limits": [at_most("passport", 1)]}, SpecError, "passport"),
        ({"decisions": Decision("UNDO", (HIM,), (HER,))}, InputError, "finds no decision"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(change: dict[str, Any], error: type[Exception], said: str) -> None:
    with opened(COUPLE) as resolver, pytest.raises(error, match=said):
        resolver.what_if(**change)


@pytest.mark.parametrize("ask", [Resolver.what_if, Resolver.rebuild, Resolver.review, Resolver.conflicts, Resolver.models])
def test_there_is_nothing_to_ask_before_the_first_fit(ask: Callable[[Resolver], Any]) -> None:
    with omniid.open(":memory:") as resolver, pytest.raises(NotFittedError, match="fit"):
        ask(resolver)
