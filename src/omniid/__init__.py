"""omniid: identity resolution. Channel records in, golden customer profiles out.

>>> import omniid
>>> web = [{"id": "1", "e-mail": "ann@example.com", "name": "Ann Lee"}]
>>> shop = [{"id": "A", "mail": "ANN@EXAMPLE.COM", "name": "LEE, Ann"}]
>>> omniid.resolve({"web": web, "shop": shop}).summary.people
1

Names are loaded when they are first used, so that `import omniid` is quick and loads no frame library.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from omniid.blocking import (
        BlockingRule,
        all_pairs,
        audit,
        block,
        block_on,
        choose_rules,
        first_words,
        initial,
        local_part,
        minhash_lsh,
        month_day,
        one_edit,
        prefix,
        shared_qgrams,
        sorted_name,
        sorted_neighbourhood,
        soundex,
        year,
        year_month,
    )
    from omniid.clustering import UnionFind, cluster
    from omniid.comparison import Comparison, compare
    from omniid.decisions import pin, read_decisions, undo, write_decisions
    from omniid.declarations import Guess, Source
    from omniid.devices import time_window
    from omniid.errors import (
        CancelledError,
        ConvergenceWarning,
        InputError,
        MissingExtraError,
        NotFittedError,
        OmniidError,
        SpecError,
        StoreBusyError,
        StoreCorruptError,
        StoreError,
        StoreFullError,
    )
    from omniid.evaluation import evaluate
    from omniid.event_columns import EventColumns, Events, RollUp
    from omniid.fields import (
        Address,
        Attribute,
        Category,
        Company,
        Consent,
        Date,
        Email,
        Identifier,
        PersonName,
        Phone,
        Text,
        Timestamp,
        Verified,
    )
    from omniid.inference import infer_spec
    from omniid.labels import Labels, read_labels
    from omniid.limit_rules import at_most, disagree, one_per_source, unique
    from omniid.matching import FellegiSunter, LinkRule, match
    from omniid.normalization import normalize
    from omniid.pair_classifier import PairClassifier
    from omniid.pipeline import load, resolve
    from omniid.resolution import Resolution
    from omniid.resolver import Resolver, Upserted, open  # noqa: A004  # the word that users say
    from omniid.source_updates import WriteBack, without_written
    from omniid.spec import Spec
    from omniid.survivorship import (
        chosen_by,
        count,
        longest,
        maximum,
        minimum,
        most_complete,
        most_frequent,
        most_recent,
        oldest,
        same_record_as,
        shortest,
        source_priority,
        survive,
        total,
        trusted,
        union,
        verified_first,
    )
    from omniid.tables import Decision, Model
    from omniid.views import View
    from omniid.what_if import Difference

__all__ = [
    "Address",
    "Attribute",
    "BlockingRule",
    "CancelledError",
    "Category",
    "Company",
    "Comparison",
    "Consent",
    "ConvergenceWarning",
    "Date",
    "Decision",
    "Difference",
    "Email",
    "EventColumns",
    "Events",
    "FellegiSunter",
    "Guess",
    "Identifier",
    "InputError",
    "Labels",
    "LinkRule",
    "MissingExtraError",
    "Model",
    "NotFittedError",
    "OmniidError",
    "PairClassifier",
    "PersonName",
    "Phone",
    "Resolution",
    "Resolver",
    "RollUp",
    "Source",
    "Spec",
    "SpecError",
    "StoreBusyError",
    "StoreCorruptError",
    "StoreError",
    "StoreFullError",
    "Text",
    "Timestamp",
    "UnionFind",
    "Upserted",
    "Verified",
    "View",
    "WriteBack",
    "all_pairs",
    "at_most",
    "audit",
    "block",
    "block_on",
    "choose_rules",
    "chosen_by",
    "cluster",
    "compare",
    "count",
    "disagree",
    "evaluate",
    "first_words",
    "infer_spec",
    "initial",
    "load",
    "local_part",
    "longest",
    "match",
    "maximum",
    "minhash_lsh",
    "minimum",
    "month_day",
    "most_complete",
    "most_frequent",
    "most_recent",
    "normalize",
    "oldest",
    "one_edit",
    "one_per_source",
    "open",
    "pin",
    "prefix",
    "read_decisions",
    "read_labels",
    "resolve",
    "same_record_as",
    "shared_qgrams",
    "shortest",
    "sorted_name",
    "sorted_neighbourhood",
    "soundex",
    "source_priority",
    "survive",
    "time_window",
    "total",
    "trusted",
    "undo",
    "union",
    "unique",
    "verified_first",
    "without_written",
    "write_decisions",
    "year",
    "year_month",
]

_ROOMS = {
    "omniid.blocking": (
        "BlockingRule",
        "all_pairs",
        "audit",
        "block",
        "block_on",
        "choose_rules",
        "first_words",
        "initial",
        "local_part",
        "minhash_lsh",
        "month_day",
        "one_edit",
        "prefix",
        "shared_qgrams",
        "sorted_name",
        "sorted_neighbourhood",
        "soundex",
        "year",
        "year_month",
    ),
    "omniid.clustering": ("UnionFind", "cluster"),
    "omniid.comparison": ("Comparison", "compare"),
    "omniid.decisions": ("pin", "read_decisions", "undo", "write_decisions"),
    "omniid.declarations": ("Guess", "Source"),
    "omniid.devices": ("time_window",),
    "omniid.errors": (
        "CancelledError",
        "ConvergenceWarning",
        "InputError",
        "MissingExtraError",
        "NotFittedError",
        "OmniidError",
        "SpecError",
        "StoreBusyError",
        "StoreCorruptError",
        "StoreError",
        "StoreFullError",
    ),
    "omniid.evaluation": ("evaluate",),
    "omniid.event_columns": ("EventColumns", "Events", "RollUp"),
    "omniid.fields": (
        "Address",
        "Attribute",
        "Category",
        "Company",
        "Consent",
        "Date",
        "Email",
        "Identifier",
        "PersonName",
        "Phone",
        "Text",
        "Timestamp",
        "Verified",
    ),
    "omniid.inference": ("infer_spec",),
    "omniid.labels": ("Labels", "read_labels"),
    "omniid.limit_rules": ("at_most", "disagree", "one_per_source", "unique"),
    "omniid.matching": ("FellegiSunter", "LinkRule", "match"),
    "omniid.normalization": ("normalize",),
    "omniid.pair_classifier": ("PairClassifier",),
    "omniid.pipeline": ("load", "resolve"),
    "omniid.resolution": ("Resolution",),
    "omniid.resolver": ("Resolver", "Upserted", "open"),
    "omniid.source_updates": ("WriteBack", "without_written"),
    "omniid.spec": ("Spec",),
    "omniid.survivorship": (
        "chosen_by",
        "count",
        "longest",
        "maximum",
        "minimum",
        "most_complete",
        "most_frequent",
        "most_recent",
        "oldest",
        "same_record_as",
        "shortest",
        "source_priority",
        "survive",
        "total",
        "trusted",
        "union",
        "verified_first",
    ),
    "omniid.tables": ("Decision", "Model"),
    "omniid.views": ("View",),
    "omniid.what_if": ("Difference",),
}
_HOME = {name: room for room, public in _ROOMS.items() for name in public}


def __getattr__(name: str) -> Any:
    """Load a public name from its room when it is first used."""
    if name not in _HOME:
        msg = f"module 'omniid' has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
