"""Dates as a source writes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["DateStyle", "date_style"]

ORDERS = ("ymd", "dmy", "mdy")
SEPARATORS = ("-", ".", "/", "", " ")
TAILS = ("", "T00:00:00", " 00:00:00", "T00:00:00Z", " 00:00")


@dataclass(frozen=True)
class DateStyle:
    """How a source writes dates.

    Parameters
    ----------
    order
        "ymd", "dmy" or "mdy".
    separator
        What stands between the parts.
    is_padded
        Whether days and months have two digits.
    tail
        What follows, such as " 00:00:00".

    Examples
    --------
    >>> DateStyle("dmy", ".").write("1980-05-03"), DateStyle("mdy", "/", is_padded=False).write("1980-05-03")
    ('03.05.1980', '5/3/1980')
    """

    order: str = "ymd"
    separator: str = "-"
    is_padded: bool = True
    tail: str = ""

    def write(self, date: str) -> str | None:
        """Return a normal form, such as "1980-05-03", as the source would write it; None for a date without a day."""
        year, month, day = [*date.split("-"), "", ""][:3]
        if not day:
            return None
        if not self.is_padded:
            month, day = month.lstrip("0"), day.lstrip("0")
        parts = {"y": year, "m": month, "d": day}
        return self.separator.join(parts[part] for part in self.order) + self.tail


STYLES = tuple(
    DateStyle(order, separator, padded, tail)
    for tail in TAILS
    for separator in SEPARATORS
    for order in ORDERS
    for padded in ((True, False) if separator else (True,))
)


def date_style(written: Iterable[tuple[str, str]], *, at_least: float = 0.5) -> DateStyle:
    """Find how a source writes dates: the style that gives most of its own texts; ISO 8601 where none gives enough.

    Parameters
    ----------
    written
        Pairs of (text in the source, its normal form).
    at_least
        The share of texts that the style must give.

    Examples
    --------
    >>> date_style([("24.06.1971", "1971-06-24"), ("03.05.1980", "1980-05-03"), ("?", "1980-01-01")])
    DateStyle(order='dmy', separator='.', is_padded=True, tail='')
    >>> date_style([]).write("1980-05-03")
    '1980-05-03'
    """
    whole: Sequence[tuple[str, str]] = [pair for pair in written if len(pair[1]) == len("1980-05-03")]
    given = [sum(style.write(normal) == text for text, normal in whole) for style in STYLES]
    best = max(given, default=0)
    return STYLES[given.index(best)] if best and best >= at_least * len(whole) else DateStyle()
