"""Which records name which device."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omniid.tables import Codes, RecordTable, Rows
from omniid.tables.arrays import numpy_array, text_array

__all__ = ["DeviceValues", "device_values"]


@dataclass(frozen=True, eq=False)
class DeviceValues:
    """The device values of all records, one entry per record and value.

    Parameters
    ----------
    rows, codes
        int32 per entry: the record's row, and the value's code, one numbering for all kinds. Values of one kind mean the same
        device, whichever column holds them.
    names
        Values by code.
    kinds
        Kinds, in the order of their codes.
    starts
        The first code of each kind.
    """

    rows: Rows
    codes: Codes
    names: pa.LargeStringArray
    kinds: tuple[str, ...]
    starts: tuple[int, ...]

    def kind_of(self, code: int) -> str:
        """The kind of a value.

        Examples
        --------
        >>> table = RecordTable.of([{"record_id": "1", "visitor": "c1", "tablet": "t1"}])
        >>> device_values(table, {"visitor": "cookie", "tablet": "kiosk"}).kind_of(1)
        'kiosk'
        """
        return self.kinds[int(np.searchsorted(self.starts, code, "right")) - 1]


def device_values(table: RecordTable, kinds: Mapping[str, str]) -> DeviceValues:
    """Gather the device values of all records.

    Parameters
    ----------
    table
        Records as matching sees them: values that too many people share are missing.
    kinds
        Column → kind, for the columns that hold devices.

    Returns
    -------
    DeviceValues

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1", "visitor": "c1"}, {"record_id": "2", "web_cookie": "c1"}])
    >>> found = device_values(table, {"visitor": "cookie", "web_cookie": "cookie"})
    >>> found.rows.tolist(), found.codes.tolist()
    ([0, 1], [0, 0])
    """
    order = sorted(set(kinds.values()))
    rows: list[Rows] = [np.zeros(0, np.int32)]
    codes: list[Codes] = [np.zeros(0, np.int32)]
    names, starts = [text_array([])], []
    for kind in order:
        starts.append(sum(len(part) for part in names))
        columns = [table.columns[name] for name, own in kinds.items() if own == kind and name in table.columns]
        if not columns:
            continue
        values = (
            columns[0].vocabulary if len(columns) == 1 else pc.unique(pa.chunked_array([one.vocabulary for one in columns]))
        )
        names.append(values)
        for column in columns:
            mine, held = column.present()
            same = len(columns) == 1
            place = held if same else numpy_array(pc.index_in(column.vocabulary, value_set=values)).take(held)
            rows.append(mine)
            codes.append((place + starts[-1]).astype(np.int32))
    return DeviceValues(np.concatenate(rows), np.concatenate(codes), pa.concat_arrays(names), tuple(order), tuple(starts))
