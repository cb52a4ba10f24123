"""What people type, as the values that it means."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from omniid.decisions import read_decisions
from omniid.errors import InputError
from omniid.frames import read_inputs
from omniid.tables import Decision

__all__ = ["decisions_of", "field_value", "key_of", "named_files", "named_values", "table_of"]


def named_files(files: Sequence[str]) -> dict[str, str]:
    """Source → path of ``name=file`` or plain files.

    Examples
    --------
    >>> named_files(["data/web.csv.gz", "crm=export.parquet"])
    {'web': 'data/web.csv.gz', 'crm': 'export.parquet'}
    """
    named: dict[str, str] = {}
    for text in files:
        name, sep, path = text.partition("=")
        source, path = (name, path) if sep else (Path(text).name.split(".")[0], text)
        if source in named:
            raise InputError(f"{named[source]} and {path} are both source {source!r}; write name=file for one of them")
        named[source] = path
    return named


def table_of(path: str) -> pa.Table:
    """The rows of one file."""
    return read_inputs({"file": path}).frames[0].table


def key_of(text: str) -> tuple[str, str]:
    """A record's key as typed.

    Examples
    --------
    >>> key_of("crm:17")
    ('crm', '17')
    """
    source, sep, record_id = text.partition(":")
    if not sep:
        raise InputError(f"{text!r} is no record key; write SOURCE:ID, for example crm:17")
    return source, record_id


def decisions_of(files: Sequence[str] | None) -> list[Decision]:
    """The decisions of some files."""
    return [one for file in files or () for one in read_decisions(file)]


def field_value(text: str) -> tuple[str, str]:
    """A field and its value as typed.

    Examples
    --------
    >>> field_value("email=box@x.com")
    ('email', 'box@x.com')
    """
    field, sep, value = text.partition("=")
    if not sep:
        raise InputError(f"{text!r} names no value of a field; write FIELD=VALUE, for example email=box@x.com")
    return field, value


def named_values(texts: Sequence[str]) -> dict[str, list[str]]:
    """Field → its values, each in the order in which they were typed.

    Examples
    --------
    >>> named_values(["email=a@x.com", "phone=1", "email=b@x.com"])
    {'email': ['a@x.com', 'b@x.com'], 'phone': ['1']}
    """
    named: dict[str, list[str]] = {}
    for field, value in map(field_value, texts):
        named.setdefault(field, []).append(value)
    return named
