"""The command line: argument parsing only; each command is one call into a workflow.

Exit codes: 0 done; 1 a check found something wrong; 2 the arguments, the data or the spec must be mended (the message says
how); 3 somebody else holds the store, so call again; 130 interrupted.
"""

import argparse
import sys
from collections.abc import Sequence

from omniid.cli.arguments import DECISIONS, FILES, PLACE, Commands, add_command, add_wait
from omniid.cli.commands import demo, evaluate_files, explain, infer, resolve_files, what_if
from omniid.cli.contacts_command import add_contacts
from omniid.cli.journey_command import add_journey
from omniid.cli.quality_command import add_quality
from omniid.cli.report_command import add_report
from omniid.cli.review_command import review
from omniid.cli.store_arguments import add_store_commands
from omniid.cli.write_back_command import add_write_back
from omniid.errors import OmniidError, StoreBusyError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    Examples
    --------
    >>> main(["evaluate", "missing.csv", "truth.csv"])
    2
    """
    parsed = _parser().parse_args(arguments)
    try:
        return parsed.run(parsed) or 0
    except (OmniidError, OSError) as error:
        print(f"omniid: {error}", file=sys.stderr)  # the command line speaks to a person
        return 3 if isinstance(error, StoreBusyError) else 2
    except KeyboardInterrupt:
        print("omniid: interrupted; nothing more was written", file=sys.stderr)  # as above
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="omniid",
        description="Identity resolution: channel files in, golden customer profiles out. Start with: omniid demo",
        epilog="Exit codes: 0 done, 1 a check found something wrong, 2 something in the arguments, data or spec must be mended,"
        " 3 others hold the store, 130 interrupted.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_resolve(commands)
    _add_infer(commands)
    _add_explain(commands)
    _add_what_if(commands)
    _add_review(commands)
    _add_evaluate(commands)
    add_journey(commands)
    add_quality(commands)
    add_report(commands)
    add_contacts(commands)
    add_write_back(commands)
    _add_demo(commands)
    add_store_commands(commands)
    return parser


def _add_resolve(commands: Commands) -> None:
    command = add_command(
        commands,
        "resolve",
        "Resolve files to people and golden profiles.",
        "omniid resolve web.csv crm=export.parquet --out result",
    )
    command.add_argument("files", nargs="+", metavar="FILE", help=FILES)
    command.add_argument(
        "--events",
        metavar="FILE",
        action="append",
        help="what customers did: time, type and identifiers a row; name=file names the table; may be given several times",
    )
    command.add_argument("--spec", metavar="FILE", help="the declaration, TOML or JSON; without it one is inferred")
    command.add_argument("--model", metavar="FILE", help="weights of an earlier run (model.json); without it they are learned")
    command.add_argument("--decisions", metavar="FILE", action="append", help=DECISIONS)
    command.add_argument(
        "--labels", metavar="FILE", action="append", help="judged pairs, a truth column or decisions to learn from"
    )
    command.add_argument(
        "--previous",
        metavar="DIR",
        help="an earlier --out folder, or a bare crosswalk file: entities keep its ids, and the changes are told",
    )
    command.add_argument(
        "--written",
        metavar="PLAN",
        action="append",
        help="a plan that was written back so far, the earliest first; see write-back",
    )
    command.add_argument(
        "--review", metavar="FILE", help="write the pairs that a person should decide there, as CSV to fill in"
    )
    command.add_argument("--report", metavar="FILE", help="write the result there as one HTML file; needs omniid[report]")
    command.add_argument(
        "--purpose", metavar="NAME", help="what the result is for: fields limited to other purposes are no evidence"
    )
    command.add_argument(
        "--out", metavar="DIR", help="write crosswalk, profiles, provenance, pairs, rejects, spec and model there"
    )
    command.add_argument(
        "--format", choices=("parquet", "csv"), default="parquet", help="of the written tables (default: parquet)"
    )
    command.add_argument(
        "--workers", type=int, metavar="N", help="threads (default: all cores); the result is the same for any"
    )
    command.add_argument(
        "--memory-limit",
        metavar="SIZE",
        help='memory to hold at most, such as "4 GiB" (default: no limit); the result is the same',
    )
    command.add_argument("--quiet", action="store_true", help="no progress bars")
    command.set_defaults(run=resolve_files)


def _add_infer(commands: Commands) -> None:
    command = add_command(
        commands, "infer", "Show what each column is taken for, and why.", "omniid infer web.csv --out spec.toml"
    )
    command.add_argument("files", nargs="+", metavar="FILE", help=FILES)
    command.add_argument(
        "--out", metavar="FILE", help="write the spec there, to be edited and passed to: omniid resolve --spec"
    )
    command.set_defaults(run=infer)


def _add_explain(commands: Commands) -> None:
    command = add_command(
        commands,
        "explain",
        "Explain why two records are one person, how a person came to be, or why a profile has a value.",
        "omniid explain result crm:17 web:904\n  omniid explain people.omniid --entity 8abfc5d2121683c8 --field email",
    )
    command.add_argument("place", metavar="DIR|STORE", help=PLACE)
    command.add_argument("records", nargs="*", metavar="SOURCE:ID", help="two records")
    command.add_argument("--entity", metavar="ID", help="an entity instead of two records")
    command.add_argument("--field", metavar="NAME", help="with --entity: one field of its profile")
    add_wait(command)
    command.set_defaults(run=explain)


def _add_what_if(commands: Commands) -> None:
    command = add_command(
        commands,
        "what-if",
        "Show the difference that a change would make to a saved result or a store; with --out or --apply, make it.",
        "omniid what-if result --shared email=box@x.com --out result2\n"
        "  omniid what-if people.omniid --limits spec.toml --apply",
    )
    command.add_argument("place", metavar="DIR|STORE", help=PLACE)
    command.add_argument(
        "--limits", metavar="FILE", help="a spec file, TOML or JSON; its limits take the place of those so far"
    )
    command.add_argument("--decisions", metavar="FILE", action="append", help=DECISIONS)
    command.add_argument("--link-at", type=float, metavar="BITS", help="another threshold")
    command.add_argument(
        "--shared", metavar="FIELD=VALUE", action="append", default=[], help="a value that is evidence for nobody"
    )
    command.add_argument(
        "--personal", metavar="FIELD=VALUE", action="append", default=[], help="a value that is one person's own"
    )
    command.add_argument("--spec", metavar="FILE", help="of a store: another declaration, TOML or JSON")
    command.add_argument("--apply", action="store_true", help="of a store: make the change")
    command.add_argument("--out", metavar="DIR", help="of a saved result: write the changed one there")
    add_wait(command)
    command.set_defaults(run=what_if)


def _add_review(commands: Commands) -> None:
    command = add_command(
        commands,
        "review",
        "Judge doubtful pairs one by one; each answer is written at once (and a store heeds it at once); a later call goes on.",
        "omniid review result\n  omniid review result --worth 100 --out better\n"
        "  omniid review people.omniid --export sheet.csv",
    )
    command.add_argument("place", metavar="DIR|STORE", help=PLACE)
    command.add_argument(
        "--answers", metavar="FILE", help="where answers go, as JSON lines (default: DIR/reviewed.jsonl, STORE.reviewed.jsonl)"
    )
    command.add_argument(
        "--worth", type=int, metavar="N", help="the N pairs that teach a model most, instead of the review queue"
    )
    command.add_argument("--author", metavar="NAME", help="who answers (default: the name of the login)")
    command.add_argument("--export", metavar="FILE", help="write the pairs to a CSV file instead of asking")
    command.add_argument("--import", metavar="FILE", dest="take_in", help="add the answers of a filled-in review file")
    command.add_argument(
        "--out", metavar="DIR", help="of a saved result: resolve again with the answers as decisions and as labels; write there"
    )
    add_wait(command)
    command.set_defaults(run=review)


def _add_evaluate(commands: Commands) -> None:
    command = add_command(
        commands,
        "evaluate",
        "Say how good a result is: measured against a truth, expected without one.",
        "omniid evaluate result truth.csv --by source\n  omniid evaluate result\n  omniid evaluate crosswalk.parquet truth.csv",
    )
    command.add_argument(
        "result", metavar="RESULT", help="what omniid resolve --out wrote, or a crosswalk file: source, record_id, entity_id"
    )
    command.add_argument(
        "truth",
        nargs="?",
        metavar="TRUTH",
        help="source, record_id, entity_id; source only where record ids need it, and a part of the people is enough",
    )
    command.add_argument("--examples", type=int, default=3, metavar="N", help="mistakes of each kind to explain (default: 3)")
    command.add_argument("--sweep", action="store_true", help="the whole threshold sweep")
    command.add_argument("--by", choices=("source", "field"), action="append", default=[], help="where mistakes come from")
    command.add_argument("--json", action="store_true", help="all of it as JSON")
    command.add_argument("--out", metavar="DIR", help="write all tables there, as Parquet")
    command.set_defaults(run=evaluate_files)


def _add_demo(commands: Commands) -> None:
    command = add_command(
        commands,
        "demo",
        "Write sample channel files, resolve them, show the summary and one explanation.",
        "omniid demo my-demo",
    )
    command.add_argument(
        "folder", nargs="?", default="omniid-demo", metavar="DIR", help="made if missing (default: omniid-demo)"
    )
    command.set_defaults(run=demo)
