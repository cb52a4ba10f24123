"""How good the records are that came, as tables to read: what to fix first, how fields are filled, where sources disagree."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from omniid.data_report import DataQuality
from omniid.report.numbers import count, percent
from omniid.report.shown_table import ShownTable

__all__ = ["disagreements", "filled_fields", "fix_first"]

OF_A_KIND = 2  # problems of one kind, so that the first lines show different ones
SHOWN = 12  # rows of each list
SHARES = (("usable", "valid", "filled"), ("confirmed", "confirmed", "compared"), ("stale", "stale", "dated"))


def fix_first(quality: DataQuality) -> ShownTable:
    """The problems by how many people would gain, at most two of a kind."""
    kinds, rows = Counter[str](), list[tuple[str, ...]]()
    for issue in quality.ranked:
        kinds[issue.problem] += 1
        if kinds[issue.problem] <= OF_A_KIND and len(rows) < SHOWN:
            where = ".".join(part for part in (issue.source, issue.field) if part)
            rows.append((where, count(issue.people), issue.what, issue.advice))
    caption = "Problems in the data by how many people would gain, at most two of a kind."
    return ShownTable("Fix first", caption, ("where", "people#", "what is wrong", "what to do"), rows, len(quality.ranked))


def filled_fields(quality: DataQuality) -> ShownTable:
    """Every field: three shares over all sources, then how many records of each source fill it, in percent."""
    lines: dict[str, list[Mapping[str, Any]]] = {}
    for row in quality.table("fields").to_pylist():
        lines.setdefault(row["field"], []).append(row)
    sources = sorted({row["source"] for rows in lines.values() for row in rows})
    told = []
    for field, rows in lines.items():
        filled = {row["source"]: row["completeness"] for row in rows}
        overall = [_share(rows, part, whole) for _, part, whole in SHARES]
        told.append((field, *overall, *(_hundredths(filled.get(source)) for source in sources)))
    caption = (
        "In percent: values that could be used, people whose value another source confirms, people whose newest value stands "
        "in another source; then the records of each source that fill the field."
    )
    columns = ("field", *(f"{name}%" for name, _, _ in SHARES), *(f"{source}%" for source in sources))
    return ShownTable("Fields", caption, columns, told, len(told))


def disagreements(quality: DataQuality) -> ShownTable:
    """Where two sources say different things of one person, most people first."""
    rows = [row for row in quality.table("agreement").to_pylist() if row["disagree"]]
    rows.sort(key=lambda row: (-row["disagree"], row["field"], row["source"], row["other_source"]))
    told = [
        (
            f"{row['source']} and {row['other_source']}: {row['field']}",
            count(row["disagree"]),
            count(row["agree"]),
            percent(row["agreement"]),
        )
        for row in rows[:SHOWN]
    ]
    caption = "People of whom two sources say different things, most people first."
    return ShownTable("Sources against each other", caption, ("where", "disagree#", "agree#", "agreement#"), told, len(rows))


def _share(rows: Sequence[Mapping[str, Any]], part: str, whole: str) -> str:
    total = sum(row[whole] or 0 for row in rows)
    return _hundredths(sum(row[part] or 0 for row in rows) / total if total else None)


def _hundredths(share: float | None) -> str:
    return "" if share is None or share != share else f"{100 * share:.0f}"  # nan is no number, so not itself
