"""Provenance: where every value comes from, as codes into what is there already; text is made when somebody reads it."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from omniid.survivorship.deciding import LOST, Survivors
from omniid.survivorship.reasons import BY_NAME, kept_words, loser_words, rule_name, winner_words
from omniid.tables import NO_TIME, RecordTable, coded_column
from omniid.tables.arrays import arrow_array, text_array

__all__ = ["Provenance"]

TIME = pa.timestamp("us", tz="UTC")
TEXT = pa.large_string()
SCHEMA = pa.schema(
    [(name, pa.dictionary(pa.int32(), TEXT)) for name in ("entity_id", "field", "value", "raw", "source", "record_id")]
    + [("time", pa.dictionary(pa.int32(), TIME)), ("rule", pa.dictionary(pa.int32(), TEXT)), ("survived", pa.bool_())]
    + [("reason", pa.dictionary(pa.int32(), TEXT))]
)
FIRST = min(LOST, *BY_NAME)  # the lowest number in place of a rule


class Provenance:
    """Makes the provenance of one field after the other, all over the same dictionaries.

    Parameters
    ----------
    table
        Normalized records.
    entity_ids
        large_string, the ids of the entities.
    fields
        Names of the fields.
    """

    def __init__(self, table: RecordTable, entity_ids: pa.LargeStringArray, fields: Sequence[str]) -> None:
        self.table, self.entity_ids, self.fields = table, entity_ids, list(fields)
        self.field_names, self.source_names = text_array(self.fields), text_array(table.sources)
        self.times = arrow_array(table.time, present=table.time != NO_TIME).cast(TIME)

    def of(self, field: str, survivors: Survivors, chain: Sequence[str], said: Sequence[tuple[int, str]] = ()) -> pa.Table:
        """One row per entry of a field.

        Parameters
        ----------
        field
            The field.
        survivors
            Its entries, the best of each entity first.
        chain
            Names of the rules that decided.
        said
            (row, reason) of values that a person pinned.
        """
        entries = survivors.entries
        rules = text_array([rule_name(chain, place) for place in range(FIRST + 1, len(chain))])
        columns = [
            coded_column(entries.entity, self.entity_ids),
            coded_column(np.full(len(entries), self.fields.index(field), np.int32), self.field_names),
            coded_column(entries.shown, entries.display),
            self._raw(field, survivors),
            coded_column(entries.source, self.source_names),
            coded_column(entries.row, self.table.record_id),
            coded_column(entries.row, self.times),
            coded_column(survivors.rule.astype(np.int32) - np.int32(FIRST + 1), rules),
            arrow_array(survivors.survived),
            _reasons(survivors, chain, said),
        ]
        return pa.table(columns, SCHEMA)

    def _raw(self, field: str, survivors: Survivors) -> pa.DictionaryArray:
        """What the source sent, entry by entry; the shown form for fields that no source sent as such."""
        entries, raw = survivors.entries, self.table.raw.get(field)
        if raw is None or len(raw.codes) != len(self.table.display[field].codes):
            return coded_column(entries.shown, entries.display)
        return coded_column(raw.codes.take(survivors.places), raw.vocabulary)


def _reasons(survivors: Survivors, chain: Sequence[str], said: Sequence[tuple[int, str]]) -> pa.DictionaryArray:
    """Why each entry survived or lost."""
    places = range(FIRST, len(chain))
    won = [winner_words(rule_name(chain, max(place, FIRST + 1))) for place in places]
    lost = [loser_words(chain, place) for place in places]
    also = [kept_words(chain, place) for place in places]
    texts = list(dict.fromkeys([*won, *lost, *also, *(reason for _, reason in said)]))
    number = {text: np.int32(place) for place, text in enumerate(texts)}
    codes = np.array([number[text] for text in lost], np.int32).take(survivors.lost_by - FIRST)
    kept = np.flatnonzero(survivors.survived)
    codes[kept] = np.array([number[text] for text in also], np.int32).take(survivors.lost_by[kept] - FIRST)
    first = survivors.primary
    codes[first] = np.array([number[text] for text in won], np.int32).take(survivors.rule[first] - FIRST)
    for row, reason in said:
        codes[first[survivors.entries.row[first] == row]] = number[reason]
    return coded_column(codes, text_array(texts))
