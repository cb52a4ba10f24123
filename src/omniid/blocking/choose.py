"""Rules chosen from counts: every rule that the fields allow is counted, the cheapest or most useful are taken."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from omniid.blocking.codes import KeyReader, block_sizes
from omniid.blocking.combinations import combined_rules, implies, single_rules, spelling_rules
from omniid.blocking.groups import pair_count
from omniid.blocking.plan import MAX_BLOCK
from omniid.blocking.prepare import prepare_rule
from omniid.blocking.refine import refining_keys
from omniid.blocking.rules import BlockingRule, all_pairs, block_on, one_edit, sorted_neighbourhood
from omniid.blocking.yields import Sample, contact_pairs, most_found, offers
from omniid.errors import SpecError
from omniid.tables import RecordTable
from omniid.threads import in_order

__all__ = ["choose_rules"]

CONTACTS = ("email", "phone", "identifier")  # always worth a rule, whatever it costs
TINY = 500  # records; all their pairs are fewer than 125,000
FEW = 3  # rules; with fewer, single fields may use up the budget
LARGE = 50_000  # records; on fewer all rules together cost seconds, on more every rule must earn its pairs
BUDGETS = (25.0, 16.0)  # pairs per record of smaller and of large tables
ENOUGH = 1_000  # pairs that share a contact value; fewer are no measure of other rules
SPARE = 200_000  # pairs; so many take a fraction of a second, and on 1,000 records they found a tenth more of the true pairs


def choose_rules(
    table: RecordTable,
    kinds: Mapping[str, str],
    *,
    pairs_per_record: float | None = None,
    max_block: int = MAX_BLOCK,
    spellings: bool = False,
    local: bool = False,
    workers: int = 1,
) -> tuple[BlockingRule, ...]:
    """Choose blocking rules for a table from the sizes of their blocks; no candidate pair is made.

    Every contact value and identifier gets a rule, and one for typing errors in it. Of all other rules whose fields exist the
    cheapest are taken while their pairs fit the budget, single fields too where that costs next to nothing or where other rules
    are few. Rules whose pairs a taken rule finds anyway are left out. What is left of the budget splits oversized blocks of the
    taken rules, the cheapest first; other oversized blocks are left to narrower rules, and counted in the block plan. A table
    of at most 500 records gets all its pairs.

    Blocks grow with the table, so from 50,000 records on rules must earn their pairs: records that share a contact value are
    a sample of true pairs, and the rules that find most of it for the fewest pairs are taken, some with a smaller cap. The
    larger the table, the smaller these caps and the more specific the rules; the pairs per record stay.

    Parameters
    ----------
    table
        Records with normal forms.
    kinds
        Field → kind: email, phone, identifier, first_name, middle_name, last_name, birth_date, street, city, postcode,
        device, category …; a kind that is none of these counts as a category. Fields that the table has not are passed over.
    pairs_per_record
        The budget: pairs of all rules but the contact rules, per record; None: 25, and 16 from 50,000 records on.
    max_block
        Largest block in records.
    spellings
        Whether one name is likely to stand in several spellings, as where records of several scripts meet: names then get rules
        by their spelling keys, within a budget of the same size; not from 50,000 records on.
    local
        Whether a pair must depend on its two records only, as in a store that grows: `all_pairs` and `sorted_neighbourhood` are
        then not among the rules, however few records there are.
    workers
        Threads; rules are counted side by side. The choice does not depend on it.

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
    if len(table) <= TINY and not local:
        return (all_pairs(),)
    read = KeyReader(table, local=local)
    present = {name: kind for name, kind in fields.items() if (table.columns[name].codes >= 0).any()}
    contacts = [name for name, kind in present.items() if kind in CONTACTS]
    always = [_cost(block_on(name), read, max_block) for name in contacts]
    large = len(table) >= LARGE
    budget = int((BUDGETS[large] if pairs_per_record is None else pairs_per_record) * len(table))
    if local and pairs_per_record is None:
        budget = max(budget, TINY * TINY // 2)  # what all pairs of a few records would cost
    sample = contact_pairs(contacts, read, max_block) if large else None
    if sample is not None and len(sample.left) >= ENOUGH:
        chosen = _most_useful(present, contacts, read, max_block, budget, sample, workers)
    else:
        chosen = _cheap(present, contacts, read, max_block, budget, len(always))
    chosen = [rule for _, rule, _ in sorted(always, key=_order)] + chosen
    if spellings and not large:  # at 100,000 records these rules doubled the time of a run
        costs = _cheapest([_cost(rule, read, max_block) for rule in spelling_rules(present, table)], budget)
        chosen += [replace(rule, oversized="leave") if large else rule for _, rule, large in costs]
    if not chosen:
        chosen = [block_on(name) for name in present or fields] if local else [sorted_neighbourhood(*(present or fields))]
    return (*chosen, *(one_edit(name) for name in contacts))


def _cheap(
    present: Mapping[str, str], contacts: list[str], read: KeyReader, max_block: int, budget: int, n_always: int
) -> list[BlockingRule]:
    """The cheapest rules that fit the budget together."""
    taken = _cheapest([_cost(rule, read, max_block) for rule in combined_rules(present, read.table)], budget)
    spare = budget - _total(taken)
    known = {rule for _, rule, _ in taken}
    single = [_cost(rule, read, max_block) for rule in single_rules(present, contacts) if rule not in known]
    taken += _cheapest(single, spare if len(taken) + n_always < FEW else min(spare, SPARE))
    if not taken and not n_always:  # nothing but large blocks: the finest rule of those, to be split
        taken = sorted((cost for cost in single if cost[2]), key=lambda cost: (-cost[2], cost[1].name))[:1]
    taken = _without_implied(sorted(taken, key=_order))
    return _refined(taken, read, max_block, budget - _total(taken))


def _most_useful(
    present: Mapping[str, str],
    contacts: list[str],
    read: KeyReader,
    max_block: int,
    budget: int,
    sample: Sample,
    workers: int,
) -> list[BlockingRule]:
    """The rules that find most of the sample within the budget, larger blocks left to narrower rules."""
    rules = dict.fromkeys([*combined_rules(present, read.table), *single_rules(present, contacts)])
    counted = in_order((partial(offers, rule, read, max_block, sample) for rule in rules), workers)
    taken = most_found([offer for offered in counted for offer in offered], budget)
    costs = []
    for offer in taken:
        rule = replace(offer.rule, max_block=None if offer.cap == max_block else offer.cap)
        costs.append((offer.pairs, replace(rule, oversized="leave") if offer.large else rule, offer.large))
    return [rule for _, rule, _ in _without_implied(sorted(costs, key=_order))]


Cost = tuple[int, BlockingRule, int]  # pairs in blocks under the cap, the rule, blocks above the cap


def _order(cost: Cost) -> tuple[int, str]:
    return cost[0], cost[1].name


def _total(costs: Iterable[Cost]) -> int:
    return sum(pairs for pairs, _, _ in costs)


def _cost(rule: BlockingRule, read: KeyReader, max_block: int) -> Cost:
    """Count a rule's pairs from block sizes."""
    sizes = block_sizes([read(key) for key in rule.keys], len(read.table))
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


def _without_implied(costs: list[Cost]) -> list[Cost]:
    """Drop rules all of whose pairs another rule makes that has no oversized block."""
    whole = [cost for cost in costs if not cost[2]]
    kept = []
    for cost in costs:
        wider = [other for other in whole if other[1] != cost[1] and implies(cost[1], other[1])]
        # Of two rules that imply each other the first in order stays.
        if not any(not implies(other[1], cost[1]) or _order(other) < _order(cost) for other in wider):
            kept.append(cost)
    return kept
