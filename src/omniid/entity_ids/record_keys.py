"""Record keys as columns, and where they stand in another table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.tables import Codes, RecordTable
from omniid.tables.arrays import arrow_array, numpy_array, text_array

__all__ = ["RecordKeys", "join_keys"]


@dataclass(frozen=True, eq=False)
class RecordKeys:
    """Keys (source, record_id) of records.

    Parameters
    ----------
    sources
        Names of sources.
    source
        int32 position in `sources` per key.
    record_id
        large_string per key.

    Examples
    --------
    >>> keys = RecordKeys.of([("crm", "1"), ("web", "2")])
    >>> keys.take(np.array([1])).pairs()
    [('web', '2')]
    """

    sources: tuple[str, ...]
    source: Codes
    record_id: pa.LargeStringArray

    @classmethod
    def of(cls, keys: Sequence[tuple[str, str]]) -> "RecordKeys":
        """Keys of plain tuples, in their order."""
        sources = tuple(sorted({source for source, _ in keys}))
        codes = {source: code for code, source in enumerate(sources)}
        return cls(
            sources,
            np.array([codes[source] for source, _ in keys], np.int32),
            text_array([record_id for _, record_id in keys]),
        )

    @classmethod
    def of_table(cls, table: RecordTable) -> "RecordKeys":
        """The keys of a table's records."""
        return cls(table.sources, table.source, table.record_id)

    def __len__(self) -> int:
        return len(self.source)

    def pairs(self) -> list[tuple[str, str]]:
        """The keys as plain tuples."""
        names = [self.sources[code] for code in self.source.tolist()]
        return list(zip(names, self.record_id.to_pylist(), strict=True))

    def take(self, rows: npt.NDArray[np.signedinteger]) -> "RecordKeys":
        """The keys of some rows."""
        return RecordKeys(self.sources, self.source.take(rows), self.record_id.take(arrow_array(rows)))

    def source_names(self) -> pa.DictionaryArray:
        """The source of each key as text, coded."""
        return pa.DictionaryArray.from_arrays(arrow_array(self.source), text_array(self.sources))

    def rows_of(self, wanted: "RecordKeys") -> Codes:
        """Return where each wanted key stands here, -1 where it does not; the keys here are unique.

        Examples
        --------
        >>> RecordKeys.of([("crm", "1"), ("web", "2")]).rows_of(RecordKeys.of([("web", "2"), ("web", "3")])).tolist()
        [1, -1]
        """
        if self._equals(wanted):
            return np.arange(len(self), dtype=np.int32)
        rows = np.full(len(wanted), -1, np.int32)
        for code, name in enumerate(wanted.sources):
            if name not in self.sources:
                continue
            at = np.flatnonzero(wanted.source == code)
            here = np.flatnonzero(self.source == self.sources.index(name)).astype(np.int32)
            known = self.record_id.take(arrow_array(here))
            found = pc.index_in(wanted.record_id.take(arrow_array(at)), value_set=known)
            place = numpy_array(found, null=-1)
            rows[at] = np.append(here, np.int32(-1))[place]
        return rows

    def _equals(self, other: "RecordKeys") -> bool:
        return (
            self.sources == other.sources
            and np.array_equal(self.source, other.source)
            and bool(self.record_id.equals(other.record_id))
        )


def join_keys(parts: Sequence[RecordKeys]) -> RecordKeys:
    """Keys of several parts, one after the other.

    Examples
    --------
    >>> join_keys([RecordKeys.of([("web", "2")]), RecordKeys.of([("crm", "1")])]).pairs()
    [('web', '2'), ('crm', '1')]
    """
    sources = tuple(sorted({name for part in parts for name in part.sources}))
    codes = [np.array([sources.index(name) for name in part.sources], np.int32)[part.source] for part in parts if len(part)]
    ids = pa.concat_arrays([part.record_id for part in parts])
    return RecordKeys(sources, np.concatenate([np.zeros(0, np.int32), *codes]).astype(np.int32), ids)
