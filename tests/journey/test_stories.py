"""Stories equal the slow, obvious way, for any events in any order."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from omniid.event_columns import EventColumns, Events
from omniid.fields import Email
from omniid.journey import (
    add_up_orders,
    count_orders,
    find_open_baskets,
    find_open_cases,
    last_balances,
    number_sessions,
    tell_stories,
    use_of_channels,
)
from omniid.sightings import read_sightings
from omniid.spec import Spec
from omniid.tables.events import MEANINGS, MICROS
from oracle import journeys as slow

ROLES = {
    "time": "at",
    "type": "kind",
    "event_id": "id",
    "channel": "channel",
    "basket": "basket",
    "item": "item",
    "case": "case",
}
ROLES |= {"order": "no", "amount": "price", "points": "points", "balance": "left", "account": "account", "session": "visit"}
SPEC = Spec(
    fields=[Email("mail")],
    events=Events(
        columns={"events": EventColumns(**ROLES, identifiers={"mail": "mail"})}, types={name: [name] for name in MEANINGS}
    ),
)
GAP, WINDOW = 1800, 3600
START = int(datetime(2024, 5, 1, tzinfo=UTC).timestamp())
few = st.sampled_from


def maybe(*values: str) -> st.SearchStrategy[str | None]:
    return few([None, *values])


ROW = st.fixed_dictionaries(
    {
        "at": few([0, 60, 1800, 1860, 3600, 9000, 90_000]).map(lambda s: datetime.fromtimestamp(START + s, UTC).isoformat()),
        "mail": few(["a@x.com", "b@x.com"]),
        "kind": few(MEANINGS),
        "channel": few(["app", "web"]),
        "basket": maybe("B1", "B2"),
        "item": maybe("mug", "pan"),
        "case": maybe("C1"),
        "no": maybe("N1", "N2"),
        "cents": st.none() | st.integers(0, 5000),
        "points": st.none() | st.integers(1, 9),
        "left": st.none() | st.integers(0, 99),
        "account": maybe("K1", "K2"),
        "visit": maybe("s1", "s2"),
    }
)


@given(st.lists(ROW, min_size=1, max_size=14), st.randoms(use_true_random=False), st.integers(0, 3))
def test_stories_equal_the_slow_way(drawn: list[dict[str, Any]], shuffle: Any, twice: int) -> None:
    rows = [{**row, "id": str(i), "price": None if row["cents"] is None else row["cents"] / 100} for i, row in enumerate(drawn)]
    sent = [*rows, *rows[:twice]]
    shuffle.shuffle(sent)
    seen = read_sightings(sent, SPEC, [])
    assert seen.events.repeated == min(twice, len(rows))
    people = seen.frames[0].table.column("mail").to_pylist()
    story = tell_stories(seen.events, seen.events.sighting, len(people))
    none = np.zeros(0, bool)
    orders = count_orders(story, none)
    life, baskets, cases = add_up_orders(orders), find_open_baskets(story), find_open_cases(story, np.zeros(0, np.int8))
    held = last_balances(story, orders.counts)
    channels = seen.events.texts["channel"]
    use = use_of_channels(story, story.text("channel"), 2, window=WINDOW * MICROS, half_life=86_400 * MICROS)
    numbers = number_sessions(story, GAP * MICROS)
    ids = seen.events.event_id.take(story.rows).to_pylist()
    told = slow.by_person(rows)
    for number, person in enumerate(people):
        mine = told[person]
        here = story.entity == number
        assert [one for one, is_mine in zip(ids, here, strict=True) if is_mine] == [row["id"] for row in mine]
        assert numbers[here].tolist() == slow.sessions(mine, GAP)
        again = {one for one, is_mine, counts in zip(ids, here, orders.counts, strict=True) if is_mine and not counts}
        assert again == slow.repeats(mine)
        at = np.flatnonzero(life.entity == number)
        figures = tuple(int(part[at].sum()) for part in (life.n_orders, life.gross, life.returned))
        assert figures == tuple(x * (1 if i == 0 else 10_000) for i, x in enumerate(slow.lifetime(mine)))
        assert contents(seen, baskets, number) == slow.open_baskets(mine)
        assert {value(seen, "case", code) for code in cases.case[cases.entity == number]} == slow.open_cases(mine)
        accounts = zip(held.account[held.entity == number], held.balance[held.entity == number], strict=True)
        assert {value(seen, "account", code): int(points) // MICROS for code, points in accounts} == slow.balances(mine)
        lines = np.flatnonzero((use.entity == number) & (use.n_sent > 0))
        replies = {channels.vocabulary[int(use.channel[i])].as_py(): (use.n_sent[i], use.n_answered[i]) for i in lines}
        assert replies == slow.answered(mine, WINDOW)


def value(seen: Any, role: str, code: int) -> str | None:
    return None if code < 0 else seen.events.texts[role].vocabulary[int(code)].as_py()


def contents(seen: Any, baskets: Any, number: int) -> dict[str | None, tuple[int, frozenset[str]]]:
    out = {}
    for i in np.flatnonzero(baskets.entity == number):
        items = frozenset(value(seen, "item", code) for code in baskets.item[baskets.item_basket == i])
        out[value(seen, "basket", baskets.basket[i])] = int(baskets.n_items[i]), items
    return out
