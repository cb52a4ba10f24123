"""Golden values in the manner of a source: its own dates, phone numbers, letters, words and order of names."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.compilation import field_plans
from omniid.normalization import normalize
from omniid.results import Parts
from omniid.source_updates.golden import Golden
from omniid.source_updates.reasons import Refused
from omniid.source_updates.targets import CASED, Target
from omniid.tables import Codes, Column, RecordTable, no_rejects
from omniid.tables.arrays import arrow_array, text_array
from omniid.writeback import (
    ADDRESSES,
    NAMES,
    compose,
    date_style,
    letter_case,
    own_spellings,
    phone_style,
    told_template,
    with_case,
)

__all__ = ["Written", "write_values", "write_whole"]

SAMPLE = 2000  # texts of a source that its manner is read off
MANNERED = ("date", "phone", "category", *CASED)
FEW = 200  # those of one manner: of dates, of the order of names
Rows = npt.NDArray[np.int64]


class Written(NamedTuple):
    """What would stand in cells.

    Parameters
    ----------
    codes
        int32 per cell: position in `texts`, -1 where nothing can be written.
    texts
        Distinct texts.
    why
        int8 per cell: why nothing can be written, as `Refused` has it.
    """

    codes: Codes
    texts: pa.LargeStringArray
    why: npt.NDArray[np.int8]


def write_values(parts: Parts, target: Target, rows: Rows, golden: Golden, entity: Codes) -> Written:
    """Write the golden values of some cells of one field as their source would.

    Parameters
    ----------
    parts
        The result.
    target
        The column.
    rows
        All records of the source, off whose texts its manner is read.
    golden
        The golden values of the field.
    entity
        The entity of each cell.
    """
    normal, shown = golden.normal[entity].astype(np.int64), golden.shown[entity].astype(np.int64)
    pairs, which = np.unique((normal << 32) | shown, return_inverse=True)
    normals = parts.records.columns[target.field].vocabulary.take(arrow_array(pairs >> 32)).to_pylist()
    shows = parts.records.display[target.field].vocabulary.take(arrow_array(pairs & 0xFFFFFFFF)).to_pylist()
    write = _manner(parts, target, rows)
    texts = [write(one, display) for one, display in zip(normals, shows, strict=True)]
    doubtful = [
        place
        for place, (text, display) in enumerate(zip(texts, shows, strict=True))
        if text is not None and target.kind != "date" and (text != display or (target.kind == "phone" and text[0] != "+"))
    ]
    read = read_back(parts, target, [texts[place] for place in doubtful])[target.field]
    why = np.zeros(len(texts), np.int8)
    why[[text is None for text in texts]] = Refused.INCOMPLETE
    for place, again in zip(doubtful, read, strict=True):
        if again != normals[place]:
            texts[place], why[place] = None, Refused.READS_OTHERWISE
    return _written(texts, which.reshape(-1), why)


def write_whole(parts: Parts, target: Target, rows: Rows, golden: Mapping[str, Golden], entity: Codes) -> Written:
    """Compose whole names or addresses of golden parts, in the order that the source uses.

    Parameters
    ----------
    golden
        Field → its golden values.
    parts, target, rows, entity
        As for `write_values`.
    """
    named = {part: name for part, name in target.parts.items() if name in golden}
    first, which = _distinct([codes[entity] for name in named.values() for codes in (golden[name].shown, golden[name].normal)])
    at = entity[first]
    shown = np.stack([golden[name].shown[at] for name in named.values()], axis=1)
    normal = np.stack([golden[name].normal[at] for name in named.values()], axis=1)
    template = told_template(_own_wholes(parts, target, rows), NAMES if target.kind == "whole name" else ADDRESSES)
    columns = [_texts(parts.records.display[name], shown[:, i]) for i, name in enumerate(named.values())]
    case = letter_case(text for text, _ in _samples(parts, target.field, None, rows))
    texts: list[str | None] = []
    for values in zip(*columns, strict=True):
        made = None if template is None else compose(template, dict(zip(named, values, strict=True)))
        texts.append(None if made is None else with_case(made, case))
    why = np.zeros(len(texts), np.int8)
    why[[text is None for text in texts]] = Refused.ORDER_UNKNOWN if template is None else Refused.NO_PLACE
    made_at = [place for place, text in enumerate(texts) if text is not None]
    read = read_back(parts, target, [texts[place] for place in made_at])
    for i, name in enumerate(named.values()):
        expected = _texts(parts.records.columns[name], normal[:, i])
        for place, again in zip(made_at, read.get(name, [None] * len(made_at)), strict=True):
            if again != expected[place]:
                texts[place], why[place] = None, Refused.READS_OTHERWISE
    return _written(texts, which, why)


def _distinct(columns: Sequence[Codes]) -> tuple[Rows, Rows]:
    """Where each distinct combination of codes stands first, and which combination each row has."""
    which = np.zeros(len(columns[0]), np.int64)
    first = np.zeros(min(len(which), 1), np.int64)
    for codes in columns:
        _, first, which = np.unique(
            which * (int(codes.max(initial=-1)) + 2) + codes + 1, return_index=True, return_inverse=True
        )
        which = which.reshape(-1)
    return first, which


def read_back(parts: Parts, target: Target, texts: Sequence[str | None]) -> dict[str, list[str | None]]:
    """Field column → the normal forms that texts would have as values of the source."""
    column = Column.of(list(texts))
    n = len(texts)
    ids = text_array([str(place) for place in range(n)])
    none = np.full(n, np.iinfo(np.int64).min)
    table = RecordTable((target.source,), np.zeros(n, np.int32), ids, {target.field: column}, {}, {}, none, no_rejects())
    plan = next(one for one in field_plans(parts.spec) if target.field in one.roles.values())
    found = normalize(table, [plan]).columns
    names = target.parts.values() if target.parts else [target.field]
    return {name: [found[name].entries_of(row)[0] for row in range(n)] if name in found else [None] * n for name in names}


def _written(texts: list[str | None], which: npt.NDArray[np.intp], why: npt.NDArray[np.int8]) -> Written:
    made = np.array([text is not None for text in texts], bool)
    code = np.where(made, np.cumsum(made) - 1, -1).astype(np.int32)
    return Written(code[which], text_array([text for text in texts if text is not None]), why[which])


def _texts(column: Column, codes: Codes) -> list[str | None]:
    found: list[str | None] = column.vocabulary.take(arrow_array(codes, present=codes >= 0)).to_pylist()
    return found


def _manner(parts: Parts, target: Target, rows: Rows) -> Callable[[str, str], str | None]:
    """Return (normal form, display form) → text in the source's manner, None where it can't be written."""
    if target.kind not in MANNERED:
        return lambda _, shown: shown
    own = _samples(parts, target.field, target.field, rows, FEW if target.kind == "date" else SAMPLE)
    if target.kind == "date":
        dates = date_style((text, normal) for text, normal in own if normal)
        return lambda normal, _: dates.write(normal)
    if target.kind == "phone":
        codes = country_codes()
        numbers = phone_style((text, normal, codes(normal)) for text, normal in own if normal and normal.startswith("+"))
        return lambda normal, shown: numbers.write(normal, codes(normal)) if shown == normal and normal[0] == "+" else shown
    if target.kind == "category":
        words = own_spellings((text, normal) for text, normal in own if normal)
        return lambda normal, shown: words.get(normal, shown)
    case = letter_case(text for text, _ in own)
    return lambda _, shown: with_case(shown, case)


def country_codes() -> Callable[[str], str]:
    """Return a function from an E.164 number to its country code, "" for one without."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE as KNOWN  # here, as most results are never written back

    def code(number: str) -> str:
        return next((number[1 : 1 + size] for size in (1, 2, 3) if number[1 : 1 + size] in known), "")

    known = {str(one) for one in KNOWN}
    return code


def _samples(parts: Parts, raw_field: str, field: str | None, rows: Rows, most: int = SAMPLE) -> list[tuple[str, str | None]]:
    """Texts of a source's own cells, each with its normal form; evenly drawn from its records, in their order."""
    raw = parts.sent.raw.get(raw_field)
    if raw is None:
        return []
    sent = raw.take(rows)
    single = np.diff(sent.offsets) == 1 if sent.offsets is not None else sent.codes >= 0
    at = _drawn(np.flatnonzero(single), most)
    entries = sent.codes[at if sent.offsets is None else sent.offsets[at]]
    texts = raw.vocabulary.take(arrow_array(entries)).to_pylist()
    if field is None:
        return [(text, None) for text in texts]
    column = parts.records.columns.get(field)
    if column is None:
        return []
    return list(zip(texts, single_normals(column, rows[at]), strict=True))


def _drawn(places: npt.NDArray[np.intp], most: int) -> npt.NDArray[np.intp]:
    return places[np.linspace(0, len(places) - 1, min(most, len(places))).astype(np.int64)] if len(places) else places


def single_normals(column: Column, rows: Rows) -> list[str | None]:
    """The normal form of rows that hold one value; None for others."""
    return _texts(column, single_codes(column).take(rows))


def single_codes(column: Column) -> Codes:
    """Per row the code of its value, -1 where it has none or several."""
    if column.offsets is None:
        return column.codes
    known, codes = column.present()
    counts = np.bincount(known, minlength=column.n_rows)
    out = np.full(column.n_rows, -1, np.int32)
    out[known] = codes
    out[counts != 1] = -1
    return out


def _own_wholes(parts: Parts, target: Target, rows: Rows) -> list[tuple[str, Mapping[str, str | None]]]:
    """Whole texts of a source with the parts that were read from them."""
    raw = parts.sent.raw.get(target.field)
    if raw is None:
        return []
    codes = single_codes(raw).take(rows)
    at = _drawn(np.flatnonzero(codes >= 0), FEW)
    texts = _texts(raw, codes[at])
    shown = {part: _texts(one, single_codes(one).take(rows[at])) for part, name in target.parts.items()
             if (one := parts.records.display.get(name)) is not None}  # fmt: skip
    return [
        (text, {part: values[place] for part, values in shown.items()}) for place, text in enumerate(texts) if text is not None
    ]
