"""what_if: the answer of a full run with the same model and the change, told before anything is written."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import omniid
from omniid import Decision, InputError, Resolution, SpecError, at_most, datasets, one_per_source, resolve
from omniid.decisions import undo

TABLES = ("crosswalk", "profiles", "provenance", "scored_pairs", "refusals", "review", "value_classes", "changes", "redirects")
Change = dict[str, Any]


@pytest.fixture(scope="module")
def channels() -> dict[str, Any]:
    tables = dict(datasets.generate(100, seed=7).channels)
    name = next(iter(tables))
    twice = tables[name].to_pylist()[:12]  # copies, which one row stands for
    id_column = next(column for column in tables[name].column_names if tables[name][column].to_pylist()[0] is not None)
    return {**tables, "copies": [{**row, id_column: f"copy {i}"} for i, row in enumerate(twice)]}


@pytest.fixture(scope="module")
def found(channels: dict[str, Any]) -> Resolution:
    first = resolve(channels)
    pair = first.table("scored_pairs").to_pylist()[3]
    left, right = ((pair[f"{side}_source"], pair[f"{side}_record_id"]) for side in ("left", "right"))
    told = Decision("CANNOT_LINK", (left,), (right,), time="2026-01-01")
    return resolve(channels, first.spec, model=first.model, decisions=[told])


def in_full(found: Resolution, channels: dict[str, Any], change: Change) -> Resolution:
    """The same by a run from the start."""
    spec = found.spec
    if "limits" in change:
        spec = spec.replace(limits=change["limits"])
    if "link_at" in change:
        spec = spec.replace(link_at=change["link_at"], review_at=found.model.review_at)
    if "value_classes" in change:
        spec = spec.replace(value_classes=change["value_classes"])
    decided = [*found.parts.decisions, *change.get("decisions", ())]
    return resolve(channels, spec, model=found.model, decisions=decided, previous=found)


def same(quick: Resolution, full: Resolution) -> None:
    for name in TABLES:
        assert quick.table(name).equals(full.table(name)), name
    assert quick.model == full.model
    assert quick.spec == full.spec


def records(found: Resolution) -> list[tuple[str, str]]:
    return [(row["source"], row["record_id"]) for row in found.table("crosswalk").to_pylist()]


def values(found: Resolution, field: str) -> list[str]:
    return sorted(found.parts.records.columns[field].vocabulary.to_pylist())


@pytest.mark.parametrize("kind", ["nothing", "limit", "source", "link_at", "split", "copies", "undo", "shared", "all"])
def test_the_answer_is_that_of_a_full_run(found: Resolution, channels: dict[str, Any], kind: str) -> None:
    largest = max(found.table("profiles").to_pylist(), key=lambda row: (row["records"], row["entity_id"]))["entity_id"]
    members = [(r["source"], r["record_id"]) for r in found.table("crosswalk").to_pylist() if r["entity_id"] == largest]
    copies = [key for key in records(found) if key[0] == "copies"]
    mails = [row for row in found.table("profiles").to_pylist() if row["records"] > 3 and row["email"]]
    split = found.split(largest, [members[::2], members[1::2]], time="2026-02-01")
    change: Change = {
        "nothing": {},
        "limit": {"limits": [at_most("email", 1)]},
        "source": {"limits": [one_per_source("copies"), one_per_source(members[0][0])]},
        "link_at": {"link_at": found.model.link_at + 9.0},
        "split": {"decisions": split},
        "copies": {
            "decisions": [
                Decision("CANNOT_LINK", (copies[0],), tuple(copies[1:])),
                Decision("UNSURE", (copies[1],), (members[0],)),
            ]
        },
        "undo": {"decisions": undo(found.parts.decisions, time="2026-02-02")},
        "shared": {"value_classes": {"email": {mails[0]["email"].casefold(): "shared"}}},
        "all": {"limits": [at_most("phone", 1)], "link_at": found.model.link_at + 3.0, "decisions": split},
    }[kind]
    what = found.what_if(**change)
    same(what.apply(), in_full(found, channels, change))
    assert bool(what) == bool(what.changes.shape[0]) == (kind != "nothing") or kind in ("shared", "link_at", "undo")
    assert (str(what) == "no difference") == (not what and not len(what.pairs))


@st.composite
def some_changes(draw: st.DrawFn, keys: list[tuple[str, str]], mails: list[str], phones: list[str], link_at: float) -> Change:
    change: Change = {}
    if draw(st.booleans()):
        limits = [at_most("email", 1), at_most("phone", 2), at_most("birth_date", 1), one_per_source(keys[0][0])]
        change["limits"] = draw(st.lists(st.sampled_from(limits), unique=True, max_size=2))
    if draw(st.booleans()):
        sides = draw(st.lists(st.sampled_from(keys), unique=True, min_size=4, max_size=6))
        kinds = st.sampled_from(["MUST_LINK", "CANNOT_LINK", "UNSURE"])
        change["decisions"] = [
            Decision(draw(kinds), (sides[0],), (sides[1],), time="2026-03-01"),
            Decision(draw(kinds), tuple(sides[2:3]), tuple(sides[3:]), time="2026-03-02"),
        ]
    if draw(st.booleans()):
        change["link_at"] = link_at + draw(st.sampled_from([0.0, 2.5, 12.0]))
    if draw(st.booleans()):
        named = {"email": draw(st.sampled_from(mails)), "phone": draw(st.sampled_from(phones))}
        change["value_classes"] = {field: {one: draw(st.sampled_from(["shared", "personal"]))} for field, one in named.items()}
    return change


@settings(max_examples=settings().max_examples // 2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_change_gives_the_answer_of_a_full_run(found: Resolution, channels: dict[str, Any], data: st.DataObject) -> None:
    keys, args = records(found), (values(found, "email"), values(found, "phone"), found.model.link_at)
    change = data.draw(some_changes(keys, *args))
    same(found.what_if(**change).apply(), in_full(found, channels, change))


def test_a_shared_value_that_becomes_personal_again_brings_all_back(found: Resolution) -> None:
    mail = max(values(found, "email"), key=lambda one: (one in str(found.table("scored_pairs")), one))
    there = found.what_if(value_classes={"email": {mail: "shared"}}).apply()
    assert there.spec.value_classes == {"email": {mail: "shared"}}
    back = there.what_if(value_classes={"email": {mail: "personal"}}).apply()
    assert back.table("crosswalk").equals(found.table("crosswalk"))  # ids and all


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"link_at": -500.0}, InputError, "lies below review_at .* weaker pairs were not kept"),
        (
            {"value_classes": {"email": {"nobody@x.com": "shared"}}},
            InputError,
            "'nobody@x.com', which no record holds in 'email'",
        ),
        ({"value_classes": {"mail": {"x": "shared"}}}, SpecError, "value_classes names 'mail'"),
        ({"value_classes": {"email": {"x": "odd"}}}, SpecError, "is 'odd'; write personal or shared"),
        ({"value_classes": {("email", "x"): "shared"}}, SpecError, "map fields to values and their classes"),
        ({"limits": [at_most("fax", 1)]}, SpecError, "names no field"),
        (
            {"decisions": [Decision("MUST_LINK", (("crm", "none"),), (("web", "none"),))]},
            InputError,
            "which is not in the data",
        ),
    ],
)
def test_changes_that_make_no_sense_are_named(found: Resolution, change: Change, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        found.what_if(**change)
    with pytest.raises(InputError, match="a difference has no table 'links'"):
        found.what_if().table("links")


def test_nothing_is_changed_before_it_is_applied(found: Resolution) -> None:
    before = {name: found.table(name) for name in TABLES}
    omniid.Resolution.what_if(found, limits=[at_most("email", 1), at_most("phone", 1)])
    assert all(found.table(name).equals(table) for name, table in before.items())


def test_links_are_gained_and_lost_where_records_come_together_or_apart(found: Resolution) -> None:
    left, right = next(iter(_links(found)))
    apart = found.what_if(decisions=[Decision("CANNOT_LINK", (left,), (right,), time="2026-05-01")])
    lost = {tuple(sorted(_ends(row))) for row in apart.table("pairs").to_pylist() if row["change"] == "lost"}
    assert tuple(sorted((left, right))) in lost
    back = apart.apply().what_if(decisions=undo(apart.after.decisions[-1], time="2026-05-02"))
    assert {tuple(sorted(_ends(row))) for row in back.table("pairs").to_pylist() if row["change"] == "gained"} == lost
    some = sorted(records(found))
    far = next(key for key in some if not found.explain(some[0], key).is_linked)  # apart anyway: no link moves
    assert len(found.what_if(decisions=[Decision("CANNOT_LINK", (some[0],), (far,))]).pairs) == 0


def _ends(row: dict[str, str]) -> tuple[tuple[str, str], tuple[str, str]]:
    return (row["left_source"], row["left_record_id"]), (row["right_source"], row["right_record_id"])


def _links(found: Resolution) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    entity = {(row["source"], row["record_id"]): row["entity_id"] for row in found.table("crosswalk").to_pylist()}
    pairs = [_ends(row) for row in found.table("scored_pairs").to_pylist() if row["match_weight"] >= found.model.link_at]
    return [pair for pair in pairs if entity[pair[0]] == entity[pair[1]]]
