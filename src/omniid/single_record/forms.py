"""Forms: what normalisation made of one record, as plain data that a store keeps; and tables made of many of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.tables import NO_TIME, Codes, Column, RecordTable, rejects_table
from omniid.tables.arrays import text_array

__all__ = ["Entry", "FormColumns", "Forms", "forms_of", "normal_of", "packed", "table_of", "unpacked"]

Text = str | None
# Raw value, normal form, form to show. One text stands for all three, two for a raw value that is shown as it came, and one in
# a list for a raw value of which nothing could be made.
Entry = str | list[Text] | None
Triple = tuple[Text, Text, Text]
Reject = list[Text]


class Forms(NamedTuple):
    """The normal forms of one record; nothing but numbers, texts, lists and dicts, so that JSON keeps it whole.

    Parameters
    ----------
    time
        Event time in microseconds since 1970 UTC; None where unknown.
    fields
        Field → entries in the order in which the source sent them; fields of which nothing came are left out. See `unpacked`.
    rejects
        What could not be used: [field, value, reason] each.

    Examples
    --------
    >>> import json
    >>> forms = Forms(None, {"email": [["Ann@x.com", "ann@x.com"]]}, [])
    >>> Forms(*json.loads(json.dumps(forms))) == forms
    True
    """

    time: int | None
    fields: dict[str, list[Entry]]
    rejects: list[Reject]


@dataclass(frozen=True)
class FormColumns:
    """The columns that a table has even where no record fills them, in order.

    Parameters
    ----------
    raw, columns, display
        Names as in `RecordTable`.
    """

    raw: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    display: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: RecordTable) -> "FormColumns":
        """The columns of a normalised table."""
        return cls(tuple(table.raw), tuple(table.columns), tuple(table.display))

    def shows_only(self, name: str) -> bool:
        """Whether a field has a form to show and none to compare, as an event time."""
        return name in self.display and name not in self.columns

    def is_raw(self, name: str) -> bool:
        """Whether a field is kept as it came and read into others, as a whole name."""
        return name in self.raw and name not in self.display and name not in self.columns


def packed(raw: Text, normal: Text, shown: Text) -> Entry:
    """One entry in few bytes.

    Examples
    --------
    >>> packed("ann", "ann", "ann"), packed("Ann", "ann", "Ann"), packed("?", None, None), packed("a b", "a", "A")
    ('ann', ['Ann', 'ann'], ['?'], ['a b', 'a', 'A'])
    """
    if normal is None:
        return None if raw is None and shown is None else [raw] if shown is None else [raw, None, shown]
    if raw != shown:
        return [raw, normal, shown]
    return normal if normal == raw else [raw, normal]


def unpacked(entry: Entry) -> Triple:
    """Raw value, normal form and form to show of one entry.

    Examples
    --------
    >>> unpacked(["Ann", "ann"])
    ('Ann', 'ann', 'Ann')
    """
    if entry is None or isinstance(entry, str):
        return entry, entry, entry
    if len(entry) == 1:
        return entry[0], None, None
    return entry[0], entry[1], entry[-1] if len(entry) == 3 else entry[0]


def normal_of(entry: Entry) -> Text:
    """The normal form of one entry.

    Examples
    --------
    >>> normal_of("ann"), normal_of(["Ann", "ann"]), normal_of(["?"])
    ('ann', 'ann', None)
    """
    return entry[1] if isinstance(entry, list) and len(entry) > 1 else None if isinstance(entry, list) else entry


def forms_of(table: RecordTable) -> list[Forms]:
    """The forms of every record of a normalised table, in its order.

    Examples
    --------
    >>> forms_of(RecordTable.of([{"record_id": "1", "email": "ann@x.com", "phone": None}]))
    [Forms(time=None, fields={'email': ['ann@x.com']}, rejects=[])]
    """
    names = list(dict.fromkeys([*table.raw, *table.columns, *table.display]))
    fields: list[dict[str, list[Entry]]] = [{} for _ in range(len(table))]
    for name in names:
        for row, entries in _entries(table, name):
            fields[row][name] = entries
    rejects = _rejects(table)
    times = [None if time == NO_TIME else time for time in table.time.tolist()]
    keys = table.keys(np.arange(len(table)))
    return [Forms(time, found, rejects.get(key, [])) for time, found, key in zip(times, fields, keys, strict=True)]


def _entries(table: RecordTable, name: str) -> Iterator[tuple[int, list[Entry]]]:
    """(row, entries) of the records of which anything came in a field."""
    parts = [part[name] for part in (table.raw, table.columns, table.display) if name in part]
    present = np.flatnonzero(np.logical_or.reduce([part.codes >= 0 for part in parts]))
    rows = parts[0].rows[present]
    starts = np.zeros(len(table), np.int64) if parts[0].offsets is None else parts[0].offsets[:-1]
    places = (present - (rows if parts[0].offsets is None else starts[rows])).tolist()
    triples = [_texts(part.get(name), present) for part in (table.raw, table.columns, table.display)]
    found: dict[int, list[Entry]] = {}
    for row, place, raw, normal, shown in zip(rows.tolist(), places, *triples, strict=True):
        entries = found.setdefault(row, [])
        entries.extend([None] * (place - len(entries)))
        entries.append(packed(raw, normal, shown))
    yield from found.items()


def _texts(column: Column | None, entries: npt.NDArray[np.intp]) -> list[Text]:
    """The values of some entries of a column."""
    if column is None:
        return [None] * len(entries)
    vocabulary = [*column.vocabulary.to_pylist(), None]
    return [vocabulary[code] for code in column.codes[entries].tolist()]


def _rejects(table: RecordTable) -> dict[tuple[str, str], list[Reject]]:
    """Key → rejects of that record."""
    found: dict[tuple[str, str], list[Reject]] = {}
    for row in table.rejects.to_pylist():
        if row["record_id"] is not None:
            found.setdefault((row["source"], row["record_id"]), []).append([row["field"], row["value"], row["reason"]])
    return found


def table_of(
    forms: Sequence[Forms], keys: Sequence[tuple[str, str]], columns: FormColumns | None = None, *, sources: Iterable[str] = ()
) -> RecordTable:
    """The normalised table of records whose forms are known, equal to what `normalize` gave them.

    Parameters
    ----------
    forms
        One per record.
    keys
        (source, record_id) of each, distinct, in any order: the table is sorted by them.
    columns
        The columns that the table has at least; None: those that a record fills.
    sources
        Sources that the table names even where no record is of them.

    Examples
    --------
    >>> kept = [Forms(None, {"email": [["Ann@x.com", "ann@x.com"]]}, []), Forms(5, {"email": ["bo@x.com"]}, [])]
    >>> table = table_of(kept, [("web", "2"), ("web", "1")])
    >>> table.key(1), table.columns["email"].entries_of(1), table.display["email"].entries_of(1), table.time.tolist()[0]
    (('web', '2'), ['ann@x.com'], ['Ann@x.com'], 5)
    """
    columns = columns or FormColumns()
    order = sorted(range(len(keys)), key=keys.__getitem__)
    ordered = [forms[at] for at in order]
    names = tuple(sorted({*sources, *(source for source, _ in keys)}))
    number = {name: np.int32(place) for place, name in enumerate(names)}
    made = _columns(ordered, columns)
    rejects: list[tuple[str | None, str | None, str | None, str | None, str]] = []
    for at, one in zip(order, ordered, strict=True):
        rejects += [(*keys[at], field, value, reason or "") for field, value, reason in one.rejects]
    return RecordTable(
        sources=names,
        source=np.array([number[keys[at][0]] for at in order], np.int32),
        record_id=text_array([keys[at][1] for at in order]),
        raw=made[0],
        columns=made[1],
        display=made[2],
        time=np.array([NO_TIME if one.time is None else one.time for one in ordered], np.int64),
        rejects=rejects_table(rejects),
    )


def _columns(forms: Sequence[Forms], least: FormColumns) -> tuple[dict[str, Column], dict[str, Column], dict[str, Column]]:
    """Raw, normal and display columns."""
    n = len(forms)
    empty = Column(np.full(n, -1, np.int32), text_array([]))
    raw, normal, shown = (dict.fromkeys(names, empty) for names in (least.raw, least.columns, least.display))
    cells: dict[str, list[tuple[int, list[Entry]]]] = {}
    for row, one in enumerate(forms):
        for name, entries in one.fields.items():
            if name in cells:
                cells[name].append((row, entries))
            else:
                cells[name] = [(row, entries)]
    for name in cells:
        rows, entries, offsets = _layout(cells[name], n)
        triples = [unpacked(entry) for entry in entries]
        raws, normals, displays = ([one[part] for one in triples] for part in range(3))
        raw[name] = _column(raws, rows, n, offsets)
        if not least.is_raw(name) and not least.shows_only(name) and (name in least.columns or any(normals)):
            normal[name] = _column(normals, rows, n, offsets)
        if not least.is_raw(name) and (name in least.display or any(displays)):
            shown[name] = raw[name] if displays == raws else _column(displays, rows, n, offsets)
    return raw, normal, shown


def _layout(cells: Sequence[tuple[int, list[Entry]]], n: int) -> tuple[list[int], list[Entry], npt.NDArray[np.int64] | None]:
    """Row of each entry, the entries, and where those of each row begin; None where no record has several."""
    if all(len(entries) <= 1 for _, entries in cells):
        return [row for row, entries in cells if entries], [entries[0] for _, entries in cells if entries], None
    sizes = np.zeros(n, np.int64)
    sizes[[row for row, _ in cells]] = [len(entries) for _, entries in cells]
    flat = [entry for _, entries in cells for entry in entries]
    return list(range(len(flat))), flat, np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _column(texts: Sequence[Text], places: Sequence[int], n: int, offsets: npt.NDArray[np.int64] | None) -> Column:
    """A column of texts at some entries; its vocabulary is sorted by code point, as that of `normalize` is."""
    vocabulary = sorted({text for text in texts if text})
    number: Mapping[Text, int] = {text: code for code, text in enumerate(vocabulary)}
    codes: Codes = np.full(n if offsets is None else len(texts), -1, np.int32)
    codes[places] = [number.get(text, -1) for text in texts]
    return Column(codes, text_array(vocabulary), offsets)
