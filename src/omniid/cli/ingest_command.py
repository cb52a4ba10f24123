"""`omniid ingest`: files into a live store, which is made and learns at the first time."""

import argparse
from pathlib import Path

import pyarrow.compute as pc
from rich.console import Console
from rich.markup import escape

from omniid.cli.bars import Bars
from omniid.cli.stores import open_store
from omniid.cli.typed import named_files
from omniid.errors import InputError, NotFittedError, OmniidError
from omniid.resolver import Resolver
from omniid.resolver import open as open_resolver
from omniid.spec import Spec
from omniid.tables import Model, Progress

__all__ = ["ingest"]


def ingest(arguments: argparse.Namespace) -> None:
    """Take files in; make the store and learn where there is none yet."""
    console = Console(highlight=False, soft_wrap=True)
    files = named_files(arguments.files)
    is_new = not Path(arguments.place).exists()
    with Bars(enabled=not arguments.quiet) as bars, _opened(arguments) as resolver:
        try:
            told = _take_in(resolver, files, arguments, bars.report)
        except OmniidError:
            if is_new:
                _drop_if_empty(resolver, Path(arguments.place))
            raise
        learned = _learn(resolver, bars.report)
        cursor, counts = resolver.cursor, _sizes(resolver) if learned else ""
    for line in told:
        console.print(escape(line))
    if learned:
        console.print(f"learned for the first time: {counts}")
    console.print(escape(f"the change feed stands at {cursor}; ask: omniid lookup {arguments.place} FIELD=VALUE …"))


def _opened(arguments: argparse.Namespace) -> Resolver:
    """The store, made where there is none."""
    place = Path(arguments.place)
    if place.exists():
        if arguments.spec or arguments.model:
            raise InputError(
                f"{place} is there and keeps the spec and the model that it was made with; leave --spec and --model out, "
                f"or change them: omniid what-if {place} --spec FILE"
            )
        return open_store(arguments, backend="pyarrow")
    if arguments.model and not arguments.spec:
        raise InputError("a model goes with the spec that it was learned under; say --spec FILE, too")
    spec = Spec.load(arguments.spec) if arguments.spec else None
    model = Model.load(arguments.model) if arguments.model else None
    if model is not None and model.frozen is None:
        raise InputError(
            f"{arguments.model} was learned for single runs; learn under a spec with incremental = true, or leave it out"
        )
    return open_resolver(place, spec, model=model, wait=arguments.wait, key=arguments.key, backend="pyarrow")


def _take_in(resolver: Resolver, files: dict[str, str], arguments: argparse.Namespace, progress: Progress) -> list[str]:
    """Hand the files to the store; lines that say what became of their records."""
    version = arguments.version_column
    if not arguments.sync:
        return [str(resolver.upsert(files, version=version, progress=progress))]
    return [f"{name}: {resolver.sync(name, path, version=version, progress=progress)}" for name, path in files.items()]


def _drop_if_empty(resolver: Resolver, place: Path) -> None:
    """Remove a store that holds nothing, so that the same call works once what was wrong is mended."""
    with resolver.store.reading() as store:
        empty = not store.count("records")
    resolver.close()
    if empty:
        for path in (place, Path(f"{place}-wal"), Path(f"{place}-shm")):
            path.unlink(missing_ok=True)


def _learn(resolver: Resolver, progress: Progress) -> bool:
    """Learn a model where there is none; whether it was so."""
    try:
        _ = resolver.model
    except NotFittedError:
        resolver.fit(progress=progress)
        return True
    return False


def _sizes(resolver: Resolver) -> str:
    table = resolver.crosswalk()
    people = pc.count_distinct(table.filter(pc.equal(table["entity_kind"], "person"))["entity_id"]).as_py()
    return f"{table.num_rows:,} records are {people:,} people"
