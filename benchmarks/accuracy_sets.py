"""The sets of the accuracy benchmarks, each in a folder of its own: files of the sources, the truth, the peers' table.

NAME/sources/SOURCE.parquet is what omniid reads; NAME/truth.parquet has unique_id (source:record_id) and person;
NAME/peers.parquet is what the other engines read: the same records as omniid's own inference and normal forms have them, with
columns recognised, names split, dates as 1990-05-14, phones as +48601234567, which is more than they would make of the files.
Each folder is made once.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from omniid.compilation import field_plans
from omniid.datasets import generate
from omniid.frames import read_inputs
from omniid.gathering import gather
from omniid.memory import MemoryBudget
from omniid.normalization import normalize
from omniid.stages import Stages
from omniid.tables import RecordTable
from peer_files import KIND

Tables = Mapping[str, pa.Table]
Loader = Callable[[Path, str], tuple[Tables, pa.Table]]

TRUTH_COLUMN = "cluster"  # of a table that brings its truth as a column, as Splink's demo sets do
NAMED = ("first_name", "middle_name", "last_name", "birth_date")
COMPARED = (*NAMED, "email", "phone", "identifier", "street", "city", "postcode", "category")  # kinds that the peers get
WITHOUT = ("soc_sec_id", "date_of_birth", "street_number", "address_2", "state")  # what febrl3 loses
WITH = ("rec_id", "given_name", "surname", "suburb", "postcode")  # what febrl4 keeps
GENERATED_CUT = 20_000  # omnichannel records before a cut
IDS = ("id", "record_id")
NAMES = (
    "name",
    "customer_name",
    "display_name",
    "full_name",
    "first name",
    "first_name",
    "last_name",
    "caller_name",
    "ship_name",
)
PLACES = ("city", "postcode", "ship_city", "ship_postcode")
CONTACTS = ("email", "e-mail", "phone", "card_no", "cookie", "device_id", "login_id", "caller_phone", "whatsapp", "handle")
BUYER = ("buyer_id", "buyer_email", "buyer_phone")


@dataclass(frozen=True)
class Set:
    """One set in its folder."""

    name: str
    folder: Path

    @property
    def truth(self) -> Path:
        """unique_id, person."""
        return self.folder / "truth.parquet"

    @property
    def peers(self) -> Path:
        """The table of the other engines."""
        return self.folder / "peers.parquet"

    @property
    def sources(self) -> dict[str, Path]:
        """Source → its file."""
        return {path.stem: path for path in sorted((self.folder / "sources").glob("*.parquet"))}

    def records(self) -> int:
        """Number of records."""
        return pq.read_metadata(self.truth).num_rows


def stored(folder: Path, name: str) -> tuple[Tables, pa.Table]:
    """Read a set from files: NAME.parquet or NAME.csv (of several NAMEa, NAMEb) and NAME.truth, else the truth as a column."""
    parts = [part for part in (name, f"{name}a", f"{name}b") if find(folder, part)]
    data = {part: read(folder, part) for part in parts}
    if find(folder, f"{name}.truth"):
        return data, read(folder, f"{name}.truth")
    table = data[name]
    truth = pa.table({"record_id": table["unique_id"], "entity_id": table[TRUTH_COLUMN]})
    return {name: table.drop_columns([TRUTH_COLUMN])}, truth


def find(folder: Path, stem: str) -> Path | None:
    """The file of that name, Parquet before CSV."""
    return next((path for path in (folder / f"{stem}.parquet", folder / f"{stem}.csv") if path.exists()), None)


def read(folder: Path, stem: str) -> pa.Table:
    """Read a file; the cells of a CSV file all stay text."""
    path = find(folder, stem)
    if path is None or path.suffix == ".parquet":
        return pq.read_table(folder / f"{stem}.parquet")
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    as_text = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    return pyarrow.csv.read_csv(path, convert_options=as_text)


def febrl3_cut(folder: Path, _: str) -> tuple[Tables, pa.Table]:
    """Names, street, suburb and postcode are left of febrl3."""
    data, truth = stored(folder, "febrl3")
    return {name: table.drop_columns([*WITHOUT]) for name, table in data.items()}, truth


def febrl4_cut(folder: Path, _: str) -> tuple[Tables, pa.Table]:
    """Names, suburb and postcode are left of febrl4's two lists."""
    data, truth = stored(folder, "febrl4")
    return {name: table.select([*WITH]) for name, table in data.items()}, truth


def omnichannel(_: Path, name: str) -> tuple[Tables, pa.Table]:
    """Generate so many records of nine channels."""
    sample = generate(int(name.rpartition("_")[2]), seed=0)
    return sample.channels, sample.truth


def omnichannel_places(_: Path, __: str) -> tuple[Tables, pa.Table]:
    """One record per source and person, with names, city and postcode, of the channels that know a place."""
    sample = generate(GENERATED_CUT, seed=0)
    channels = {name: table for name, table in sample.channels.items() if set(table.column_names) & set(PLACES)}
    return kept(channels, sample.truth, (*IDS, *NAMES, *PLACES), once=True)


def omnichannel_no_contacts(_: Path, __: str) -> tuple[Tables, pa.Table]:
    """No e-mail, phone, card, device or account, of the channels that then know more than a name."""
    sample = generate(GENERATED_CUT, seed=0)
    told = {"birth_date", "dob", *PLACES}
    channels = {name: table for name, table in sample.channels.items() if set(table.column_names) & told}
    columns = {column for table in channels.values() for column in table.column_names} - {*CONTACTS, *BUYER}
    return kept(channels, sample.truth, sorted(columns), once=False)


def kept(channels: Tables, truth: pa.Table, columns: Sequence[str], *, once: bool) -> tuple[Tables, pa.Table]:
    """Some columns of some channels, of each person's records one per channel or all, and the truth of those that are left."""
    real = {(row["source"], row["record_id"]): row["entity_id"] for row in truth.to_pylist()}
    data, rows = {}, []
    for name, table in channels.items():
        ids = table[next(column for column in IDS if column in table.column_names)].to_pylist()
        people = [real[name, key] for key in ids]
        chosen = sorted({person: at for at, person in reversed([*enumerate(people)])}.values()) if once else range(len(ids))
        data[name] = table.select([column for column in table.column_names if column in columns]).take(pa.array(chosen))
        rows += [{"source": name, "record_id": ids[at], "entity_id": people[at]} for at in chosen]
    return data, pa.Table.from_pylist(rows)


MADE: dict[str, Loader] = {
    "febrl3_cut": febrl3_cut,
    "febrl4_cut": febrl4_cut,
    "omnichannel_places": omnichannel_places,
    "omnichannel_no_contacts": omnichannel_no_contacts,
}
NEEDS = {"febrl3_cut": "febrl3", "febrl4_cut": "febrl4"}  # sets that are cut from a stored one


def available(data: Path, sizes: Sequence[int]) -> dict[str, Loader]:
    """The sets that can be made here: the stored ones, their cuts, and those that are generated."""
    truths = {path.name.split(".truth.")[0] for path in data.glob("*.truth.*")}
    columns = {path.stem for path in data.glob("*.csv") if TRUTH_COLUMN in header_of(path)}
    names: dict[str, Loader] = dict.fromkeys(sorted(truths | columns), stored)
    names |= {name: loader for name, loader in MADE.items() if NEEDS.get(name) is None or NEEDS[name] in truths}
    return names | {f"omnichannel_{size}": omnichannel for size in sizes}


def header_of(path: Path) -> list[str]:
    """The columns of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file), [])


def make(folder: Path, data: Path, name: str, loader: Loader) -> Set:
    """The set in its folder, made if it is not there."""
    found = Set(name, folder / name)
    if found.peers.exists():
        return found
    tables, truth = loader(data, name)
    sources = found.folder / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    for source, table in tables.items():
        pq.write_table(table, sources / f"{source}.parquet")
    only = truth["source"] if "source" in truth.column_names else pa.array([next(iter(tables))] * len(truth))
    unique_id = pc.binary_join_element_wise(text(only), text(truth["record_id"]), ":")
    pq.write_table(pa.table({"unique_id": unique_id, "person": text(truth["entity_id"])}), found.truth)
    pq.write_table(peers_table(found.sources), found.peers)
    return found


def text(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    """As one array of text."""
    values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return values.cast(pa.string())


def peers_table(sources: Mapping[str, Path]) -> pa.Table:
    """The records as omniid reads them, with the kind of every column; of several values in a cell the first."""
    stages = Stages(None, MemoryBudget.of(None))
    gathered = gather(read_inputs(dict(sources)), None, stages)
    records = normalize(gathered.table, field_plans(gathered.spec))
    kinds = {column: kind for field in gathered.spec.fields for column, kind in field.columns().items() if kind in COMPARED}
    keys = records.keys(np.arange(len(records)))
    columns = {"unique_id": pa.array([f"{source}:{record}" for source, record in keys])}
    columns["source"] = pa.array([source for source, _ in keys])
    fields = [pa.field(name, pa.string()) for name in columns]
    for name, kind in kinds.items():
        if name in records.columns and len(records.columns[name].vocabulary):
            columns[name] = first_values(records, name)
            fields.append(pa.field(name, pa.string(), metadata={KIND: kind}))
    return pa.Table.from_arrays([*columns.values()], schema=pa.schema(fields))


def first_values(records: RecordTable, name: str) -> pa.Array:
    """Each record's first value of a column, null where it has none."""
    column = records.columns[name]
    codes = column.codes if column.offsets is None else np.append(column.codes, -1)[firsts(column.offsets)]
    return column.vocabulary.cast(pa.string()).take(pa.array(codes, mask=codes < 0))


def firsts(offsets: np.ndarray) -> np.ndarray:
    """Position of each row's first entry, -1 (one past the end) where it has none."""
    return np.where(np.diff(offsets) > 0, offsets[:-1], -1)
