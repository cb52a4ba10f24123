"""The arguments of the commands on a live store."""

import argparse

from omniid.cli.arguments import DECISIONS, FILES, Commands, add_command, add_wait
from omniid.cli.ingest_command import ingest
from omniid.cli.store_commands import backup, changes, check, decide, erase, export, fit, lookup, rebuild

__all__ = ["add_store_commands"]

KEY = "the file of the secret that recognises erased records (default: STORE.key)"


def add_store_commands(commands: Commands) -> None:
    """Add all commands on a live store."""
    _add_ingest(commands)
    _add_lookup(commands)
    _add_decide(commands)
    _add_changes(commands)
    _add_fit(commands)
    _add_erase(commands)
    _add_export(commands)
    _add_check(commands)
    _add_backup(commands)
    _add_rebuild(commands)


def _on_store(commands: Commands, name: str, text: str, example: str) -> argparse.ArgumentParser:
    command = add_command(commands, name, text, example)
    command.add_argument("place", metavar="STORE", help="the file of the store")
    add_wait(command)
    return command


def _add_ingest(commands: Commands) -> None:
    command = _on_store(
        commands,
        "ingest",
        "Take files into a live store: new, changed and late records. It is made, and learns, at the first time.",
        "omniid ingest people.omniid web.csv crm=export.parquet\n"
        "  omniid ingest people.omniid web=today.csv --version-column updated_at",
    )
    command.add_argument("files", nargs="+", metavar="FILE", help=FILES)
    command.add_argument("--spec", metavar="FILE", help="of a new store: the declaration; without it one is inferred")
    command.add_argument("--model", metavar="FILE", help="of a new store: weights of an earlier run (model.json)")
    command.add_argument(
        "--version-column",
        metavar="NAME",
        help="the column with each record's time of change or number: the highest counts, whatever comes last",
    )
    command.add_argument(
        "--sync", action="store_true", help="each file is all that its source holds: absent records are deleted"
    )
    command.add_argument("--key", metavar="FILE", help=KEY)
    command.add_argument("--quiet", action="store_true", help="no progress bars")
    command.set_defaults(run=ingest)


def _add_lookup(commands: Commands) -> None:
    command = _on_store(
        commands,
        "lookup",
        "Say whom identifiers name: the profile, or who may be meant, with weights.",
        'omniid lookup people.omniid phone="+48 501 502 503"\n'
        "  omniid lookup people.omniid first_name=Ann last_name=Lee city=Leeds --json",
    )
    command.add_argument(
        "identifiers", nargs="+", metavar="FIELD=VALUE", help="by the name of a field of the spec, in any spelling"
    )
    command.add_argument("--limit", type=int, default=5, metavar="N", help="the most candidates (default: 5)")
    command.add_argument("--json", action="store_true", help="all of it as JSON")
    command.set_defaults(run=lookup)


def _add_decide(commands: Commands) -> None:
    command = _on_store(
        commands,
        "decide",
        "Take in what people decided; it is in force at once, and for ever.",
        "omniid decide people.omniid sheet.csv --author kim\n  omniid decide people.omniid told.jsonl --undo",
    )
    command.add_argument("files", nargs="+", metavar="FILE", help=DECISIONS)
    command.add_argument("--author", default="", metavar="NAME", help="who decided, where the file does not say it")
    command.add_argument("--undo", action="store_true", help="withdraw these decisions")
    command.set_defaults(run=decide)


def _add_changes(commands: Commands) -> None:
    command = _on_store(
        commands,
        "changes",
        "Tell what became of entities: created, merged, split, changed. Ask on from the last cursor that you took.",
        "omniid changes people.omniid --since 1200 --json",
    )
    command.add_argument("--since", type=int, default=-1, metavar="N", help="the last cursor that was taken (default: all)")
    command.add_argument("--json", action="store_true", help="one JSON object a line")
    command.set_defaults(run=changes)


def _add_fit(commands: Commands) -> None:
    command = _on_store(
        commands,
        "fit",
        "Learn anew from all that the store holds, and show what that would change; with --apply, use it.",
        "omniid fit people.omniid --labels judged.csv --apply",
    )
    command.add_argument(
        "--labels", metavar="FILE", action="append", help="judged pairs, a truth column or decisions to learn from"
    )
    command.add_argument("--apply", action="store_true", help="use the new model from now on")
    command.add_argument("--quiet", action="store_true", help="no progress bars")
    command.set_defaults(run=fit)


def _add_erase(commands: Commands) -> None:
    command = _on_store(
        commands,
        "erase",
        "Erase a person or some records: all versions, all that follows from them, every byte of them in the store's files.",
        'omniid erase people.omniid --record crm:17 --reason "asked on 2026-05-01"',
    )
    command.add_argument("--entity", metavar="ID", help="the person: all records of the entity")
    command.add_argument("--record", metavar="SOURCE:ID", action="append", help="one record; may be given several times")
    command.add_argument("--reason", default="", metavar="TEXT", help="why; name nobody in it")
    command.add_argument("--key", metavar="FILE", help=KEY)
    command.add_argument("--yes", action="store_true", help="do not ask")
    command.set_defaults(run=erase)


def _add_export(commands: Commands) -> None:
    command = _on_store(
        commands,
        "export",
        "Write all that is held of a person as JSON: an answer to a request for access.",
        "omniid export people.omniid --record crm:17 --out ann.json",
    )
    command.add_argument("--entity", metavar="ID", help="the person")
    command.add_argument("--record", metavar="SOURCE:ID", help="one of the person's records, in place of the id")
    command.add_argument("--out", metavar="FILE", help="write there, and not to the screen")
    command.set_defaults(run=export)


def _add_check(commands: Commands) -> None:
    command = _on_store(
        commands, "check", "Look for what is wrong with a store; exits with 1 if anything is.", "omniid check people.omniid"
    )
    command.set_defaults(run=check)


def _add_backup(commands: Commands) -> None:
    command = _on_store(
        commands, "backup", "Copy a store while others use it.", "omniid backup people.omniid people-2026-05-01.omniid"
    )
    command.add_argument("file", metavar="FILE", help="the copy; a file that is there is not overwritten")
    command.set_defaults(run=backup)


def _add_rebuild(commands: Commands) -> None:
    command = _on_store(
        commands,
        "rebuild",
        "Derive everything anew from records, decisions and ids; tells what differs, and exits with 1 if anything does.",
        "omniid rebuild people.omniid",
    )
    command.add_argument("--quiet", action="store_true", help="no progress bars")
    command.set_defaults(run=rebuild)
