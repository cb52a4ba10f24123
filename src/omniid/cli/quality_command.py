"""The command that says how good the records are that came."""

import argparse
import json

from rich.console import Console
from rich.markup import escape

from omniid.cli.arguments import PLACE, Commands, add_command, add_wait
from omniid.cli.stores import is_store, open_store
from omniid.data_report import DataQuality
from omniid.pipeline import load

__all__ = ["add_quality", "quality"]


def add_quality(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "quality",
        "Say how good the records are that came, per source and field, and what to fix first.",
        "omniid quality result\n  omniid quality result --out quality --format csv\n  omniid quality people.omniid",
    )
    command.add_argument("place", metavar="DIR|STORE", help=PLACE)
    command.add_argument("--as-of", metavar="TIME", help="the moment that ages count from (default: the latest event time)")
    command.add_argument("--no-examples", action="store_true", help="show no values, which may be personal")
    command.add_argument("--json", action="store_true", help="all of it as JSON")
    command.add_argument("--out", metavar="DIR", help="write all tables there")
    command.add_argument(
        "--format", choices=("parquet", "csv"), default="parquet", help="of the written tables (default: parquet)"
    )
    add_wait(command)
    command.set_defaults(run=quality)


def quality(arguments: argparse.Namespace) -> None:
    """Show the data quality of a saved result or a store; write its tables."""
    console = Console(highlight=False, soft_wrap=True)
    found = _measured(arguments)
    console.print(escape(json.dumps(found.to_dict(), indent=1, ensure_ascii=False) if arguments.json else str(found)))
    if arguments.out:
        found.save(arguments.out, format=arguments.format)
        if not arguments.json:
            console.print(f"\nwritten to {escape(arguments.out)}: look at issues.{arguments.format}, fields.{arguments.format}")


def _measured(arguments: argparse.Namespace) -> DataQuality:
    asked = {"as_of": arguments.as_of, "examples": not arguments.no_examples}
    if not is_store(arguments.place):
        return load(arguments.place).data_quality(**asked)
    with open_store(arguments) as resolver:
        return resolver.resolution().data_quality(**asked)
