"""What changed records touch, on tables: classes of values that flip, keys, and evidence with the candidates."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from omniid.blocking import CrowdedKeys, index_keys
from omniid.copies import content_keys
from omniid.device_plans import device_kinds, names_somebody
from omniid.evidence import thresholds_for
from omniid.pipeline import with_thresholds
from omniid.resolver.assembling import StoredRecord, assemble, stored_records, write_forms
from omniid.resolver.classes import PERSONAL, known_classes, met_records, stored_counts, values_held, write_counts
from omniid.resolver.deriving import KnownClasses, evidence_of, made_ready
from omniid.resolver.filing import NOWHERE, Filed, filed_rows, holders_of, refile, signatures_of_rows
from omniid.resolver.hashed import file_hashes, known_hashes
from omniid.resolver.learned import Learned
from omniid.resolver.neighborhoods import left_behind
from omniid.resolver.people import count_people_of, signatures_of
from omniid.resolver.popular_values import count_popular
from omniid.resolver.scoring import find_candidates, weigh_candidates
from omniid.resolver.stored_briefs import brief_rows
from omniid.stages import Stages
from omniid.store import Snapshot, Transaction

__all__ = ["count_again", "discover", "identities_of", "keys_of", "known_in", "replace_evidence"]


def discover(store: Transaction, learned: Learned, changed: set[int], stages: Stages) -> set[int]:
    """Bring normal forms, classes, keys and evidence up to date, and return the rows whose neighborhoods may have changed.

    Parameters
    ----------
    store
        The store, in which the records stand as they are now.
    learned
        The declaration and the model.
    changed
        Rows of records that came, changed or went.
    stages
        Runs the stages.
    """
    for table in ("forms", "briefs"):
        store.remove(table, "row", sorted(changed))
    alive = stored_records(store, sorted(changed))
    stages.run("normalize", write_forms, store, alive, learned)
    meant = stages.run("file", file_hashes, store, learned, changed, alive)
    before = filed_rows(store, sorted(changed | meant))
    alive = stored_records(store, sorted(changed | meant)) if meant else alive
    named = stages.run("file", identities_of, store, learned, alive)
    after = {row: before.get(row, NOWHERE)._replace(values=one.values, who=one.who) for row, one in named.items()}
    flipped = stages.run("count people", count_again, store, learned, before, after)
    touched = changed | meant | flipped
    others = filed_rows(store, sorted(flipped - changed - meant))
    before, named = {**before, **others}, {**after, **others}
    after, sought = stages.run("file", keys_of, store, learned, stored_records(store, sorted(touched)), named)
    refile(store, before, after)
    near = replace_evidence(store, touched & before.keys(), weigh_anew(store, learned, sought, stages), learned.tied_from)
    return touched | near | left_behind(store, before, after)


def known_in(store: Snapshot) -> KnownClasses:
    """What the store knows of the classes of values, as `derive` takes it."""
    return lambda classes, met: known_classes(store, classes, met)


def count_again(store: Transaction, learned: Learned, before: Mapping[int, Filed], after: Mapping[int, Filed]) -> set[int]:
    """Count the people of all values that changed records hold or held; return the holders of those whose class flips.

    Parameters
    ----------
    store
        The store, in which the records are still filed as they were.
    learned
        The declaration and the model.
    before, after
        Row → how the record was filed, and how it is.
    """
    rules = learned.value_rules
    columns = dict(enumerate(rules.at_most))
    affected = {key: column for filed in (before, after) for one in filed.values() for column, key in one.values}
    was = holders_of(store, sorted(affected))
    held = {key: set(was.get(key, ())).difference(before) for key in affected}
    for row, one in after.items():
        for _, key in one.values:
            held[key].add(row)
    people = count_popular(store, was, held, before, after)
    held = {key: rows for key, rows in held.items() if rows}
    others = {row for key, rows in held.items() if key not in people for row in rows} - after.keys()
    who = signatures_of_rows(store, sorted(others)) | {row: one.who for row, one in after.items()}
    people |= {key: count_people_of(map(who.__getitem__, rows)) for key, rows in held.items() if key not in people}
    counts = {key: rules.count(columns[affected[key]], key, people[key], len(rows)) for key, rows in held.items()}
    old = stored_counts(store, sorted(affected))
    write_counts(store, old, counts)
    flips = [key for key, count in counts.items() if count.class_ != (old[key].class_ if key in old else PERSONAL)]
    return {row for key in flips for row in held[key]}


def identities_of(store: Snapshot, learned: Learned, records: Sequence[StoredRecord]) -> dict[int, Filed]:
    """Row → the values that it holds and who it says it is; the keys of its blocks are worked out later."""
    if not records:
        return {}
    stored = assemble(store, records, learned)
    met = met_records(stored.table, learned.spec, known_hashes(store, learned))
    who = signatures_of(met, learned.spec, thresholds_for(learned.spec, learned.model).names)
    values: list[set[tuple[int, int]]] = [set() for _ in records]
    for number, column in enumerate(learned.value_rules.at_most):
        for place, key in zip(*(part.tolist() for part in values_held(met, [column])), strict=True):
            values[place].add((number, key))
    return {row: Filed(values=tuple(sorted(values[at])), who=who[at]) for at, row in enumerate(stored.rows)}


def keys_of(
    store: Transaction, learned: Learned, records: Sequence[StoredRecord], identities: Mapping[int, Filed]
) -> tuple[dict[int, Filed], dict[int, list[int]]]:
    """Row → all keys under which it is filed, and those under which it looks for others, by the classes of its values.

    What is kept of each record in brief is written.
    """
    if not records:
        return {}, {}
    spec, model = learned.spec, learned.model
    stored = assemble(store, records, learned)
    found = evidence_of(stored.table, spec, model, known_in(store), Stages(), known_hashes(store, learned))
    store.put("briefs", brief_rows(stored, [one.key for one in records], found, learned.briefs))
    ready = made_ready(found, spec, model)
    rules, crowded = ready.plan.rules or (), ready.plan.crowded or CrowdedKeys((), ())
    filed, sought = (index_keys(found.table, rules, crowded, looking_up=looks) for looks in (False, True))
    copies = content_keys(found.table, ready.plan.columns)
    keys, looked_up = (
        _by_place(np.concatenate([copies[0], one.rows]), np.concatenate([copies[1], one.keys]), len(records))
        for one in (filed, sought)
    )
    devices = _by_place(*values_held(found.table, device_kinds(spec)), len(records))
    silent = ~names_somebody(found.table, spec, ready.plan.kinds)
    places = dict(enumerate(stored.rows))
    return {
        row: identities[row]._replace(keys=tuple(keys[at]), devices=tuple(devices[at]), silent=bool(silent[at]))
        for at, row in places.items()
    }, {row: looked_up[at] for at, row in places.items()}


def _by_place(places: npt.NDArray[np.signedinteger], keys: npt.NDArray[np.int64], n: int) -> list[list[int]]:
    """The distinct keys of each place, ascending."""
    out: list[set[int]] = [set() for _ in range(n)]
    for place, key in zip(places.tolist(), keys.tolist(), strict=True):
        out[place].add(key)
    return [sorted(one) for one in out]


def weigh_anew(
    store: Snapshot, learned: Learned, sought: Mapping[int, Sequence[int]], stages: Stages
) -> dict[tuple[int, int], int]:
    """Weigh touched records against their candidates: (smaller row, larger row) → weight of their scored pairs."""
    pairs = find_candidates(store, sought)
    if not pairs.touched:
        return {}
    stored = assemble(store, stored_records(store, sorted({*sought, *pairs.other})), learned)
    hashes = known_hashes(store, learned)
    found = evidence_of(stored.table, learned.spec, learned.model, known_in(store), Stages(), hashes)
    ready = made_ready(found, learned.spec, learned.model)
    model = with_thresholds(learned.model, learned.spec)
    return stages.run("match", weigh_candidates, ready, model, pairs, stored.place_of)


def replace_evidence(
    store: Transaction, filed: Iterable[int], weighed: Mapping[tuple[int, int], int], tied_from: int
) -> set[int]:
    """Put the scored pairs of touched records in place of those that they had; return the rows that either tie or tied.

    Only those of them that had been `filed` can have had any.
    """
    rows = sorted(filed)
    old = {pair: weight for by in ("left", "right") for pair, _, _, weight in store.rows("evidence", by, rows)}
    new = {left << 32 | right: weight for (left, right), weight in weighed.items()}
    store.remove("evidence", "pair", sorted(old.keys() - new.keys()))
    differ = sorted(pair for pair, weight in new.items() if old.get(pair) != weight)
    store.put("evidence", [(pair, pair >> 32, pair & 0xFFFFFFFF, new[pair]) for pair in differ])
    ties = {pair for weights in (old, new) for pair, weight in weights.items() if weight >= tied_from}
    return {row for pair in ties for row in (pair >> 32, pair & 0xFFFFFFFF)}
