"""What people wrote into a review file, as decisions."""

import csv
import io
import json
from collections.abc import Mapping

from omniid.errors import InputError
from omniid.tables import Decision

__all__ = ["is_review_file", "read_answers"]

Key = tuple[str, str]

WORDS: Mapping[str, str] = {
    **dict.fromkeys(["same", "yes", "y", "match", "must_link"], "MUST_LINK"),
    **dict.fromkeys(["different", "no", "n", "differ", "not same", "cannot_link"], "CANNOT_LINK"),
    **dict.fromkeys(["unsure", "?", "maybe", "don't know", "unknown"], "UNSURE"),
}


def is_review_file(text: str) -> bool:
    r"""Whether a file is a review file, filled in or not, and no JSON lines.

    Examples
    --------
    >>> is_review_file("decision,why\nsame,\n"), is_review_file('{"kind": "UNSURE"}')
    (True, False)
    """
    head = text.lstrip().partition("\n")[0]
    return not head.startswith(("{", "[")) and "decision" in [_plain(name) for name in _split(head)]


def read_answers(text: str, place: str, *, author: str = "", time: str = "") -> tuple[Decision, ...]:
    r"""Read the decisions of a review file; rows without one are left out.

    Words count in any case and with blanks around them; columns may stand in any order, and be parted by commas, semicolons or
    tabs, as spreadsheets write them.

    Parameters
    ----------
    text
        The file.
    place
        Its name, for messages.
    author, time
        For rows that do not say it themselves.

    Raises
    ------
    InputError
        If a word is none of same, different and unsure, or a row does not name its records; the message names the line.

    Examples
    --------
    >>> sheet = 'decision,left_records,right_records\n Same ,crm:1,"web:2; web:3"\n,crm:4,web:5\n'
    >>> [(one.kind, one.right) for one in read_answers(sheet, "review.csv")]
    [('MUST_LINK', (('web', '2'), ('web', '3')))]
    """
    body = text.lstrip("\r\n \t")
    lost = text[: len(text) - len(body)].count("\n")
    lines = csv.reader(io.StringIO(body, newline=""), delimiter=_delimiter(body.partition("\n")[0]))
    names = [_plain(name) for name in next(lines)]
    decisions = []
    for cells in lines:
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
        where = f"{place}, line {lines.line_num + lost}"
        word = " ".join(row.get("decision", "").casefold().split())
        if not word:
            continue
        if word not in WORDS:
            raise InputError(f"{where}: {row['decision']!r} is no decision; write same, different or unsure")
        left, right = _records(row, "left", where), _records(row, "right", where)
        if both := set(left) & set(right):
            raise InputError(f"{where}: record {min(both)} stands on both sides")
        who, when = row.get("author") or author, row.get("time") or time
        decisions.append(Decision(WORDS[word], left, right, author=who, reason=row.get("reason", ""), time=when))
    return tuple(decisions)


def _records(row: Mapping[str, str], side: str, where: str) -> tuple[Key, ...]:
    """The record keys of one side: the one that was looked at, then its companions."""
    text = row.get(f"{side}_records", "")
    if text.startswith("["):
        try:
            return tuple((str(source), str(record_id)) for source, record_id in json.loads(text))
        except (json.JSONDecodeError, TypeError, ValueError) as error:
            raise InputError(f"{where}: {side}_records is {text!r}, which is no list of records ({error})") from error
    if keys := [one.strip().partition(":") for one in text.split(";") if one.strip()]:
        if lacking := next((source for source, sep, _ in keys if not sep), None):
            raise InputError(f"{where}: {lacking!r} in {side}_records is no record; write source:id")
        return tuple((source, record_id) for source, _, record_id in keys)
    if row.get(f"{side}_source") and row.get(f"{side}_record_id"):
        return ((row[f"{side}_source"], row[f"{side}_record_id"]),)
    raise InputError(f"{where} does not name its {side} records; keep the column {side}_records as it was written")


def _plain(name: str) -> str:
    return "_".join(name.strip().strip('"').casefold().split())


def _delimiter(head: str) -> str:
    return max(",;\t", key=head.count)


def _split(head: str) -> list[str]:
    return head.split(_delimiter(head))
