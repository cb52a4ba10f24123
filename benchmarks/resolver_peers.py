"""How long others take for one record: `python resolver_peers.py splink|thisness PEOPLE CALLS`, in their own environment.

Splink scores single pairs; weights are estimated before. thisness resolves single records against those that it holds. Both get
the people set as `people_task` declares it.
"""

import sys
import time
import warnings
from importlib import metadata

warnings.simplefilter("ignore")

import pyarrow.parquet as pq  # noqa: E402 - warnings are turned off first

from people_task import FIELDS  # noqa: E402 - as above
from stage_clock import StageClock, report  # noqa: E402 - as above


def splink(file: str, calls: int) -> tuple[str, list[float]]:
    import logging

    logging.disable(logging.WARNING)
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    rows = pq.read_table(file, columns=["unique_id", *FIELDS])
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[cl.JaroWinklerAtThresholds(name, [0.92, 0.8]) for name in FIELDS],
        blocking_rules_to_generate_predictions=[block_on("email"), block_on("phone")],
    )
    linker = Linker(DuckDBAPI().register(rows), settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e5, seed=1)
    pairs = rows.slice(0, 2 * calls).to_pylist()
    seconds = []
    for left, right in zip(pairs[::2], pairs[1::2], strict=True):
        start = time.perf_counter()
        linker.inference.score_pair(left, right).as_record_list()
        seconds.append(time.perf_counter() - start)
    return "one pair scored", seconds


def thisness(file: str, calls: int) -> tuple[str, list[float]]:
    from thisness import Thisness
    from thisness.profiles.person import person

    names = {
        "first_name": "given_name",
        "last_name": "family_name",
        "birth_date": "date_of_birth",
        "email": "email",
        "phone": "phone",
        "city": "city",
        "postcode": "postal_code",
    }
    engine = Thisness(":memory:", profiles=[person()])
    rows = pq.read_table(file, columns=["unique_id", *FIELDS]).to_pylist()

    def said(row: dict[str, str]) -> tuple[str, dict[str, str], dict[str, object]]:
        source = {"type": "table", "id": "people", "locator": {"id": str(row["unique_id"])}}
        return "person", {names[name]: row[name] for name in names if row[name]}, source

    engine.ingest([engine.observe(*said(row)) for row in rows[:-calls]])
    engine.resolve_many("person")
    seconds = []
    for row in rows[-calls:]:
        start = time.perf_counter()
        engine.resolve(*said(row))
        seconds.append(time.perf_counter() - start)
    return "one record resolved and kept", seconds


def main() -> None:
    engine, file, calls = sys.argv[1], sys.argv[2], int(sys.argv[3])
    clock = StageClock()
    what, seconds = {"splink": splink, "thisness": thisness}[engine](file, calls)
    report(clock.finish(what=what, seconds=seconds, version=f"{engine} {metadata.version(engine)}"))


if __name__ == "__main__":
    main()
