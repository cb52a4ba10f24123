"""How many people use a value: people, not rows, so that an eager customer is not taken for a shared mailbox."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from omniid.tables import Codes, Column, Rows

__all__ = ["count_people"]

Components = Callable[[int, Rows, Rows], Rows]
Counts = npt.NDArray[np.int64]


def count_people(
    column: Column, signature: Sequence[Codes], components: Components, *, logins: tuple[Rows, Codes] | None = None
) -> Counts:
    """Count the people behind each distinct value of a contact field.

    A record's *signature* is who it says it is: first-name root, surname, birth date. Take the records that hold a value and
    whose signature has at least two known parts; join signatures that agree on two parts and conflict on none; count the
    groups. Where no record of a value has such a signature, count the distinct login ids of its records.

    Parameters
    ----------
    column
        The contact values, one or several per record.
    signature
        Three int32 arrays, one code per row each, -1 where unknown.
    components
        (n, left, right) → one label per node of the graph with those edges.
    logins
        Rows, ascending, and the login id that each holds as a code; None: no record has one.

    Returns
    -------
    numpy.ndarray
        int64, people per distinct value; 0 where neither signatures nor login ids tell.

    Examples
    --------
    >>> import numpy as np
    >>> from omniid.clustering import connected_components
    >>> mail = Column.of(["shop@x.com", "shop@x.com", "ann@x.com", "ann@x.com", "eve@x.com"])
    >>> signature = [np.array(codes, np.int32) for codes in ([0, 1, 2, 2, 5], [0, 1, 2, -1, -1], [-1, -1, 7, 7, -1])]
    >>> count_people(mail, signature, connected_components).tolist()
    [2, 1, 0]
    """
    people = np.zeros(len(column.vocabulary), np.int64)
    rows, values = column.present()
    parts = [np.asarray(part, np.int64).take(rows) for part in signature]
    known = np.flatnonzero(sum((part >= 0).astype(np.int8) for part in parts) >= 2)
    people[values[known]] = 1
    nodes = _nodes(values.take(known).astype(np.int64), [part.take(known) for part in parts])
    left, right = _joins(nodes)
    labels = np.asarray(components(len(nodes), left, right), np.int64)
    people = np.maximum(people, _distinct(nodes[:, 0], labels, len(people)))
    silent = np.flatnonzero(people.take(values) == 0)
    if logins is None or not len(silent):
        return people
    return people + _login_ids(rows.take(silent), values.take(silent), logins, len(people))


def _login_ids(rows: Rows, values: Codes, logins: tuple[Rows, Codes], n: int) -> Counts:
    """Distinct login ids per value among the given entries."""
    first, behind = (np.searchsorted(logins[0], rows, side) for side in ("left", "right"))
    size = behind - first
    at = np.repeat(behind - np.cumsum(size), size) + np.arange(size.sum())
    return _distinct(np.repeat(values, size).astype(np.int64), logins[1].take(at).astype(np.int64), n)


def _distinct(values: Counts, codes: Counts, n: int) -> Counts:
    """Distinct codes per value."""
    width = int(codes.max(initial=0)) + 1
    pairs = np.sort(values * width + codes)
    new = np.ones(len(pairs), bool)
    new[1:] = pairs[1:] != pairs[:-1]
    return np.bincount(pairs[new] // width, minlength=n).astype(np.int64)


def _nodes(values: Counts, parts: Sequence[Counts]) -> Counts:
    """Rows of (value, signature), each once, of the values that have several signatures; one alone is one person."""
    several = np.flatnonzero(np.bincount(values)[values] > 1)
    values, parts = values.take(several), [part.take(several) for part in parts]
    whole = parts[0]
    for part in parts[1:]:  # dense in between: the product of all three may not fit
        whole = np.unique(whole * (int(part.max(initial=0)) + 2) + part, return_inverse=True)[1].reshape(-1)
    _, first = np.unique(values * (int(whole.max(initial=0)) + 1) + whole, return_index=True)
    first = first[np.bincount(values[first])[values[first]] > 1]
    return np.column_stack([part.take(first) for part in (values, *parts)])


def _joins(nodes: Counts) -> tuple[Rows, Rows]:
    """Edges between signatures of one value that agree on two known parts while the third is unknown on one side.

    Distinct signatures that agree on two parts differ in the third; unless one side doesn't know it, that is a conflict.
    """
    lefts, rights = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    for third in (1, 2, 3):
        one, two = (part for part in (1, 2, 3) if part != third)
        usable = np.flatnonzero((nodes[:, one] >= 0) & (nodes[:, two] >= 0))
        key = nodes[usable][:, [0, one, two]]
        order = np.lexsort((nodes[usable, third], key[:, 2], key[:, 1], key[:, 0]))  # an unknown third (-1) comes first
        usable, key = usable[order], key[order]
        if not len(usable):
            continue
        new = np.r_[True, (key[1:] != key[:-1]).any(axis=1)]
        head = usable[np.flatnonzero(new)[np.cumsum(new) - 1]]
        joined = (nodes[head, third] < 0) & (head != usable)
        lefts.append(head[joined].astype(np.int32))
        rights.append(usable[joined].astype(np.int32))
    return np.concatenate(lefts), np.concatenate(rights)
