"""What a report shows of people's values: the values, or letters that tell only which of them are equal."""

from string import ascii_uppercase

__all__ = ["Mask"]


class Mask:
    """Shows values, or hides them so that equal ones can still be told from different ones.

    Parameters
    ----------
    values
        Whether values are shown.

    Examples
    --------
    >>> hidden = Mask(values=False)
    >>> [hidden.value("person 1", "email", text) for text in ("ann@x.com", "ann@y.com", "ann@x.com", "")]
    ['value A', 'value B', 'value A', '']
    >>> Mask(values=True).value("person 1", "email", "ann@x.com")
    'ann@x.com'
    """

    def __init__(self, *, values: bool) -> None:
        self.values = values
        self._letters: dict[tuple[str, str], dict[str, str]] = {}

    def value(self, scope: str, field: str, text: str) -> str:
        """A value of a field; hidden, it is named by a letter that holds within the scope only."""
        if self.values or not text:
            return text
        known = self._letters.setdefault((scope, field), {})
        return known.setdefault(text, f"value {_letter(len(known))}")

    def remark(self, text: str) -> str:
        """A sentence that may quote values: left out where values are hidden."""
        return text if self.values else ""


def _letter(number: int) -> str:
    """A, B, …, Z, AA, AB, … as the columns of a sheet."""
    before, last = divmod(number, 26)
    return (_letter(before - 1) if before else "") + ascii_uppercase[last]
