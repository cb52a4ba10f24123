"""Which records name which device."""

from omniid.devices import device_values
from omniid.tables import RecordTable


def test_values_of_one_kind_are_one_device_whichever_column_holds_them() -> None:
    rows: list[dict[str, object]] = [
        {"record_id": "1", "site": "c1", "shop": None, "tablet": "c1"},
        {"record_id": "2", "site": None, "shop": ["c1", "c2"], "tablet": None},
    ]
    found = device_values(RecordTable.of(rows), {"site": "cookie", "shop": "cookie", "tablet": "kiosk", "absent": "wearable"})
    named = [(row, found.kind_of(code), found.names[code].as_py()) for row, code in zip(found.rows, found.codes, strict=True)]
    assert sorted(named) == [(0, "cookie", "c1"), (0, "kiosk", "c1"), (1, "cookie", "c1"), (1, "cookie", "c2")]


def test_no_devices_at_all() -> None:
    found = device_values(RecordTable.of([{"record_id": "1"}]), {})
    assert len(found.rows) == len(found.codes) == len(found.names) == 0
