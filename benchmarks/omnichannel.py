"""From channel files to saved profiles: `python benchmarks/omnichannel.py --records 100000`.

Makes the files in a process of its own, so that its memory does not count, then resolves them with nothing declared.
With `--compare` the same files are resolved with and without value classes and limits, each in a process of its own.
"""

import argparse
import math
import multiprocessing
import tempfile
from pathlib import Path

from common import machine, measure

# name → (whether value classes count, how many of the limits are declared)
VARIANTS = {
    "no classes, no limits": (False, 0),
    "classes": (True, 0),
    "classes, one login and card": (True, 2),
    "… and one birth date": (True, 3),
    "… and one first name": (True, 4),
    "all limits, no classes": (False, 4),
}


def make_files(folder: str, records: int, seed: int, file_format: str, is_told: bool = True) -> None:
    """Write the channel files and the truth, and tell what stands in them."""
    from omniid.datasets import generate, write

    sample = generate(records, seed=seed)
    write(sample, folder, format=file_format)
    if is_told:
        print(sample, end="\n\n")


def resolve_files(folder: str, file_format: str, workers: int | None) -> None:
    """Resolve and save; print stages, cost and, afterwards, the measured quality."""
    with measure() as cost:
        import omniid

        found = omniid.resolve(paths_of(folder, file_format), workers=workers)
        with measure() as saving:
            found.save(Path(folder) / "result")
    print(found)
    print("\n".join(f"  {stage:<16}{seconds:8.2f} s" for stage, seconds in found.summary.seconds.items()))
    print(f"  {'save':<16}{saving.wall:8.2f} s\n\nfiles to saved profiles: {cost}\n")
    truth = read_truth(folder, file_format)
    print(omniid.evaluate(found.table("crosswalk"), truth))
    print(told_of_visits(found, truth))


def resolve_variant(folder: str, file_format: str, workers: int | None, name: str) -> None:
    """Resolve with or without value classes and limits; print one row of a table."""
    import omniid
    from omniid.evidence import thresholds_for

    classes, limits = VARIANTS[name]
    paths = paths_of(folder, file_format)
    spec = omniid.infer_spec(paths)
    if not classes:
        spec = spec.replace(people_at_most=dict.fromkeys(thresholds_for(spec).people_at_most, math.inf), rows_above=10**9)
    # What a business may say of its customers: one login and one card each, no second birth date, no second first name.
    declared = (
        omniid.at_most("login", 1),
        omniid.unique("loyalty"),
        omniid.disagree("birth_date"),
        omniid.disagree("first_name"),
    )
    spec = spec.replace(limits=declared[:limits])
    with measure() as cost:
        found = omniid.resolve(paths, spec, workers=workers)
    report = omniid.evaluate(found.table("crosswalk"), read_truth(folder, file_format))
    pairs, largest = report.pairwise, found.summary.sizes.largest[0][1]
    print(
        f"| {name} | {pairs.precision:.4f} | {pairs.recall:.4f} | {pairs.f1:.4f} | {report.b_cubed.f1:.4f} "
        f"| {found.summary.refusals:,} | {largest} | {cost.cpu:.1f} s |",
        flush=True,
    )


def told_of_visits(found, truth) -> str:
    """Say how many records name nobody, how many of them a device gives to a person, and how many of these rightly."""
    import numpy as np

    placed = found.parts.placement
    visits = np.flatnonzero(placed.is_anonymous)
    with_device = visits[placed.device[visits] >= 0]
    given = visits[placed.is_person[visits]]
    real = {(source, str(key)): entity for source, key, entity in zip(*truth.to_pydict().values(), strict=True)}
    who = np.array([real[key] for key in found.parts.records.keys(np.arange(len(placed.labels)))])
    persons = np.flatnonzero(~placed.is_anonymous)
    members = dict(zip(placed.labels[persons].tolist(), who[persons].tolist(), strict=True))
    right = sum(
        members[label] == entity for label, entity in zip(placed.labels[given].tolist(), who[given].tolist(), strict=True)
    )
    outcomes = np.bincount(placed.outcome[visits], minlength=9).tolist()
    return (
        f"\n{len(visits):,} records name nobody, {len(with_device):,} of them name a device; {len(given):,} are given to a "
        f"person, {right:,} of these rightly; several people use the devices of {outcomes[4]:,}, and nobody those of the others"
    )


def paths_of(folder: str, file_format: str) -> dict[str, Path]:
    """Source → its file."""
    return {path.stem: path for path in sorted(Path(folder).glob(f"*.{file_format}")) if path.stem != "truth"}


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
    parser.add_argument("--compare", action="store_true", help="with and without value classes and limits")
    arguments = parser.parse_args()
    print(machine(), end="\n\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        run(make_files, folder, arguments.records, arguments.seed, arguments.format)
        if not arguments.compare:
            run(resolve_files, folder, arguments.format, arguments.workers)
            return
        print(
            "| | precision | recall | f1 | b-cubed f1 | refused | largest | CPU |\n|---|---|---|---|---|---|---|---|",
            flush=True,
        )
        for name in VARIANTS:
            run(resolve_variant, folder, arguments.format, arguments.workers, name)


def run(work, *given) -> None:
    """Do work in a process of its own."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=given)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


if __name__ == "__main__":
    main()
