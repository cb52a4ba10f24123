"""The place that a command names: a live store is a file, a saved result a folder."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from omniid.errors import InputError
from omniid.pipeline import load
from omniid.resolution import Resolution
from omniid.resolver import Resolver
from omniid.resolver import open as open_resolver

__all__ = ["answering", "is_store", "open_store"]


def is_store(place: str) -> bool:
    """Whether a path is that of a store's file, and not of a folder.

    Examples
    --------
    >>> is_store("/")
    False
    """
    return Path(place).is_file()


def open_store(arguments: argparse.Namespace, backend: str = "rows") -> Resolver:
    """Open the store that a command names; none is made where there is none.

    Raises
    ------
    InputError
        If there is no store.
    """
    place = Path(arguments.place)
    if place.is_dir():
        raise InputError(f"{place} is a folder and no store; make a store with: omniid ingest STORE FILE…")
    if not place.exists():
        raise InputError(f"there is no store {place}; make it with: omniid ingest {place} FILE…")
    return open_resolver(place, wait=arguments.wait, key=getattr(arguments, "key", None), backend=backend)


@contextmanager
def answering(arguments: argparse.Namespace) -> Iterator[Resolution | Resolver]:
    """What answers questions at the place that a command names: a store, or a saved result."""
    if is_store(arguments.place):
        with open_store(arguments) as resolver:
            yield resolver
    else:
        yield load(arguments.place)
