"""How fast the generator makes records: `python benchmarks/generate.py --records 1000000`."""

import argparse

from common import machine, measure
from omniid.datasets import generate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    print(machine())
    with measure() as cost:
        sample = generate(arguments.records, seed=arguments.seed)
    print(sample)
    print(f"{cost}; {arguments.records / cost.wall:,.0f} records a second")


if __name__ == "__main__":
    main()
