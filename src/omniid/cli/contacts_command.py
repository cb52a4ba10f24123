"""The command that lists whom to contact for a purpose."""

import argparse

from rich.console import Console
from rich.markup import escape

from omniid.cli.arguments import PLACE, Commands, add_command, add_wait
from omniid.cli.stores import answering
from omniid.contacting import CHANNELS
from omniid.resolver import Resolver

__all__ = ["add_contacts", "contacts"]


def add_contacts(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "contacts",
        "List whom to contact for a purpose, at one value each, and who is left out and why.",
        "omniid contacts result --purpose newsletter --channel email --out list.csv",
    )
    command.add_argument("place", metavar="DIR|STORE", help=PLACE)
    asked = command.add_mutually_exclusive_group(required=True)
    asked.add_argument("--purpose", metavar="NAME", help="what for, as a consent of the spec names it")
    asked.add_argument("--without-consent", action="store_true", help="ask for none, for messages that need none")
    command.add_argument("--channel", choices=CHANNELS, default="email", help="by what (default: email)")
    command.add_argument(
        "--out", metavar="FILE", help="write the list there, as .csv or .parquet, and beside it FILE_refused: who is left out"
    )
    add_wait(command)
    command.set_defaults(run=contacts)


def contacts(arguments: argparse.Namespace) -> None:
    """Show how many may be contacted; write the list."""
    console = Console(highlight=False, soft_wrap=True)
    with answering(arguments) as place:
        found = place.resolution() if isinstance(place, Resolver) else place
    listed = found.contact_list(arguments.purpose, channel=arguments.channel)
    console.print(escape(str(listed)))
    if arguments.out:
        beside = listed.save(arguments.out)
        console.print(f"\nwritten to {escape(arguments.out)}; who is left out, and why, to {escape(str(beside))}")
    else:
        console.print("\nnothing written; say --out FILE to keep the list")
