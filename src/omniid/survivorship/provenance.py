"""Provenance: where every value comes from, as codes into what is there already; text is made when somebody reads it."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.survivorship.entries import Entries
from omniid.tables import NO_TIME, RecordTable

__all__ = ["Provenance", "coded"]

TIME = pa.timestamp("us", tz="UTC")
TEXT = pa.large_string()
SCHEMA = pa.schema(
    [(name, pa.dictionary(pa.int32(), TEXT)) for name in ("entity_id", "field", "value", "raw", "source", "record_id")]
    + [("time", pa.dictionary(pa.int32(), TIME)), ("rule", pa.dictionary(pa.int32(), TEXT)), ("survived", pa.bool_())]
)


class Provenance:
    """Makes the provenance of one field after the other, all over the same dictionaries.

    Parameters
    ----------
    table
        Normalized records.
    entity_ids
        large_string, the ids of the entities.
    rules
        Field → names of the rules of its chain.
    """

    def __init__(self, table: RecordTable, entity_ids: pa.LargeStringArray, rules: Mapping[str, Sequence[str]]) -> None:
        self.table, self.entity_ids = table, entity_ids
        self.fields = list(rules)
        self.rules = list(dict.fromkeys([name for chain in rules.values() for name in chain]))
        self.rules += [name for name in ("code-point order", "only value") if name not in self.rules]
        self.chains = {field: [self.rules.index(name) for name in chain] for field, chain in rules.items()}
        self.times = pa.array(table.time, TIME, mask=table.time == NO_TIME)

    def of(
        self,
        field: str,
        entries: Entries,
        places: npt.NDArray[np.integer],
        rule: npt.NDArray[np.int8],
        survived: npt.NDArray[np.bool_],
    ) -> pa.Table:
        """One row per entry of a field.

        Parameters
        ----------
        field
            The field.
        entries
            By entity, winners first.
        places
            Per entry, its position in the field's columns.
        rule
            Per entry, which rule of the chain decided: -1 where there was but one value, the chain's length for code points.
        survived
            Per entry.
        """
        chain = self.chains[field]
        names = np.array([*chain, self.rules.index("code-point order"), self.rules.index("only value")], np.int32)
        columns = [
            coded(entries.entity, self.entity_ids),
            coded(np.full(len(entries), self.fields.index(field), np.int32), _text(self.fields)),
            coded(entries.shown, entries.display),
            self._raw(field, entries, places),
            coded(entries.source, _text(self.table.sources)),
            coded(entries.row, self.table.record_id),
            coded(entries.row, self.times),
            coded(names.take(rule), _text(self.rules)),
            pa.array(survived),
        ]
        return pa.table(columns, SCHEMA)

    def _raw(self, field: str, entries: Entries, places: npt.NDArray[np.integer]) -> pa.DictionaryArray:
        """What the source sent, entry by entry; the shown form for fields that no source sent as such."""
        raw = self.table.raw.get(field)
        if raw is None or len(raw.codes) != len(self.table.display[field].codes):
            return coded(entries.shown, entries.display)
        return coded(raw.codes.take(places), raw.vocabulary)


def coded(codes: npt.NDArray[np.integer], values: pa.Array) -> pa.DictionaryArray:
    """Codes into values as an Arrow column; below 0 is null.

    Examples
    --------
    >>> coded(np.array([1, -1], np.int32), pa.array(["a", "b"])).to_pylist()
    ['b', None]
    """
    missing = codes < 0
    indices = pa.array(codes, pa.int32(), mask=missing) if missing.any() else pa.array(codes, pa.int32())
    return pa.DictionaryArray.from_arrays(indices, values, safe=False)


def _text(values: Sequence[str]) -> pa.LargeStringArray:
    return pa.array(values, TEXT)
