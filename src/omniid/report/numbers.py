"""Numbers as a reader wants them: counts with commas, bits with their sign, shares in percent, rare chances as odds."""

import math

import numpy as np

__all__ = ["bits", "chance", "count", "counted", "decimal", "percent", "short_time", "shortened"]


def count(n: int) -> str:
    """Write a count.

    Examples
    --------
    >>> count(1234567)
    '1,234,567'
    """
    return f"{n:,}"


def counted(n: int, one: str, more: str = "") -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> counted(1, "record"), counted(0, "person", "people")
    ('1 record', '0 people')
    """
    return f"{n:,} {one if n == 1 else more or one + 's'}"


def decimal(number: float) -> str:
    """Write a number with one decimal.

    Examples
    --------
    >>> decimal(31.116), decimal(-0.04)
    ('31.1', '0.0')
    """
    return f"{round(number, 1) + 0.0:,.1f}".replace("-", "−")


def bits(weight: float) -> str:
    """Write a weight in bits with its sign; a decision weighs infinitely much.

    Examples
    --------
    >>> bits(18.46), bits(-3.14), bits(-0.01), bits(float("inf"))
    ('+18.5', '−3.1', '+0.0', '∞')
    """
    return "∞" if math.isinf(weight) else f"{round(weight, 1) + 0.0:+.1f}".replace("-", "−")


def percent(share: float) -> str:
    """Write a share in percent; a dash where it is undefined.

    Examples
    --------
    >>> percent(0.9452), percent(float("nan"))
    ('94.5%', '–')
    """
    return "–" if math.isnan(share) else f"{100 * share:.1f}%"


def chance(probability: float | None) -> str:
    """Write a probability: in percent, or as one in so many where it is rare; nothing where there is none.

    Examples
    --------
    >>> chance(0.9077), chance(0.0042), chance(2.48e-06), chance(0.0), chance(None)
    ('90.8%', '0.42%', '1 in 403,000', '0', '')
    """
    if probability is None:
        return ""
    if probability >= 0.0005:
        return f"{100 * probability:.3g}%"
    if probability <= 0:
        return "0"
    odds = 1 / probability
    return f"1 in {round(odds, 2 - math.floor(math.log10(odds))):,.0f}"


def short_time(micros: int, missing: int) -> str:
    """Write microseconds since 1970 UTC as a date and time to the minute; a date alone at midnight.

    Examples
    --------
    >>> short_time(1_700_000_000_000_000, -1), short_time(86_400_000_000, -1), short_time(-1, -1)
    ('2023-11-14 22:13', '1970-01-02', '')
    """
    if micros == missing:
        return ""
    text = str(np.datetime64(micros, "us"))
    return text[:10] if text[11:] in ("00:00:00.000000", "") else f"{text[:10]} {text[11:16]}"


def shortened(text: str, most: int = 18) -> str:
    """Cut a text where it is longer than there is room for.

    Examples
    --------
    >>> shortened("nickname or shared part")
    'nickname or share…'
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
