"""`omniid journey`: what one customer did, across channels and in order."""

import argparse
import json

from rich.console import Console
from rich.markup import escape

from omniid.cli.arguments import Commands, add_command
from omniid.cli.typed import key_of
from omniid.pipeline import load

__all__ = ["add_journey", "show_journey"]


def add_journey(commands: Commands) -> None:
    """Add the command and its arguments."""
    command = add_command(
        commands,
        "journey",
        "Show what one customer did, across channels and in order, and what is still open.",
        "omniid resolve crm.csv --events web.csv --out result && omniid journey result crm:17",
    )
    command.add_argument("place", metavar="DIR", help="what omniid resolve --events … --out wrote")
    command.add_argument("entity", metavar="ENTITY|SOURCE:ID", help="an entity's id, or one of its records")
    command.add_argument("--json", action="store_true", help="as JSON")
    command.set_defaults(run=show_journey)


def show_journey(arguments: argparse.Namespace) -> None:
    """Open a saved result and show the journey."""
    named = key_of(arguments.entity) if ":" in arguments.entity else arguments.entity
    journey = load(arguments.place).journey(named)
    told = json.dumps(journey.to_dict(), ensure_ascii=False, indent=1) if arguments.json else str(journey)
    Console(highlight=False, soft_wrap=True).print(escape(told))
