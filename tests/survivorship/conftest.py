"""Small record tables with entities, times and several values in a cell."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from omniid.normalization import normalize
from omniid.tables import NO_TIME, FieldPlan, RecordTable

Make = Callable[[list[dict[str, object]]], tuple[RecordTable, np.ndarray, list[str]]]


@pytest.fixture(scope="session")
def make() -> Make:
    """Rows with source, entity, time and values → a normalised table, the entity per row, and the entities' ids."""

    def build(rows: list[dict[str, object]]) -> tuple[RecordTable, np.ndarray, list[str]]:
        rows = [{"source": "crm", "record_id": f"{i:03}", **row} for i, row in enumerate(rows)]
        rows.sort(key=lambda row: (str(row["source"]), str(row["record_id"])))
        plain = [{k: v for k, v in row.items() if k not in ("entity", "time", "verified")} for row in rows]
        raw = RecordTable.of(plain)
        table = normalize(raw, [FieldPlan("text", {"text": name}) for name in raw.raw])
        times = [row.get("time") for row in rows]
        table = replace(table, time=np.array([NO_TIME if time is None else time for time in times], np.int64))
        ids = sorted({str(row.get("entity", "e0")) for row in rows})
        entity = np.array([ids.index(str(row.get("entity", "e0"))) for row in rows], np.int32)
        return table, entity, ids

    return build
