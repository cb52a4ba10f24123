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

__all__ = ["DecidedPairs", "decided_pairs", "moment_of", "read_decisions", "settle", "standing", "undo", "write_decisions"]

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
    lines = [json.dumps(asdict(decision), ensure_ascii=False) for decision in decisions]
    Path(path).write_text("".join(line + "\n" for line in lines), encoding="utf-8")


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
    order = sorted(moments, key=lambda one: (moments[one], (*KINDS, "UNDO").index(one.kind), repr(one)))
    on: dict[frozenset[frozenset[tuple[str, str]]], list[Decision]] = {}
    for one in order:
        told = on.setdefault(frozenset((frozenset(one.left), frozenset(one.right))), [])
        if one.kind != "UNDO":
            told.append(one)
        elif told:
            told.pop()
        else:
            when = f" of {one.time}" if one.time else ""
            raise InputError(
                f"an UNDO{when} on {one.left[0]} and {one.right[0]} finds no decision on the same records before it; "
                "make it with undo(decision)"
            )
    kept = {one for told in on.values() for one in told}
    return tuple(one for one in order if one in kept)


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
    stand = standing(decisions)
    rows = table.rows_of({key for one in stand for key in (*one.left, *one.right)})
    age = {moment: number for number, moment in enumerate(sorted({moment_of(one) for one in stand}))}
    parts = [np.zeros((0, 4), np.int64)]
    for one in stand:
        left, right = (_rows_there(one, side, rows, table.sources) for side in (one.left, one.right))
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


def _rows_there(
    decision: Decision, side: Sequence[tuple[str, str]], rows: Mapping[tuple[str, str], int], sources: Sequence[str]
) -> Codes:
    """Rows of those records of a side that are there."""
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
            side: tuple((str(source), str(record)) for source, record in data.pop(side)) for side in ("left", "right")
        }
        return Decision(**{**data, **sides})
    except (json.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, SpecError):
            raise InputError(f"{place}: {error}") from error
        raise InputError(f"{place} is no decision ({error}); write them with write_decisions()") from error
