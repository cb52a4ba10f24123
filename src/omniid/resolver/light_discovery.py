"""What changed records touch, record by record in plain Python: the twin of `discovering` for a few."""

import json
from collections.abc import Iterable, Mapping

from omniid.resolver.assembling import forms_text, stored_records
from omniid.resolver.classes import stored_counts
from omniid.resolver.discovering import count_again, replace_evidence
from omniid.resolver.filing import NOWHERE, Filed, filed_rows, holders_of, refile
from omniid.resolver.learned import Learned
from omniid.resolver.light_reader import Seen
from omniid.resolver.neighborhoods import left_behind
from omniid.resolver.stored_briefs import stored_briefs
from omniid.single_record import Evidence, Forms
from omniid.store import Snapshot, Transaction

__all__ = ["discover_lightly"]

Pair = tuple[int, int]


def discover_lightly(store: Transaction, learned: Learned, changed: set[int]) -> set[int]:
    """Bring normal forms, classes, keys and evidence up to date, as `discover` does; return the same rows."""
    reader, rows = learned.light_reader, sorted(changed)
    alive = stored_records(store, rows)
    forms = {one.row: reader.read(one.key, one.content) for one in alive}
    for table in ("forms", "briefs"):
        store.remove(table, "row", sorted(changed - forms.keys()))
    store.put("forms", [(row, forms_text(one)) for row, one in forms.items()])
    before = former = filed_rows(store, rows)
    named = {row: reader.identity(one) for row, one in forms.items()}
    after = {row: before.get(row, NOWHERE)._replace(values=one.values, who=one.who) for row, one in named.items()}
    refile(store, before, after)
    flipped = count_again(store, learned, before, after)
    others = stored_briefs(store, sorted(flipped - changed))
    before = {**after, **filed_rows(store, others)}
    forms |= _stored_forms(store, others)
    evidence = _evidence(store, learned, before, forms)
    seen = {row: reader.see(before[row], one) for row, one in evidence.items()}
    now = {row: one.filed for row, one in seen.items()}
    refile(store, before, now)
    keys = {one.row: one.key for one in alive} | {row: one.key for row, one in others.items()}
    texts = {row: learned.briefs.text(one) for row, one in evidence.items()}
    store.put("briefs", [(row, keys[row], forms[row].time, text) for row, text in texts.items()])
    weighed = _weigh(store, learned, seen, texts)
    touched = changed | flipped
    return touched | replace_evidence(store, touched, weighed) | left_behind(store, {**before, **former}, now)


def _stored_forms(store: Snapshot, rows: Iterable[int]) -> dict[int, Forms]:
    return {row: Forms(*json.loads(forms)) for row, forms in store.rows("forms", "row", list(rows))}


def _evidence(store: Snapshot, learned: Learned, filed: Mapping[int, Filed], forms: Mapping[int, Forms]) -> dict[int, Evidence]:
    """Row → what of the record is evidence."""
    keys = sorted({key for one in filed.values() for _, key in one.values})
    classes = {key: count.class_ for key, count in stored_counts(store, keys).items()}
    return {row: learned.light_reader.evidence(forms[row], one, classes) for row, one in filed.items()}


def _weigh(store: Snapshot, learned: Learned, seen: Mapping[int, Seen], texts: Mapping[int, str]) -> dict[Pair, int]:
    """(smaller row, larger row) → weight of the scored pairs of touched records."""
    near, read, confirms = _candidates(store, seen), learned.briefs.ready, learned.light_reader.are_candidates
    others = sorted({row for pair in near for row in pair} - seen.keys())
    ready = {row: read(text) for row, text in texts.items()}
    ready |= {row: read(one.brief) for row, one in stored_briefs(store, others).items()}
    weighed: dict[Pair, int] = {}
    for pair in near:
        found = learned.scorer.score(ready[pair[0]], ready[pair[1]])
        if found is not None:
            weighed[pair] = found.weight
    return {pair: weight for pair, weight in weighed.items() if near[pair] or confirms(ready[pair[0]], ready[pair[1]])}


def _candidates(store: Snapshot, seen: Mapping[int, Seen]) -> dict[Pair, bool]:
    """(smaller row, larger row) of records that share a key → whether that makes them a pair for certain."""
    held = holders_of(store, sorted({key for one in seen.values() for key in one.sought}))
    found: dict[Pair, bool] = {}
    for row, one in seen.items():
        for key, is_certain in one.sought.items():
            for other in held.get(key, ()):
                if other != row:
                    pair = (row, other) if row < other else (other, row)
                    found[pair] = found.get(pair, False) or is_certain
    return found
