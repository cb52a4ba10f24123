"""Views: the same profiles for different consumers, each with its columns and its chains."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from omniid.chain_texts import declared_chains, texts_of_chains
from omniid.errors import SpecError
from omniid.survivorship import SurvivorshipRule

__all__ = ["View", "checked_views"]

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class View:
    """What one consumer sees of the profiles.

    Parameters
    ----------
    fields
        The fields to show, in this order; none: all.
    survivorship
        Field or group → chain of rules, where they differ from those of the spec; "*" stands for all others.

    Raises
    ------
    SpecError
        If `fields` is no list, or names a field twice.

    Examples
    --------
    >>> view = View(fields=["email", "city"], survivorship={"email": ["verified_first", "most_recent"]})
    >>> view.to_dict()
    {'fields': ['email', 'city'], 'survivorship': {'email': ['verified_first', 'most_recent']}}
    """

    fields: Sequence[str] = ()
    survivorship: Mapping[str, Sequence[SurvivorshipRule | str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if isinstance(self.fields, str) or not all(isinstance(name, str) for name in self.fields):
            raise SpecError(f"fields of a view are {self.fields!r}; give a list of names, even of one")
        object.__setattr__(self, "fields", tuple(self.fields))
        if twice := [name for name in self.fields if self.fields.count(name) > 1]:
            raise SpecError(f"a view names the field {twice[0]!r} twice; leave one out")
        object.__setattr__(self, "survivorship", declared_chains(self.survivorship))

    def to_dict(self) -> dict[str, Any]:
        """Return the view as plain data, as spec files have it."""
        fields = {"fields": list(self.fields)} if self.fields else {}
        return {**fields, **({"survivorship": texts_of_chains(self.survivorship)} if self.survivorship else {})}


def checked_views(views: Mapping[str, View]) -> Mapping[str, View]:
    """Return views by name.

    Raises
    ------
    SpecError
        If one is no view, or its name could not be part of a file's name.

    Examples
    --------
    >>> list(checked_views({"support": View()}))
    ['support']
    """
    if not isinstance(views, Mapping):
        raise SpecError(f'views is {views!r}; map names to views, such as {{"support": View(fields=["email"])}}')
    for name, view in views.items():
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise SpecError(f"a view is named {name!r}; use letters, digits, - and _, a letter first")
        if not isinstance(view, View):
            raise SpecError(f"view {name!r} is {view!r}; write View(fields=[…], survivorship={{…}})")
    return MappingProxyType(dict(views))
