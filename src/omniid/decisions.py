"""Decisions of people: read from frames and files, undone, and reduced to what counts for each pair of rows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from omniid.errors import InputError, SpecError
from omniid.review_answers import is_review_file, read_answers
from omniid.tables import Codes, Decision, RecordTable

__all__ = [
    "DecidedPairs",
    "decided_pairs",
    "moment_of",
    "pin",
    "plain_decision",
    "read_decisions",
    "rows_there",
    "settle",
    "standing",
    "subject_of",
    "undo",
    "write_decisions",
]

KINDS = ("UNSURE", "MUST_LINK", "CANNOT_LINK")  # of equally new ones, the last counts


class DecidedPairs(NamedTuple):
    """Pairs of rows that decisions join, part or leave open: int32 of shape (pairs, 2), left < right."""

    must: Codes
    cannot: Codes
    unsure: Codes


def read_decisions(
    source: Decision | Iterable[Decision] | str | Path, *, author: str = "", time: str = ""
) -> tuple[Decision, ...]:
    """Return decisions from an iterable of them, from a JSON-lines file, or from a review file that a person filled in.

    Parameters
    ----------
    source
        Decisions; or a file that `write_decisions` wrote; or the CSV file of `Resolution.write_review`, with "same",
        "different" or "unsure" in its column `decision` (rows without are left out).
    author, time
        Who decided and when, for rows of a review file that don't say it themselves.

    Raises
    ------
    InputError
        If the file can't be read, or a line of it, or something passed, is no decision; the message names it.

    Examples
    --------
    >>> read_decisions([Decision("MUST_LINK", (("crm", "1"),), (("web", "2"),))])[0].kind
    'MUST_LINK'
    """
    if isinstance(source, Decision):
        return (source,)
    if not isinstance(source, str | Path):
        told = tuple(source)
        for one in told:
            if not isinstance(one, Decision):
                raise InputError(f"{one!r} is no decision; pass Decision(…), or the file that holds decisions")
        return told
    try:
        text = Path(source).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"decisions can't be read from {source}: {error}; write them with write_decisions()") from error
    if is_review_file(text):
        return read_answers(text, str(source), author=author, time=time)
    decisions = []
    for number, line in enumerate(text.split("\n"), start=1):  # JSON text may hold other line separators as they are
        if line.strip():
            decisions.append(_parse(line, f"{source}, line {number}"))
    return tuple(decisions)


def write_decisions(decisions: Sequence[Decision], path: str | Path) -> None:
    """Write decisions as JSON lines, one a line, that people and programs can edit.

    Examples
    --------
    >>> import tempfile
    >>> told = Decision("MUST_LINK", (("crm", "1"),), (("web", "2"),), author="kim", time="2026-05-01")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_decisions([told], Path(folder) / "decisions.jsonl")
    ...     read_decisions(Path(folder) / "decisions.jsonl") == (told,)
    True
    """
    lines = [json.dumps(plain_decision(decision), ensure_ascii=False) for decision in decisions]
    Path(path).write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def plain_decision(decision: Decision) -> dict[str, Any]:
    """Return a decision as plain data, as files and stores keep it.

    Examples
    --------
    >>> plain_decision(pin(("crm", "17"), "city", author="kim"))
    {'kind': 'PIN', 'left': (('crm', '17'),), 'right': (), 'author': 'kim', 'reason': '', 'time': '', 'field': 'city'}
    """
    return {name: part for name, part in asdict(decision).items() if name != "field" or part}


def pin(record: tuple[str, str], field: str, *, author: str = "", reason: str = "", time: str = "") -> Decision:
    """Return the decision that the value of a record is the right one: it stands in the profile, whatever the rules say.

    A pin belongs to its record, so that it follows the record when its entity is merged or split, and holds for the value that
    the record has now. Of several pins on a field of one entity the newest counts, and `undo` withdraws one. A pin on a field
    of a group chooses the record that gives the whole group.

    Parameters
    ----------
    record
        Key (source, record_id).
    field
        The field.
    author, reason, time
        Who pinned it, why, and when as ISO 8601 text.

    Examples
    --------
    >>> import omniid
    >>> rows = [{"id": str(n), "email": "ann@x.com", "city": city} for n, city in enumerate(["York", "York", "Leeds"])]
    >>> moved = pin(("records", "2"), "city", author="kim", reason="she called")
    >>> omniid.resolve(rows, decisions=moved).profiles[0]["city"]
    'Leeds'
    """
    return Decision("PIN", (record,), author=author, reason=reason, time=time, field=field)


def undo(
    decisions: Decision | Iterable[Decision], *, author: str = "", reason: str = "", time: str = ""
) -> tuple[Decision, ...]:
    """Return what withdraws decisions: an UNDO on the same two sets of records for each.

    Add them to the decisions; nothing is ever taken out of a file. An UNDO withdraws the newest decision on its two sets that
    still stands, so that the one before counts again. To undo an UNDO, decide again.

    Parameters
    ----------
    decisions
        One or several.
    author, reason, time
        Who withdraws them, why and when; without a time, each gets that of the decision itself, which it then withdraws.

    Examples
    --------
    >>> told = Decision("MUST_LINK", (("crm", "1"),), (("web", "2"),), time="2026-05-01")
    >>> undo(told, author="kim", time="2026-05-02")[0].kind
    'UNDO'
    >>> standing([told, *undo(told)])
    ()
    """
    some = (decisions,) if isinstance(decisions, Decision) else tuple(decisions)
    return tuple(replace(one, kind="UNDO", author=author, reason=reason, time=time or one.time) for one in some)


def standing(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the decisions that no UNDO withdrew, oldest first.

    Raises
    ------
    InputError
        If an UNDO finds nothing to withdraw, or a time is no time.

    Examples
    --------
    >>> told = [Decision(kind, (("crm", "1"),), (("web", "2"),), time=f"2026-05-0{day}")
    ...         for day, kind in enumerate(["CANNOT_LINK", "MUST_LINK", "UNDO"], start=1)]
    >>> [one.kind for one in standing(told)]
    ['CANNOT_LINK']
    """
    moments = {one: moment_of(one) for one in decisions}
    order = sorted(moments, key=lambda one: (moments[one], (*KINDS, "PIN", "UNDO").index(one.kind), repr(one)))
    on: dict[tuple[str, frozenset[frozenset[tuple[str, str]]]], list[Decision]] = {}
    for one in order:
        told = on.setdefault((one.field, frozenset((frozenset(one.left), frozenset(one.right)))), [])
        if one.kind != "UNDO":
            told.append(one)
        elif told:
            told.pop()
        else:
            when = f" of {one.time}" if one.time else ""
            raise InputError(
                f"an UNDO{when} on {subject_of(one)} finds no decision on the same records before it; "
                "make it with undo(decision)"
            )
    kept = {one for told in on.values() for one in told}
    return tuple(one for one in order if one in kept)


def subject_of(decision: Decision) -> str:
    """Say what a decision is about: the first record of each side, or the field that is pinned.

    Examples
    --------
    >>> subject_of(pin(("crm", "17"), "city"))
    "'city' of ('crm', '17')"
    """
    return f"{decision.field!r} of {decision.left[0]}" if decision.field else f"{decision.left[0]} and {decision.right[0]}"


def settle(table: RecordTable, decisions: Sequence[Decision]) -> DecidedPairs:
    """Reduce decisions to what counts for each pair of rows.

    A decision holds between every left and every right record that is there, while there is one of each side. The newest
    decision on a pair counts; at equal times CANNOT_LINK does, then MUST_LINK. UNSURE links and forbids nothing.

    Parameters
    ----------
    table
        The records; decisions name them by key.
    decisions
        In any order. Times are ISO 8601; without a zone they are UTC, and a decision without a time is the oldest.

    Returns
    -------
    DecidedPairs
        `must` stands newest first, then by rows; the others by rows.

    Raises
    ------
    InputError
        If no record of one side is there, a time is no time, or an UNDO finds nothing to withdraw.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1"}, {"record_id": "2"}])
    >>> told = Decision("CANNOT_LINK", (("records", "2"), ("records", "9")), (("records", "1"),))
    >>> [pairs.tolist() for pairs in settle(table, [told])]
    [[], [[0, 1]], []]
    """
    stand = [one for one in standing(decisions) if not one.field]
    rows = table.rows_of({key for one in stand for key in (*one.left, *one.right)})
    age = {moment: number for number, moment in enumerate(sorted({moment_of(one) for one in stand}))}
    parts = [np.zeros((0, 4), np.int64)]
    for one in stand:
        left, right = (rows_there(one, side, rows, table.sources) for side in (one.left, one.right))
        here, there = np.repeat(left, len(right)), np.tile(right, len(left))
        told = np.full(len(here), age[moment_of(one)]), np.full(len(here), KINDS.index(one.kind))
        parts.append(np.column_stack([np.minimum(here, there), np.maximum(here, there), *told]))
    said = np.concatenate(parts)
    said = said[np.lexsort((said[:, 3], said[:, 2], said[:, 1], said[:, 0]))]
    is_last = np.ones(len(said), bool)
    is_last[:-1] = (said[1:, :2] != said[:-1, :2]).any(axis=1)
    said = said[is_last]
    must = said[said[:, 3] == KINDS.index("MUST_LINK")]
    must = must[np.argsort(-must[:, 2], kind="stable")]  # equal times stay in row order
    cannot, unsure = (said[said[:, 3] == KINDS.index(kind)] for kind in ("CANNOT_LINK", "UNSURE"))
    return DecidedPairs(*(pairs[:, :2].astype(np.int32) for pairs in (must, cannot, unsure)))


def decided_pairs(table: RecordTable, decisions: Sequence[Decision]) -> tuple[Codes, Codes]:
    """Return the pairs of rows that decisions join and those that they part, see `settle`.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1"}, {"record_id": "2"}])
    >>> told = Decision("CANNOT_LINK", (("records", "2"),), (("records", "1"),))
    >>> [pairs.tolist() for pairs in decided_pairs(table, [told])]
    [[], [[0, 1]]]
    """
    found = settle(table, decisions)
    return found.must, found.cannot


def moment_of(decision: Decision) -> datetime:
    """Return when a decision was taken, in UTC where it names no zone; without a time it is the oldest.

    Raises
    ------
    InputError
        If its time is no time.

    Examples
    --------
    >>> moment_of(Decision("UNSURE", (("crm", "1"),), (("web", "2"),), time="2026-05-01")).isoformat()
    '2026-05-01T00:00:00+00:00'
    """
    if not decision.time:
        return datetime.min.replace(tzinfo=UTC)
    try:
        time = datetime.fromisoformat(decision.time)
    except ValueError as error:
        told = f"the time {decision.time!r} of a {decision.kind} decision on {decision.left[0]}"
        raise InputError(f"{told} is no time; write it as 2026-05-01 or 2026-05-01T09:30:00+02:00") from error
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def rows_there(
    decision: Decision, side: Sequence[tuple[str, str]], rows: Mapping[tuple[str, str], int], sources: Sequence[str]
) -> Codes:
    """Rows of those records of a side that are there, ascending.

    Raises
    ------
    InputError
        If none is.
    """
    there = [rows[key] for key in side if key in rows]
    if not there:
        named = f"{side[0]}, which is not" if len(side) == 1 else f"{side[0]} and {len(side) - 1} more, none of which is"
        raise InputError(
            f"a {decision.kind} decision names {named} in the data (sources: {', '.join(sources)}); "
            "correct it, or withdraw it with undo()"
        )
    return np.array(sorted(there), np.int32)


def _parse(line: str, place: str) -> Decision:
    try:
        data: dict[str, Any] = json.loads(line)
        sides: dict[str, Any] = {
            side: tuple((str(source), str(record)) for source, record in said)
            for side, said in (("left", data.pop("left")), ("right", data.pop("right", ())))
        }
        return Decision(**{**data, **sides})
    except (json.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, SpecError):
            raise InputError(f"{place}: {error}") from error
        raise InputError(f"{place} is no decision ({error}); write them with write_decisions()") from error
