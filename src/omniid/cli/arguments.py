"""What the arguments of several commands have in common."""

import argparse
from typing import TypeAlias

__all__ = ["DECISIONS", "FILES", "PLACE", "Commands", "add_command", "add_wait"]

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  # argparse has no public name for it

FILES = """files of any channel: CSV, TSV, Parquet, JSON, JSON lines, plain or .gz or .zst;
the source is the file's stem, or write name=file"""
DECISIONS = "what people decided, as JSON lines or a filled-in review file; may be given several times"
PLACE = "what omniid resolve --out wrote (a folder), or a live store (a file)"


def add_command(commands: Commands, name: str, text: str, example: str) -> argparse.ArgumentParser:
    """Add a command with its help."""
    return commands.add_parser(
        name, help=text, description=text, epilog=f"example:\n  {example}", formatter_class=argparse.RawDescriptionHelpFormatter
    )


def add_wait(command: argparse.ArgumentParser) -> None:
    """Add how long to wait for a store that others hold."""
    command.add_argument(
        "--wait", type=float, default=5.0, metavar="SECONDS", help="how long to wait for another writer of a store (default: 5)"
    )
