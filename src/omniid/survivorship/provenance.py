"""Provenance: where every value comes from, as codes into what is there already; text is made when somebody reads it."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.survivorship.entries import Entries
from omniid.tables import NO_TIME, RecordTable, coded_column
from omniid.tables.arrays import arrow_array, text_array

__all__ = ["Provenance"]

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
        texts = (self.fields, table.sources, self.rules)
        self.field_names, self.source_names, self.rule_names = (text_array(names) for names in texts)
        self.times = arrow_array(table.time, present=table.time != NO_TIME).cast(TIME)

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
            coded_column(entries.entity, self.entity_ids),
            coded_column(np.full(len(entries), self.fields.index(field), np.int32), self.field_names),
            coded_column(entries.shown, entries.display),
            self._raw(field, entries, places),
            coded_column(entries.source, self.source_names),
            coded_column(entries.row, self.table.record_id),
            coded_column(entries.row, self.times),
            coded_column(names.take(rule), self.rule_names),
            arrow_array(survived),
        ]
        return pa.table(columns, SCHEMA)

    def _raw(self, field: str, entries: Entries, places: npt.NDArray[np.integer]) -> pa.DictionaryArray:
        """What the source sent, entry by entry; the shown form for fields that no source sent as such."""
        raw = self.table.raw.get(field)
        if raw is None or len(raw.codes) != len(self.table.display[field].codes):
            return coded_column(entries.shown, entries.display)
        return coded_column(raw.codes.take(places), raw.vocabulary)
