"""Events per second: `python benchmarks/events.py [--events 10_000_000] [--pandas 1_000_000] [--resolve]`.

Generates events of 400,000 customers (fewer for few events) in one Parquet file: time, type, channel, three identifiers,
basket, order, amount, session, case and points. The clock: the file read, its sightings gathered, repeated events left out and
all put in order; then, with who is who known from the generator, the events joined to their customers, ordered, and rolled up
to sessions, orders, open baskets and cases, balances, channels and one row of activity per customer. --resolve resolves the
sightings, as `omniid.resolve` does. --pandas sets how many events a vectorised pandas version does, too, beside omniid.
"""

import argparse
import tempfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import omniid
from common import machine, measure
from omniid.activity import event_table
from omniid.event_results import Journeys
from omniid.sightings import read_sightings
from omniid.tables.arrays import text_array

PEOPLE = 400_000
START, YEAR = 1_700_000_000, 365 * 86_400
TYPES = (
    "page_view",
    "add_to_cart",
    "remove_from_cart",
    "purchase",
    "email_sent",
    "email_opened",
    "call",
    "case_opened",
    "case_closed",
    "login",
)
SHARES = (0.55, 0.12, 0.03, 0.05, 0.08, 0.05, 0.03, 0.02, 0.02, 0.05)
CHANNELS = ("web", "app", "shop", "phone", "email")
SPEC = omniid.Spec(
    fields=[omniid.Email("email"), omniid.Phone("phone"), omniid.Identifier("cookie", kind="cookie")],
    sources={
        "events": omniid.Source(
            region="PL", columns={"email": "email", "phone": "phone", "cookie": "cookie"}, record_id="sighting_id"
        )
    },
)


def coded(codes: np.ndarray, pattern: str, missing: np.ndarray | None = None) -> pa.Array:
    """Text made of numbers, written out as most systems write it."""
    distinct, place = np.unique(codes, return_inverse=True)
    values = pa.array([pattern.format(one) for one in distinct.tolist()])
    return pa.DictionaryArray.from_arrays(pa.array(place.astype(np.int32), mask=missing), values).dictionary_decode()


def generate(path: Path, n: int, seed: int = 7) -> np.ndarray:
    """Write the events and return whose each is; one in a hundred comes twice."""
    rng = np.random.default_rng(seed)
    people = min(PEOPLE, n // 10)
    person = rng.integers(0, people, n)
    kind = rng.choice(len(TYPES), n, p=SHARES)
    channel = rng.choice(len(CHANNELS), n, p=(0.45, 0.3, 0.1, 0.05, 0.1))
    ids = np.arange(n)
    twice = rng.integers(0, n, n // 100)
    known = rng.random(n) < 0.3
    by_phone = channel == 3
    visit = rng.integers(0, 5, n)
    basket = person * 2 + visit % 2
    table = {
        "event_id": pa.array(ids).cast(pa.string()),
        "at": pa.array(((START + rng.integers(0, YEAR, n)) * 1_000_000).astype("datetime64[us]")),
        "event": pa.DictionaryArray.from_arrays(pa.array(kind.astype(np.int8)), list(TYPES)),
        "channel": pa.DictionaryArray.from_arrays(pa.array(channel.astype(np.int8)), list(CHANNELS)),
        "cookie": coded(person * 2 + rng.integers(0, 2, n), "c{:012x}", by_phone),
        "email": coded(person, "customer{}@example.com", ~known | by_phone),
        "phone": coded(person, "+48 5{:08d}", ~by_phone),
        "cart_id": coded(basket, "b{}", ~np.isin(kind, (1, 2, 3))),
        "product": coded(rng.integers(0, 5000, n), "p{}", ~np.isin(kind, (1, 2))),
        "order_id": coded(basket, "o{}", kind != 3),
        "total": pa.array(np.round(rng.gamma(2, 40, n), 2), mask=kind != 3),
        "currency": pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, np.int8), mask=kind != 3), ["PLN"]),
        "session_id": coded(person * 5 + visit, "s{}", ~np.isin(channel, (0, 1))),
        "case_id": coded(person, "k{}", ~np.isin(kind, (7, 8))),
        "points": pa.array(rng.integers(1, 50, n), mask=kind != 3),
    }
    whole = pa.table(table)
    rows = np.concatenate([ids, twice])
    pq.write_table(whole.take(pa.array(rows)), path)
    return person


def tell(path: Path, people: int) -> dict[str, float]:
    """Read, join, order and roll up the events of a file; prints the cost of each step."""
    seconds: dict[str, float] = {}
    with measure() as cost:
        seen = read_sightings(path, SPEC, [])
    seconds["read, sightings, told once"] = cost.wall
    print(f"  {'read, sightings, told once':<28}{cost}", flush=True)
    owner = whose(seen)
    parts = SimpleNamespace(
        events=seen.events,
        spec=SPEC.replace(events=seen.declared),
        entity_ids=text_array([f"P{i}" for i in range(people)]),
        entity=np.arange(people, dtype=np.int32),
        placement=SimpleNamespace(is_person=np.ones(people, bool)),
    )
    journeys = Journeys(parts)  # type: ignore[arg-type]  # what a result holds, as far as journeys read it
    with measure() as cost:
        journeys.__dict__["entity"] = np.append(owner, np.int32(-1)).take(seen.events.sighting)
        _ = journeys.story.time
    print(f"  {'joined and ordered':<28}{cost}", flush=True)
    seconds["joined and ordered"] = cost.wall
    with measure() as cost:
        activity = event_table(journeys, "activity")
    print(f"  {'rolled up':<28}{cost}", flush=True)
    seconds["rolled up"] = cost.wall
    with measure() as cost:
        events = journeys.events_table()
    print(f"  {'as one table of events':<28}{cost}", flush=True)
    total, n = sum(seconds.values()), seen.events.read
    print(
        f"  {n:,} events, {len(seen.events.sightings):,} sightings, {activity.num_rows:,} customers, {events.num_rows:,} told"
    )
    print(f"  {total:.1f} s in all, {n / total:,.0f} events/s, peak {cost.peak_gib:.2f} GiB", flush=True)
    return seconds | {
        "total": total,
        "revenue": float(np.sum(journeys.lifetime.gross)) / 1e6,
        "baskets": float(len(journeys.baskets.entity)),
    }


def whose(seen: object) -> np.ndarray:
    """The customer of every sighting, which the generator wrote into its identifiers."""
    table = seen.frames[0].table.to_pandas()  # type: ignore[attr-defined]  # a Sighted
    by_email = pd.to_numeric(table["email"].str.extract(r"(\d+)@")[0])
    by_phone = pd.to_numeric(table["phone"].str.slice(5))
    by_cookie = table["cookie"].str.slice(1).map(lambda text: int(text, 16) // 2, na_action="ignore")
    return by_email.fillna(by_phone).fillna(by_cookie).to_numpy().astype(np.int32)


def in_pandas(path: Path) -> dict[str, float]:
    """The same in vectorised pandas: one frame, sorted, grouped and merged."""
    with measure() as cost:
        frame = pd.read_parquet(path).drop_duplicates("event_id")
        named = frame[["cookie", "email", "phone"]].astype(object)
        tuples = named.drop_duplicates().reset_index(drop=True)
        tuples["sighting"] = np.arange(len(tuples))
        by_email = pd.to_numeric(tuples["email"].str.extract(r"(\d+)@")[0])
        by_cookie = tuples["cookie"].str.slice(1).map(lambda text: int(text, 16) // 2, na_action="ignore")
        tuples["entity"] = by_email.fillna(pd.to_numeric(tuples["phone"].str.slice(5))).fillna(by_cookie).astype(np.int64)
        frame = frame.astype({"cookie": object, "email": object, "phone": object}).merge(
            tuples, on=["cookie", "email", "phone"]
        )
        frame = frame.sort_values(["entity", "at", "event_id"], kind="stable")
        gap = frame.groupby("entity")["at"].diff() > pd.Timedelta("30min")
        frame["begins"] = gap | (frame["entity"] != frame["entity"].shift())
        sessions = frame.groupby("entity")["begins"].sum()
        orders = frame[frame["event"] == "purchase"].drop_duplicates(["entity", "order_id"], keep="last")
        revenue = orders.groupby("entity")["total"].sum()
        first_last = frame.groupby("entity").agg(first=("at", "first"), last=("at", "last"), events=("at", "size"))
        carts = frame[frame["event"].isin(["add_to_cart", "remove_from_cart", "purchase"])].copy()
        carts["step"] = carts["event"].map({"add_to_cart": 1, "remove_from_cart": -1, "purchase": 0}).astype(np.int64)
        keys = ["entity", "cart_id"]
        carts["cart_id"] = carts["cart_id"].astype(object)
        closed = carts[carts["event"] == "purchase"].groupby(keys)["at"].max().rename("closed").reset_index()
        carts = carts.merge(closed, on=keys, how="left")
        live = carts[(carts["at"] > carts["closed"]) | carts["closed"].isna()].groupby(keys)["step"].sum()
        cases = frame[frame["event"].isin(["case_opened", "case_closed"])]
        open_cases = cases.assign(case_id=cases["case_id"].astype(object)).groupby(["entity", "case_id"])["event"].last()
        use = frame.groupby(["entity", "channel"], observed=True)["at"].agg(["size", "first", "last"])
        points = frame.groupby("entity")["points"].sum()
    print(f"  {'pandas':<28}{cost}", flush=True)
    assert len(sessions) == len(first_last) == len(points) and len(use) and len(open_cases)  # noqa: PT018  # a benchmark checks itself
    return {"total": cost.wall, "revenue": float(revenue.sum()), "baskets": float((live > 0).sum())}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--pandas", type=int, default=1_000_000, help="events that pandas does as well; 0 for none")
    parser.add_argument("--resolve", action="store_true", help="resolve the sightings, too")
    parser.add_argument("--folder", type=Path, default=None, help="where the files are made; default: a temporary folder")
    arguments = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as made:
        folder = arguments.folder or Path(made)
        for n in [arguments.pandas] * (arguments.pandas > 0) + [arguments.events]:
            path = folder / f"events_{n}.parquet"
            people = min(PEOPLE, n // 10)
            if not path.exists():
                generate(path, n)
            print(f"\nomniid, {n:,} events", flush=True)
            mine = tell(path, people)
            if n == arguments.pandas:
                theirs = in_pandas(path)
                print(f"  pandas takes {theirs['total'] / mine['total']:.1f} times as long")
                for name in ("revenue", "baskets"):
                    print(f"  {name}: {mine[name]:,.0f} and {theirs[name]:,.0f}")
        if arguments.resolve:
            with measure() as cost:
                crm = pa.table(
                    {"id": [str(i) for i in range(people)], "email": [f"customer{i}@example.com" for i in range(people)]}
                )
                found = omniid.resolve({"crm": crm}, omniid.Spec(fields=SPEC.fields), events={"events": path})
            print(f"\nresolved with {people:,} records: {cost}\n{found}")


if __name__ == "__main__":
    main()
