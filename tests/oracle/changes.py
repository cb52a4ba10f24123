"""The change feed the slow, obvious way: from two crosswalks, record by record."""


def changes(before, after, updated=frozenset()):
    """`before` and `after` map record keys to ids; `updated`: ids whose profile changed. Returns {(kind, id, was, became)}."""
    out = set()
    old, new = ({}, {})
    for crosswalk, ids in ((before, old), (after, new)):
        for key, name in crosswalk.items():
            ids.setdefault(name, set()).add(key)
    for name, members in old.items():
        became = {after[key] for key in members if key in after}
        if not became:
            out.add(("erased", name, frozenset([name]), frozenset()))
        elif len(became) > 1:
            out.add(("split", name, frozenset([name]), frozenset(became)))
    for name, members in new.items():
        was = {before[key] for key in members if key in before}
        came = any(key not in before for key in members)
        kind = None
        if not was:
            kind = "created"
        elif len(was) > 1:
            kind = "merged"
        elif came:
            kind = "extended"
        else:
            (former,) = was
            stayed = {after.get(key) for key in old[former]} <= {name, None}
            if stayed and (name in updated or any(key not in after for key in old[former])):
                kind = "updated"
        if kind:
            out.add((kind, name, frozenset(was), frozenset([name])))
    return out
