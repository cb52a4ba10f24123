"""The commands: each reads its arguments, calls one workflow, and shows the result."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from rich.console import Console
from rich.markup import escape

from omniid import datasets
from omniid.cli.bars import Bars
from omniid.decisions import read_decisions
from omniid.errors import InputError
from omniid.evaluation import evaluate
from omniid.frames import read_inputs, write_table
from omniid.inference import infer_spec
from omniid.pipeline import load, resolve
from omniid.spec import Spec
from omniid.tables import Decision, Model

__all__ = ["demo", "evaluate_files", "explain", "infer", "resolve_files", "what_if"]


def resolve_files(arguments: argparse.Namespace) -> None:
    """Resolve files; show the summary and write the results."""
    console = Console(highlight=False, soft_wrap=True)
    with Bars(enabled=not arguments.quiet) as bars:
        found = resolve(
            _named_files(arguments.files),
            Spec.load(arguments.spec) if arguments.spec else None,
            model=Model.load(arguments.model) if arguments.model else None,
            decisions=_decisions(arguments.decisions),
            labels=arguments.labels,
            previous=arguments.previous,
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
    else:
        console.print("\nnothing written; say --out DIR to keep the results")


def infer(arguments: argparse.Namespace) -> None:
    """Show what every column is taken for; write the spec."""
    console = Console(highlight=False, soft_wrap=True)
    spec = infer_spec(_named_files(arguments.files))
    console.print(escape(str(spec)))
    if arguments.out:
        spec.save(arguments.out)
        console.print(f"\nwritten to {escape(arguments.out)}; edit it and say: omniid resolve … --spec {escape(arguments.out)}")


def explain(arguments: argparse.Namespace) -> None:
    """Explain a pair, an entity or a value."""
    keys = [_key(text) for text in arguments.records]
    if arguments.entity is None and len(keys) != 2:
        raise InputError(f"name two records as SOURCE:ID, or --entity ID; got {len(keys)}")
    if arguments.field is not None and arguments.entity is None:
        raise InputError("--field NAME goes with --entity ID: it explains one value of a profile")
    found = load(arguments.folder)
    answer = found.explain(*keys) if arguments.entity is None else found.explain_entity(arguments.entity, arguments.field)
    Console(highlight=False, soft_wrap=True).print(escape(str(answer)))


def what_if(arguments: argparse.Namespace) -> None:
    """Show the difference that a change would make; apply it where an output folder is given."""
    console = Console(highlight=False, soft_wrap=True)
    classes: dict[str, dict[str, str]] = {}
    for name in ("shared", "personal"):
        for field, value in map(_field_value, getattr(arguments, name)):
            classes.setdefault(field, {})[value] = name
    difference = load(arguments.folder).what_if(
        limits=Spec.load(arguments.limits).limits if arguments.limits else None,
        decisions=_decisions(arguments.decisions) or None,
        link_at=arguments.link_at,
        value_classes=classes or None,
    )
    console.print(escape(str(difference)))
    if arguments.out:
        difference.apply().save(arguments.out)
        console.print(f"\nwritten to {escape(arguments.out)}")
    else:
        console.print("\nnothing written; say --out DIR to apply it")


def evaluate_files(arguments: argparse.Namespace) -> None:
    """Say how good a saved result is, or measure a bare crosswalk against a truth."""
    console = Console(highlight=False, soft_wrap=True)
    truth = None if arguments.truth is None else _table(arguments.truth)
    if not Path(arguments.result).is_dir():
        if truth is None or arguments.sweep or arguments.by or arguments.out:
            raise InputError(
                f"{arguments.result} is no folder that omniid resolve --out wrote; a file needs a truth, and no more"
            )
        report = evaluate(_table(arguments.result), truth)
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


def demo(arguments: argparse.Namespace) -> None:
    """Write sample files, resolve them, and explain one pair."""
    console = Console(highlight=False, soft_wrap=True)
    folder = Path(arguments.folder)
    sample = datasets.demo()
    files = datasets.write(sample, folder / "channels", format="csv")
    console.print(f"{len(files)} channel files in {escape(str(folder / 'channels'))}\n")
    with Bars(enabled=True) as bars:
        found = resolve({name: folder / "channels" / f"{name}.csv" for name in sample.channels}, progress=bars.report)
    found.save(folder / "result")
    report = evaluate(found.table("crosswalk"), sample.truth)
    console.print(escape(f"{found}\n\nmeasured against the truth that comes with the sample:\n{report}"))
    a, b = datasets.demo_pair()
    console.print(f"\nwhy are {':'.join(a)} and {':'.join(b)} one person?\n{escape(str(found.explain(a, b)))}")
    console.print(
        f"\nresults in {escape(str(folder / 'result'))}: profiles.parquet, crosswalk.parquet, provenance.parquet, spec.toml …"
    )


def _named_files(files: Sequence[str]) -> dict[str, str]:
    """Source → path of ``name=file`` or plain files."""
    named: dict[str, str] = {}
    for text in files:
        name, sep, path = text.partition("=")
        source, path = (name, path) if sep else (Path(text).name.split(".")[0], text)
        if source in named:
            raise InputError(f"{named[source]} and {path} are both source {source!r}; write name=file for one of them")
        named[source] = path
    return named


def _table(path: str) -> pa.Table:
    return read_inputs({"file": path}).frames[0].table


def _key(text: str) -> tuple[str, str]:
    source, sep, record_id = text.partition(":")
    if not sep:
        raise InputError(f"{text!r} is no record key; write SOURCE:ID, for example crm:17")
    return source, record_id


def _decisions(files: Sequence[str] | None) -> list[Decision]:
    return [one for file in files or () for one in read_decisions(file)]


def _field_value(text: str) -> tuple[str, str]:
    field, sep, value = text.partition("=")
    if not sep:
        raise InputError(f"{text!r} names no value of a field; write FIELD=VALUE, for example email=box@x.com")
    return field, value
