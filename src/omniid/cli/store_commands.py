"""The commands on a live store: each is one call into it, and shows the answer."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from omniid.cli.bars import Bars
from omniid.cli.stores import open_store
from omniid.cli.typed import decisions_of, key_of, named_values
from omniid.errors import InputError

__all__ = ["backup", "changes", "check", "decide", "erase", "export", "fit", "lookup", "rebuild"]

FOUND_WRONG = 1  # exit code of a check that found something


def lookup(arguments: argparse.Namespace) -> None:
    """Say whom identifiers name."""
    with open_store(arguments) as resolver:
        found = resolver.lookup(**named_values(arguments.identifiers), limit=arguments.limit)
    if arguments.json:
        _show(json.dumps({"entity_id": found.entity_id, **asdict(found)}, indent=1, ensure_ascii=False, default=str))
        return
    _show(str(found))
    if found.profile is not None:
        _show("\n" + _profile_text(found.profile))


def _profile_text(profile: Mapping[str, Any]) -> str:
    """What is known of a person, one attribute a line."""
    known = {name: value for name, value in profile.items() if value not in (None, [], ())}
    wide = max(map(len, known), default=0)
    return "\n".join(
        f"{name:<{wide}}  {', '.join(map(str, value)) if isinstance(value, list | tuple) else value}"
        for name, value in known.items()
    )


def decide(arguments: argparse.Namespace) -> None:
    """Take decisions in, or withdraw them."""
    told = decisions_of(arguments.files)
    with open_store(arguments) as resolver:
        before = resolver.cursor
        kept = (
            resolver.undo(told, author=arguments.author) if arguments.undo else resolver.decide(told, author=arguments.author)
        )
        told_since, waiting = resolver.changes(since=before), len(resolver.pending())
    _show(f"{len(kept):,} decisions {'withdrawn' if arguments.undo else 'kept'}; {_kinds(told_since)}")
    if waiting:
        _show(f"{waiting:,} wait for records that are not there")


def changes(arguments: argparse.Namespace) -> None:
    """Tell what changed after a cursor."""
    with open_store(arguments) as resolver:
        told = resolver.changes(since=arguments.since)
    for row in told:
        if arguments.json:
            _show(json.dumps(row, ensure_ascii=False, default=str))
        else:
            was, became = (", ".join(row[name]) or "nothing" for name in ("was", "became"))
            _show(f"{row['cursor']}  {row['kind']}  {was} → {became}  ({row['cause']})")
    if not told and not arguments.json:
        _show(f"nothing changed after {arguments.since}")


def fit(arguments: argparse.Namespace) -> None:
    """Learn anew from what the store holds; show what it would change, and change it where that is asked."""
    with open_store(arguments) as resolver, Bars(enabled=not arguments.quiet) as bars:
        difference = resolver.fit(labels=arguments.labels, progress=bars.report)
        cursor = resolver.apply(difference) if arguments.apply and difference is not None else None
    if difference is None:
        _show("learned for the first time; all records are resolved by it")
        return
    _show(str(difference))
    _show(
        "\nnothing written; say --apply to use the new model"
        if cursor is None
        else f"\ndone; the change feed stands at {cursor}"
    )


def erase(arguments: argparse.Namespace) -> None:
    """Erase a person or records, after asking."""
    if (arguments.entity is None) == (not arguments.record):
        raise InputError("name what to erase: --entity ID, or --record SOURCE:ID, which may be given several times")
    named: dict[str, Any] = (
        {"records": [key_of(text) for text in arguments.record]} if arguments.record else {"entity_id": arguments.entity}
    )
    what = f"entity {arguments.entity}" if arguments.entity else ", ".join(arguments.record)
    with open_store(arguments) as resolver:
        if not arguments.yes and not _is_sure(f"erase {what} from {arguments.place} for good?"):
            _show("nothing was erased")
            return
        _show(str(resolver.erase(**named, reason=arguments.reason)))
    _show("backups, exports and the sources themselves are not reached")


def _is_sure(question: str) -> bool:
    try:
        return Console(highlight=False).input(escape(f"{question} [y/N] ")).strip().casefold() in ("y", "yes")
    except EOFError:
        return False


def export(arguments: argparse.Namespace) -> None:
    """Write all that is held of a person as JSON."""
    if (arguments.entity is None) == (arguments.record is None):
        raise InputError("name whose data to export: --entity ID, or --record SOURCE:ID")
    with open_store(arguments) as resolver:
        record = key_of(arguments.record) if arguments.record else None
        held = resolver.export(entity_id=arguments.entity, record=record)
    text = json.dumps(held, indent=1, ensure_ascii=False)
    if arguments.out:
        Path(arguments.out).write_text(text + "\n", encoding="utf-8")
        _show(f"{len(held['records']):,} records and what follows from them in {arguments.out}")
    else:
        _show(text)


def check(arguments: argparse.Namespace) -> int:
    """Look for what is wrong with a store."""
    with open_store(arguments) as resolver:
        found = resolver.check()
    _show("\n".join(found) if found else "nothing is wrong")
    return FOUND_WRONG if found else 0


def backup(arguments: argparse.Namespace) -> None:
    """Copy a store while it runs."""
    with open_store(arguments) as resolver:
        resolver.backup(arguments.file)
    _show(f"written to {arguments.file}; keep the file of the key beside it, if the store has one")


def rebuild(arguments: argparse.Namespace) -> int:
    """Derive everything anew, and tell what differs."""
    with open_store(arguments) as resolver, Bars(enabled=not arguments.quiet) as bars:
        found = resolver.rebuild(progress=bars.report)
    _show(str(found))
    return FOUND_WRONG if found else 0


def _kinds(rows: Any) -> str:
    """How many entities changed, and how."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["kind"]] = counts.get(row["kind"], 0) + 1
    return ", ".join(f"{count:,} {kind}" for kind, count in counts.items()) or "nobody changed"


def _show(text: str) -> None:
    Console(highlight=False, soft_wrap=True).print(escape(text))
