"""Decisions of people: read from frames and files, and reduced to what counts for each pair of rows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from omniid.errors import InputError, SpecError
from omniid.tables import Decision, RecordTable

__all__ = ["decided_pairs", "read_decisions", "write_decisions"]

RowPairs = npt.NDArray[np.int32]


def read_decisions(source: Iterable[Decision] | str | Path) -> tuple[Decision, ...]:
    """Return decisions from an iterable of them, or from a JSON-lines file that `write_decisions` wrote.

    Raises
    ------
    InputError
        If the file can't be read, or a line of it is no decision; the message names the line.

    Examples
    --------
    >>> read_decisions([Decision("MUST_LINK", (("crm", "1"),), (("web", "2"),))])[0].kind
    'MUST_LINK'
    """
    if not isinstance(source, str | Path):
        return tuple(source)
    try:
        text = Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"decisions can't be read from {source}: {error}; write them with write_decisions()") from error
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


def decided_pairs(table: RecordTable, decisions: Sequence[Decision]) -> tuple[RowPairs, RowPairs]:
    """Reduce decisions to what counts for each pair of rows.

    The newest decision on a pair counts; at equal times CANNOT_LINK does, then MUST_LINK. UNSURE links and forbids nothing.

    Parameters
    ----------
    table
        The records; decisions name them by key.
    decisions
        In any order. Times are ISO 8601; without a zone they are UTC, and a decision without a time is the oldest.

    Returns
    -------
    tuple
        (must, cannot): int32 arrays of shape (pairs, 2), left < right; `must` newest first, then by rows.

    Raises
    ------
    InputError
        If a decision names a record that is not there, or its time is no time.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1"}, {"record_id": "2"}])
    >>> told = Decision("CANNOT_LINK", (("records", "2"),), (("records", "1"),))
    >>> [pairs.tolist() for pairs in decided_pairs(table, [told])]
    [[], [[0, 1]]]
    """
    rows = _rows_of(table, decisions)
    rank = {"UNSURE": 0, "MUST_LINK": 1, "CANNOT_LINK": 2}
    counts: dict[tuple[int, int], tuple[datetime, int, str]] = {}
    for decision in decisions:
        said = (_moment(decision), rank[decision.kind], decision.kind)
        for left in decision.left:
            for right in decision.right:
                a, b = sorted((rows[left], rows[right]))
                counts[a, b] = max(counts.get((a, b), said), said)
    must = sorted(pair for pair, said in counts.items() if said[2] == "MUST_LINK")
    must.sort(key=lambda pair: counts[pair][0], reverse=True)  # stable: equal times stay in row order
    cannot = sorted(pair for pair, said in counts.items() if said[2] == "CANNOT_LINK")
    return np.array(must, np.int32).reshape(-1, 2), np.array(cannot, np.int32).reshape(-1, 2)


def _moment(decision: Decision) -> datetime:
    if not decision.time:
        return datetime.min.replace(tzinfo=UTC)
    try:
        time = datetime.fromisoformat(decision.time)
    except ValueError as error:
        told = f"the time {decision.time!r} of a {decision.kind} decision on {decision.left[0]}"
        raise InputError(f"{told} is no time; write it as 2026-05-01 or 2026-05-01T09:30:00+02:00") from error
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def _rows_of(table: RecordTable, decisions: Sequence[Decision]) -> Mapping[tuple[str, str], int]:
    wanted = {key for decision in decisions for key in (*decision.left, *decision.right)}
    found = table.rows_of(wanted)
    if missing := sorted(wanted - set(found)):
        known = ", ".join(table.sources)
        raise InputError(f"a decision names {missing[0]}, which is not in the data (sources: {known}); drop or correct it")
    return found


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
