"""Whose anonymous records are, the slow obvious way: plain sets and loops, every rule read off the text."""

from typing import NamedTuple


class Event(NamedTuple):
    cluster: int
    is_named: bool  # holds a unique or strong value or a name
    devices: frozenset
    time: int | None = None


def place(events, policy="unassigned", before=0, after=0, allows=lambda members: True):
    """Row → cluster of the person that it belongs to, or None; rows are in the order of their keys.

    `allows` says whether a set of rows keeps all limits and decisions.
    """
    members = {}
    for row, event in enumerate(events):
        members.setdefault(event.cluster, []).append(row)
    persons = {cluster for cluster, rows in members.items() if any(events[row].is_named for row in rows)}
    anonymous = [cluster for cluster in members if cluster not in persons]

    def devices_of(clusters):
        return {device for cluster in clusters for row in members[cluster] for device in events[row].devices}

    groups = [{cluster} for cluster in anonymous if devices_of([cluster])]
    while joined := [(a, b) for a in groups for b in groups if a is not b and devices_of(a) & devices_of(b)]:
        a, b = joined[0]
        groups = [group for group in groups if group is not a and group is not b] + [a | b]

    belongs = dict.fromkeys(range(len(events)))
    for cluster in persons:
        belongs |= dict.fromkeys(members[cluster], cluster)
    wishes = {}
    for group in groups:
        touching = [cluster for cluster in persons if devices_of([cluster]) & devices_of(group)]
        for cluster in group:
            if len(touching) == 1:
                wishes[cluster] = touching[0]
            elif len(touching) > 1:
                chosen = {decide(events, row, persons, policy, before, after) for row in members[cluster]} - {None}
                if len(chosen) == 1:
                    wishes[cluster] = chosen.pop()
    held = {cluster: list(members[cluster]) for cluster in persons}
    for cluster in sorted(wishes, key=lambda cluster: min(members[cluster])):
        together = held[wishes[cluster]] + members[cluster]
        if allows(together):
            held[wishes[cluster]] = together
            belongs |= dict.fromkeys(members[cluster], wishes[cluster])
    return belongs


def decide(events, row, persons, policy, before, after):
    """The person whom a policy names for one record: every authentication on every device of it is tried."""
    mine = events[row]
    if mine.time is None or policy == "unassigned":
        return None
    choices = []
    for other, event in enumerate(events):
        if event.cluster not in persons or event.time is None or not event.devices & mine.devices:
            continue
        since = mine.time - event.time
        if policy == "last_authenticated" and since >= 0:
            choices.append((since, other))
        elif policy == "first_authenticated":
            choices.append((event.time, other))
        elif policy == "time_window" and -before <= since <= after:
            choices.append((abs(since), other))
    return events[min(choices)[1]].cluster if choices else None
