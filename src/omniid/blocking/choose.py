"""Rules chosen from counts: every rule that the fields allow is counted, the cheapest are taken."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from omniid.blocking.codes import Int64s, KeyReader, join_keys, pair_count
from omniid.blocking.keys import (
    Key,
    field,
    first_words,
    initial,
    local_part,
    month_day,
    prefix,
    sorted_name,
    sound_of_words,
    soundex,
    year,
    year_month,
)
from omniid.blocking.plan import MAX_BLOCK
from omniid.blocking.prepare import prepare_rule
from omniid.blocking.refine import refining_keys
from omniid.blocking.rules import BlockingRule, all_pairs, block_on, one_edit, sorted_neighbourhood
from omniid.errors import SpecError
from omniid.tables import RecordTable

__all__ = ["choose_rules"]

CONTACTS = ("email", "phone", "identifier")  # always worth a rule, whatever it costs
TINY = 500  # records; all their pairs are fewer than 125,000
FEW = 3  # rules; with fewer, single fields may use up the budget
SPARE = 200_000  # pairs; so many take a fraction of a second, and on 1,000 records they found a tenth more of the true pairs

# Combinations tried, in the short names of `_parts`: those of the accuracy trials, each of which earned its place on some set.
COMBINATIONS = tuple(
    tuple(words.split())
    for line in (
        "dob, last dob, first dob, f1 dob, l1 dob, dob post, dob city, ls f1 y, fs l1 y, f3 l3 y, ls md, fs md, f1 ls ym",
        "first last y, first last md, first last, first l1, last f1, fs ls, fs l3, last mid, names y, names post, names city",
        "first post, last post, fs ls post, f3 l3 p3, first city, last city, fs ls city, f1 ls city, first local",
        "first street, last words, first words, f1 words post, fs sound, ls sound, sound post",
    )
    for words in line.split(", ")
)


def choose_rules(
    table: RecordTable, kinds: Mapping[str, str], *, pairs_per_record: float = 25.0, max_block: int = MAX_BLOCK
) -> tuple[BlockingRule, ...]:
    """Choose blocking rules for a table from the sizes of their blocks; no pair is made.

    Every contact value and identifier gets a rule, and one for typing errors in it. Of all other rules whose fields exist the
    cheapest are taken while their pairs fit the budget, single fields too where that costs next to nothing or where other rules
    are few. Rules whose pairs a taken rule finds anyway are left out. What is left of the budget splits oversized blocks of the
    taken rules, the cheapest first; other oversized blocks are left to narrower rules, and counted in the block plan. A table
    of at most 500 records gets all its pairs.

    Parameters
    ----------
    table
        Records with normal forms.
    kinds
        Field → kind: email, phone, identifier, first_name, middle_name, last_name, birth_date, street, city, postcode,
        device, category …; a kind that is none of these counts as a category. Fields that the table has not are passed over.
    pairs_per_record
        The budget: pairs of all rules but the contact rules, per record.
    max_block
        Largest block in records.

    Returns
    -------
    tuple of BlockingRule
        At least one rule: contact rules, then the others from cheap to dear, then those for typing errors.

    Raises
    ------
    SpecError
        If none of the fields has normal forms.

    Examples
    --------
    >>> rows = [{"record_id": str(i), "email": f"{i % 400}@x.com", "city": f"city {i % 50}"} for i in range(600)]
    >>> [str(rule) for rule in choose_rules(RecordTable.of(rows), {"email": "email", "city": "city"})]
    ['email', 'city', 'one_edit(email)']
    """
    fields = {name: kinds[name] for name in sorted(kinds) if name in table.columns}
    if not fields:
        known = ", ".join(sorted(table.columns)) or "none; call normalize first"
        raise SpecError(
            f"no blocking rule can be chosen: of the fields {sorted(kinds)} none has normal forms; there are: {known}"
        )
    if len(table) <= TINY:
        return (all_pairs(),)
    read = KeyReader(table)
    present = {name: kind for name, kind in fields.items() if (table.columns[name].codes >= 0).any()}
    contacts = [name for name, kind in present.items() if kind in CONTACTS]
    always = [_cost(block_on(name), read, max_block) for name in contacts]
    budget = int(pairs_per_record * len(table))
    taken = _cheapest([_cost(rule, read, max_block) for rule in _candidates(present)], budget)
    spare = budget - _total(taken)
    wide = {rule: _cost(rule, read, max_block) for rule in _singles(present, contacts)}
    single = [cost for rule, cost in wide.items() if rule not in [other for _, other, _ in taken]]
    taken += _cheapest(single, spare if len(taken) + len(always) < FEW else min(spare, SPARE))
    if not taken and not always:  # nothing but large blocks: the finest rule of those, to be split
        taken = sorted((cost for cost in single if cost[2]), key=lambda cost: (-cost[2], cost[1].name))[:1]
    taken = _without_implied(sorted(taken, key=_order))
    refined = _refined(taken, read, max_block, budget - _total(taken))
    chosen = [rule for _, rule, _ in sorted(always, key=_order)] + refined
    if not chosen:
        chosen = [sorted_neighbourhood(*(present or fields))]
    return (*chosen, *(one_edit(name) for name in contacts))


Cost = tuple[int, BlockingRule, int]  # pairs in blocks under the cap, the rule, blocks above the cap


def _order(cost: Cost) -> tuple[int, str]:
    return cost[0], cost[1].name


def _total(costs: Iterable[Cost]) -> int:
    return sum(pairs for pairs, _, _ in costs)


def _cost(rule: BlockingRule, read: KeyReader, max_block: int) -> Cost:
    """Count a rule's pairs from block sizes."""
    codes = join_keys([read(key) for key in rule.keys], len(read.table)).codes
    codes = np.sort(codes)
    codes = codes[np.searchsorted(codes, 0) :]
    ends = np.flatnonzero(codes[1:] != codes[:-1])
    sizes: Int64s = np.diff(np.concatenate([[-1], ends, [len(codes) - 1]])).astype(np.int64)
    large = sizes > max_block
    return pair_count(sizes[~large]), rule, int(large.sum())


def _cheapest(costs: list[Cost], budget: int) -> list[Cost]:
    """The cheapest rules whose pairs together fit the budget; rules without a pair under the cap are passed over."""
    taken: list[Cost] = []
    for cost in sorted(costs, key=_order):
        if cost[0] > 0 and _total(taken) + cost[0] <= budget:
            taken.append(cost)
    return taken


def _refined(taken: list[Cost], read: KeyReader, max_block: int, budget: int) -> list[BlockingRule]:
    """The rules in order, oversized blocks split where the budget allows it and left to other rules where not."""
    refine = refining_keys(read.table.columns)
    chosen: list[BlockingRule] = []
    for pairs, rule, large in taken:
        if not large:
            chosen.append(rule)
            continue
        extra = prepare_rule(rule, read, refine, max_block)[0].pairs - pairs
        if extra <= budget:
            budget -= extra
            chosen.append(rule)
        elif pairs:
            chosen.append(replace(rule, oversized="leave"))
    return chosen


def _parts(present: Mapping[str, str]) -> dict[str, Key]:
    """Short name → key, for the first field of each kind; a field named like its kind comes first."""
    by_kind: dict[str, str] = {}
    for name, kind in present.items():
        if name == kind or kind not in by_kind:
            by_kind[kind] = name
    parts: dict[str, Key] = {}
    if first := by_kind.get("first_name"):
        parts |= {"first": field(first), "f1": initial(first), "f3": prefix(first, 3), "fs": soundex(first)}
    if last := by_kind.get("last_name"):
        parts |= {"last": field(last), "l1": initial(last), "l3": prefix(last, 3), "ls": soundex(last)}
    if first and last:
        parts["names"] = sorted_name(first, last)
    if birth := by_kind.get("birth_date"):
        parts |= {"dob": field(birth), "y": year(birth), "md": month_day(birth), "ym": year_month(birth)}
    if street := by_kind.get("street"):
        parts |= {"street": field(street), "words": first_words(street, 2), "sound": sound_of_words(street, 2)}
    if postcode := by_kind.get("postcode"):
        parts |= {"post": field(postcode), "p3": prefix(postcode, 3)}
    if email := by_kind.get("email"):
        parts["local"] = local_part(email)
    if city := by_kind.get("city"):
        parts["city"] = field(city)
    if middle := by_kind.get("middle_name"):
        parts["mid"] = field(middle)
    return parts


def _candidates(present: Mapping[str, str]) -> list[BlockingRule]:
    """Every rule that the fields allow, contact rules apart."""
    parts = _parts(present)
    rules = [block_on(*(parts[word] for word in words)) for words in COMBINATIONS if all(word in parts for word in words)]
    rules += [block_on(name) for name, kind in present.items() if kind in ("device", "street", "birth_date")]
    rules += [block_on(local_part(name)) for name, kind in present.items() if kind == "email"]
    rules += [block_on(parts["names"])] if "names" in parts else []
    return list(dict.fromkeys(rules))


def _singles(present: Mapping[str, str], contacts: list[str]) -> list[BlockingRule]:
    """Wide rules for tables of few fields or few records: each field, name sounds, birth years, all other fields together."""
    others = [name for name in present if name not in contacts]
    rules = [block_on(name) for name in others]
    rules += [block_on(year(name)) for name in others if present[name] == "birth_date"]
    rules += [block_on(soundex(name)) for name in others if present[name] in ("first_name", "last_name")]
    rules += [block_on(*others)] if len(others) > 1 else []
    return rules


# Key kind → kinds of key of the same field that agree wherever it does.
_IMPLIED = {
    "field": ("field", "first_words", "initial", "prefix", "sound_of_words", "soundex", "year"),
    "first_words": ("initial",),
    "prefix": ("initial",),
    "soundex": ("initial",),
    "year_month": ("year",),
}


def _implies(strong: BlockingRule, weak: BlockingRule) -> bool:
    """Whether all pairs that agree on the keys of `strong` agree on those of `weak`."""
    fields = {key.fields[0] for key in strong.keys if key.kind == "field"}

    def holds(key: Key) -> bool:
        if key.kind == "sorted_name":
            return set(key.fields) <= fields or key in strong.keys
        return any(
            key == other or (key.fields == other.fields and key.kind in _IMPLIED.get(other.kind, ())) for other in strong.keys
        )

    return all(holds(key) for key in weak.keys)


def _without_implied(costs: list[Cost]) -> list[Cost]:
    """Drop rules all of whose pairs another rule makes that has no oversized block."""
    whole = [cost for cost in costs if not cost[2]]
    kept = []
    for cost in costs:
        wider = [other for other in whole if other[1] != cost[1] and _implies(cost[1], other[1])]
        # Of two rules that imply each other the first in order stays.
        if not any(not _implies(other[1], cost[1]) or _order(other) < _order(cost) for other in wider):
            kept.append(cost)
    return kept
