"""Frames and files of labels: judged pairs, and records with the person they belong to."""

from collections.abc import Sequence
from typing import Any

from omniid.errors import InputError
from omniid.evaluation.memberships import ENTITY_COLUMNS, RECORD_COLUMNS, read_memberships
from omniid.frames import read_inputs

__all__ = ["Key", "has_pairs", "read_label_frame", "read_persons"]

Key = tuple[str, str]

SIDES = {
    "left": ("left_record_id", "left_id", "record_id_l", "unique_id_l", "id_l", "record_id_1", "id_1"),
    "right": ("right_record_id", "right_id", "record_id_r", "unique_id_r", "id_r", "record_id_2", "id_2"),
}
SOURCES = {
    "left": ("left_source", "source_l", "source_dataset_l", "source_1"),
    "right": ("right_source", "source_r", "source_dataset_r", "source_2"),
}
JUDGED = ("same", "is_match", "match", "label", "clerical_match_score", "decision", "judgement")
YES = ("same", "yes", "y", "true", "t", "1", "1.0", "match", "must_link")
NO = ("different", "no", "n", "false", "f", "0", "0.0", "non-match", "cannot_link")
NOTHING = ("", "unsure", "u", "?", "maybe", "unknown", "skip")


def has_pairs(frame: Any, name: str) -> bool:
    """Whether a frame or file holds pairs, and not records."""
    return any(_first(_columns(frame, name), SIDES[side]) is not None for side in SIDES)


def read_label_frame(frame: Any, name: str) -> dict[tuple[Key, Key], bool]:
    """Read judged pairs.

    Parameters
    ----------
    frame
        Any frame, list of dicts or file.
    name
        What to call it in messages.

    Returns
    -------
    dict
        (record key, record key) → same person; the source is "" where the frame names none.

    Raises
    ------
    InputError
        If a column is missing, a cell says neither yes nor no, or a pair is judged both ways.

    Examples
    --------
    >>> read_label_frame([{"unique_id_l": 1, "unique_id_r": 2, "match": False}], "labels")
    {(('', '1'), ('', '2')): False}
    """
    table = read_inputs({"labels": frame}).frames[0].table
    names = {column.casefold(): column for column in table.column_names}
    ids = {side: _first(names, wanted) for side, wanted in SIDES.items()}
    for side, column in ids.items():
        if column is None:
            raise InputError(f"{name} has no column {SIDES[side][0]!r}; it has {', '.join(table.column_names)}")
    judged = _first(names, JUDGED)
    if judged is None:
        raise InputError(
            f"{name} has no column that says whether pairs are the same person; name it 'same' (or {', '.join(JUDGED[1:])}). "
            f"It has {', '.join(table.column_names)}"
        )
    keys = []
    for side in SIDES:
        source = _first(names, SOURCES[side])
        sources = table.column(names[source]).to_pylist() if source else [""] * table.num_rows
        keys.append(list(zip(sources, table.column(names[str(ids[side])]).to_pylist(), strict=True)))
    said: dict[tuple[Key, Key], bool] = {}
    rows = zip(*keys, table.column(names[judged]).to_pylist(), strict=True)
    for number, (left, right, word) in enumerate(rows, start=1):
        where = f"{name}, row {number}"
        same = _judgement(word, judged, where)
        if same is None:
            continue
        if not all((left[1], right[1])) or None in (left[0], right[0]):
            raise InputError(f"{where} does not name both records")
        pair = tuple(sorted((left, right)))
        if said.setdefault(pair, same) != same:
            raise InputError(f"{where} contradicts an earlier row: {left[1]} and {right[1]} are both the same and different")
    return said


def read_persons(frame: Any, name: str) -> dict[Key, str]:
    """Read the person of each record; records without one are left out.

    Raises
    ------
    InputError
        If a column is missing, or a record stands with two persons.

    Examples
    --------
    >>> read_persons([{"source": "web", "id": 1, "entity_id": "Ann"}], "truth")
    {('web', '1'): 'Ann'}
    """
    columns = _columns(frame, name)
    for wanted, what in ((RECORD_COLUMNS, "record"), (ENTITY_COLUMNS, "person")):
        if not set(wanted) & set(columns.values()):
            raise InputError(
                f"{name} holds neither pairs (columns {SIDES['left'][0]}, {SIDES['right'][0]}, {JUDGED[0]}) nor a column for "
                f"the {what}: name it {wanted[0]!r} (or {', '.join(wanted[1:])}). It has {', '.join(columns.values())}"
            )
    found = read_memberships(frame, name)
    sources = found.source.to_pylist() if found.source is not None else [""] * len(found.record_id)
    persons: dict[Key, str] = {}
    for source, record_id, person in zip(sources, found.record_id.to_pylist(), found.entity.to_pylist(), strict=True):
        if persons.setdefault((source, record_id), person) != person:
            both = f"{persons[source, record_id]!r} and {person!r}"
            raise InputError(
                f"{name} gives record {record_id!r} to {both}; leave one out" + ("" if source else ", or add its source")
            )
    return persons


def _columns(frame: Any, name: str) -> dict[str, str]:
    """Names of the columns in small letters → as they are spelled."""
    if isinstance(frame, dict):
        raise InputError(f"{name} is a dict; pass a frame, a list of dicts, a file, decisions, or omniid.Labels")
    return {column.casefold(): column for column in read_inputs({"labels": frame}).frames[0].table.column_names}


def _first(names: dict[str, str], wanted: Sequence[str]) -> str | None:
    return next((name for name in wanted if name in names), None)


def _judgement(word: str | None, column: str, where: str) -> bool | None:
    """Whether a cell says yes or no; None where it says nothing."""
    text = (word or "").strip().casefold()
    if text in YES or text in NO:
        return text in YES
    if text in NOTHING:
        return None
    raise InputError(f"{where}: {word!r} in column {column!r} is no judgement; write yes or no, or leave it empty")
