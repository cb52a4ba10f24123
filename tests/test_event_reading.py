"""Event tables are read alike from typed and from text columns, and what can't be read is said."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from omniid import InputError, SpecError
from omniid.event_columns import EventColumns
from omniid.event_reading import check_event_columns, read_part, sample_of_events
from omniid.frames import EventFrame
from omniid.tables import NO_TIME
from omniid.tables.events import NO_AMOUNT

COLUMNS = EventColumns(time="at", amount="sum")
MOMENT = datetime(2024, 5, 1, 10, tzinfo=UTC)


def part(at: Any, amount: Any = None) -> Any:
    n = len(at)
    table = pa.table({"at": at, "sum": pa.array([None] * n, pa.float64()) if amount is None else amount})
    return read_part(EventFrame("web", table, "frame"), COLUMNS, {}, "PL")


@pytest.mark.parametrize(
    "at",
    [
        pa.array([MOMENT], pa.timestamp("ms", "Europe/Warsaw")),
        pa.array([MOMENT.replace(tzinfo=None)], pa.timestamp("s")),
        pa.array(["2024-05-01T10:00:00Z"]),
        pa.array(["2024-05-01 10:00"], pa.large_string()),
        pa.array([MOMENT.astimezone(timezone(timedelta(hours=3))).isoformat()]),
        pa.array(["01.05.2024 10:00"]),
        pa.array([int(MOMENT.timestamp())]),
        pa.array(["1.5.2024 10:00"]).dictionary_encode(),
    ],
)
def test_one_moment_however_it_is_written(at: pa.Array) -> None:
    assert part(at).time.tolist() == [int(MOMENT.timestamp()) * 1_000_000]


def test_days_count_from_midnight_and_gaps_stay() -> None:
    assert part(pa.array([date(1970, 1, 2), None])).time.tolist() == [86_400_000_000, NO_TIME]


def test_what_is_no_time_or_amount_is_said_with_its_number() -> None:
    found = part(pa.array(["2024-05-01", "soon", "soon"]), pa.array(["1,50", "much", None]))
    assert found.time.tolist()[1:] == [NO_TIME, NO_TIME]
    assert found.amounts["amount"].tolist() == [1_500_000, NO_AMOUNT, NO_AMOUNT]
    assert found.rejects == [("at", "soon", "not a time: soon", 2), ("sum", "much", "not an amount", 1)]
    with pytest.raises(InputError, match="not a time: soon"):
        part(pa.array(["soon"]))


def test_numbers_and_text_give_the_same_amounts() -> None:
    wanted = [19_990_000, -5_000_000, NO_AMOUNT]
    days = pa.array(["2024-05-01"] * 3)
    for amounts in (pa.array([19.99, -5, None]), pa.array(["19.99", "-5", None]), pa.array(["19,99 zł", "(5)", None])):
        assert part(days, amounts).amounts["amount"].tolist() == wanted


def test_other_columns_stay_beside_the_roles() -> None:
    table = pa.table({"at": ["2024-05-01"], "source": ["x"], "page": ["home"]})
    found = read_part(EventFrame("web", table, "frame"), EventColumns(time="at"), {}, None)
    assert sorted(found.texts) == ["page", "source_other"]


def test_a_declared_column_that_is_not_there_is_named() -> None:
    with pytest.raises(
        SpecError, match="time is declared to be column 'att', which is not there; its columns are at; did you mean 'at'"
    ):
        check_event_columns(EventFrame("web", pa.table({"at": ["2024-05-01"]}), "frame"), EventColumns(time="att"))


def test_the_sample_does_not_depend_on_the_order_of_rows() -> None:
    n = 30_000
    rng = np.random.default_rng(3)
    table = pa.table({"at": pa.array(rng.integers(0, 2**40, n)), "name": pa.array([f"v{i % 700}" for i in range(n)])})
    mixed = table.take(pa.array(rng.permutation(n)))
    one, other = (sorted(sample_of_events(each).to_pylist(), key=str) for each in (table, mixed))
    assert one == other
    assert 19_000 < len(one) < 21_000
