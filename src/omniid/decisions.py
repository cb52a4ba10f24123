"""Decisions of people: read from frames and files, and reduced to what counts for each pair of rows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
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
        If a line of the file is no decision; the message names the line.

    Examples
    --------
    >>> read_decisions([Decision("MUST_LINK", (("crm", "1"),), (("web", "2"),))])[0].kind
    'MUST_LINK'
    """
    if not isinstance(source, str | Path):
        return tuple(source)
    decisions = []
    for number, line in enumerate(Path(source).read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            decisions.append(_parse(line, f"{source}, line {number}"))
    return tuple(decisions)


def write_decisions(decisions: Sequence[Decision], path: str | Path) -> None:
    """Write decisions as JSON lines, one a line, that people and programs can edit."""
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
        In any order.

    Returns
    -------
    tuple
        (must, cannot): int32 arrays of shape (pairs, 2), left < right; `must` newest first, then by rows.

    Raises
    ------
    InputError
        If a decision names a record that is not there.

    Examples
    --------
    >>> table = RecordTable.of([{"record_id": "1"}, {"record_id": "2"}])
    >>> told = Decision("CANNOT_LINK", (("records", "2"),), (("records", "1"),))
    >>> [pairs.tolist() for pairs in decided_pairs(table, [told])]
    [[], [[0, 1]]]
    """
    rows = _rows_of(table, decisions)
    rank = {"UNSURE": 0, "MUST_LINK": 1, "CANNOT_LINK": 2}
    counts: dict[tuple[int, int], tuple[str, int, str]] = {}
    for decision in decisions:
        said = (decision.time, rank[decision.kind], decision.kind)
        for left in decision.left:
            for right in decision.right:
                a, b = sorted((rows[left], rows[right]))
                counts[a, b] = max(counts.get((a, b), said), said)
    must = sorted(pair for pair, said in counts.items() if said[2] == "MUST_LINK")
    must.sort(key=lambda pair: counts[pair][0], reverse=True)  # stable: equal times stay in row order
    cannot = sorted(pair for pair, said in counts.items() if said[2] == "CANNOT_LINK")
    return np.array(must, np.int32).reshape(-1, 2), np.array(cannot, np.int32).reshape(-1, 2)


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
        sides = {side: tuple((str(source), str(record)) for source, record in data.pop(side)) for side in ("left", "right")}
        return Decision(**data, **sides)
    except (json.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, SpecError):
            raise InputError(f"{place}: {error}") from error
        raise InputError(f"{place} is no decision ({error}); write them with write_decisions()") from error
