"""`omniid review` on a live store: each answer is in force before the next pair is shown."""

from collections.abc import Sequence
from pathlib import Path

from omniid.errors import OmniidError
from omniid.resolver import Resolver
from omniid.results import Parts
from omniid.review_session import ReviewSession
from omniid.tables import Decision

__all__ = ["StoreSession"]


class StoreSession(ReviewSession):
    """One sitting over a queue of pairs of a store, which takes each answer at once and gives it up on "back".

    Parameters
    ----------
    resolver
        The store.
    parts
        What it says now, as a batch result.
    queue
        Rows of the pairs to ask.
    path
        A file that the answers are kept in, too: the pairs of it are not asked again, and it serves as labels.
    author
        Who answers.
    """

    def __init__(
        self, resolver: Resolver, parts: Parts, queue: Sequence[tuple[int, int]], path: str | Path, *, author: str = ""
    ) -> None:
        super().__init__(parts, queue, path, author=author)
        self._resolver = resolver
        self._kept: list[tuple[Decision, ...]] = []

    def answer(self, kind: str) -> Decision:
        """Decide the pair at hand."""
        told = super().answer(kind)
        try:
            self._kept.append(self._resolver.decide(told))
        except OmniidError:
            super().back()  # the store did not take it, so that the next sitting asks it again
            raise
        return told

    def back(self) -> bool:
        """Withdraw the last answer of this sitting."""
        if not super().back():
            return False
        self._resolver.undo(self._kept.pop(), author=self.author)
        return True
