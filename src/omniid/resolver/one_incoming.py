"""One record as a service sends it, read without a frame: plain texts need none, and all else takes the usual way."""

import json
from typing import Any

__all__ = ["one_record"]

IDS = ("record_id", "unique_id", "rec_id", "id")
SOURCE = "source"
ALONE = "records"  # the source of a record that names none
LARGEST = 2**63


def one_record(data: Any, source: str | None) -> tuple[str, str, str] | None:
    r"""Return source, id and content of one record, as a frame of it gives them; None where it takes a frame to tell.

    Parameters
    ----------
    data
        The record: a dict of texts, whole numbers and None is read here.
    source
        The source that the caller named.

    Examples
    --------
    >>> one_record({"source": "crm", "id": 17, "email": "ann@x.com", "phone": None}, None)
    ('crm', '17', '{"email": "ann@x.com", "id": "17"}')
    >>> one_record({"email": "ann@x.com"}, "crm") is None, one_record({"id": "1", "email": "\u3000"}, "crm") is None
    (True, True)
    """
    if type(data) is not dict or not all(map(_is_column, data)):
        return None
    content: dict[str, str] = {}
    for name, value in data.items():
        if type(value) is int and abs(value) < LARGEST:
            content[name] = str(value)
        elif type(value) is str and _says_something(value):
            content[name] = value
        elif value is not None:
            return None
    if source is None:
        source = content.pop(SOURCE, None) if SOURCE in data else ALONE
    record_id = next((content[wanted] for wanted in IDS if wanted in content), None)
    if record_id is None or not isinstance(source, str) or not _says_something(source):
        return None
    return source, record_id, json.dumps(content, ensure_ascii=False, sort_keys=True)


def _is_column(name: Any) -> bool:
    """Whether a column is called so for certain; and it is no record id in another spelling."""
    return type(name) is str and _says_something(name) and name.strip() == name and (name in IDS or name.casefold() not in IDS)


def _says_something(text: str) -> bool:
    """Whether a text is not blank by its first letter, and UTF-8 can carry it."""
    if not ("!" <= text[:1] <= "~" or text[:1].isalnum()):
        return False
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False
