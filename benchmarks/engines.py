"""Run engines on the people set, back to back and each in a fresh process, and compare what they cost and what they found."""

import compileall
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import omniid
from omniid.phonetics import soundex_all
from people_scores import score_clusters
from people_task import DERIVED
from stage_clock import Outcome, print_stages, run_fresh

HERE = Path(__file__).parent
MEASURES = (("cpu", "CPU", "s"), ("wall", "wall", "s"), ("peak_gib", "peak memory", "GiB"))


@dataclass
class Engine:
    """One way to match: an interpreter, a script that `stage_clock.run_fresh` can run, and its own file of records."""

    name: str
    python: str
    script: str
    file: Path
    outcomes: list[Outcome] = field(default_factory=list)

    def of(self, measure: str) -> float:
        """The median of wall, cpu or peak_gib over all runs."""
        return median(getattr(outcome, measure) for outcome in self.outcomes)

    def once_started(self, measure: str) -> float:
        """The median of wall or cpu without what starting the process and its imports take."""
        return median(getattr(outcome, measure) - outcome.start(measure) for outcome in self.outcomes)


def keyed_file(people: Path) -> Path:
    """The people set with the derived keys as columns, for engines that do not derive them on their own clock."""
    path = people.with_name(f"keyed-{people.name}")
    if not path.exists():
        table = pq.read_table(people)
        for name, (derivation, source, number) in DERIVED.items():
            cells = table[source].combine_chunks().cast(pa.large_string()).dictionary_encode()
            distinct = cells.dictionary
            keys = soundex_all(distinct) if derivation == "soundex" else pc.utf8_slice_codeunits(distinct, 0, number)
            table = table.append_column(name, keys.take(cells.indices))
        pq.write_table(table, path)
    return path


def require(python: str, package: str, requirement: str, option: str) -> None:
    """Stop, and say how to go on, where an interpreter lacks a package."""
    found = subprocess.run([python, "-c", f"import {package}"], capture_output=True)
    if found.returncode:
        raise SystemExit(
            f"{python} has no {package}; make an environment for it and pass its interpreter:\n"
            f"  python -m venv {package}-env && {package}-env/bin/pip install {requirement}\n"
            f"  and then {option} {package}-env/bin/python"
        )


def run_in_turn(engines: list[Engine], people: Path, rules: str, repeat: int) -> None:
    """Run the engines alternately; print each run as it ends, and the scores of its clusters."""
    compileall.compile_dir(Path(omniid.__file__).parent, quiet=1)  # as pip did with the other engine
    for number in range(repeat):
        for engine in engines:
            clusters = people.with_name(f"clusters-{engine.name}.parquet")
            outcome = run_fresh(engine.python, HERE / engine.script, engine.file, clusters, rules)
            engine.outcomes.append(outcome)
            facts = "  ".join(f"{name} {spelled(fact)}" for name, fact in outcome.facts.items())
            print(f"{engine.name}, run {number + 1} of {repeat}: {facts}\n  {score_clusters(people, clusters)}")
            print_stages(outcome)


def spelled(fact: object) -> str:
    """Numbers with commas, versions as a list."""
    if isinstance(fact, Mapping):
        return ", ".join(f"{name} {version}" for name, version in fact.items())
    return f"{fact:,}" if isinstance(fact, int) else str(fact)


def print_ratios(ours: Engine, theirs: Engine) -> None:
    """The medians side by side, and how many times less ours needs; in a service that runs already, nothing starts."""
    print(f"\n{'medians':<24}{ours.name:>16}{theirs.name:>16}{'ratio':>10}")
    rows = [(label, unit, ours.of(measure), theirs.of(measure)) for measure, label, unit in MEASURES]
    rows += [(f"{label}, once started", unit, *(e.once_started(m) for e in (ours, theirs))) for m, label, unit in MEASURES[:2]]
    for label, unit, mine, other in rows:
        print(f"{label:<24}{mine:>12.2f} {unit:<3}{other:>12.2f} {unit:<3}{other / mine:>9.2f}x")
