"""What survivorship rules see: the present values of one field, entity by entity."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.tables import Codes, Rows

__all__ = ["Candidate", "Entries"]


@dataclass(frozen=True, eq=False)
class Entries:
    """All present values of one field, one entry each, with what the rules rank by.

    Parameters
    ----------
    entity
        int32, the entity's number per entry; ascending.
    row
        int32, the record's row.
    value
        int32, equal for values that count as one (same normal form); smaller is earlier in code-point order.
    shown
        int32, position in `display`.
    display
        large_string: distinct forms to show.
    normal
        large_string: `normal[value]` is the text that minimum and maximum compare.
    time
        int64 microseconds since 1970 UTC per entry; the smallest int64 where unknown.
    source
        int32 per entry, position in `sources`.
    sources
        Source names.
    trust
        Source → trust, 0 to 100; 50 where not declared.
    filled
        int64 per entry: how many fields the entry's record fills.
    winners
        Field → row that won it, per entity (-1 where nobody did); for `same_record_as`.
    """

    entity: Rows
    row: Rows
    value: Codes
    shown: Codes
    display: pa.LargeStringArray
    normal: pa.LargeStringArray
    time: npt.NDArray[np.int64]
    source: Codes
    sources: tuple[str, ...]
    trust: Mapping[str, int]
    filled: npt.NDArray[np.int64]
    winners: Mapping[str, Rows]

    def __len__(self) -> int:
        return len(self.entity)

    def repeated(self) -> npt.NDArray[np.bool_]:
        """Whether the record holds the entry's value in an earlier entry already."""
        key = self.row.astype(np.int64) * (int(self.value.max(initial=0)) + 1) + self.value
        out = np.ones(len(self), bool)
        out[np.unique(key, return_index=True)[1]] = False
        return out

    def support(self, what: Codes, weight: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Per entry, the summed weight of the entries of its entity that hold the same thing."""
        key = self.entity.astype(np.int64) * (int(what.max(initial=0)) + 1) + what
        _, group = np.unique(key, return_inverse=True)
        return np.bincount(group, weight.astype(np.float64)).astype(np.int64)[group]


@dataclass(frozen=True)
class Candidate:
    """One value that a callable rule may choose.

    Parameters
    ----------
    value
        The form to show.
    source
        The source it comes from.
    time
        Microseconds since 1970 UTC, None where unknown.
    """

    value: str
    source: str
    time: int | None
