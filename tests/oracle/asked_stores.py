"""A small store that is asked: a few dozen people in several channels, and a model learned from them once."""

from collections.abc import Mapping
from functools import cache

import omniid
from omniid.datasets import generate

Row = dict[str, str]


@cache
def channels() -> Mapping[str, tuple[Row, ...]]:
    tables = generate(40, seed=7).channels
    return {
        name: tuple({key: str(cell) for key, cell in row.items() if cell is not None} for row in table.to_pylist())
        for name, table in tables.items()
    }


@cache
def learned() -> tuple[omniid.Spec, omniid.Model]:
    with omniid.open(":memory:") as resolver:
        resolver.upsert({name: list(rows) for name, rows in channels().items()})
        resolver.fit()
        return resolver.spec, resolver.model


def asked_store(path: str = ":memory:", *, filled: bool = True) -> omniid.Resolver:
    """A store under that model, with all records in it unless it is to be empty."""
    spec, model = learned()
    resolver = omniid.open(path, spec, model=model, backend="rows")
    if filled:
        resolver.upsert({name: list(rows) for name, rows in channels().items()})
    return resolver
