"""Blocking: which pairs of records are worth comparing.

A million records have half a billion pairs. A *blocking rule* names what two records must share to be worth a comparison: a
*blocking key*. Records that share a key value stand in one *block*. The candidate pairs are the union of all rules, each pair
once, with the first rule that found it::

    rules = choose_rules(table, kinds)      # from the sizes of their blocks; or written by hand:
    rules = [block_on("email"), block_on("birth_date", soundex("last_name")), one_edit("phone")]

    print(plan_blocks(table, rules))        # counted before any pair is made
    for left, right, rule in block(table, rules): ...
    print(audit(table, rules, truth))       # pairs completeness, pairs quality, reduction ratio

A record that lacks a key is in no block of that rule: missing agrees with nothing. Where a record has several values, one
shared value suffices. A block of more than `max_block` records is split by further keys, and one that no key splits is cut
into overlapping windows; the plan says how many, and how many pairs that leaves out.

Where pairs must not depend on other records, as in a store, ``plan_blocks(…, freeze=True)`` lists the *crowded keys*, and the
list decides from then on; `index_keys` says under which keys a store files a record, so that its candidates are found.

Where to read: `keys` and `rules` (declarations), `derivation` and `codes` (vocabulary → key codes), `groups` (equal codes side
by side), `refine` (large blocks), `blocks` and `finders` (key codes → pairs), `neighbourhood`, `qgrams`, `edits` (other
strategies), `crowded` and `filing` (frozen plans, index keys), `prepare`, `plan`, `choose` (from `combinations` of keys by
their `yields`), `quality`.
"""

from omniid.blocking.choose import choose_rules
from omniid.blocking.crowded import CrowdedKeys, check_local
from omniid.blocking.filing import IndexKeys, Outgrown, index_keys, outgrown
from omniid.blocking.keys import (
    Key,
    field,
    first_words,
    initial,
    key_from_dict,
    local_part,
    month_day,
    prefix,
    sorted_name,
    sound_of_words,
    soundex,
    spelling,
    year,
    year_month,
)
from omniid.blocking.plan import MAX_BLOCK, BlockPlan, block, plan_blocks
from omniid.blocking.prepare import RulePlan
from omniid.blocking.quality import Audit, RuleAudit, audit
from omniid.blocking.refine import refining_keys
from omniid.blocking.rules import (
    BlockingRule,
    all_pairs,
    block_on,
    minhash_lsh,
    one_edit,
    rule_from_dict,
    shared_qgrams,
    sorted_neighbourhood,
)

__all__ = [
    "MAX_BLOCK",
    "Audit",
    "BlockPlan",
    "BlockingRule",
    "CrowdedKeys",
    "IndexKeys",
    "Key",
    "Outgrown",
    "RuleAudit",
    "RulePlan",
    "all_pairs",
    "audit",
    "block",
    "block_on",
    "check_local",
    "choose_rules",
    "field",
    "first_words",
    "index_keys",
    "initial",
    "key_from_dict",
    "local_part",
    "minhash_lsh",
    "month_day",
    "one_edit",
    "outgrown",
    "plan_blocks",
    "prefix",
    "refining_keys",
    "rule_from_dict",
    "shared_qgrams",
    "sorted_name",
    "sorted_neighbourhood",
    "sound_of_words",
    "soundex",
    "spelling",
    "year",
    "year_month",
]
