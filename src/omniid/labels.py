"""Labels: what people know of some records or pairs, for the model to learn from.

A label says what is true of a pair (same person or not) or of a record (which person). Labels *train*: the weights of all pairs
are learned with them, and no pair is linked or parted because it bears one. A `Decision` is *law*: it holds for its pair, come
what may, and teaches nothing. To have both, pass the same file twice: ``resolve(data, labels=file, decisions=file)``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from omniid.decisions import read_decisions, standing
from omniid.errors import InputError
from omniid.label_frames import Key, has_pairs, read_label_frame, read_persons
from omniid.review_answers import is_review_file
from omniid.tables import Decision, RecordTable, Rows
from omniid.tables.arrays import numpy_array, text_array

__all__ = ["KnownRows", "Labels", "read_labels"]


class KnownRows(NamedTuple):
    """Labels as rows of one table.

    Parameters
    ----------
    left, right
        int32, the judged pairs, left < right.
    same
        Whether each was judged the same person.
    person
        int32 per row of the table: a number per person, -1 where the record's person is not known.
    absent
        Records of a truth column that are not in the table.
    """

    left: Rows
    right: Rows
    same: npt.NDArray[np.bool_]
    person: npt.NDArray[np.int32]
    absent: int


@dataclass(frozen=True)
class Labels:
    """What people know: judged pairs, and whose some records are; one of the two is enough.

    Parameters
    ----------
    pairs
        (record key, record key) → whether both are the same person. A key is (source, record id); a source of "" stands for
        the only one that has the id.
    persons
        Record key → person, such as a customer number that was checked by hand.

    Raises
    ------
    InputError
        If a pair is a record with itself, is judged both ways, or is judged different where others make it the same.

    Examples
    --------
    >>> ann, anne, bob = ("web", "1"), ("shop", "7"), ("web", "2")
    >>> Labels({(ann, anne): True, (ann, bob): False})
    Labels(2 judged pairs: 1 same, 1 different)
    >>> Labels(persons={ann: "A", anne: "A", bob: "B"})
    Labels(3 records of known persons)
    """

    pairs: Mapping[tuple[Key, Key], bool] = field(default_factory=dict)
    persons: Mapping[Key, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        group: dict[Key, Key] = {}
        for (left, right), same in self.pairs.items():
            if left == right:
                raise InputError(f"labels judge {_text(left)} against itself; name two records")
            if self.pairs.get((right, left), same) != same:
                raise InputError(f"labels judge {_text(left)} and {_text(right)} both the same and different; leave one out")
            if same:
                group[_root(group, left)] = _root(group, right)
        for (left, right), same in self.pairs.items():
            if not same and left in group and _root(group, left) == _root(group, right):
                raise InputError(
                    f"labels judge {_text(left)} and {_text(right)} different, but others make them the same person in a "
                    "chain; correct one of these judgements"
                )

    def __len__(self) -> int:
        return len(self.pairs) + len(self.persons)

    def __repr__(self) -> str:
        same = sum(self.pairs.values())
        told = f"{len(self.pairs):,} judged pairs: {same:,} same, {len(self.pairs) - same:,} different" if self.pairs else ""
        known = f"{len(self.persons):,} records of known persons" if self.persons else ""
        return f"Labels({'; '.join(part for part in (told, known) if part) or 'none'})"

    def rows(self, table: RecordTable) -> KnownRows:
        """Find the records in a table.

        Raises
        ------
        InputError
            If a judged record is not in the table or stands in several sources, none of the known records is there, or a
            pair is judged against the truth column.

        Examples
        --------
        >>> table = RecordTable.of([{"record_id": "1"}, {"record_id": "2"}])
        >>> Labels({(("", "2"), ("records", "1")): False}).rows(table).left.tolist()
        [0]
        """
        pairs = list(self.pairs)
        judged = _rows(table, [key for pair in pairs for key in pair]).reshape(-1, 2)
        _refuse_unknown([key for pair in pairs for key in pair], judged.ravel(), table)
        known = _rows(table, list(self.persons))
        if len(known) and (known < 0).all():
            _refuse_unknown(list(self.persons), known, table)
        person = _numbered(list(self.persons.values()), known, len(table))
        said: dict[tuple[int, int], bool] = {}
        for (left, right), pair, same in zip(judged.tolist(), pairs, self.pairs.values(), strict=True):
            place = (min(left, right), max(left, right))
            is_told = min(person[left], person[right]) >= 0 and bool(person[left] == person[right]) != same
            if said.setdefault(place, same) != same or is_told:
                names = " and ".join(map(_text, pair))
                raise InputError(f"labels judge {names} both the same and different; leave one out")
        order = sorted(said)
        ends = np.array(order, np.int32).reshape(-1, 2)
        verdict = np.array([said[pair] for pair in order], bool)
        return KnownRows(ends[:, 0].copy(), ends[:, 1].copy(), verdict, person, int((known < 0).sum()))


def read_labels(source: Any) -> Labels:
    r"""Read labels from a frame, a file, decisions, or several of these in a list.

    Parameters
    ----------
    source
        - Pairs: a frame or a CSV, TSV, Parquet or JSON file with the columns `left_source`, `left_record_id`, `right_source`,
          `right_record_id` (or `unique_id_l`, `unique_id_r`; sources may be left out where record ids are unique) and
          `same`: yes or no, same or different, 1 or 0, true or false. Rows that say nothing, or "unsure", teach nothing.
        - A truth column: a frame or file with `record_id`, `entity_id` (or `cluster`, `true_id`) and perhaps `source`: all
          pairs of its records are judged.
        - Decisions, their JSON-lines file, or a filled-in review file: the two records that were looked at.

    Returns
    -------
    Labels

    Raises
    ------
    InputError
        If a column is missing, a word says neither yes nor no, or labels contradict each other; the message names the row.

    Examples
    --------
    >>> read_labels([{"left_record_id": "1", "right_record_id": "2", "same": "yes"}])
    Labels(1 judged pairs: 1 same, 0 different)
    >>> read_labels([{"record_id": "1", "entity_id": "Ann"}, {"record_id": "2", "entity_id": "Bob"}])
    Labels(2 records of known persons)
    """
    if isinstance(source, Labels):
        return source
    if isinstance(source, Decision):
        return _of_decisions([source])
    if isinstance(source, list | tuple) and source and not isinstance(source[0], Mapping):
        if all(isinstance(one, Decision) for one in source):
            return _of_decisions(source)
        return _joined([read_labels(one) for one in source])
    if isinstance(source, str | Path) and _holds_decisions(Path(source)):
        return _of_decisions(read_decisions(source))
    if isinstance(source, list | tuple) and not source:
        return Labels()
    place = str(source) if isinstance(source, str | Path) else "labels"
    if has_pairs(source, place):
        return Labels(read_label_frame(source, place))
    return Labels(persons=read_persons(source, place))


def _holds_decisions(path: Path) -> bool:
    """Whether a file is a review file, or JSON lines with decisions."""
    if path.suffix.lower() not in (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json"):
        return False
    try:
        with path.open(encoding="utf-8-sig") as file:
            head = file.readline() or ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"labels can't be read from {path}: {error}") from error
    return is_review_file(head) or (head.startswith("{") and '"kind"' in head)


def _of_decisions(decisions: Iterable[Decision]) -> Labels:
    """The records that were looked at, the first of each side; the newest decision on a pair counts, UNSURE takes one back."""
    said: dict[tuple[Key, Key], bool] = {}
    for one in standing(decisions):
        if one.field:  # a value was pinned: it says nothing of pairs
            continue
        left, right = sorted((one.left[0], one.right[0]))
        said.pop((left, right), None)
        if one.kind != "UNSURE":
            said[left, right] = one.kind == "MUST_LINK"
    return Labels(said)


def _joined(parts: Sequence[Labels]) -> Labels:
    """All labels of several; a contradiction between them is refused."""
    pairs: dict[tuple[Key, Key], bool] = {}
    persons: dict[Key, str] = {}
    for part in parts:
        for pair, same in part.pairs.items():
            if pairs.setdefault(pair, same) != same:
                raise InputError(
                    f"labels judge {_text(pair[0])} and {_text(pair[1])} both the same and different; leave one out"
                )
        for key, person in part.persons.items():
            if persons.setdefault(key, person) != person:
                raise InputError(f"labels give {_text(key)} to {persons[key]!r} and to {person!r}; leave one out")
    return Labels(pairs, persons)


def _root(group: dict[Key, Key], key: Key) -> Key:
    """The key that stands for all that judgements make one person with this one."""
    while (above := group.setdefault(key, key)) != key:
        group[key] = group[above]
        key = above
    return key


def _text(key: Key) -> str:
    return f"{key[0]}:{key[1]}" if key[0] else key[1]


def _rows(table: RecordTable, keys: Sequence[Key]) -> npt.NDArray[np.int32]:
    """Row of each key, -1 where it is not there; refuses ids without a source that several sources have."""
    whole = table.rows_of([key for key in keys if key[0]])
    lone: dict[str, int] = {}
    if wanted := sorted({record_id for source, record_id in keys if not source}):
        import pyarrow.compute as pc  # here: labels without a source are rare

        for row in np.flatnonzero(numpy_array(pc.is_in(table.record_id, value_set=text_array(wanted)))).tolist():
            source, record_id = table.key(row)
            if record_id in lone:
                other = table.key(lone[record_id])[0]
                raise InputError(f"labels name record {record_id!r}, which {other} and {source} both have; add its source")
            lone[record_id] = row
    return np.array([whole.get(key, -1) if key[0] else lone.get(key[1], -1) for key in keys], np.int32)


def _refuse_unknown(keys: Sequence[Key], rows: npt.NDArray[np.int32], table: RecordTable) -> None:
    """Refuse keys that are not there."""
    unknown = [key for key, row in zip(keys, rows.tolist(), strict=True) if row < 0]
    if unknown:
        more = f" and {len(unknown) - 1:,} more, which are" if len(unknown) > 1 else ", which is"
        example = ":".join(table.key(0)) if len(table) else "nothing"
        raise InputError(
            f"labels name {_text(unknown[0])}{more} not in the data; records are named source:id there, such as {example} "
            f"(sources: {', '.join(table.sources)})"
        )


def _numbered(persons: Sequence[str], rows: npt.NDArray[np.int32], n_rows: int) -> npt.NDArray[np.int32]:
    """A number per row for its person, -1 where it is not known."""
    number = {person: i for i, person in enumerate(sorted(set(persons)))}
    out = np.full(n_rows, -1, np.int32)
    there = rows >= 0
    out[rows[there]] = np.array([number[person] for person in persons], np.int32)[there]
    return out
