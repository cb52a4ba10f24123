"""Whether accuracy stays as files grow: `python benchmarks/precision_by_size.py --records 5000 30000 100000 1000000`.

More strangers share a name in a larger file, so that false links grow faster than true ones unless the model weighs them for
what they are. Makes channel files of each size in a process of its own, resolves them in another with nothing declared, and
prints one line per size.
"""

import argparse
import multiprocessing
import tempfile
from collections import Counter
from pathlib import Path

from common import machine, measure
from omnichannel import make_files, read_truth

HEAD = f"{'records':>10}  {'precision':>9}  {'recall':>7}  {'F1':>7}  {'largest':>7}  {'wall s':>8}  {'CPU s':>8}  {'GiB':>5}"


def resolve_size(folder: str, records: int, workers: int | None) -> None:
    """Resolve the files of one size and print a line."""
    with measure() as cost:
        import omniid

        paths = {path.stem: path for path in sorted(Path(folder).glob("*.csv")) if path.stem != "truth"}
        found = omniid.resolve(paths, workers=workers)
    crosswalk = found.table("crosswalk")
    largest = max(Counter(crosswalk["entity_id"].to_pylist()).values(), default=0)
    pairs = omniid.evaluate(crosswalk, read_truth(folder, "csv")).pairwise
    print(
        f"{records:>10,}  {pairs.precision:>9.4f}  {pairs.recall:>7.4f}  {pairs.f1:>7.4f}  {largest:>7,}"
        f"  {cost.wall:>8.1f}  {cost.cpu:>8.1f}  {cost.peak_gib:>5.2f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[5_000, 30_000, 100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, help="threads; all cores without it")
    arguments = parser.parse_args()
    print(machine(), end="\n\n", flush=True)
    print(HEAD, flush=True)
    fresh = multiprocessing.get_context("spawn")
    for records in arguments.records:
        with tempfile.TemporaryDirectory() as folder:
            for work, given in (
                (make_files, (folder, records, arguments.seed, "csv", False)),
                (resolve_size, (folder, records, arguments.workers)),
            ):
                process = fresh.Process(target=work, args=given)
                process.start()
                process.join()
                if process.exitcode:
                    raise SystemExit(process.exitcode)


if __name__ == "__main__":
    main()
