"""A ledger as tables in a folder, and the ledger of a bare crosswalk."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from omniid.entity_ids.ledger import Flags, IdLedger, PastSets
from omniid.entity_ids.record_keys import RecordKeys
from omniid.errors import InputError
from omniid.tables import Codes, coded_column
from omniid.tables.arrays import arrow_array, numpy_array, text_array, text_scalar

__all__ = ["ledger_of_crosswalk", "ledger_tables", "read_ledger", "read_saved"]

TEXT = pa.large_string()
RUN = b"omniid.run"


def ledger_tables(ledger: IdLedger) -> dict[str, pa.Table]:
    """Return what a saved result needs beside its crosswalk: all ids in order of issue, and what they named before.

    Returns
    -------
    dict
        ``id_ledger``: entity_id, redirects_to. ``id_sets``: entity_id, role, into, run, then a record key per row: members of
        a set that was "merged" or "retired", and records that live without a vote ("silent").

    Examples
    --------
    >>> [table.num_rows for table in ledger_tables(IdLedger.empty()).values()]
    [0, 0]
    """
    ids, past = ledger.entity_ids, ledger.past
    silent = np.flatnonzero(~ledger.votes)
    none = np.full(len(silent), -1, np.int32)
    of, into = past.owner.take(past.member_of), past.into.take(past.member_of)
    role = np.concatenate([(into < 0).astype(np.int32), none + 3])
    keys = [past.keys, ledger.keys.take(silent)]
    issued = pa.table({"entity_id": ids, "redirects_to": coded_column(ledger.redirects, ids)})
    sets = {
        "entity_id": coded_column(np.concatenate([of, ledger.owner[silent]]), ids),
        "role": coded_column(role, text_array(["merged", "retired", "silent"])),
        "into": coded_column(np.concatenate([into, none]), ids),
        "run": arrow_array(np.concatenate([past.ended.take(past.member_of), none])),
        "source": pa.chunked_array([one.source_names().dictionary_decode() for one in keys], TEXT),
        "record_id": pa.chunked_array([one.record_id for one in keys], TEXT),
    }
    return {"id_ledger": issued.replace_schema_metadata({RUN: str(ledger.run).encode()}), "id_sets": pa.table(sets)}


def read_ledger(folder: Path) -> IdLedger:
    """Read the ledger of a saved result.

    Raises
    ------
    InputError
        If a file is missing or does not fit the others.
    """
    crosswalk = read_saved(folder, "crosswalk")
    issued, sets = (pq.read_table(_there(folder / f"{name}.parquet")) for name in ("id_ledger", "id_sets"))
    ids = _column(issued, "entity_id")
    keys = _keys(crosswalk)
    owner = _places(_column(crosswalk, "entity_id"), ids, folder / "crosswalk")
    names, keyed = _column(sets, "role"), _keys(sets)
    silent = np.flatnonzero(numpy_array(pc.equal(names, text_scalar("silent"))))
    votes = np.ones(len(keys), bool)
    rows = keys.rows_of(keyed.take(silent))
    votes[rows[rows >= 0]] = False
    members = np.flatnonzero(numpy_array(pc.not_equal(names, text_scalar("silent"))))
    of = _places(_column(sets, "entity_id"), ids, folder / "id_sets.parquet")[members]
    into = _places(_column(sets, "into"), ids, folder / "id_sets.parquet")[members]
    ended = sets["run"].to_numpy().astype(np.int32)[members]
    new = np.ones(len(members), bool)
    new[1:] = (of[1:] != of[:-1]) | (into[1:] != into[:-1]) | (ended[1:] != ended[:-1])
    first = np.flatnonzero(new)
    member_of: Codes = np.cumsum(new, dtype=np.int32) - np.int32(1)
    past = PastSets(of[first], into[first], ended[first], member_of, keyed.take(members))
    redirects = _places(_column(issued, "redirects_to"), ids, folder / "id_ledger.parquet")
    run = int((issued.schema.metadata or {}).get(RUN, b"0"))
    return IdLedger(ids, redirects, keys, owner, votes, past, run)


def ledger_of_crosswalk(keys: RecordKeys, entity: pa.LargeStringArray) -> IdLedger:
    """Make a ledger of a bare crosswalk, which only votes: it knows no redirects, and nothing of the time before.

    Ids count as issued in the order of their entities' smallest keys.

    Parameters
    ----------
    keys
        Record keys in any order.
    entity
        The id of each record's entity.

    Raises
    ------
    InputError
        If the crosswalk names a record twice, with different entities.

    Examples
    --------
    >>> crosswalk = RecordKeys.of([("web", "2"), ("crm", "1")])
    >>> ledger_of_crosswalk(crosswalk, pa.array(["W", "C"], pa.large_string())).entity_ids.to_pylist()
    ['C', 'W']
    """
    by_key = pa.table({"source": keys.source_names().dictionary_decode(), "record_id": keys.record_id})
    ordered = pc.sort_indices(by_key, [("source", "ascending"), ("record_id", "ascending")])
    order = numpy_array(ordered).astype(np.intp)
    keys, entity = keys.take(order), entity.take(arrow_array(order))
    same = np.zeros(len(keys), bool)
    same[1:] = (keys.source[1:] == keys.source[:-1]) & _equals_former(keys.record_id)
    coded = entity.dictionary_encode()
    owner = numpy_array(coded.indices)
    if (wrong := np.flatnonzero(same[1:] & (owner[1:] != owner[:-1]))).size:
        raise InputError(f"the crosswalk names record {keys.take(wrong).pairs()[0]} with two entities; keep one of them")
    once = np.flatnonzero(~same)
    ids, none = coded.dictionary, IdLedger.empty()
    redirects = np.full(len(ids), -1, np.int32)
    return IdLedger(ids, redirects, keys.take(once), owner[once], np.ones(len(once), bool), none.past)


def read_saved(folder: Path, name: str) -> pa.Table:
    """Read a table of a saved result, Parquet or CSV; of CSV, all columns are text.

    Raises
    ------
    InputError
        If it is not there.
    """
    if (path := folder / f"{name}.csv").exists() and not (folder / f"{name}.parquet").exists():
        names = pacsv.open_csv(path).schema.names
        how = pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, TEXT),
            strings_can_be_null=True,
            null_values=[""],
            quoted_strings_can_be_null=False,
        )
        return pacsv.read_csv(path, parse_options=pacsv.ParseOptions(newlines_in_values=True), convert_options=how)
    return pq.read_table(_there(folder / f"{name}.parquet"))


def _there(path: Path) -> Path:
    if not path.exists():
        raise InputError(
            f"{path.parent} holds no saved result with its id ledger: {path.name} is missing; "
            "write one with found.save() or omniid resolve --out, or pass its crosswalk alone"
        )
    return path


def _column(table: pa.Table, name: str) -> pa.LargeStringArray:
    whole = table[name].cast(TEXT).combine_chunks()
    return whole if isinstance(whole, pa.Array) else pa.concat_arrays(whole.chunks)


def _keys(table: pa.Table) -> RecordKeys:
    coded = _column(table, "source").dictionary_encode()
    names: Sequence[str] = coded.dictionary.to_pylist()
    sources = tuple(sorted(names))
    place = np.array([sources.index(name) for name in names], np.int32)
    return RecordKeys(sources, place[numpy_array(coded.indices)], _column(table, "record_id"))


def _places(values: pa.LargeStringArray, ids: pa.LargeStringArray, path: Path) -> Codes:
    """Where each value stands among the ids, -1 for null."""
    found = pc.index_in(values, value_set=ids)
    places: Codes = numpy_array(found, null=-1)
    if (wrong := np.flatnonzero((places < 0) & _valid(values))).size:
        raise InputError(f"{path} names the id {values[int(wrong[0])]}, which id_ledger.parquet does not list; save it again")
    return places


def _valid(values: pa.Array) -> Flags:
    return np.asarray(numpy_array(values.is_valid()), np.bool_)


def _equals_former(values: pa.LargeStringArray) -> Flags:
    """Whether each value but the first equals the one before it."""
    codes = numpy_array(values.dictionary_encode().indices)
    return np.asarray(codes[1:] == codes[:-1], np.bool_)
