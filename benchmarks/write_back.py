"""What a write-back plan costs: `python benchmarks/write_back.py --records 1000000`.

Channel files of the generator are resolved, every source takes everything, and the plan is made, written as JSON lines, carried
out on the frames, and planned again. Peak memory is that of the process, the resolved records included.
"""

import argparse
import tempfile
import time
from pathlib import Path

import omniid
from common import machine, measure, peak_memory
from omniid import Source, Spec
from omniid.datasets import generate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--files", help="a folder of channel files instead of generated records")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    print(machine())
    if arguments.files:
        data = {path.stem: path for path in sorted(Path(arguments.files).glob("*.csv")) if path.stem != "truth"}
    else:
        data = generate(arguments.records, seed=arguments.seed).channels
    spec = Spec(sources={name: Source(accepts="*") for name in data})
    with measure() as cost:
        found = omniid.resolve(data, spec)
    print(f"resolved {len(found.parts.records):,} records: {cost}")
    with measure() as cost:
        plan = found.write_back()
    print(f"planned {len(plan):,} updates: {cost}; {len(plan) / max(cost.cpu, 1e-9):,.0f} updates a CPU second")
    for name, work in (
        ("wrote JSON lines", lambda: plan.to_json_lines(Path(tempfile.gettempdir()) / f"updates-{time.time_ns()}.jsonl")),
        ("carried out", lambda: plan.apply(data)),
        ("planned again", lambda: found.write_back(applied=plan)),
    ):
        with measure() as cost:
            made = work()
        print(f"{name}: {cost}")
    assert len(made) == 0, "a plan that was carried out leaves nothing to plan"
    print(f"peak {peak_memory():.2f} GiB")
    print(plan)


if __name__ == "__main__":
    main()
