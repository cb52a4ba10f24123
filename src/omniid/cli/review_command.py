"""`omniid review`: doubtful pairs of a saved result or a live store, judged one by one in the terminal, or in a file."""

import argparse
import getpass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from omniid.cli.review_screen import ask
from omniid.cli.store_review import StoreSession
from omniid.cli.stores import is_store, open_store
from omniid.decisions import read_decisions
from omniid.errors import InputError
from omniid.frames import write_table
from omniid.pipeline import learn_again, load
from omniid.resolution import Resolution
from omniid.review_session import ReviewSession, append, mend, review_queue
from omniid.worth_judging import worth_judging_table

__all__ = ["review"]


def review(arguments: argparse.Namespace) -> None:
    """Ask about pairs, write a sheet of them, or take one in; say what the answers change."""
    console = Console(highlight=False, soft_wrap=True)
    if arguments.export and arguments.take_in:
        raise InputError("--export writes a sheet and --import takes one in; say one of the two")
    if is_store(arguments.place):
        _review_store(arguments, console)
        return
    answers = Path(arguments.answers or Path(arguments.place) / "reviewed.jsonl")
    found = load(arguments.place)
    if arguments.export:
        console.print(escape(_export(found, Path(arguments.export), arguments.worth)))
        return
    if arguments.take_in:
        count = _take_in(Path(arguments.take_in), answers, _author(arguments))
        console.print(f"{count:,} answers added to {escape(str(answers))}")
    else:
        queue = review_queue(found.parts, worth=arguments.worth)
        _sit(ReviewSession(found.parts, queue, answers, author=_author(arguments)), console)
    if answers.exists():
        _tell(found, arguments, answers, console)


def _review_store(arguments: argparse.Namespace, console: Console) -> None:
    """The same on a live store, which takes each answer as it comes."""
    if arguments.out:
        raise InputError("--out is for a saved result; a store keeps each answer as it comes")
    author, answers = _author(arguments), Path(arguments.answers or f"{arguments.place}.reviewed.jsonl")
    with open_store(arguments) as resolver:
        before = resolver.cursor
        if arguments.take_in:
            kept = resolver.decide(arguments.take_in, author=author)
            console.print(f"{len(kept):,} answers kept")
        elif arguments.export and arguments.worth is None:
            count = resolver.write_review(arguments.export)
            console.print(
                f"{count:,} pairs to decide in {escape(arguments.export)}; fill in its column 'decision', and say --import"
            )
        elif arguments.export:
            console.print(escape(_export(resolver.resolution(), Path(arguments.export), arguments.worth)))
        else:
            parts = resolver.resolution().parts
            queue = review_queue(parts, worth=arguments.worth)
            _sit(StoreSession(resolver, parts, queue, answers, author=author), console)
        if not arguments.export:
            console.print(f"{len(resolver.changes(since=before)):,} entities changed by it")


def _sit(session: ReviewSession, console: Console) -> None:
    """Ask until the person has enough; say what was answered."""
    if session.earlier:
        console.print(f"going on after {len(session.earlier):,} lines in {escape(str(session.path))}")
    if not session.pairs:
        console.print("no pair is left to ask")
    ask(session, console, console.input)
    said = [told.kind for _, told in session.answers]
    same, other, unsure = (said.count(kind) for kind in ("MUST_LINK", "CANNOT_LINK", "UNSURE"))
    console.print(f"{same:,} same, {other:,} different, {unsure:,} unsure: in {escape(str(session.path))}")


def _author(arguments: argparse.Namespace) -> str:
    if arguments.author is not None:
        return str(arguments.author)
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user, as in some containers
        return ""


def _export(found: Resolution, path: Path, worth: int | None) -> str:
    """Write the queue as a sheet of people's own, or the pairs most worth judging as a table of labels."""
    if worth is None:
        return f"{found.write_review(path):,} pairs to decide in {path}; fill in its column 'decision', and say --import {path}"
    table = worth_judging_table(found.parts, worth)
    write_table(table, path, format="csv")
    return f"{table.num_rows:,} pairs to judge in {path}; fill in its column 'same', and say: omniid resolve … --labels {path}"


def _take_in(sheet: Path, answers: Path, author: str) -> int:
    """Add the decisions of a filled-in sheet that are not in the file of answers yet."""
    mend(answers)
    before = set(read_decisions(answers)) if answers.exists() else set()
    fresh = [one for one in read_decisions(sheet, author=author) if one not in before]
    for one in fresh:
        append(answers, one)
    return len(fresh)


def _tell(found: Resolution, arguments: argparse.Namespace, answers: Path, console: Console) -> None:
    """Say what the answers change: as decisions, and with --out as labels too."""
    difference = found.what_if(decisions=answers)
    console.print(f"as decisions they make: {escape(str(difference).splitlines()[0])}")
    if not arguments.out:
        console.print("nothing else written; say --out DIR to resolve again with the answers as decisions and as labels")
        return
    again = learn_again(arguments.place, labels=answers, decisions=answers)
    again.save(arguments.out)
    console.print(f"learned: {escape(again.summary.labels or 'nothing')}\nwritten to {escape(arguments.out)}")
