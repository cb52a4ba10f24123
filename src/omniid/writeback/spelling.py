"""How a source spells what others spell otherwise: its letters, and its own word for each of few values."""

from collections import Counter
from collections.abc import Iterable, Mapping

__all__ = ["letter_case", "own_spellings", "with_case"]

MOSTLY = 0.9


def own_spellings(written: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Normal form → the text that the source writes most often for it.

    Parameters
    ----------
    written
        Pairs of (text in the source, its normal form).

    Examples
    --------
    >>> own_spellings([("F", "female"), ("F", "female"), ("woman", "female"), ("M", "male")])
    {'female': 'F', 'male': 'M'}
    """
    counts: dict[str, Counter[str]] = {}
    for text, normal in written:
        counts.setdefault(normal, Counter())[text] += 1
    return {normal: min(found.items(), key=lambda one: (-one[1], one[0]))[0] for normal, found in sorted(counts.items())}


def letter_case(texts: Iterable[str]) -> str:
    """Tell whether a source writes all in "upper" or "lower" case; "" where it does neither.

    Examples
    --------
    >>> letter_case(["KOWALSKA", "NOWAK"]), letter_case(["Kowalska", "NOWAK"]), letter_case(["12", "李"])
    ('upper', '', '')
    """
    lettered = [text for text in texts if text.upper() != text.lower()]
    for name, change in CASES.items():
        if lettered and sum(change(text) == text for text in lettered) >= MOSTLY * len(lettered):
            return name
    return ""


def with_case(text: str, case: str) -> str:
    """Return the text in the letter case that `letter_case` told.

    Examples
    --------
    >>> with_case("Kowalska", "upper"), with_case("Kowalska", "")
    ('KOWALSKA', 'Kowalska')
    """
    return CASES[case](text) if case else text


CASES = {"upper": str.upper, "lower": str.lower}
