"""Matching: from comparison vectors to match weights, without labels.

**Fitting.** `FellegiSunter` sees the candidate pairs only as agreement patterns: distinct comparison vectors with counts.

1. *How often do strangers agree?* (u) Equality follows from value counts in closed form; looser levels from random pairs,
   drawn by a hash of the record keys, and from what blocking found (`u_probabilities`). Names of one language go together, so
   that agreeing on first and last name says less than the product (`populations`, `name_tie`), and on a city, too (`homes`).
2. *How often do two records of one person agree?* (m) EM on the patterns, with a Dirichlet prior (`em`). A third class holds
   relatives and housemates: they share surname, address and phone, but no first name or birth date (h).
3. *How many pairs match?* The prior is a share of all record pairs. Pairs that blocking never made count as strangers.
4. Matches are taken out of u, and EM runs again until the prior settles. `converged_` says whether it did.
5. Candidate pairs may be a sample, each standing for k (`stands_for`); originals count for their copies (`originals`).
6. Where one person's records differ in one thing only more often than chance would have it, such pairs gain that (`slips`).
7. Rare values weigh more than common ones (`frequencies`); the model keeps hashes of values, and of frequent ones only.

**Matching.** `match` adds up integer weights, millionths of a bit (`weights`), so that the sum never depends on an order.
`LinkRule` raises pairs that agree on something strong. `score_rows` weighs given pairs,
`explain_pair` gives the same sum line by line.

**Calibration.** A weight is log2 odds: 0 bits is a coin toss. `match_probability`, `expected_quality` and `reliability`
turn weights into what a user asks for.

The room knows pairs and codes, not fields: what it must know of a comparison stands in `omniid.tables.ComparisonTraits`.
"""

from omniid.matching.calibration import (
    Quality,
    ReliabilityBin,
    calibration_error,
    expected_quality,
    link_threshold,
    match_probability,
    reliability,
    review_threshold,
)
from omniid.matching.conflict_columns import conflicts_by_field, shared_fields
from omniid.matching.evidence import EvidenceLine, explain_pair
from omniid.matching.fellegi_sunter import FellegiSunter
from omniid.matching.free_sources import find_free_sources
from omniid.matching.judged import JudgedPairs
from omniid.matching.judged_model import judged_from
from omniid.matching.label_shift import learn_line
from omniid.matching.one_to_one import OneToOne, weigh_one_to_one
from omniid.matching.profile_weights import ProfileEvidence, weigh_profiles
from omniid.matching.rules import LinkRule, holds
from omniid.matching.scoring import link_tiers, match, score_rows
from omniid.matching.weights import WeightTables, compile_weights

__all__ = [
    "EvidenceLine",
    "FellegiSunter",
    "JudgedPairs",
    "LinkRule",
    "OneToOne",
    "ProfileEvidence",
    "Quality",
    "ReliabilityBin",
    "WeightTables",
    "calibration_error",
    "compile_weights",
    "conflicts_by_field",
    "expected_quality",
    "explain_pair",
    "find_free_sources",
    "holds",
    "judged_from",
    "learn_line",
    "link_threshold",
    "link_tiers",
    "match",
    "match_probability",
    "reliability",
    "review_threshold",
    "score_rows",
    "shared_fields",
    "weigh_one_to_one",
    "weigh_profiles",
]
