"""Names of columns and sources, and the close matches that an error suggests."""

import difflib
from collections.abc import Iterable, Sequence

from omniid.errors import InputError, SpecError
from omniid.frames.values import whole_text

__all__ = ["check_parts", "did_you_mean", "name_columns"]


def name_columns(names: Sequence[object], place: str) -> list[str]:
    """Column names as text, stripped; a nameless column is named by its position, counted from 1.

    Parameters
    ----------
    names
        The columns' names as they came.
    place
        The frame or file, for messages.

    Returns
    -------
    list of str
        One distinct name per column.

    Raises
    ------
    InputError
        If there is no column, or two have one name: no one could tell which is meant.

    Examples
    --------
    >>> name_columns(["id", " e-mail ", ""], "web.csv")
    ['id', 'e-mail', 'column_3']
    """
    if not names:
        raise InputError(f"{place} has no columns; pass data with at least one")
    clean = [whole_text(str(name))[0].strip() or f"column_{i}" for i, name in enumerate(names, start=1)]
    seen: dict[str, int] = {}
    for i, name in enumerate(clean, start=1):
        if name in seen:
            raise InputError(
                f"{place} has two columns named {name!r} (columns {seen[name]} and {i}); rename or drop one of them"
            )
        seen[name] = i
    return clean


def did_you_mean(wanted: str, names: Iterable[str]) -> str:
    """A question that names the closest of the available names, or nothing where none is close.

    Examples
    --------
    >>> did_you_mean("email", ["id", "e_mail"])
    "; did you mean 'e_mail'?"
    """
    by_fold = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(wanted.casefold(), by_fold, n=1)
    return f"; did you mean {by_fold[close[0]]!r}?" if close else ""


def check_parts(given: Iterable[str], known: Sequence[str], what: str) -> None:
    """Refuse a part of a declaration that it does not have, as spec files may name.

    Raises
    ------
    SpecError
        If there is one; the message lists the parts that there are.

    Examples
    --------
    >>> check_parts({"time": "at"}, ["time", "type"], "columns of events 'web'")
    """
    for name in given:
        if name not in known:
            raise SpecError(f"{what}: unknown part {name!r}; the parts are {', '.join(known)}{did_you_mean(name, known)}")
