"""Explanations: why two records are one person or not, how an entity came to be, why a value stands in its profile.

Every answer is read from what the run kept (normal forms, model, scored pairs, partition, decisions) and worked out anew for
the records asked about, so that a result costs nothing more for being explainable. An answer is plain data; `print` shows it.

One file each: `lookup` (from keys to rows), `pairs` (one pair, field by field), `silence` (why a value says nothing),
`strong_rules` (agreements that link on their own, or not), `paths` (how links lead from one record to another), `apart` (what
stands between two records), `device_words` (whose an anonymous record is),
`profile_words` (clusters whose profiles agree), `records` (`explain_records`), `unions` (the order
in which records came together), `entities` (`explain_cluster`), `profile_values` (`explain_value`).
"""

from omniid.explanation.entities import explain_cluster
from omniid.explanation.profile_values import explain_value
from omniid.explanation.records import explain_records

__all__ = ["explain_cluster", "explain_records", "explain_value"]
