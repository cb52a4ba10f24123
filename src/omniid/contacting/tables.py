"""Contact points and consent of a result as Arrow tables."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from omniid.consent import REASONS, STATES
from omniid.contacting.contact_book import HIDDEN, ContactBook
from omniid.contacts import CRITERIA, MAYBE, NO, YES
from omniid.fields import Consent
from omniid.results import Parts
from omniid.sharing import VALUE_CLASSES
from omniid.tables import NO_TIME, Codes, coded_column
from omniid.tables.arrays import arrow_array, numpy_array, text_array

__all__ = ["consent_table", "contacts_table"]

TIME = pa.timestamp("us", tz="UTC")
VERIFIED = {YES: "verified", MAYBE: "not known to be verified", NO: "known not to be verified"}
CLASSES = (
    "one person's",
    "used by a household",
    "whose it is nobody can tell",
    "used by too many to reach anybody",
    "",
    "people not counted",
)


def contacts_table(parts: Parts, book: ContactBook) -> pa.Table:
    """By what every entity can be reached: one row per entity, kind and value, the best of each kind first.

    entity_id, kind, value (as it is written to), rank, is_best, valid, verified (null where nobody says), value_class,
    last_seen, records, sources, reason.
    """
    points, values = book.points, book.values
    order = np.lexsort((book.ranking.rank, points.kind, points.entity)).astype(np.int32)
    classes = values.value_class[points.value]
    columns = {
        "entity_id": coded_column(points.entity, parts.entity_ids),
        "kind": coded_column(points.kind, text_array(values.kinds)),
        "value": values.shown.take(arrow_array(points.shown)),
        "rank": arrow_array(book.ranking.rank),
        "is_best": arrow_array(book.is_best),
        "valid": arrow_array(book.valid),
        "verified": arrow_array(book.verified == YES, present=book.verified != MAYBE),
        "value_class": coded_column(classes, text_array(VALUE_CLASSES)),
        "last_seen": arrow_array(points.last_seen, present=points.last_seen != NO_TIME).cast(TIME),
        "records": arrow_array(points.records),
        "sources": arrow_array(points.sources),
        "reason": _reasons(book, classes),
    }
    return pa.table(columns).take(arrow_array(order))


def _reasons(book: ContactBook, classes: npt.NDArray[np.int8]) -> pa.DictionaryArray:
    """Why every point has its place, in words: one text per combination of what decides, few however many points there are."""
    values, points = book.values, book.points
    rejected = values.reason.dictionary_encode()
    why = numpy_array(rejected.indices, null=-1)[points.value]
    parts = (why, points.kind, classes, book.verified, np.minimum(book.ranking.rank, 2), book.ranking.decided)
    texts, place = _distinct_rows(parts)
    kinds = values.kinds
    told = [_reason(rejected.dictionary, kinds[row[1]], *row[:1], *row[2:]) for row in texts.tolist()]
    distinct = list(dict.fromkeys(told))
    return coded_column(np.array([distinct.index(text) for text in told], np.int32)[place], text_array(distinct))


def _distinct_rows(parts: Sequence[npt.NDArray[np.integer]]) -> tuple[npt.NDArray[np.int64], Codes]:
    """The distinct combinations of several columns, and which of them each row is; small numbers are packed into one."""
    packed = np.zeros(len(parts[0]), np.int64)
    for part in parts:
        low = int(part.min(initial=0))
        packed = packed * (int(part.max(initial=0)) - low + 1) + (part - low)
    _, first, place = np.unique(packed, return_index=True, return_inverse=True)
    return np.column_stack([part[first].astype(np.int64) for part in parts]), place.reshape(-1).astype(np.int32)


def _reason(
    rejected: pa.LargeStringArray, kind: str, why: int, value_class: int, verified: int, rank: int, decided: int
) -> str:
    if why >= 0:
        said = f"rejected: {rejected[why].as_py()}"
    else:
        hidden = ["given out by a third party"] if kind in HIDDEN else []
        said = ", ".join([CLASSES[value_class], *hidden, VERIFIED[verified]])
    if decided < 0:
        return f"the only one; {said}"
    return f"{_decision(CRITERIA[decided], rank == 1)}; {said}"


def _decision(criterion: str, is_first: bool) -> str:
    return f"before the next: {criterion}" if is_first else f"behind the one before, which is {criterion}"


def consent_table(parts: Parts, book: ContactBook) -> pa.Table:
    """Whether every entity may be contacted: one row per entity, kind, value and purpose that is declared for the kind.

    entity_id, kind, value, purpose, state (granted, denied, unknown), source, record_id and time of the statement that decided
    (null where nobody said anything), reason.
    """
    points, values, states = book.points, book.values, book.states
    asked = _asked(parts, book)
    of_point = np.zeros((len(points.entity), len(book.purposes)), bool)
    of_point[book.valid] = asked[values.family[points.value[book.valid]]]
    at, purpose = np.nonzero(of_point)
    order = np.lexsort((purpose, book.ranking.rank[at], points.kind[at], points.entity[at]))
    at, purpose = at[order], purpose[order].astype(np.int32)
    state, row, time, reason = (part[book.spot[at], purpose] for part in states)
    records = parts.records
    sources = np.append(records.source, np.int32(-1))
    return pa.table(
        {
            "entity_id": coded_column(points.entity[at], parts.entity_ids),
            "kind": coded_column(points.kind[at], text_array(values.kinds)),
            "value": values.shown.take(arrow_array(points.shown[at])),
            "purpose": coded_column(purpose, text_array(book.purposes)),
            "state": coded_column(state, text_array(STATES)),
            "source": coded_column(sources[row], text_array(records.sources)),
            "record_id": coded_column(row, records.record_id),
            "time": arrow_array(time, present=time != NO_TIME).cast(TIME),
            "reason": coded_column(reason, text_array(REASONS)),
        }
    )


def _asked(parts: Parts, book: ContactBook) -> npt.NDArray[np.bool_]:
    """Families × purposes: whether any consent is declared for values of that family."""
    values = book.values
    out = np.zeros((len(values.families), len(book.purposes)), bool)
    for field in parts.spec.fields:
        if isinstance(field, Consent):
            about = [one.family for one in values.columns if field.of_fields is None or one.field in field.of_fields]
            for purpose in field.for_purposes or book.purposes:
                for family in about:
                    out[values.families.index(family), book.purposes.index(purpose)] = True
    return out
