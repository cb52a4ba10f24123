"""What changed records touch, record by record in plain Python: the twin of `discovering` for a few."""

import json
from collections.abc import Iterable, Mapping

from omniid.resolver.assembling import forms_text, stored_records
from omniid.resolver.bulk_scoring import weigh_in_bulk
from omniid.resolver.classes import stored_counts
from omniid.resolver.discovering import count_again, replace_evidence
from omniid.resolver.filing import NOWHERE, Filed, filed_rows, refile
from omniid.resolver.learned import Learned
from omniid.resolver.neighborhoods import left_behind
from omniid.resolver.stored_briefs import briefs_of
from omniid.single_record import Evidence, Forms
from omniid.store import Snapshot, Transaction

__all__ = ["discover_lightly"]

Pair = tuple[int, int]
MANY = 4000  # pairs from which on arrays weigh them sooner: 17,000 take 0.3 s, and one by one 0.9


def discover_lightly(store: Transaction, learned: Learned, changed: set[int]) -> set[int]:
    """Bring normal forms, classes, keys and evidence up to date, as `discover` does; return the same rows."""
    reader, rows = learned.light_reader, sorted(changed)
    alive = stored_records(store, rows)
    forms = {one.row: reader.read(one.key, one.content) for one in alive}
    for table in ("forms", "briefs"):
        store.remove(table, "row", sorted(changed - forms.keys()))
    store.put("forms", [(row, forms_text(one)) for row, one in forms.items()])
    before = filed_rows(store, rows)
    named = {row: reader.identity(one) for row, one in forms.items()}
    after = {row: before.get(row, NOWHERE)._replace(values=one.values, who=one.who) for row, one in named.items()}
    flipped = count_again(store, learned, before, after)
    others = briefs_of(store, sorted(flipped - changed))
    same = filed_rows(store, list(others))
    before, after = {**before, **same}, {**after, **same}
    forms |= _stored_forms(store, others)
    evidence = _evidence(store, learned, after, forms)
    seen = {row: reader.see(after[row], one) for row, one in evidence.items()}
    now = {row: one.filed for row, one in seen.items()}
    met = refile(store, before, now, {row: one.sought for row, one in seen.items()})
    keys = {one.row: one.key for one in alive} | {row: one.key for row, one in others.items()}
    texts = {row: learned.briefs.text(one) for row, one in evidence.items()}
    store.put("briefs", [(row, keys[row], forms[row].time, text) for row, text in texts.items()])
    weighed = _weigh(store, learned, met, texts)
    touched = changed | flipped
    near = replace_evidence(store, touched & before.keys(), weighed, learned.tied_from)
    return touched | near | left_behind(store, before, now)


def _stored_forms(store: Snapshot, rows: Iterable[int]) -> dict[int, Forms]:
    return {row: Forms(*json.loads(forms)) for row, forms in store.rows("forms", "row", list(rows))}


def _evidence(store: Snapshot, learned: Learned, filed: Mapping[int, Filed], forms: Mapping[int, Forms]) -> dict[int, Evidence]:
    """Row → what of the record is evidence."""
    keys = sorted({key for one in filed.values() for _, key in one.values})
    classes = {key: count.class_ for key, count in stored_counts(store, keys).items()}
    return {row: learned.light_reader.evidence(forms[row], one, classes) for row, one in filed.items()}


def _weigh(store: Snapshot, learned: Learned, near: Mapping[Pair, bool], texts: Mapping[int, str]) -> dict[Pair, int]:
    """(smaller row, larger row) → weight of those of the candidate pairs of touched records that are scored pairs."""
    read, confirms = learned.briefs.ready, learned.light_reader.are_candidates
    others = sorted({row for pair in near for row in pair} - texts.keys())
    every = {**texts, **{row: text for row, _, _, text in store.rows("briefs", "row", others)}}
    if len(near) > MANY:
        weighed = weigh_in_bulk(learned, every, list(near))
        unsure = {row for pair in weighed if not near[pair] for row in pair}
        ready = {row: read(every[row]) for row in unsure}
        return {pair: weight for pair, weight in weighed.items() if near[pair] or confirms(*(ready[row] for row in pair))}
    ready = {row: read(text) for row, text in every.items()}
    weighed = {}
    for pair in near:
        found = learned.scorer.score(ready[pair[0]], ready[pair[1]])
        if found is not None:
            weighed[pair] = found.weight
    return {pair: weight for pair, weight in weighed.items() if near[pair] or confirms(ready[pair[0]], ready[pair[1]])}
