"""The command that plans what each source should be told."""

import argparse

from rich.console import Console
from rich.markup import escape

from omniid.cli.arguments import PLACE, Commands, add_command, add_wait
from omniid.cli.stores import answering
from omniid.resolver import Resolver

__all__ = ["add_write_back", "write_back"]


def add_write_back(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "write-back",
        "Plan what each source should be told so that its records say what the golden profiles say.",
        "omniid write-back result --out plan\n  omniid resolve web.csv crm.csv --spec spec.toml --written plan --out result",
    )
    command.add_argument("place", metavar="DIR|STORE", help=PLACE)
    command.add_argument("--source", metavar="NAME", action="append", help="only this source (may be repeated)")
    command.add_argument("--field", metavar="NAME", action="append", help="only this field (may be repeated)")
    command.add_argument(
        "--applied",
        metavar="PLAN",
        action="append",
        help="a plan that was carried out since the records were read, the earliest first: its folder or its updates.jsonl",
    )
    command.add_argument("--out", metavar="DIR", help="write updates.jsonl, updates.parquet and refused.parquet there")
    add_wait(command)
    command.set_defaults(run=write_back)


def write_back(arguments: argparse.Namespace) -> None:
    """Show the plan; write it."""
    console = Console(highlight=False, soft_wrap=True)
    with answering(arguments) as place:
        found = place.resolution() if isinstance(place, Resolver) else place
    plan = found.write_back(sources=arguments.source, fields=arguments.field, applied=arguments.applied)
    console.print(escape(str(plan)))
    if not len(plan) and not any(source.authority.accepts or source.authority.fills for source in found.spec.sources.values()):
        console.print(escape('\nno source takes anything yet; say what in the spec, under [sources.NAME]: accepts = ["email"]'))
    if arguments.out:
        plan.save(arguments.out)
        console.print(
            f"\nwritten to {escape(arguments.out)}; once it is carried out: omniid resolve … --written {escape(arguments.out)}"
        )
    else:
        console.print("\nnothing written; say --out DIR to keep the plan")
