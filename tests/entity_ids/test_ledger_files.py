"""Ledgers on disk, and ledgers of bare crosswalks."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omniid import InputError
from omniid.entity_ids import IdLedger, RecordKeys, carry_over, ledger_of_crosswalk, ledger_tables, read_ledger
from omniid.frames import write_table
from oracle.id_histories import alone, book_of, ids, runs, same, step
from oracle.ids import Entity


def saved(ledger: IdLedger, folder: Path, format_: str = "parquet") -> Path:
    owner = pa.DictionaryArray.from_arrays(pa.array(ledger.owner), ledger.entity_ids)
    crosswalk = pa.table({"source": ledger.keys.source_names(), "record_id": ledger.keys.record_id, "entity_id": owner})
    write_table(crosswalk, folder / f"crosswalk.{format_}", format=format_)  # type: ignore[arg-type]
    for name, table in ledger_tables(ledger).items():
        write_table(table, folder / f"{name}.parquet")
    return folder


@settings(max_examples=settings().max_examples // 2)
@given(st.lists(runs(), min_size=1, max_size=5), st.sampled_from(["parquet", "csv"]))
def test_a_ledger_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, history: list[list[Entity]], format_: str
) -> None:
    ledger = IdLedger.empty()
    for entities in history:
        ledger = step(ledger, entities)
        ledger = read_ledger(saved(ledger, tmp_path_factory.mktemp("ledger"), format_)) if len(ledger.owner) else ledger
    whole = IdLedger.empty()
    for entities in history:
        whole = step(whole, entities)
    same(book_of(ledger), book_of(whole))


def test_a_missing_file_and_a_strange_id_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no saved result with its id ledger: crosswalk\.parquet is missing"):
        read_ledger(tmp_path)
    saved(step(IdLedger.empty(), alone("a", "b")), tmp_path)
    write_table(pa.table({"entity_id": ["x"], "redirects_to": pa.array([None], pa.string())}), tmp_path / "id_ledger.parquet")
    with pytest.raises(InputError, match=r"crosswalk names the id .*, which id_ledger\.parquet does not list"):
        read_ledger(tmp_path)


def test_a_bare_crosswalk_votes_in_any_order() -> None:
    keys = [("s", "a"), ("s", "b"), ("s", "c"), ("s", "d")]
    told = dict(zip(keys, ["ZZ", "7", "7", "7"], strict=True))
    for order in (keys, keys[::-1]):
        crosswalk = RecordKeys.of(order)
        ledger = ledger_of_crosswalk(crosswalk, pa.array([told[key] for key in order], pa.large_string()))
        assert ids(step(ledger, alone("a", "bc", "d", "e"))).keys() == {"a", "bc", "d", "e"}
        named = ids(step(ledger, alone("a", "bc", "d", "e")))
        assert (named["a"], named["bc"]) == ("ZZ", "7")
        assert ids(step(ledger, alone("abcd")))["abcd"] == "ZZ"  # that of the smallest key counts as issued first


def test_a_crosswalk_that_contradicts_itself_is_refused() -> None:
    twice = RecordKeys.of([("s", "a"), ("s", "a")])
    assert len(ledger_of_crosswalk(twice, pa.array(["X", "X"], pa.large_string())).owner) == 1
    with pytest.raises(InputError, match=r"names record \('s', 'a'\) with two entities"):
        ledger_of_crosswalk(twice, pa.array(["X", "Y"], pa.large_string()))


def test_a_new_id_is_never_one_of_the_crosswalk() -> None:
    first = carry_over(IdLedger.empty(), RecordKeys.of([("s", "b")]), step(IdLedger.empty(), alone("b")).owner)
    name = first.entity_ids[0].as_py()
    ledger = ledger_of_crosswalk(RecordKeys.of([("s", "a")]), pa.array([name], pa.large_string()))
    assert ids(step(ledger, alone("a", "b")))["b"] != name
