"""The screen of `omniid review`: two records side by side, what differs marked, the weight lines, and one key per answer."""

from collections.abc import Callable

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from omniid.answers import bits_text, key_text
from omniid.cli.differences import differing_parts
from omniid.explanation import explain_records
from omniid.review_session import ReviewSession

__all__ = ["KEYS", "ask", "show_pair"]

KEYS = {"y": "MUST_LINK", "n": "CANNOT_LINK", "u": "UNSURE"}
PROMPT = "same person? [y]es  [n]o  [u]nsure  [s]kip  [b]ack  [q]uit: "


def ask(session: ReviewSession, console: Console, read: Callable[[str], str]) -> None:
    """Show pair after pair and take answers, until the queue is empty or the person quits.

    Parameters
    ----------
    session
        The queue and its file.
    console
        Where to draw.
    read
        Shows a prompt and returns what was typed; raises EOFError at the end of input.
    """
    for pair in session.asked():
        console.print(show_pair(session, pair))
        while True:
            try:
                word = read(PROMPT).strip().casefold()[:1]
            except (EOFError, KeyboardInterrupt):
                console.print("")
                return
            if word == "q":
                return
            if word in KEYS:
                session.answer(KEYS[word])
            elif word == "s":
                session.skip()
            elif word != "b":
                console.print("type y, n, u, s, b or q")
                continue
            elif not session.back():
                console.print("nothing to take back in this sitting")
                continue
            break


def show_pair(session: ReviewSession, pair: tuple[int, int]) -> RenderableType:
    """Draw one pair: the records, and what speaks for and against."""
    parts = session.parts
    left, right = (parts.records.key(row) for row in pair)
    told = explain_records(parts, left, right)
    sheet = Table(box=box.SIMPLE, show_edge=False, pad_edge=False)
    for name in ("", key_text(left), key_text(right)):
        sheet.add_column(Text(name), overflow="fold")
    for name in sorted(parts.records.display):
        values = [_value(session, name, row) for row in pair]
        if any(values):
            sheet.add_row(Text(name, style="dim"), *_marked(*values))
    lines: list[RenderableType] = [sheet]
    own = next((step for step in told.steps if {step.left, step.right} == {left, right}), None)
    if own is not None:
        weights = Table(box=box.SIMPLE, show_edge=False, pad_edge=False)
        for name in ("", "level", "bits", "total"):
            weights.add_column(name, justify="right" if name in ("bits", "total") else "left")
        for line in own.lines:
            if line.level != "missing" and (line.field != "relatives" or abs(line.bits) >= 0.05):
                bits = line.bits + line.frequency
                style = "green" if bits > 0 else "red" if bits < 0 else ""
                level = "any two records" if line.field == "prior" else line.level
                weights.add_row(line.field, Text(level), Text(bits_text(bits), style=style), bits_text(line.total))
        lines.append(weights)
    else:
        lines.append(Text(told.reason))
    chance = "" if own is None else f" · probability {own.match_probability:.2f}"
    title = f"{session.place + 1:,} of {len(session.pairs):,}{chance}"
    return Panel(Group(*lines), title=title, title_align="left", box=box.ROUNDED)


def _value(session: ReviewSession, name: str, row: int) -> str:
    return ", ".join(value for value in session.parts.records.display[name].entries_of(row) if value is not None)


def _marked(left: str, right: str) -> tuple[Text, Text]:
    """Both values, with the parts in which they differ in reverse; nothing is marked where one is missing."""
    if not left or not right:
        return Text(left), Text(right)
    out = []
    for value, spans in zip((left, right), differing_parts(left, right), strict=True):
        text = Text(value)
        for start, end in spans:
            text.stylize("reverse bold", start, end)
        out.append(text)
    return out[0], out[1]
