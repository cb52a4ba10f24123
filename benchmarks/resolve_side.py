"""One `resolve()` of channel files with nothing declared, in a fresh process, from the files to saved results.

`python resolve_side.py FOLDER [--rules] [--memory-limit SIZE]`; scaling.py and hot_path.py call it. With --rules, the pairs
that the blocking rules make are counted too, off the clock.
"""

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import omniid
from common import peak_memory
from omniid.blocking import plan_blocks, rule_from_dict
from omniid.copies import find_originals, only_originals
from omniid.resolution import Resolution
from stage_clock import StageClock, report


class StageWatch:
    """A progress callback that shares time out among the stages."""

    def __init__(self, clock: StageClock) -> None:
        self.stages: dict[str, list[float]] = {}
        self.clock, self.wall, self.cpu = clock, time.perf_counter(), time.process_time()

    def __call__(self, stage: str, done: int, _total: int) -> None:
        """Add the time since the last call to the stage that is running."""
        wall, cpu = time.perf_counter(), time.process_time()
        seconds = self.stages.setdefault("between stages" if done == 0 else stage, [0.0, 0.0, 0.0])
        seconds[:] = seconds[0] + wall - self.wall, seconds[1] + cpu - self.cpu, peak_memory()
        self.wall, self.cpu = wall, cpu

    def close(self) -> None:
        """Hand the stages to the clock."""
        self("after the stages", 1, 1)
        self.clock.stages += [(stage, wall, cpu, peak) for stage, (wall, cpu, peak) in self.stages.items()]


def pairs_made(found: Resolution) -> int:
    """Pairs that the chosen rules make, a pair of two rules counted twice, as the block plan counts them."""
    parts = found.parts
    originals = find_originals(parts.evidence, parts.plan.columns, parts.plan.apart)
    rules = [rule_from_dict(rule) for rule in found.model.rules]
    return plan_blocks(only_originals(parts.evidence, originals), rules).pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rules", action="store_true", help="count what the blocking rules make")
    parser.add_argument("--memory-limit", metavar="SIZE")
    arguments = parser.parse_args()
    paths = {path.stem: path for path in sorted(arguments.folder.glob("*.csv")) if path.stem != "truth"}
    clock = StageClock()
    watch = StageWatch(clock)
    found = omniid.resolve(paths, memory_limit=arguments.memory_limit, progress=watch)
    watch.close()
    with TemporaryDirectory(dir=arguments.folder.parent) as folder, clock.stage("save"):
        found.save(folder)
    counts = {"records": sum(found.summary.records.values()), "people": found.summary.people}
    outcome = clock.finish(
        **counts, compared=found.summary.pairs, links=found.summary.links, spilled=found.summary.memory.spilled
    )
    if arguments.rules:
        outcome.facts["pairs"] = pairs_made(found)
    report(outcome)


if __name__ == "__main__":
    main()
