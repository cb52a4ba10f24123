"""Stop values that a spec declares beside those that ship with the package, or takes back.

A stop value is null to every stage, kept on the record as it was sent, and listed among the rejects. Written as text:

================  =====================================================================
``"000-00-00"``   this value, in any spelling that is read alike
``"noreply@*"``   any value of this shape; ``*`` stands for any characters
``"/9{6,}/"``     any value that this regular expression describes from end to end
``"!1111"``       none, although the package ships it as one; ``"!*"`` takes all back
================  =====================================================================
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from omniid.declarations import Field, roles
from omniid.errors import SpecError
from omniid.fields import kind_of
from omniid.frames.naming import did_you_mean
from omniid.identifier_kinds import KINDS
from omniid.normalization import normalize, normalize_email, normalize_handle, normalize_identifier, normalize_phone, tidy
from omniid.normalization.handle import NETWORKS
from omniid.tables import Column, FieldPlan, NormalForm, RecordTable
from omniid.tables.arrays import arrow_array, numpy_array, text_array

__all__ = [
    "REASON",
    "Among",
    "DeclaredStops",
    "declared_stops",
    "read_anyway",
    "settle_stop_values",
    "stopped_forms",
    "with_stop_values",
]

Bools = npt.NDArray[np.bool_]
StopValues = Mapping[str, Sequence[str]]
REASON = "stop value: declared"
# Normalisers that can be asked to let stop values pass.
LENIENT: Mapping[str, Callable[[str], NormalForm]] = {
    "email": partial(normalize_email, stops=False),
    "identifier": partial(normalize_identifier, stops=False),
    **{name: partial(normalize_handle, network=name, stops=False) for name in NETWORKS},
}


def settle_stop_values(
    declared: Mapping[str, Sequence[str | re.Pattern[str]]], fields: Sequence[Field]
) -> dict[str, tuple[str, ...]]:
    """Check declared stop values and write them as texts.

    Parameters
    ----------
    declared
        Kind → stop values; a compiled regular expression counts as its text between slashes.
    fields
        What the columns hold.

    Raises
    ------
    SpecError
        If a kind is unknown, a value is no text, or a regular expression can't be read.

    Examples
    --------
    >>> settle_stop_values({"phone": ["+48 22 219 01 01", re.compile("9{6,}")]}, [])
    {'phone': ('+48 22 219 01 01', '/9{6,}/')}
    """
    known = sorted({*KINDS, *(name for field in fields for name in _names(field).values())})
    if not isinstance(declared, Mapping):
        raise SpecError(f'stop_values is {declared!r}; map kinds to lists, such as {{"phone": ["22 219 01 01"]}}')
    out = {}
    for name, values in declared.items():
        if name not in known:
            raise SpecError(
                f"stop values are given for the kind {name!r}; the kinds are {', '.join(known)}{did_you_mean(str(name), known)}"
            )
        if not isinstance(values, list | tuple):
            raise SpecError(f"stop values of {name!r} are {values!r}; give a list, even of one")
        out[name] = tuple(f"/{value.pattern}/" if isinstance(value, re.Pattern) else value for value in values)
        for value in out[name]:
            if not isinstance(value, str) or not value.strip("!"):
                raise SpecError(
                    f'stop value {value!r} of {name!r} is no text; write values such as "n/a", "*@noreply.*" or "/9+/"'
                )
            _pattern(value.removeprefix("!"), name)
    return out


def with_stop_values(
    records: RecordTable, declared: StopValues, fields: Sequence[Field], regions: Mapping[str, str]
) -> RecordTable:
    """Return normalised records without the values that a spec declares to be stop values, and with those it takes back.

    Parameters
    ----------
    records
        Normalised records.
    declared
        What `settle_stop_values` gave.
    fields
        What the columns hold.
    regions
        Source → region, where declared.

    Examples
    --------
    >>> from omniid.fields import Identifier
    >>> raw = RecordTable.of([{"record_id": "1", "card": "Staff 1"}, {"record_id": "2", "card": "1111"}])
    >>> table = normalize(raw, [FieldPlan("identifier", {"identifier": "card"})])
    >>> card = Identifier("card", kind="loyalty")
    >>> table = with_stop_values(table, {"loyalty": ("staff*", "!1111")}, [card], {})
    >>> [table.columns["card"].entries_of(row) for row in range(2)], table.rejects["reason"].to_pylist()
    ([[None], ['1111']], ['stop value: declared'])
    """
    for stops in declared_stops(declared, fields):
        if stops.column not in records.columns:
            continue
        if stops.kept:
            records = _with_kept(records, stops, regions)
        records = _without(records, stops, regions)
    return records


class DeclaredStops(NamedTuple):
    """What a spec declares of one column: its stop values, and those of the package that it takes back."""

    column: str
    field: Field
    stopped: tuple[str, ...]
    kept: tuple[str, ...]


def declared_stops(declared: StopValues, fields: Sequence[Field]) -> Iterator[DeclaredStops]:
    """What is declared of each column of which anything is.

    Parameters
    ----------
    declared
        What `settle_stop_values` gave.
    fields
        What the columns hold.
    """
    for field in fields if declared else ():
        for column, name in _names(field).items():
            texts = [text for key in _keys(field, name) for text in declared.get(key, ())]
            kept = tuple(text[1:] for text in texts if text.startswith("!"))
            if texts:
                yield DeclaredStops(column, field, tuple(text for text in texts if not text.startswith("!")), kept)


def _names(field: Field) -> dict[str, str]:
    """Column → the kind whose stop values are looked for in it."""
    kind = kind_of(field)
    if kind is not None:
        return {str(getattr(field, "column", "")): kind.name}
    return {column: name for column, name in field.columns().items() if name not in ("attribute", "time")}


def _keys(field: Field, name: str) -> list[str]:
    """Kinds whose stop values count: its own, and the kind whose values it meets."""
    kind = kind_of(field)
    return list(dict.fromkeys([name, *([kind.meets] if kind and kind.meets else [])]))


def _pattern(text: str, name: str) -> re.Pattern[str] | None:
    """Return the expression that a text with slashes or stars stands for; None for a plain value."""
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        try:
            return re.compile(text[1:-1], re.IGNORECASE)
        except re.error as error:
            raise SpecError(f"stop value {text!r} of {name!r} is no regular expression: {error}") from error
    return re.compile(".*".join(map(re.escape, text.split("*"))), re.IGNORECASE | re.DOTALL) if "*" in text else None


class Among:
    """Texts as a spec writes them: a value is among them if it is read alike, or has the shape of one.

    Parameters
    ----------
    texts
        Plain values, shapes and expressions.
    normal
        Normal forms that count beside them.

    Examples
    --------
    >>> among = Among(["Staff*", "n/a"])
    >>> [among.holds(value) for value in ("staff 1", " N/A", "anna")]
    [True, True, False]
    """

    def __init__(self, texts: Sequence[str], normal: frozenset[str] = frozenset()) -> None:
        self._normal = normal
        self._patterns = [pattern for pattern in (_pattern(text, "") for text in texts) if pattern is not None]
        self._plain = normal | {tidy(text).casefold() for text in texts if _pattern(text, "") is None}

    def holds(self, value: str) -> bool:
        """Whether a value is among them."""
        seen = tidy(value)
        return value in self._normal or seen.casefold() in self._plain or any(one.fullmatch(seen) for one in self._patterns)

    def flags(self, values: pa.LargeStringArray) -> Bools:
        """Which distinct values are; one place more, for what is missing."""
        return np.array([*map(self.holds, values.to_pylist()), False], bool)


def _without(records: RecordTable, stops: DeclaredStops, regions: Mapping[str, str]) -> RecordTable:
    """Make entries missing whose raw value or normal form is a stop value, and list them."""
    column = stops.column
    normal, raw = records.columns[column], records.raw[column]
    alike = stopped_forms(records.sources, stops, regions)
    stopped = Among(stops.stopped, alike).flags(normal.vocabulary)[normal.codes]
    stopped |= Among(stops.stopped).flags(raw.vocabulary)[raw.codes]
    stopped &= (normal.codes >= 0) & ~Among(stops.kept).flags(raw.vocabulary)[raw.codes]
    if not stopped.any():
        return records
    codes = np.where(stopped, np.int32(-1), normal.codes).astype(np.int32)
    shown = records.display[column]
    hidden = replace(shown, codes=np.where(stopped, np.int32(-1), shown.codes).astype(np.int32))
    rows = normal.rows[stopped]
    names = text_array(records.sources)
    listed = {
        "source": names.take(arrow_array(records.source[rows])),
        "record_id": records.record_id.take(arrow_array(rows)),
        "field": text_array([column] * len(rows)),
        "value": raw.vocabulary.take(arrow_array(raw.codes[stopped], present=raw.codes[stopped] >= 0)),
        "reason": text_array([REASON] * len(rows)),
    }
    return replace(
        records,
        columns={**records.columns, column: replace(normal, codes=codes)},
        display={**records.display, column: hidden},
        rejects=pa.concat_tables([records.rejects, pa.table(listed)]).combine_chunks(),
    )


def stopped_forms(sources: Sequence[str], stops: DeclaredStops, regions: Mapping[str, str]) -> frozenset[str]:
    """Normal forms of plain stop values, as each source would have them read.

    Parameters
    ----------
    sources
        Names of sources.
    stops
        What is declared of one column.
    regions
        Source → region, where declared.
    """
    column, field = stops.column, stops.field
    texts = [text for text in stops.stopped if _pattern(text, "") is None]
    rows: list[dict[str, object]] = [
        {"record_id": str(number), "source": source, column: text} for source in sources for number, text in enumerate(texts)
    ]
    if not rows or column not in roles(field).values():
        return frozenset()
    role = next(role for role, name in roles(field).items() if name == column)
    table = normalize(RecordTable.of(rows), [FieldPlan(field.normalizer, {role: column}, regions)])
    return frozenset(table.columns[column].vocabulary.to_pylist())


def read_anyway(field: Field) -> Callable[[str, str | None], NormalForm] | None:
    """What reads a value of a field, in a region, that the package takes for a stop value; None where nothing can."""
    if field.normalizer == "phone":
        return lambda value, region: normalize_phone(value, region, stops=False)
    scalar = LENIENT.get(field.normalizer)
    return None if scalar is None else lambda value, _region: scalar(value)


def _with_kept(records: RecordTable, stops: DeclaredStops, regions: Mapping[str, str]) -> RecordTable:
    """Give entries their normal form back that the package takes for stop values and the spec does not."""
    column, read = stops.column, read_anyway(stops.field)
    normal, raw, shown = records.columns[column], records.raw[column], records.display[column]
    wanted = np.flatnonzero(Among(stops.kept).flags(raw.vocabulary)[raw.codes] & (normal.codes < 0))
    if not len(wanted) or read is None:
        return records
    sources = records.source[normal.rows[wanted]]
    pairs, place = np.unique(np.column_stack([raw.codes[wanted], sources]), axis=0, return_inverse=True)
    values = raw.vocabulary.take(arrow_array(pairs[:, 0])).to_pylist()
    named = [regions.get(records.sources[source]) for source in pairs[:, 1].tolist()]
    forms = [read(value, region) for value, region in zip(values, named, strict=True)]
    place = place.reshape(-1)
    back = np.array([form.value is not None for form in forms], bool)[place]
    rows = normal.rows[wanted[back]]
    gone = {(column, *records.key(int(row))) for row in rows}
    table = records.rejects
    keys = zip(*(table[name].to_pylist() for name in ("field", "source", "record_id", "reason")), strict=True)
    stay = pa.array([not (reason.startswith("stop value") and tuple(key) in gone) for *key, reason in keys], pa.bool_())
    return replace(
        records,
        columns={**records.columns, column: _filled(normal, wanted, [form.value for form in forms], place)},
        display={**records.display, column: _filled(shown, wanted, [form.display for form in forms], place)},
        rejects=table.filter(stay),
    )


def _filled(column: Column, entries: npt.NDArray[np.intp], values: Sequence[str | None], place: npt.NDArray[np.intp]) -> Column:
    """The column with values in some entries that were missing, its vocabulary sorted again."""
    pool = text_array(sorted({*column.vocabulary.to_pylist(), *(value for value in values if value is not None)}))
    old = numpy_array(pc.index_in(column.vocabulary, value_set=pool)).astype(np.int32)
    new = numpy_array(pc.index_in(text_array(values), value_set=pool), null=-1)
    codes = np.append(old, np.int32(-1))[column.codes]
    codes[entries] = new.astype(np.int32)[place]
    return Column(codes, pool, column.offsets)
