"""How rules are written: names in quotes where they need them, options by name, lengths of time."""

import json
import re
from datetime import timedelta

from omniid.errors import SpecError

__all__ = ["arguments", "length_of", "length_text", "quoted"]

SECONDS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
LENGTH = re.compile(r"\s*(\d+)\s*(d|h|min|s)\s*")
LONGEST = timedelta(days=365_000)  # a thousand years: its trust in microseconds still fits an int64


def quoted(name: str) -> str:
    """Return a name as rules are written: in quotes where it would be read as something else without them.

    Examples
    --------
    >>> quoted("crm"), quoted("shop, old")
    ('crm', '"shop, old"')
    """
    return name if name == name.strip() and not set(name) & set(',"()=') else json.dumps(name, ensure_ascii=False)


def arguments(text: str) -> tuple[list[str], dict[str, str]]:
    """Read names between commas, in double quotes or without, and options such as ``most=5``.

    Examples
    --------
    >>> arguments('crm, "shop, old", most=5')
    (['crm', 'shop, old'], {'most': '5'})
    """
    names, options = [], {}
    for option, part in re.findall(r'\s*(?:(\w+)\s*=\s*)?("(?:[^"\\]|\\.)*"|[^,"=]+?)\s*(?:,|$)', text):
        value = json.loads(part) if part.startswith('"') else part
        if option:
            options[option] = value
        else:
            names.append(value)
    return names, options


def length_of(length: str | timedelta, what: str) -> timedelta:
    """Read a length of time, "180d", "12h", "30min" or "45s".

    Raises
    ------
    SpecError
        If it is none, or not in whole seconds from one second to a thousand years; `what` says where it stands.

    Examples
    --------
    >>> length_of("180d", "half_life").days
    180
    """
    found = LENGTH.fullmatch(length) if isinstance(length, str) else None
    seconds = int(found[1]) * SECONDS[found[2]] if found is not None else 0
    read = length if isinstance(length, timedelta) else timedelta(seconds=min(seconds, LONGEST // timedelta(seconds=1) + 1))
    if not timedelta() < read <= LONGEST or read.microseconds:
        raise SpecError(f"{what} is {length!r}; give a length of up to a thousand years, such as '180d', '12h' or '30min'")
    return read


def length_text(length: timedelta) -> str:
    """Write a length of time in the largest unit that fits.

    Examples
    --------
    >>> length_text(timedelta(days=180)), length_text(timedelta(seconds=90))
    ('180d', '90s')
    """
    seconds = length // timedelta(seconds=1)
    unit = next(unit for unit, size in SECONDS.items() if seconds % size == 0)
    return f"{seconds // SECONDS[unit]}{unit}"
