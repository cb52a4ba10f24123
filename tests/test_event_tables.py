"""Several event tables become one, over one vocabulary, and settle to one order."""

from typing import Any

import pyarrow as pa

from omniid.event_columns import EventColumns
from omniid.event_reading import read_part
from omniid.event_tables import join_event_tables
from omniid.frames import EventFrame

COLUMNS = EventColumns(time="at", type="what", event_id="no", amount="sum")


def joined(**tables: list[tuple[Any, ...]]) -> Any:
    frames, parts = [], []
    for name, rows in tables.items():
        frame = EventFrame(
            name, pa.table(dict(zip(("at", "what", "no", "sum", "mail"), zip(*rows, strict=True), strict=True))), "frame"
        )
        frames.append(frame)
        parts.append(read_part(frame, COLUMNS, {"mail": "email"}, None))
    return join_event_tables(frames, parts, {"order": ["buy"]})


def test_two_tables_are_one() -> None:
    table, tuples = joined(
        app=[("2024-05-02", "buy", "1", 5, "a@x.com"), ("2024-05-01", "see", "2", None, "a@x.com")],
        web=[
            ("2024-05-01", "buy", "1", 7, None),
            ("2024-05-01", "add", "10", 7, "b@x.com"),
            ("2024-05-01", "add", "9", 7, "b@x.com"),
        ],
    )
    types = table.texts["type"]
    assert types.vocabulary.to_pylist() == ["add", "buy", "see"]
    told = [
        (table.sources[s], types.vocabulary[c].as_py(), i)
        for s, c, i in zip(table.source, types.codes, table.event_id.to_pylist(), strict=True)
    ]
    assert told == [("web", "buy", "1"), ("app", "see", "2"), ("web", "add", "9"), ("web", "add", "10"), ("app", "buy", "1")]
    assert [made.name for made in tuples] == ["app events", "web events"]
    assert table.sightings.events.tolist() == [2, 2]
    assert table.sighting.tolist() == [-1, 0, 1, 1, 0]


def test_of_two_tellings_of_one_id_the_later_counts() -> None:
    table, _ = joined(
        web=[
            ("2024-05-02", "buy", "1", 5, "a@x.com"),
            ("2024-05-01", "buy", "1", 6, "a@x.com"),
            ("2024-05-01", "buy", "2", 6, None),
        ]
    )
    assert (len(table), table.repeated, table.changed) == (2, 1, 1)
    assert table.amounts["amount"].tolist() == [6_000_000, 5_000_000]
