"""What an earlier run left: its id ledger, and what it rested on, so that the difference can be told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.decisions import read_decisions
from omniid.entity_ids import IdLedger, RecordKeys, carry_over, ledger_of_crosswalk, read_ledger, read_saved
from omniid.errors import InputError
from omniid.evaluation.memberships import Memberships, read_memberships
from omniid.spec import Spec
from omniid.tables import Clustering, Codes, Decision, Model, RecordTable
from omniid.tables.arrays import arrow_array, numpy_array

__all__ = ["Named", "Previous", "name_entities", "read_previous"]


@dataclass(frozen=True, eq=False)
class Previous:
    """An earlier result, as far as it is known.

    Parameters
    ----------
    ledger_for
        Called with the keys of the records at hand; returns the id ledger.
    profiles, records
        Return the profiles, and the records as the sources sent them, as tables; None where they are not known.
    decisions, spec, model
        What the result rested on; None where that is not known.
    """

    ledger_for: Callable[[RecordKeys], IdLedger]
    profiles: Callable[[], pa.Table] | None = None
    records: Callable[[], pa.Table] | None = None
    decisions: Sequence[Decision] | None = None
    spec: Spec | None = None
    model: Model | None = None


class Named(NamedTuple):
    """Entity number per row, the id of each entity, in the order of their smallest record keys, and the ledger."""

    entity: Codes
    entity_ids: pa.LargeStringArray
    ledger: IdLedger


def read_previous(source: Any) -> Previous:
    """Take what `resolve(previous=…)` was given.

    Parameters
    ----------
    source
        A `Resolution`, the folder of a saved one, or a crosswalk: any frame, a list of dicts or a file with `record_id`,
        `entity_id` and, where record ids are not unique over all sources, `source`. A bare crosswalk only votes.

    Raises
    ------
    InputError
        If the folder holds no saved result, or the crosswalk can't be read or contradicts itself.

    Examples
    --------
    >>> bare = read_previous([{"source": "web", "record_id": "1", "entity_id": "E1"}])
    >>> bare.ledger_for(RecordKeys.of([("web", "1")])).entity_ids.to_pylist()
    ['E1']
    """
    if isinstance(source, str | Path) and Path(source).is_dir():
        return _read_folder(Path(source))
    if isinstance(source, str | Path) and not Path(source).exists():
        raise InputError(f"previous is {str(source)!r}, which is neither a saved result's folder nor a crosswalk file")
    if hasattr(source, "parts") and not isinstance(source, Path):
        return source.parts.as_previous()  # type: ignore[no-any-return]  # a Resolution: the door to it lies above this layer
    if isinstance(source, int | float | bool):
        raise InputError(f"previous is {source!r}; give an earlier result, the folder of a saved one, or a crosswalk")
    members = read_memberships(source, "the crosswalk of previous=")
    return Previous(partial(_of_memberships, members))


def name_entities(
    records: RecordTable,
    clustering: Clustering,
    previous: Previous | None = None,
    votes: npt.NDArray[np.bool_] | None = None,
) -> Named:
    """Name the clusters: after those of an earlier result where one is given, else each with a new id.

    `votes` says per record whether it counts, as visits that a device gives to a person don't; None: all do.

    Examples
    --------
    >>> records = RecordTable.of([{"record_id": "1"}, {"record_id": "2"}])
    >>> before = read_previous([{"source": "records", "record_id": "2", "entity_id": "E7"}])
    >>> name_entities(records, Clustering(np.array([0, 0], np.int32)), before).entity_ids.to_pylist()
    ['E7']
    """
    labels = clustering.labels
    is_smallest = labels == np.arange(len(labels))
    number = np.cumsum(is_smallest, dtype=np.int32) - np.int32(1)
    entity, keys = number.take(labels), RecordKeys.of_table(records)
    ledger = carry_over(IdLedger.empty() if previous is None else previous.ledger_for(keys), keys, entity, votes)
    names = ledger.owner.take(np.flatnonzero(is_smallest))
    same_order = len(names) == len(ledger.entity_ids) and bool((names == np.arange(len(names))).all())
    return Named(entity, ledger.entity_ids if same_order else ledger.entity_ids.take(arrow_array(names)), ledger)


def _read_folder(folder: Path) -> Previous:
    ledger = read_ledger(folder)
    profiles, records = (
        read_saved(folder, "profiles"),
        read_saved(folder, "records"),
    )  # it may be overwritten before they are looked at
    profiles = profiles.drop_columns(
        [name for name in ("household_id",) if name in profiles.column_names]
    )  # a layer of its own
    return Previous(
        lambda _: ledger,
        lambda: profiles,
        lambda: records,
        read_decisions(folder / "decisions.jsonl"),
        Spec.load(folder / "spec.toml"),
        Model.load(folder / "model.json"),
    )


def _of_memberships(members: Memberships, keys: RecordKeys) -> IdLedger:
    """The ledger of a crosswalk; where it names no sources, those of the records that it can only mean."""
    if members.source is not None:
        coded = members.source.dictionary_encode()
        named = RecordKeys(tuple(coded.dictionary.to_pylist()), numpy_array(coded.indices), members.record_id)
        return ledger_of_crosswalk(named, members.entity)
    coded = keys.record_id.dictionary_encode()
    times = np.bincount(numpy_array(coded.indices), minlength=1)
    if times.max() > 1:
        twice = coded.dictionary[int(np.argmax(times))]
        raise InputError(
            f"{members.name} names no sources, but record id {str(twice)!r} is in several of them; add a column 'source'"
        )
    lone = RecordKeys(("",), np.zeros(len(members.record_id), np.int32), members.record_id)
    everywhere = RecordKeys(("",), np.zeros(len(keys), np.int32), keys.record_id)
    rows = everywhere.rows_of(lone)
    here = np.flatnonzero(rows >= 0)
    return ledger_of_crosswalk(keys.take(rows[here]), members.entity.take(arrow_array(here)))
