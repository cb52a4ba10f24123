"""F1 of variations on sets, each kept in a file until the library changes."""

import argparse
import hashlib
import json
import warnings
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import omniid
from accuracy_sets import Set, available, make
from common import machine
from people_scores import score_clusters
from variations import SHIPPED, Variation

SMALL = (
    "fake_1000",
    "febrl3_cut",
    "febrl4_cut",
    "RLdata10000",
    "dupehell_kyc",
    "dupehell_crm",
    "omnichannel_5000",
    "omnichannel_places",
    "omnichannel_no_contacts",
)

NOISE = 0.002  # by as much F1 moves with another seed of the random pairs


class Scores:
    """Scores of the library as it is now, kept in a folder."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / f"scores-{fingerprint()}.json"
        self.known: dict[str, float] = json.loads(self.file.read_text()) if self.file.exists() else {}

    def f1(self, one: Set, variations: Iterable[Variation] = (SHIPPED,)) -> float:
        """Resolve a set with some variations together, and score it."""
        chosen = [variation for variation in variations if variation != SHIPPED]
        key = " | ".join([one.name, *sorted(variation.key for variation in chosen)])
        if key not in self.known:
            self.known[key] = resolved_f1(one, chosen)
            self.file.write_text(json.dumps(self.known, indent=0, ensure_ascii=False))
        return self.known[key]


def sets_and_scores(description: str | None) -> tuple[list[Set], Scores]:
    """The sets that the command line names, and the scores kept beside them."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder with sets and their truth (default: data)")
    parser.add_argument("--folder", type=Path, default=Path("accuracy"), help="where sets and scores are kept")
    parser.add_argument("--only", nargs="+", default=SMALL, metavar="NAME", help="these sets (default: the smaller ones)")
    arguments = parser.parse_args()
    print(machine(), end="\n\n", flush=True)
    there = available(arguments.data, [5_000])
    sets = [make(arguments.folder, arguments.data, name, there[name]) for name in arguments.only if name in there]
    return sets, Scores(arguments.folder)


def resolved_f1(one: Set, variations: list[Variation]) -> float:
    """Resolve a set with nothing declared, otherwise than shipped."""
    with ExitStack() as stack, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for variation in variations:
            stack.enter_context(variation.applied())
        crosswalk = omniid.resolve(one.sources).table("crosswalk")
    keys = zip(crosswalk["source"].to_pylist(), crosswalk["record_id"].to_pylist(), strict=True)
    clusters = one.folder / "varied.parquet"
    unique_ids = pa.array([f"{source}:{record}" for source, record in keys])
    pq.write_table(pa.table({"unique_id": unique_ids, "cluster_id": crosswalk["entity_id"].cast(pa.string())}), clusters)
    return score_clusters(one.truth, clusters).f1


def fingerprint() -> str:
    """What the library's code hashes to."""
    code = hashlib.sha256()
    for path in sorted(Path(omniid.__file__).parent.rglob("*")):
        if path.suffix in (".py", ".csv"):
            code.update(path.read_bytes())
    return code.hexdigest()[:12]


def table(header: list[str], rows: Iterable[list[str]]) -> None:
    """Print a table, row by row."""
    print("| " + " | ".join(header) + " |\n|" + "---|" * len(header), flush=True)
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)
