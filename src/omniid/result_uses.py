"""What a business does with a result: each use is one call into the room that makes it."""

from omniid.result_frames import ResultFrames

__all__ = ["ResultUses"]


class ResultUses(ResultFrames):
    """The uses of a result; `Resolution` adds how it came to be and what changes it."""
