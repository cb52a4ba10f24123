"""Stores that an earlier omniid wrote, brought to the tables of this one."""

import json
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from omniid.resolver.postings import BUCKETS, bucket_rows, count_buckets
from omniid.resolver.shapes import SHAPES
from omniid.single_record.briefs import brief_of
from omniid.spec import Spec
from omniid.store import Migration, SchemaEditor, Value

__all__ = ["MIGRATIONS", "VERSION"]

VERSION = 6  # of the shapes; a change of them needs a migration
AT_ONCE = 50_000  # records whose keys are read at a time
NONE = np.zeros(0, np.int64)
Int64s = npt.NDArray[np.int64]


def _put_postings_in_buckets(tables: SchemaEditor) -> None:
    """Version 1 had a row for each key, version 5 another number of buckets; the records' own keys tell who stands where."""
    tables.drop("postings")
    tables.create(next(shape for shape in SHAPES if shape.name == "postings"))
    lots = [(NONE, NONE), *_filed_keys(tables)]
    keys, rows = (np.concatenate(side) for side in zip(*lots, strict=True))
    ((last,),) = tables.execute("SELECT coalesce(max(row), -1) FROM records")
    buckets = count_buckets(last + 1)
    tables.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (BUCKETS, str(buckets)))
    for bucket, entries in bucket_rows(keys, rows, buckets):
        tables.execute("INSERT INTO postings VALUES (?, ?)", (bucket, entries))


def _filed_keys(tables: SchemaEditor) -> Iterator[tuple[Int64s, Int64s]]:
    """(keys, rows): which row stands under which key, lot by lot."""
    last = -1
    while found := tables.execute('SELECT row, "values", keys FROM filed WHERE row > ? ORDER BY row LIMIT ?', (last, AT_ONCE)):
        numbered, values, keys = zip(*found, strict=True)
        last = numbered[-1]
        rows = np.array(numbered, np.int64)
        yield (
            np.concatenate([np.frombuffer(b"".join(values), np.int64)[1::2], np.frombuffer(b"".join(keys), np.int64)]),
            np.concatenate(
                [np.repeat(rows, [len(some) // 16 for some in values]), np.repeat(rows, [len(some) // 8 for some in keys])]
            ),
        )


def _write_briefs_in_parts(tables: SchemaEditor) -> None:
    """Version 2 had a JSON list for each record: what is known of sharing, then field after field."""
    last = -1
    while found := tables.execute("SELECT row, brief FROM briefs WHERE row > ? ORDER BY row LIMIT ?", (last, AT_ONCE)):
        last = found[-1][0]
        for row, text in found:
            tables.execute("UPDATE briefs SET brief = ? WHERE row = ?", (brief_of(*json.loads(str(text))), row))


def _say_that_profiles_are_compared(tables: SchemaEditor) -> None:
    """Up to version 3 a spec that says nothing of the profile pass had one."""
    for name, spec in tables.execute("SELECT name, value FROM settings WHERE name = 'spec'"):
        tables.execute("UPDATE settings SET value = ? WHERE name = ?", (_with_profile_pass(spec), name))
    for number, spec in tables.execute("SELECT number, spec FROM models"):
        tables.execute("UPDATE models SET spec = ? WHERE number = ?", (_with_profile_pass(spec), number))


def _with_profile_pass(spec: Value) -> str:
    return json.dumps(Spec.from_dict({"profile_pass": True} | json.loads(str(spec))).to_dict())


def _keep_popular_values(tables: SchemaEditor) -> None:
    """Version 4 read every holder of a value to count its people; what is kept of them is read when it is first asked for."""
    tables.create(next(shape for shape in SHAPES if shape.name == "popular"))


MIGRATIONS = (
    Migration(2, _put_postings_in_buckets),
    Migration(3, _write_briefs_in_parts),
    Migration(4, _say_that_profiles_are_compared),
    Migration(5, _keep_popular_values),
    Migration(6, _put_postings_in_buckets),
)
