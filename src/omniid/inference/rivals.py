"""Several columns of one source that mean the same: which one speaks for the record, and why."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from omniid.identifier_kinds import KINDS
from omniid.inference.contents import Contents
from omniid.inference.headers import HeaderReading
from omniid.inference.judging import Verdict
from omniid.inference.statements import STATEMENTS

__all__ = ["Judged", "settle_rivals"]

_MANY = frozenset(KINDS)  # kinds of which a record may have several values
_FREE = frozenset({"attribute", "ignored", "record_id", "source", *STATEMENTS})
_ADDRESS = frozenset({"street", "house_number", "unit", "city", "postcode", "region", "country", "address"})
_NAMES = frozenset({"first_name", "last_name", "middle_name", "full_name", "name_suffix", "title"})
_SETTINGS = ("billing", "home", "mailing", "shipping", "work", "other")  # in order of preference
EVENT_TIME = "updated_at"  # the field of the record's own time
_TIMES = ("updated", "modified", "event", "created", "date")  # which time is the record's own, best first
_WELL_FILLED = 0.5  # a preferred set of columns must be this well filled, measured by the best


@dataclass(frozen=True, eq=False)
class Judged:
    """A column with all that is known of it.

    Parameters
    ----------
    header, reading, contents
        Name, meaning and values.
    verdict
        What it is taken for when looked at alone.
    """

    header: str
    reading: HeaderReading
    contents: Contents
    verdict: Verdict

    @property
    def filled(self) -> float:
        """Share of rows with a value."""
        return self.contents.filled / max(self.contents.rows, 1)


def settle_rivals(columns: Sequence[Judged]) -> list[Verdict]:
    """Let one column speak for each field that holds one value; the others become attributes.

    Addresses and names stay whole: of billing and shipping columns one set wins, so that no profile has the street of one
    and the city of the other. E-mail addresses, phones and identifiers all stay, as several values of one field.

    Parameters
    ----------
    columns
        The judged columns of one source, in column order.

    Returns
    -------
    list of Verdict
        One per column.

    Examples
    --------
    >>> settle_rivals([])
    []
    """
    verdicts = [column.verdict for column in columns]
    for group, noun in ((_ADDRESS, "address"), (_NAMES, "name")):
        _keep_one_setting(columns, verdicts, group, noun)
    by_field: dict[str, list[int]] = defaultdict(list)
    for i, verdict in enumerate(verdicts):
        if verdict.kind == "time":
            by_field["time"].append(i)
        elif verdict.kind not in _MANY | _FREE and verdict.field is not None:
            by_field[verdict.field].append(i)
    for field, rivals in by_field.items():
        if field == "time":
            _keep_one_time(columns, verdicts, rivals)
        else:
            _keep_best(columns, verdicts, rivals, field)
    return verdicts


def _lose(columns: Sequence[Judged], verdicts: list[Verdict], losers: Iterable[int], reason: str) -> None:
    for i in losers:
        verdicts[i] = Verdict("attribute", None, f"header '{columns[i].header[:40]}': {reason}")


def _keep_one_setting(columns: Sequence[Judged], verdicts: list[Verdict], group: frozenset[str], noun: str) -> None:
    """Of billing, shipping … keep the first well filled set; then of it and the unlabelled columns, if they overlap."""
    members: dict[str | None, list[int]] = defaultdict(list)
    for i, verdict in enumerate(verdicts):
        if verdict.kind in group:
            members[columns[i].reading.setting].append(i)
    labelled = [name for name in _SETTINGS if name in members]
    if not labelled:
        return
    filled = {name: _fill(columns, verdicts, indices) for name, indices in members.items()}
    enough = _WELL_FILLED * max(filled[name] for name in labelled)
    winner = next(name for name in labelled if filled[name] >= enough)
    for name in labelled:
        if name != winner:
            _lose(columns, verdicts, members[name], f"the {winner} {noun} stands for the record, not the {name} one")
    plain = members.get(None, [])
    taken = {verdicts[i].field for i in members[winner]}
    shared = [i for i in plain if verdicts[i].field in taken]
    if shared and filled[None] >= _WELL_FILLED * filled[winner]:
        _lose(columns, verdicts, members[winner], f"the {noun} without a label stands for the record, not the {winner} one")
    elif shared:
        _lose(columns, verdicts, shared, f"the {winner} {noun} stands for the record, as it is better filled")


def _fill(columns: Sequence[Judged], verdicts: Sequence[Verdict], indices: Sequence[int]) -> float:
    """How well a set of columns is filled: the best column of each field, summed."""
    best: dict[str | None, float] = {}
    for i in indices:
        field = verdicts[i].field
        best[field] = max(best.get(field, 0.0), columns[i].filled)
    return sum(best.values())


def _keep_best(columns: Sequence[Judged], verdicts: list[Verdict], rivals: list[int], field: str) -> None:
    """Keep the column whose header says it most exactly, then the best filled (to a tenth), then the first."""
    if len(rivals) == 1:
        return
    best = min(rivals, key=lambda i: (columns[i].reading.exactness, -round(10 * columns[i].filled), i))
    _lose(
        columns, verdicts, [i for i in rivals if i != best], f"column '{columns[best].header[:40]}' already gives the {field}"
    )


def _keep_one_time(columns: Sequence[Judged], verdicts: list[Verdict], rivals: list[int]) -> None:
    """Keep one event time: updated before modified before event before created."""
    best = min(rivals, key=lambda i: (_TIMES.index(str(verdicts[i].field)), columns[i].reading.exactness, i))
    _lose(columns, verdicts, [i for i in rivals if i != best], f"column '{columns[best].header[:40]}' gives the record's time")
    verdicts[best] = Verdict("time", EVENT_TIME, f"{verdicts[best].reason}; taken as the time of the record")
