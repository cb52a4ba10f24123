"""Which parts of two values differ, to be marked where a person compares them."""

from rapidfuzz.distance import Indel

__all__ = ["differing_parts"]

Spans = list[tuple[int, int]]


def differing_parts(left: str, right: str) -> tuple[Spans, Spans]:
    """Return the spans of each value that the other lacks, whatever the case of letters.

    Examples
    --------
    >>> differing_parts("Anna Lee", "ANA Leigh")
    ([(2, 3), (7, 8)], [(6, 9)])
    """
    spans: tuple[Spans, Spans] = ([], [])
    if len(left.casefold()) != len(left) or len(right.casefold()) != len(right):
        one, two = left, right  # folding changes the length, so positions would be off
    else:
        one, two = left.casefold(), right.casefold()
    for step in Indel.opcodes(one, two):
        if step.tag == "delete":
            spans[0].append((step.src_start, step.src_end))
        elif step.tag == "insert":
            spans[1].append((step.dest_start, step.dest_end))
    return spans
