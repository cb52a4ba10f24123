"""Write-back ledgers that can't be read say so."""

from pathlib import Path

import pandas as pd
import pytest

from omniid import InputError
from omniid.ledgers import CHANGE, read_changes

ROW = dict(zip(CHANGE, ("crm", "7", "mail", None, "a@x.com", "f00"), strict=True))


def test_a_ledger_keeps_its_order_and_each_change_once() -> None:
    later = {**ROW, "old": "a@x.com", "new": None, "idempotency_key": "f01"}
    table = read_changes([[ROW, later], pd.DataFrame([ROW]), []])
    assert table.column("idempotency_key").to_pylist() == ["f00", "f01"]
    assert table.column("new").to_pylist() == ["a@x.com", None]
    assert read_changes(None).num_rows == read_changes([]).num_rows == read_changes(pd.DataFrame()).num_rows == 0


def test_what_is_no_ledger_is_refused(tmp_path: Path) -> None:
    torn = tmp_path / "updates.jsonl"
    torn.write_text('{"source": "crm", "record_id": "7", "cha')
    for wrong, message in (
        ([{"source": "crm", "record_id": "7"}], "column 'column' is missing"),
        (tmp_path / "none.jsonl", "is not there"),
        (tmp_path, "is not there"),
        (torn, "no write-back ledger"),
        ([{**ROW, "idempotency_key": None}, ROW], "no idempotency_key"),
    ):
        with pytest.raises(InputError, match=message):
            read_changes(wrong)
