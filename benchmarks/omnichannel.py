"""From channel files to saved profiles: `python benchmarks/omnichannel.py --records 100000`.

Makes the files in a process of its own, so that its memory does not count, then resolves them with nothing declared.
"""

import argparse
import multiprocessing
import tempfile
from pathlib import Path

from common import machine, measure


def make_files(folder: str, records: int, seed: int, file_format: str) -> None:
    """Write the channel files and the truth."""
    from omniid.datasets import generate, write

    sample = generate(records, seed=seed)
    write(sample, folder, format=file_format)
    print(sample, end="\n\n")


def resolve_files(folder: str, file_format: str, workers: int | None) -> None:
    """Resolve and save; print stages, cost and, afterwards, the measured quality."""
    with measure() as cost:
        import omniid

        paths = {path.stem: path for path in sorted(Path(folder).glob(f"*.{file_format}")) if path.stem != "truth"}
        found = omniid.resolve(paths, workers=workers)
        with measure() as saving:
            found.save(Path(folder) / "result")
    print(found)
    print("\n".join(f"  {stage:<16}{seconds:8.2f} s" for stage, seconds in found.summary.seconds.items()))
    print(f"  {'save':<16}{saving.wall:8.2f} s\n\nfiles to saved profiles: {cost}\n")
    print(omniid.evaluate(found.table("crosswalk"), read_truth(folder, file_format)))


def read_truth(folder: str, file_format: str):
    """Read the truth as an Arrow table."""
    import pyarrow.csv
    import pyarrow.parquet

    path = Path(folder) / f"truth.{file_format}"
    return pyarrow.csv.read_csv(path) if file_format == "csv" else pyarrow.parquet.read_table(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--format", choices=("csv", "parquet"), default="csv")
    parser.add_argument("--workers", type=int, help="threads; all cores without it")
    arguments = parser.parse_args()
    print(machine(), end="\n\n", flush=True)
    fresh = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        for work, given in (
            (make_files, (folder, arguments.records, arguments.seed, arguments.format)),
            (resolve_files, (folder, arguments.format, arguments.workers)),
        ):
            process = fresh.Process(target=work, args=given)
            process.start()
            process.join()
            if process.exitcode:
                raise SystemExit(process.exitcode)


if __name__ == "__main__":
    main()
