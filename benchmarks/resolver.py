"""A live store of N records, as a service has it: `python benchmarks/resolver.py --records 1000000`.

Generated channel records are learned from by a batch run, and loaded into a new store in one call. Then another process opens
the store, as a service does, and hands in records that it has not seen: one by one, and in batches of 500; and it is asked: by
e-mail or phone (exact), by name and city (weighed). Upserts that flip the class of a value (personal, shared …) are quoted
apart, with the records and pairs that had to be derived again for it. `--records 10000` is a quick look.

Beside it, in the same run: a fixed calibration loop (pure Python, and point queries of SQLite), so that machines can be
compared; and thisness and Splink, on `--peer-records` people, where an interpreter has them:

    python -m venv splink-env && splink-env/bin/pip install splink==5.0.0 pyarrow
    python -m venv thisness-env && thisness-env/bin/pip install thisness pyarrow   # Python 3.12 or newer
    python benchmarks/resolver.py --splink-python splink-env/bin/python --thisness-python thisness-env/bin/python
"""

import argparse
import json
import multiprocessing
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

import omniid
from common import machine, measure, peak_memory
from omniid.datasets import generate
from people_set import people_file
from stage_clock import EngineError, try_fresh
from watched_store import Watched

HERE = Path(__file__).parent
BATCH = 500
Row = dict[str, Any]


@dataclass(frozen=True)
class Task:
    """What the processes of a run share: files in one folder, and how much to do."""

    folder: Path
    singles: int
    batches: int
    lookups: int

    @property
    def store(self) -> Path:
        """The store's file."""
        return self.folder / "people.omniid"

    @property
    def stored(self) -> dict[str, Path]:
        """Channel → the file of its records that are loaded."""
        return {path.stem: path for path in sorted((self.folder / "stored").glob("*.parquet"))}


def calibration() -> tuple[float, float]:
    """CPU milliseconds of two million additions, and microseconds of one point query of SQLite: the least of three."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "calibration.db")
        connection.execute("create table plain (key integer primary key, value blob)")
        connection.executemany("insert into plain values (?, ?)", ((key, bytes(100)) for key in range(100_000)))
        connection.commit()
        keys = random.Random(0).choices(range(100_000), k=20_000)
        loops, queries = [], []
        for _ in range(3):
            start, total = time.process_time(), 0
            for number in range(2_000_000):
                total += number
            loops.append((time.process_time() - start) * 1e3)
            start = time.process_time()
            for key in keys:
                connection.execute("select value from plain where key = ?", (key,)).fetchone()
            queries.append((time.process_time() - start) / len(keys) * 1e6)
        connection.close()
    return min(loops), min(queries)


def write_task(folder: Path, records: int, fresh: int, seed: int) -> None:
    """Generate records; write those to load by channel, and those that come later in random order."""
    draw = random.Random(seed)
    later: list[tuple[str, Row]] = []
    (folder / "stored").mkdir()
    for name, table in generate(records + fresh, seed=seed, headers={}).channels.items():
        share = round(table.num_rows * fresh / (records + fresh))
        order = np.array(draw.sample(range(table.num_rows), table.num_rows))
        later += [(name, row) for row in table.take(order[:share]).to_pylist()]
        pq.write_table(table.take(np.sort(order[share:])), folder / "stored" / f"{name}.parquet")
    draw.shuffle(later)
    (folder / "later.json").write_text(json.dumps(later, default=str))


def learn(task: Task) -> str:
    """Learn a spec and a model from all records to load, by a batch run."""
    with measure() as cost:
        found = omniid.resolve(task.stored, omniid.Spec(incremental=True))
    found.spec.save(task.folder / "spec.toml")
    found.model.save(task.folder / "model.json")
    return f"learn by a batch run     {cost}"


def load(task: Task) -> str:
    """Load them into a new store."""
    spec, model = omniid.Spec.load(task.folder / "spec.toml"), omniid.Model.load(task.folder / "model.json")
    with omniid.open(task.store, spec, model=model, wait=600) as resolver:
        with measure() as cost:
            told = resolver.upsert(task.stored)
        people = len(set(told.entity_ids))
    size = task.store.stat().st_size
    return (
        f"bulk load                {told.new / cost.wall:,.0f} records/s: {told.new:,} records, {people:,} entities; {cost}\n"
        f"on disk                  {size / told.new:,.0f} bytes a record, {size / 2**20:,.0f} MiB"
    )


def live(task: Task) -> str:
    """Use the store as a service does."""
    later = [(str(name), row) for name, row in json.loads((task.folder / "later.json").read_text())]
    lines = []
    with omniid.open(task.store, wait=600) as resolver:
        first, opened = [], peak_memory()
        for name, row in later[:20]:  # warms what is remembered of names and towns
            first.append(timed(lambda row=row, name=name: resolver.upsert(row, source=name)))
        lines.append(
            f"first upserts            {first[0] * 1e3:.0f} ms the very first, then {np.median(first[1:]) * 1e3:.2f} ms"
        )
        lines += upserts(resolver, later[20 : 20 + task.singles])
        lines.append(batches(resolver, later[20 + task.singles :]))
        lines += lookups(resolver, task)
        lines.append(f"memory of this process   {opened:.2f} GiB when opened, {peak_memory():.2f} GiB at most")
    return "\n".join(lines)


def upserts(resolver: omniid.Resolver, rows: Sequence[tuple[str, Row]]) -> list[str]:
    """Records one by one."""
    plain = resolver.store
    watched = Watched(plain)
    resolver.store = watched
    calm, flipped, work = [], [], []
    for name, row in rows:
        watched.begin()
        seconds = timed(lambda row=row, name=name: resolver.upsert(row, source=name)) - watched.seconds
        (flipped if watched.flips else calm).append(seconds)
        if watched.flips:
            work.append((watched.flips, watched.written["filed"], watched.written["evidence"], watched.written["members"]))
    resolver.store = plain
    lines = [f"one upsert               {spread(calm)}"]
    if flipped:
        values, filed, pairs, members = np.mean(work, axis=0)
        lines.append(
            f"  that flips a class     {spread(flipped)}; on average {values:.1f} values flip, "
            f"{filed:.0f} records are filed anew, {pairs:.0f} pairs and {members:.0f} members are written anew"
        )
    return lines


def batches(resolver: omniid.Resolver, rows: Sequence[tuple[str, Row]]) -> str:
    """Records in batches."""
    seconds = []
    for start in range(0, len(rows) - BATCH + 1, BATCH):
        some: dict[str, list[Row]] = {}
        for name, row in rows[start : start + BATCH]:
            some.setdefault(name, []).append(row)
        seconds.append(timed(lambda some=some: resolver.upsert(some)))
    if not seconds:
        return f"batches of {BATCH}           none; say --batches"
    return f"batches of {BATCH}           {len(seconds) * BATCH / sum(seconds):,.0f} upserts/s ({len(seconds)} batches)"


def lookups(resolver: omniid.Resolver, task: Task) -> list[str]:
    """Questions about stored records, and one in twenty about somebody who is not there."""
    draw, known = random.Random(1), resolver.spec
    columns = {name for field in known.fields for name in field.columns()}
    rows: list[Row] = []
    for path in task.stored.values():
        table = pq.read_table(path)
        some = draw.sample(range(table.num_rows), min(table.num_rows, task.lookups))
        rows += table.take(some).to_pylist()
    draw.shuffle(rows)
    exact: list[Row] = []
    for name in ("email", "phone"):
        held = [{name: row[name]} for row in rows if row.get(name) and name in columns]
        exact += held[: task.lookups // 2]
    exact += [{"email": f"nobody{n}@example.com"} for n in range(task.lookups // 20)]
    draw.shuffle(exact)
    weighed = [
        {name: row[name] for name in ("first_name", "last_name", "city")}
        for row in rows
        if all(row.get(name) and name in columns for name in ("first_name", "last_name", "city"))
    ][: max(task.lookups // 10, 10)]
    for one in [*exact[:50], *weighed[:5]]:
        resolver.lookup(**one)
    found = [resolver.lookup(**one).entity_id for one in exact]
    ids = [one for one in found if one is not None]
    told = [
        ("lookup, exact", [timed(lambda one=one: resolver.lookup(**one)) for one in exact]),
        ("lookup, weighed", [timed(lambda one=one: resolver.lookup(**one)) for one in weighed]),
        ("profile by id", [timed(lambda one=one: resolver.get_profile(entity_id=one)) for one in ids]),
    ]
    lines = [f"{name:<25}{spread(seconds)}" for name, seconds in told if seconds]
    return [*lines, f"  answered exactly       {len(ids):,} of {len(exact):,}"]


def timed(call: Callable[[], object]) -> float:
    """Wall seconds of a call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def spread(seconds: Iterable[float]) -> str:
    """The median, the 99th percentile and the number of calls."""
    each = np.array(list(seconds)) * 1e3
    if not len(each):
        return "none"
    p50, p99 = np.percentile(each, [50, 99])
    return f"p50 {p50:.3f} ms, p99 {p99:.3f} ms, mean {each.mean():.3f} ms ({len(each):,})"


def peers(folder: Path, arguments: argparse.Namespace) -> Iterable[str]:
    """What others take for one record or one pair."""
    people = people_file(folder, arguments.peer_records)
    for name in ("splink", "thisness"):
        try:
            python = getattr(arguments, f"{name}_python")
            found = try_fresh(python, HERE / "resolver_peers.py", name, people, str(arguments.peer_singles), timeout=900)
        except EngineError as error:
            yield f"{name:<25}left out: {error} (--{name}-python names an interpreter that has it)"
        else:
            seconds = found.facts.pop("seconds")
            yield f"{name:<25}{found.facts['what']}: {spread(seconds)}; {found.facts['version']}"


def fresh_process(function: Callable[[Task], str], task: Task) -> str:
    """Run a step in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, task).result()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1_000_000, help="records in the store (default: a million)")
    parser.add_argument("--singles", type=int, default=2_000, help="upserts of one record")
    parser.add_argument("--batches", type=int, default=10, help=f"upserts of {BATCH} records")
    parser.add_argument("--lookups", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--peer-records", type=int, default=10_000, help="records that the other engines hold")
    parser.add_argument("--peer-singles", type=int, default=200, help="single calls of each")
    parser.add_argument("--splink-python", default=sys.executable, metavar="PATH", help="an interpreter that has Splink")
    parser.add_argument("--thisness-python", default=sys.executable, metavar="PATH", help="an interpreter that has thisness")
    arguments = parser.parse_args()
    print(machine())
    print("calibration              {:.0f} ms of additions, {:.1f} µs a point query".format(*calibration()), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        task = Task(Path(folder), arguments.singles, arguments.batches, arguments.lookups)
        write_task(task.folder, arguments.records, 20 + arguments.singles + arguments.batches * BATCH + 9, arguments.seed)
        for step in (learn, load, live):
            print(fresh_process(step, task), flush=True)
        print("\nothers, on", f"{arguments.peer_records:,} records of people:")
        for line in peers(task.folder, arguments):
            print(line, flush=True)
    print("calibration, again       {:.0f} ms of additions, {:.1f} µs a point query".format(*calibration()))


if __name__ == "__main__":
    main()
