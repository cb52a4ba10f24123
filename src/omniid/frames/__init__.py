"""The door: frames and files in, one table of records; tables out, in the caller's own kind.

::

    read_inputs(data)        → Inputs         one table of text per source, whatever came in
    to_record_table(inputs)  → RecordTable    fields across sources, sorted by (source, record_id), as codes
    to_native(table)         → frame          the caller's own kind
    write_table(table, path) → file           Parquet or CSV, whole or not at all

Nothing is interpreted here but what missing means ("", NaN, None, white space); that "N/A" says nothing is the
normalisers' business. Nothing is dropped silently: a row that cannot be read is a reject with its reason, and a file
that cannot be trusted is an `InputError` that names the place and the way out.

Files: `files` picks the reader by format, `encoding` turns bytes to UTF-8, `delimited` and `json_text` read text. Frames:
`natives` tells the libraries apart, `text` renders typed columns, `values` plain Python objects. Records: `record_ids` says
which record is which, `encoded` gives columns their codes, `assembly` builds the table, `writing` hands results out.
"""

from omniid.frames.assembly import to_record_table
from omniid.frames.event_frames import EventFrame, coded, read_event_frames
from omniid.frames.inputs import Inputs, SourceFrame, read_inputs
from omniid.frames.record_ids import choose_record_id
from omniid.frames.writing import plain_table, to_native, write_table

__all__ = [
    "EventFrame",
    "Inputs",
    "SourceFrame",
    "choose_record_id",
    "coded",
    "plain_table",
    "read_event_frames",
    "read_inputs",
    "to_native",
    "to_record_table",
    "write_table",
]
