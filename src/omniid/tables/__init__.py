"""READ FIRST: the tables that flow between stages, with their invariants.

::

    frames     → RecordTable         raw columns, as the sources sent them
    normalize  → RecordTable         + normal forms and display forms, entry by entry beside the raw ones
    block      → CandidatePairs      left < right, each pair once, with the first rule that found it
    compare    → ComparisonVectors   one int8 level per pair and comparison; -1 missing, 0 else, higher is closer
    fit        → Model               (`omniid.matching`) plain learned numbers
    match      → ScoredPairs         weight in millionths of a bit, prior included
    cluster    → Clustering          a partition of the rows, and the links that it refused
    survive    → Profiles            one row per entity, and provenance for every value

A *row* is the position of a record in its RecordTable. Rows are sorted by (source, record_id), compared by code point, so
the order of rows *is* the order of record keys: ties that are broken by row never depend on the order of arrival.
"""

from omniid.tables.choices import FrozenChoices
from omniid.tables.clusters import Clustering, Conflict, Decision, Profiles, ProfileUnion, Refusal
from omniid.tables.coded import coded_column
from omniid.tables.kernel import (
    UNKNOWN,
    Ends,
    Finder,
    KernelPlan,
    KnownLevels,
    LocalPairs,
    OutcomeMasks,
    PairGrader,
    PairWeights,
    Screen,
    Strip,
)
from omniid.tables.limits import CountLimit, Limit, PairLimit
from omniid.tables.model import ComparisonWeights, Model
from omniid.tables.pairs import TIERS, CandidatePairs, ComparisonTraits, ComparisonVectors, PairChunk, ScoredPairs, VectorChunk
from omniid.tables.populations import Populations
from omniid.tables.records import Column, FieldPlan, NormalForm, RecordTable, no_rejects, rejects_table
from omniid.tables.units import BITS, MISSING, NO_TIME, SILENT, Codes, Levels, Progress, Rows, Weights, pairs_among

__all__ = [
    "BITS",
    "MISSING",
    "NO_TIME",
    "SILENT",
    "TIERS",
    "UNKNOWN",
    "CandidatePairs",
    "Clustering",
    "Codes",
    "Column",
    "ComparisonTraits",
    "ComparisonVectors",
    "ComparisonWeights",
    "Conflict",
    "CountLimit",
    "Decision",
    "Ends",
    "FieldPlan",
    "Finder",
    "FrozenChoices",
    "KernelPlan",
    "KnownLevels",
    "Levels",
    "Limit",
    "LocalPairs",
    "Model",
    "NormalForm",
    "OutcomeMasks",
    "PairChunk",
    "PairGrader",
    "PairLimit",
    "PairWeights",
    "Populations",
    "ProfileUnion",
    "Profiles",
    "Progress",
    "RecordTable",
    "Refusal",
    "Rows",
    "ScoredPairs",
    "Screen",
    "Strip",
    "VectorChunk",
    "Weights",
    "coded_column",
    "no_rejects",
    "pairs_among",
    "rejects_table",
]
