"""What was erased."""

from dataclasses import dataclass

__all__ = ["Erased"]


@dataclass(frozen=True)
class Erased:
    """What `Resolver.erase` did.

    Parameters
    ----------
    records
        Number of records that are gone, former ones included.
    before
        Number of those named that had been erased before.
    entity_ids
        The entities that they were of.
    gone
        Those of them that hold no record any more.
    cursor
        The change feed's cursor after it.

    Examples
    --------
    >>> print(Erased(records=3, before=0, entity_ids=("e1",), gone=("e1",), cursor=9))
    3 records erased, 1 entity gone
    """

    records: int
    before: int
    entity_ids: tuple[str, ...]
    gone: tuple[str, ...]
    cursor: int

    def __str__(self) -> str:
        parts = [f"{self.records:,} record{'s' * (self.records != 1)} erased"]
        parts += [f"{self.before:,} erased before"] if self.before else []
        parts += [f"{len(self.gone):,} {'entity' if len(self.gone) == 1 else 'entities'} gone"] if self.gone else []
        left = len(self.entity_ids) - len(self.gone)
        return ", ".join(parts + ([f"{left:,} without them from now on"] if left else []))
