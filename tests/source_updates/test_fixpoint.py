"""Laws of write-back: what stands in a cell depends on who is who now, not on what was written before."""

from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import omniid
from omniid import Date, Decision, Email, PersonName, Phone, Resolution, Source, Spec, Timestamp
from omniid.source_updates import without_written

LAW = settings(
    max_examples=3, phases=(Phase.explicit, Phase.generate)
)  # each example is some six runs; shrinking takes minutes
Data = dict[str, list[dict[str, Any]]]
FIELDS = [
    Email("email"),
    Phone("phone"),
    PersonName("first_name", "last_name", full="name"),
    Date("birth_date"),
    Timestamp("updated_at"),
]
COLUMNS = {"crm": {"mail": "email"}, "web": {}, "shop": {"tel": "phone"}}
PEOPLE = (
    ("ann@example.com", "ann.lee@example.com", "501234567", "Ann", "Lee", "1980-05-03"),
    ("bob@example.com", "ray@example.com", "602345678", "Bob", "Ray", "1971-06-24"),
    ("cy@example.com", "cy@example.com", "703456789", "Cyril", "Moss", "1990-11-30"),
)
NAMED = ("email", "phone", "first_name", "last_name", "birth_date", "name")


def record(source: str, number: int, person: int, mask: int, variant: int) -> dict[str, Any]:
    """A record of one of the people as its source writes it, with some of its cells empty."""
    mail, other, phone, first, last, born = PEOPLE[person]
    day = f"{born[8:]}.{born[5:7]}.{born[:4]}" if source == "shop" else born
    cells = {
        "mail" if source == "crm" else "email": other if variant % 2 else mail,
        "tel" if source == "shop" else "phone": f"+48 {phone[:3]} {phone[3:6]} {phone[6:]}" if source == "crm" else phone,
        "birth_date": day,
        "updated_at": f"2026-0{1 + variant}-01",
    }
    spelled = last.upper() if variant == 3 else f"{last}-Novak" if variant == 2 else last
    cells |= {"name": f"{spelled}, {first}"} if source == "shop" else {"first_name": first, "last_name": spelled}
    kept = {name: value if mask >> place & 1 else None for place, (name, value) in enumerate(cells.items())}
    return {"id": f"{source}{number}", **kept}


records = st.tuples(st.integers(0, 2), st.integers(0, 63), st.integers(0, 3))
permission = st.one_of(
    st.none(),
    st.just("*"),
    st.lists(st.sampled_from(NAMED), unique=True, max_size=4),
    st.dictionaries(st.sampled_from(NAMED), st.lists(st.sampled_from(sorted(COLUMNS)), unique=True, max_size=2), max_size=3),
)
authority = st.fixed_dictionaries(
    {"accepts": permission, "fills": permission, "owns": st.lists(st.sampled_from(NAMED), max_size=1)}
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Data, Spec]:
    data = {
        name: [record(name, i, *one) for i, one in enumerate(draw(st.lists(records, min_size=1, max_size=3)))]
        for name in COLUMNS
    }
    sources = {name: Source(region="PL", columns=columns, **draw(authority)) for name, columns in COLUMNS.items()}
    rules = draw(st.sampled_from(["most_recent", "most_frequent", "longest", "most_complete", "source_priority(web, shop)"]))
    return data, Spec(fields=FIELDS, sources=sources, survivorship={"*": [rules, "most_recent"]}, incremental=True)


@pytest.fixture(scope="module")
def model() -> omniid.Model:
    data = {name: [record(name, i, i % 3, 63, i % 4) for i in range(6)] for name in COLUMNS}
    sources = {name: Source(region="PL", columns=columns) for name, columns in COLUMNS.items()}
    return omniid.resolve(data, Spec(fields=FIELDS, sources=sources, incremental=True)).model


def cells(found: Resolution) -> list[tuple[Any, ...]]:
    return [(row["source"], row["record_id"], row["entity_id"]) for row in found.crosswalk]


@given(worlds(), st.data())
@LAW
def test_a_plan_that_was_carried_out_leaves_nothing_to_plan(
    model: omniid.Model, world: tuple[Data, Spec], draws: st.DataObject
) -> None:
    data, spec = world
    found = omniid.resolve(data, spec, model=model)
    plan = found.write_back()
    assert len(found.write_back(applied=plan)) == 0
    after = plan.apply(data)
    assert without_written(after, plan) == data
    again = omniid.resolve(after, spec, model=model, written=plan)
    assert (cells(again), again.profiles) == (cells(found), found.profiles)
    assert again.write_back().updates == []
    # carried out in part, the rest comes again under the same keys
    kept = [row for row in plan.updates if draws.draw(st.booleans())]
    halfway = without_written(after, kept) if kept else after
    rest = omniid.resolve(halfway, spec, model=model, written=plan).write_back().updates
    assert rest == kept


@given(worlds(), st.data())
@LAW
def test_after_a_merge_and_a_split_the_sources_hold_what_they_would_without_the_merge(
    model: omniid.Model, world: tuple[Data, Spec], draws: st.DataObject
) -> None:
    data, spec = world
    alone = omniid.resolve(data, spec, model=model)
    keys = [(row["source"], row["record_id"]) for row in alone.crosswalk]
    pair = draws.draw(st.lists(st.sampled_from(keys), min_size=2, max_size=2, unique=True))
    merge = Decision("MUST_LINK", (pair[0],), (pair[1],))
    merged = omniid.resolve(data, spec, model=model, decisions=merge)
    first = merged.write_back()
    after = first.apply(data)
    split = omniid.resolve(after, spec, model=model, written=first)
    assert cells(split) == cells(alone)  # what was written holds nobody together
    second = split.write_back()
    back = second.apply(after)
    assert back == alone.write_back().apply(data)
    assert omniid.resolve(back, spec, model=model, written=[first, second]).write_back().updates == []
    again = omniid.resolve(back, spec, model=model, written=[first, second], decisions=merge).write_back()
    assert again.apply(back) == after
    made = {row["idempotency_key"] for plan in (first, second) for row in plan.updates}
    assert not made & {row["idempotency_key"] for row in again.updates}  # the same fill once more is a change of its own
