"""Decisions about erased records: they stand, and name these by keyed hashes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from omniid.resolver.incoming import join_key, part_key
from omniid.resolver.secrets import SecretFile
from omniid.resolver.tombstones import erased_names
from omniid.store import Snapshot
from omniid.tables import Decision

__all__ = ["renamed", "without_erased_keys"]

Key = tuple[str, str]


def renamed(decision: Decision, names: Mapping[str, str]) -> Decision:
    r"""The same decision under other keys and without its reason, which may tell of the person; unchanged if it names none.

    Parameters
    ----------
    decision
        The decision.
    names
        Stored key → the key that takes its place.

    Examples
    --------
    >>> told = Decision("MUST_LINK", (("crm", "1"),), (("web", "2"),), author="kim", reason="Ann called")
    >>> renamed(told, {"crm\x1f1": "crm\x1ferased-7-0a"})
    Decision(kind='MUST_LINK', left=(('crm', 'erased-7-0a'),), right=(('web', '2'),), author='kim', reason='', time='',
             field='')
    """
    sides = [
        tuple(part_key(names.get(join_key(*key), join_key(*key))) for key in side) for side in (decision.left, decision.right)
    ]
    same = sides == [decision.left, decision.right]
    return decision if same else replace(decision, left=sides[0], right=sides[1], reason="")


def without_erased_keys(store: Snapshot, decisions: Iterable[Decision], secret: SecretFile) -> tuple[Decision, ...]:
    """Decisions as a store may keep them, where some name records that were erased from it: from a file of before, say."""
    told = tuple(decisions)
    names = erased_names(store, {join_key(*key) for one in told for key in (*one.left, *one.right)}, secret)
    return tuple(renamed(one, names) for one in told) if names else told
