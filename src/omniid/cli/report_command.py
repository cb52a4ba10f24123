"""`omniid report`: a saved result or a live store as one HTML file."""

import argparse

from rich.console import Console
from rich.markup import escape

from omniid.cli.arguments import PLACE, Commands, add_command, add_wait
from omniid.cli.stores import is_store, open_store
from omniid.pipeline import load

__all__ = ["add_report", "report"]


def report(arguments: argparse.Namespace) -> None:
    """Write the report, and say where it is."""
    from omniid.report import check_report  # here: other commands draw nothing

    check_report(arguments.out)
    if is_store(arguments.place):
        with open_store(arguments) as resolver:
            found = resolver.resolution()
    else:
        found = load(arguments.place)
    path = found.report(arguments.out, values=not arguments.no_values, title=arguments.title)
    Console(highlight=False, soft_wrap=True).print(f"written to {escape(str(path))}; it opens in any browser, offline")


def add_report(commands: Commands) -> None:
    """Add the command with its arguments."""
    command = add_command(
        commands,
        "report",
        "Write a result as one HTML file: charts, people, pairs, quality; it needs no network.",
        "omniid report result --out report.html\n  omniid report people.omniid --out report.html --no-values",
    )
    command.add_argument("place", metavar="DIR|STORE", help=PLACE)
    command.add_argument("--out", metavar="FILE", default="report.html", help="the HTML file (default: report.html)")
    command.add_argument("--title", metavar="TEXT", default="", help="what stands on top")
    command.add_argument(
        "--no-values", action="store_true", help="leave people's values out; equal letters stand for equal values"
    )
    add_wait(command)
    command.set_defaults(run=report)
