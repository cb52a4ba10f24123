"""The commands: each reads its arguments, calls one workflow, and shows the result."""

import argparse
import json
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
from rich.console import Console
from rich.markup import escape

from omniid import datasets
from omniid.cli.bars import Bars
from omniid.cli.stores import answering, is_store, open_store
from omniid.cli.typed import decisions_of, field_value, key_of, named_files, table_of
from omniid.errors import InputError
from omniid.evaluation import evaluate
from omniid.frames import write_table
from omniid.inference import infer_spec
from omniid.pipeline import load, resolve
from omniid.spec import Spec
from omniid.tables import Model

__all__ = ["demo", "evaluate_files", "explain", "infer", "resolve_files", "what_if"]


def resolve_files(arguments: argparse.Namespace) -> None:
    """Resolve files; show the summary and write the results."""
    console = Console(highlight=False, soft_wrap=True)
    if arguments.report:
        from omniid.report import check_report  # here: other runs draw nothing

        check_report(arguments.report)
    if arguments.out:
        _check_folder(Path(arguments.out))
    with Bars(enabled=not arguments.quiet) as bars:
        found = resolve(
            named_files(arguments.files),
            Spec.load(arguments.spec) if arguments.spec else None,
            model=Model.load(arguments.model) if arguments.model else None,
            decisions=decisions_of(arguments.decisions),
            labels=arguments.labels,
            previous=arguments.previous,
            written=arguments.written,
            events=named_files(arguments.events) if arguments.events else None,
            purpose=arguments.purpose,
            workers=arguments.workers,
            memory_limit=arguments.memory_limit,
            progress=bars.report,
        )
    console.print(escape(str(found)))
    if arguments.previous:
        told = ", ".join(f"{count:,} {kind}" for kind, count in found.summary.changes.items()) or "nothing"
        console.print(f"\nchanged since {escape(arguments.previous)}: {told}")
    if arguments.review:
        asked = found.write_review(arguments.review)
        console.print(f"\n{asked:,} pairs to decide in {escape(arguments.review)}; fill in its column 'decision', and say: ")
        console.print(f"omniid resolve … --decisions {escape(arguments.review)}")
    if arguments.out:
        found.save(arguments.out, format=arguments.format)
        console.print(
            f"\nwritten to {escape(arguments.out)}: look at profiles.{arguments.format}, spec.toml, rejects.{arguments.format}"
        )
    elif not arguments.report:
        console.print("\nnothing written; say --out DIR to keep the results")
    if arguments.report:
        console.print(f"\nreport in {escape(str(found.report(arguments.report)))}; it opens in any browser, offline")


def infer(arguments: argparse.Namespace) -> None:
    """Show what every column is taken for; write the spec."""
    console = Console(highlight=False, soft_wrap=True)
    spec = infer_spec(named_files(arguments.files))
    console.print(escape(str(spec)))
    if arguments.out:
        spec.save(arguments.out)
        console.print(f"\nwritten to {escape(arguments.out)}; edit it and say: omniid resolve … --spec {escape(arguments.out)}")


def explain(arguments: argparse.Namespace) -> None:
    """Explain a pair, an entity or a value."""
    keys = [key_of(text) for text in arguments.records]
    if arguments.entity is None and len(keys) != 2:
        raise InputError(f"name two records as SOURCE:ID, or --entity ID; got {len(keys)}")
    if arguments.field is not None and arguments.entity is None:
        raise InputError("--field NAME goes with --entity ID: it explains one value of a profile")
    with answering(arguments) as found:
        answer = found.explain(*keys) if arguments.entity is None else found.explain_entity(arguments.entity, arguments.field)
    Console(highlight=False, soft_wrap=True).print(escape(str(answer)))


def what_if(arguments: argparse.Namespace) -> None:
    """Show the difference that a change would make; apply it where an output folder is given."""
    console = Console(highlight=False, soft_wrap=True)
    classes: dict[str, dict[str, str]] = {}
    for name in ("shared", "personal"):
        for field, value in map(field_value, getattr(arguments, name)):
            classes.setdefault(field, {})[value] = name
    changes = {
        "limits": Spec.load(arguments.limits).limits if arguments.limits else None,
        "decisions": decisions_of(arguments.decisions) or None,
        "link_at": arguments.link_at,
        "value_classes": classes or None,
    }
    if is_store(arguments.place):
        _what_if_in_store(arguments, changes, console)
        return
    if arguments.spec or arguments.apply:
        raise InputError("--spec and --apply are for a live store; of a saved result say --out DIR to keep the changed one")
    difference = load(arguments.place).what_if(**changes)
    console.print(escape(str(difference)))
    if arguments.out:
        difference.apply().save(arguments.out)
        console.print(f"\nwritten to {escape(arguments.out)}")
    else:
        console.print("\nnothing written; say --out DIR to apply it")


def _what_if_in_store(arguments: argparse.Namespace, changes: dict[str, Any], console: Console) -> None:
    if arguments.out:
        raise InputError("--out is for a saved result; say --apply to make the change in the store")
    with open_store(arguments) as resolver, Bars(enabled=True) as bars:
        spec = Spec.load(arguments.spec) if arguments.spec else None
        difference = resolver.what_if(**changes, spec=spec, progress=bars.report)
        cursor = resolver.apply(difference) if arguments.apply else None
    console.print(escape(str(difference)))
    if cursor is None:
        console.print("\nnothing written; say --apply to make the change")
    else:
        console.print(f"\ndone; the change feed stands at {cursor}")


def evaluate_files(arguments: argparse.Namespace) -> None:
    """Say how good a saved result is, or measure a bare crosswalk against a truth."""
    console = Console(highlight=False, soft_wrap=True)
    truth = None if arguments.truth is None else table_of(arguments.truth)
    if not Path(arguments.result).is_dir():
        if truth is None or arguments.sweep or arguments.by or arguments.out:
            raise InputError(
                f"{arguments.result} is no folder that omniid resolve --out wrote; a file needs a truth, and no more"
            )
        report = evaluate(table_of(arguments.result), truth)
        console.print(json.dumps(report.to_dict(), indent=1, default=str) if arguments.json else escape(str(report)))
        return
    found = load(arguments.result).evaluate(truth, examples=arguments.examples)
    wanted = [*(["sweep"] if arguments.sweep else []), *(f"by_{name}" for name in arguments.by)]
    if arguments.json:
        console.print(escape(json.dumps(found.to_dict(), indent=1, ensure_ascii=False, default=str)))
    else:
        console.print(escape("\n\n".join([str(found), *map(found.text, wanted)])))
    if arguments.out:
        Path(arguments.out).mkdir(parents=True, exist_ok=True)
        for name in found.tables:
            write_table(found.table(name), Path(arguments.out) / f"{name}.parquet", format="parquet")


def _check_folder(path: Path) -> None:
    """Refuse a file where a folder is to be written, before any work is lost."""
    if path.exists() and not path.is_dir():
        raise InputError(f"{path} is a file; name a folder, which is made if it is not there")


def demo(arguments: argparse.Namespace) -> None:
    """Write sample files, resolve them, and explain one pair."""
    console = Console(highlight=False, soft_wrap=True)
    folder = Path(arguments.folder)
    _check_folder(folder)
    sample = datasets.demo()
    files = datasets.write(sample, folder / "channels", format="csv")
    console.print(f"{len(files)} channel files and a table of events in {escape(str(folder / 'channels'))}\n")
    with Bars(enabled=True) as bars:
        found = resolve(dict(files), events=folder / "channels" / "events.csv", progress=bars.report)
    found.save(folder / "result")
    crosswalk = found.table("crosswalk")
    report = evaluate(crosswalk.filter(pc.not_equal(crosswalk["source"], "events")), sample.truth)  # the truth knows records
    console.print(escape(f"{found}\n\nmeasured against the truth that comes with the sample:\n{report}"))
    a, b = datasets.demo_pair()
    console.print(f"\nwhy are {':'.join(a)} and {':'.join(b)} one person?\n{escape(str(found.explain(a, b)))}")
    console.print(f"\nand what did Ewa do?\n{escape(str(found.journey(('shop', 'ewa-shop'))))}")
    console.print(
        f"\nresults in {escape(str(folder / 'result'))}: profiles.parquet, crosswalk.parquet, provenance.parquet, spec.toml …"
    )
