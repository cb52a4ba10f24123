"""Parts of a spec as plain data: how each is read from a spec file, and how it is written to one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING
from dataclasses import fields as dataclass_fields
from typing import Any

from omniid.blocking import rule_from_dict
from omniid.chain_texts import declared_chains
from omniid.comparison import Comparison
from omniid.declarations import Guess, Source
from omniid.event_columns import Events
from omniid.frames.naming import check_parts
from omniid.limit_rules import limit_from_dict
from omniid.matching import FellegiSunter, LinkRule
from omniid.spec_files import field_from_dict
from omniid.views import View

__all__ = ["PARTS", "plain_values", "without_defaults"]


def _each(read: Callable[[Any], Any]) -> Callable[[Iterable[Any]], list[Any]]:
    return lambda items: [read(one) for one in items]


def _view(name: str, view: Mapping[str, Any]) -> View:
    check_parts(view, [one.name for one in dataclass_fields(View)], f"view {name!r}")
    return View(**view)


def _source(name: str, source: Mapping[str, Any]) -> Source:
    check_parts(source, [one.name for one in dataclass_fields(Source)], f"source {name!r}")
    return Source(**source)


# Part of a spec file → how it is read.
PARTS: Mapping[str, Callable[[Any], Any]] = {
    "sources": lambda sources: {name: _source(name, source) for name, source in sources.items()},
    "fields": _each(field_from_dict),
    "blocking": _each(rule_from_dict),
    "comparisons": _each(Comparison.from_dict),
    "matcher": lambda options: FellegiSunter(**options),
    "limits": _each(limit_from_dict),
    "link_rules": _each(lambda rule: LinkRule(**rule)),
    "survivorship": declared_chains,
    "views": lambda views: {name: _view(name, view) for name, view in views.items()},
    "events": Events.from_dict,
    "guesses": _each(lambda guess: Guess(**{"field": None, **guess})),
}


def without_defaults(part: Any) -> dict[str, Any]:
    """Fields of a dataclass that differ from its defaults.

    Examples
    --------
    >>> without_defaults(Source(trust=90))
    {'trust': 90}
    """
    out = {}
    for one in dataclass_fields(part):
        default = one.default_factory() if one.default_factory is not MISSING else one.default
        if one.init and (value := getattr(part, one.name)) != default:
            out[one.name] = dict(value) if isinstance(value, Mapping) else value
    return out


def plain_values(part: Mapping[str, Any]) -> dict[str, Any]:
    """Values per field or kind as plain lists and tables.

    Examples
    --------
    >>> plain_values({"phone": ("0000",)})
    {'phone': ['0000']}
    """
    return {name: dict(values) if isinstance(values, Mapping) else list(values) for name, values in part.items()}
